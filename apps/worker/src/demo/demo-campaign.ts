import type { CampaignContent } from '@app/campaigns';

export const CAMPAIGN_NAME = '开盖有礼';
const ANHUI = 340000;

/** The summer campaign: the first bottle always wins, 安徽 wins more, everybody else has a fair chance. */
export function demoCampaign(budgetId: number, products: readonly number[]): CampaignContent {
  return {
    schema: 1,
    name: CAMPAIGN_NAME,
    lane: 'base',
    priority: 100,
    scope: { products: [...products], batches: [] },
    period: { zone: 'Asia/Shanghai', from: '2026-05-01T00:00', to: '2027-05-01T00:00' },
    rules: [
      {
        key: 'welcome',
        name: '首次扫码必中',
        when: { field: 'nthScanInCampaign', op: 'eq', value: 1 },
        then: { mode: 'drawn', prizes: [{ key: 'welcome', odds: 1_000_000 }], fallbackPrizeKey: null },
      },
      {
        key: 'anhui',
        name: '安徽加码',
        when: { field: 'region', op: 'within', value: ANHUI },
        then: {
          mode: 'drawn',
          prizes: [
            { key: 'anhui', odds: 600_000 },
            { key: 'lucky', odds: 10_000 },
            { key: 'thanks', odds: 390_000 },
          ],
          fallbackPrizeKey: 'anhui',
        },
      },
      {
        key: 'nationwide',
        name: '全国开盖红包',
        when: { all: [] },
        then: {
          mode: 'drawn',
          prizes: [
            { key: 'small', odds: 450_000 },
            { key: 'thanks', odds: 550_000 },
          ],
          fallbackPrizeKey: null,
        },
      },
    ],
    prizes: [
      { kind: 'cash', key: 'welcome', name: '首扫红包', amount: { type: 'fixed', fen: 88 }, stock: null },
      {
        kind: 'cash',
        key: 'anhui',
        name: '安徽加码红包',
        amount: { type: 'uniform', minFen: 50, maxFen: 288 },
        stock: null,
      },
      { kind: 'cash', key: 'lucky', name: '开盖大奖', amount: { type: 'fixed', fen: 888 }, stock: 500 },
      {
        kind: 'cash',
        key: 'small',
        name: '开盖红包',
        amount: { type: 'uniform', minFen: 30, maxFen: 188 },
        stock: null,
      },
      { kind: 'nothing', key: 'thanks', name: '谢谢参与' },
    ],
    caps: [
      { per: 'member', window: 'day', count: 10, fen: null },
      { per: 'member', window: 'month', count: 60, fen: null },
    ],
    budgetId,
    gates: [],
    alwaysWins: false,
    experiment: null,
    burst: null,
    payout: { mode: 'instant' },
    copy: {
      title: '开盖有礼',
      ruleText: '每瓶盖内一码，首次扫码必中红包；同一瓶只奖一次。安徽地区中奖概率与金额更高。',
    },
    legal: {
      organiser: '青禾茶饮有限公司',
      disclosure:
        '活动时间 2026-05-01 至 2027-04-30。首扫红包 0.88 元（100%）；安徽加码红包 0.50–2.88 元（60%）、开盖大奖 8.88 元（1%，共 500 份）；全国开盖红包 0.30–1.88 元（45%）。',
      contact: '客服电话 400-000-0000（示例）',
      announcedArea: [],
      claimWay: '扫码后在本页点「收款」，红包存入微信零钱。',
      claimUntil: '2027-06-01T00:00',
    },
  };
}
