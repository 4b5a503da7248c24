import type { CampaignContent, Cap } from './campaign-content';

/** The caps every template begins with: 10 awards a member a day, 60 a month. */
export const TEMPLATE_CAPS: readonly Cap[] = [
  { per: 'member', window: 'day', count: 10, fen: null },
  { per: 'member', window: 'month', count: 60, fen: null },
];

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
    caps: TEMPLATE_CAPS,
    budgetId,
    gates: [],
    alwaysWins: false,
    experiment: null,
    burst: null,
    payout: { mode: 'instant' },
    copy: { title: name, ruleText: '每瓶一码，首次扫码有机会获得微信零钱红包；同一瓶只奖一次。' },
    legal: {
      organiser: '青禾饮料有限公司',
      disclosure: '活动时间、参与条件、奖项、数量与中奖概率以本页公示为准。',
      contact: '400-000-0000',
      announcedArea: [],
      claimWay: '扫码后点「领取」，红包进入微信零钱。',
      claimUntil: '2027-01-31T00:00',
    },
    ...overrides,
  };
}
