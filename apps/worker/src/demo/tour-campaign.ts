import type { CampaignContent } from '@app/campaigns';
import { common, LEGAL, sure } from './demo-campaign';

export const TOUR_CAMPAIGN = '桂花乌龙·瓶瓶有礼';
/** Every bottle of one product is worth 1.88 yuan: what the guided tour opens, and what it doubles. */
export function tourCampaign(budgetId: number, product: number): CampaignContent {
  return {
    ...common(budgetId, [product]),
    name: TOUR_CAMPAIGN,
    lane: 'base',
    rules: [{ key: 'everybody', name: '瓶瓶有礼', when: { all: [] }, then: sure('every') }],
    prizes: [{ kind: 'cash', key: 'every', name: '桂花红包', amount: { type: 'fixed', fen: 188 }, stock: null }],
    copy: { title: TOUR_CAMPAIGN, ruleText: '每瓶盖内一码，扫码得 1.88 元；同一瓶只奖一次。' },
    legal: {
      ...LEGAL,
      disclosure: '活动时间 2026-05-01 至 2027-04-30。参与条件：扫盖内码。桂花红包 1.88 元（每瓶 100%）。',
      announcedArea: [],
    },
  };
}
