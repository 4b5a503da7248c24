import type { CampaignContent, PrizeTable } from '@app/campaigns';

const ANHUI = 340000;
const NANJING = 320100;
const HEFEI = 340100;

/**
 * What the demo brand runs: one campaign for the whole country, one for 安徽 with a look of its own, and a plan against a rival that nobody
 * has started. `hero`: the picture that the second one wears.
 */
export function demoCampaigns(
  budgetId: number,
  products: readonly number[],
  hero: string | null = null,
): readonly CampaignContent[] {
  return [nationwide(budgetId, products), anhui(budgetId, products, hero), plan(budgetId, products)];
}

function nationwide(budgetId: number, products: readonly number[]): CampaignContent {
  return {
    ...common(budgetId, products),
    name: '开盖有礼',
    lane: 'base',
    rules: [
      { ...FIRST, then: sure('welcome') },
      {
        key: 'nationwide',
        name: '全国开盖红包',
        when: { all: [] },
        then: drawn(
          { small: 370_000, lucky: 500, cup: 1000, locked: 50_000, coupon: 50_000, again: 20_000, thanks: 508_500 },
          'small',
        ),
      },
    ],
    prizes: [
      { kind: 'cash', key: 'welcome', name: '首扫红包', amount: { type: 'fixed', fen: 88 }, stock: null },
      {
        ...{ kind: 'cash', key: 'small', name: '开盖红包', stock: null },
        amount: { type: 'uniform', minFen: 30, maxFen: 188 },
      },
      { kind: 'cash', key: 'lucky', name: '开盖大奖', amount: { type: 'fixed', fen: 8800 }, stock: 200 },
      { kind: 'goods', key: 'cup', name: '青禾随行杯', stock: 200, valueFen: 5900 },
      {
        ...{ kind: 'locked', key: 'locked', name: '连开红包', stock: null, opensWithinDays: 7 },
        amount: { type: 'fixed', fen: 168 },
      },
      {
        ...{ kind: 'coupon', key: 'coupon', name: '满 20 减 3 元券', stock: null, valueFen: 300, validDays: 30 },
        coupon: { type: 'generated' },
      },
      again(products),
      THANKS,
    ],
    copy: {
      title: '开盖有礼',
      ruleText: '每瓶盖内一码。第一次扫码送 0.88 元，之后每瓶都有机会；同一瓶只奖一次。',
    },
    legal: {
      ...LEGAL,
      disclosure:
        '活动时间 2026-05-01 至 2027-04-30。参与条件：扫盖内码。首扫红包 0.88 元（首次扫码 100%）；开盖红包 0.30–1.88 元（37%）；开盖大奖 88 元（0.05%，共 200 份）；青禾随行杯，价值 59 元（0.1%，共 200 份，填好地址后寄送）；连开红包 1.68 元（5%）；满 20 减 3 元券（5%，限在青禾官方商城使用，单笔满 20 元可用一张，中奖后 30 天内有效，不能兑换现金）；再来一瓶，价值 5.50 元（2%，中奖后 30 天内到可兑门店免费领一瓶 500 ml 青柠气泡茶）。',
      announcedArea: [],
    },
  };
}

function anhui(budgetId: number, products: readonly number[], hero: string | null): CampaignContent {
  const here = { field: 'region', op: 'within', value: ANHUI } as const;
  return {
    ...common(budgetId, products),
    name: '安徽加码',
    lane: 'regional',
    rules: [
      { ...FIRST, when: { all: [here, FIRST.when] }, then: sure('welcome') },
      {
        key: 'anhui',
        name: '安徽加码红包',
        when: here,
        then: drawn({ more: 600_000, lucky: 10_000, again: 20_000, thanks: 370_000 }, 'more'),
      },
    ],
    prizes: [
      { kind: 'cash', key: 'welcome', name: '首扫红包', amount: { type: 'fixed', fen: 88 }, stock: null },
      {
        ...{ kind: 'cash', key: 'more', name: '安徽加码红包', stock: null },
        amount: { type: 'uniform', minFen: 50, maxFen: 288 },
      },
      { kind: 'cash', key: 'lucky', name: '安徽大奖', amount: { type: 'fixed', fen: 888 }, stock: 500 },
      again(products),
      THANKS,
    ],
    copy: {
      title: '安徽加码',
      ruleText: '在安徽省内扫盖内码：第一瓶送 0.88 元，之后每瓶机会更大；同一瓶只奖一次。',
      ...{ invite: '安徽老乡，有奖', win: '安徽加码，中了', notice: '限安徽省内扫码，活动到 2027 年 4 月 30 日' },
    },
    look: { theme: 'leaf', accent: null, hero, logo: null },
    legal: {
      ...LEGAL,
      disclosure:
        '活动时间 2026-05-01 至 2027-04-30，限安徽省内。参与条件：在安徽省内扫盖内码。首扫红包 0.88 元（本活动首次扫码 100%）；安徽加码红包 0.50–2.88 元（60%）；安徽大奖 8.88 元（1%，共 500 份）；再来一瓶，价值 5.50 元（2%，中奖后 30 天内到可兑门店免费领一瓶 500 ml 青柠气泡茶）。',
      announcedArea: [ANHUI],
    },
  };
}

/** 饱和攻击: approved beforehand, started by one person in the evening a rival opens its market. */
function plan(budgetId: number, products: readonly number[]): CampaignContent {
  return {
    ...common(budgetId, products),
    name: '合肥南京晚市加码（预案）',
    lane: 'burst',
    burst: { fence: [HEFEI, NANJING], maxHours: 48, maxCount: 5_000, maxFen: 500_000 },
    rules: [{ key: 'everybody', name: '人人有奖', when: { all: [] }, then: sure('evening') }],
    prizes: [{ kind: 'cash', key: 'evening', name: '晚市红包', amount: { type: 'fixed', fen: 100 }, stock: null }],
    copy: { title: '晚市加码', ruleText: '活动期间在合肥、南京扫盖内码，每瓶送 1 元，送完为止；同一瓶只奖一次。' },
    legal: {
      ...LEGAL,
      disclosure:
        '活动时间以启动公告为准，限合肥市、南京市。参与条件：在两市内扫盖内码。晚市红包 1 元（100%），共 5,000 份，送完即止。',
      announcedArea: [HEFEI, NANJING],
    },
  };
}

const FIRST = {
  key: 'welcome',
  name: '第一次扫码',
  when: { field: 'nthScanInCampaign', op: 'eq', value: 1 },
} as const;
/** Handed over by a store, whatever tea was opened. */
function again(products: readonly number[]): CampaignContent['prizes'][number] {
  const [productId = 0] = products;
  return {
    ...{ kind: 'redeem', key: 'again', name: '再来一瓶', stock: null, productId },
    ...{ valueFen: 550, coPayFen: 0, validDays: 30 },
  };
}

const THANKS = { kind: 'nothing', key: 'thanks', name: '谢谢参与' } as const;
export const LEGAL = {
  organiser: '青禾茶饮有限公司',
  contact: '客服电话 400-000-0000（示例）',
  claimWay: '扫码后在本页点「收款」，红包存入微信零钱；券在「我的钱包」里出示，再来一瓶到可兑门店给店员扫码。',
  claimUntil: '2027-06-01T00:00',
} as const;

export function common(budgetId: number, products: readonly number[]) {
  return {
    schema: 1,
    priority: 100,
    scope: { products: [...products], batches: [] },
    period: { zone: 'Asia/Shanghai', from: '2026-05-01T00:00', to: '2027-05-01T00:00' },
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
  } as const;
}

function drawn(odds: Readonly<Record<string, number>>, fallbackPrizeKey: string | null): PrizeTable {
  return {
    mode: 'drawn',
    prizes: Object.entries(odds).map(([key, share]) => ({ key, odds: share })),
    fallbackPrizeKey,
  };
}

export function sure(key: string): PrizeTable {
  return drawn({ [key]: 1_000_000 }, null);
}
