import type { CampaignContent } from './campaign-content';

/**
 * A complete campaign that pays everybody a small red packet, capped as advised (10 awards a member a day, 60 a month): what an author
 * starts from. `overrides` replaces whole top-level parts.
 */
export function campaignTemplate(
  name: string,
  budgetId: number,
  overrides: Partial<CampaignContent> = {},
): CampaignContent {
  return {
    schema: 1,
    name,
    lane: 'base',
    priority: 100,
    scope: { products: [], batches: [] },
    period: { zone: 'Asia/Shanghai', from: '2026-01-01T00:00', to: '2027-01-01T00:00' },
    rules: [
      {
        key: 'everybody',
        name: '人人有奖',
        when: { all: [] },
        then: { mode: 'drawn', prizes: [{ key: 'small', odds: 1_000_000 }], fallbackPrizeKey: null },
      },
    ],
    prizes: [{ kind: 'cash', key: 'small', name: '开盖红包', amount: { type: 'fixed', fen: 88 }, stock: null }],
    caps: { memberPerDay: 10, memberPerMonth: 60 },
    budgetId,
    gates: [],
    copy: { title: name, ruleText: '每瓶一码，首次扫码有机会获得微信零钱红包；同一瓶只奖一次。' },
    legal: {
      organiser: '本活动由品牌方主办',
      disclosure: '活动时间、奖项、数量与中奖概率以本页公示为准。',
      contact: '客服电话见包装',
    },
    ...overrides,
  };
}
