import type { CampaignContent, CashPrize, PrizeDefinition, Rule } from './campaign-content';
import { campaignTemplate } from './campaign-template';

/** A whole campaign to start from. What it numbers (products, batches, regions) is for the author to replace. */
export interface CampaignTemplate {
  readonly key: string;
  readonly name: string;
  readonly description: string;
  content(name: string, budgetId: number): CampaignContent;
}

const everybody = { all: [] } as const;
const fixed = (key: string, name: string, fen: number, stock: number | null = null): CashPrize => ({
  ...{ kind: 'cash', key, name, amount: { type: 'fixed', fen }, stock },
});
const SMALL: CashPrize = {
  ...{ kind: 'cash', key: 'small', name: '随机红包' },
  amount: { type: 'uniform', minFen: 30, maxFen: 88, stepFen: 2 },
  stock: null,
};
const THANKS: PrizeDefinition = { kind: 'nothing', key: 'thanks', name: '谢谢参与' };

/** A rule that gives one prize for certain. */
const gives = (key: string, name: string, when: Rule['when'], prize: string): Rule => ({
  ...{ key, name, when },
  then: { mode: 'drawn', prizes: [{ key: prize, odds: 1_000_000 }], fallbackPrizeKey: null },
});
const SAFETY_NET = gives('everybody', '全国保底', everybody, 'small');

const template = (
  key: string,
  name: string,
  description: string,
  overrides: Partial<CampaignContent>,
): CampaignTemplate => ({
  ...{ key, name, description },
  content: (title, budgetId) => campaignTemplate(title, budgetId, overrides),
});

export const campaignTemplates: readonly CampaignTemplate[] = [
  template('everybody', '人人有奖', '每瓶都有一个 0.30 – 0.88 元的随机红包，必中。', {
    alwaysWins: true,
    rules: [gives('everybody', '人人有奖', everybody, 'small')],
    prizes: [SMALL],
  }),
  template('first-scan', '首扫必中', '第一次被扫的码必得大一点的红包，其他情况有保底。', {
    alwaysWins: true,
    rules: [gives('first', '首扫必中', { field: 'firstScanOfCode', op: 'eq', value: true }, 'first'), SAFETY_NET],
    prizes: [fixed('first', '1.88 元红包', 188), SMALL],
  }),
  template('grand-prize', '大奖加保底', '限量大奖按概率抽，抽不中和发完都有保底红包，必中。', {
    alwaysWins: true,
    rules: [
      {
        ...{ key: 'everybody', name: '人人可抽', when: everybody },
        then: {
          mode: 'drawn',
          prizes: [
            { key: 'top', odds: 50 },
            { key: 'middle', odds: 5_000 },
            { key: 'small', odds: 994_950 },
          ],
          fallbackPrizeKey: 'small',
        },
      },
    ],
    prizes: [fixed('top', '88 元红包', 8_800, 100), fixed('middle', '8.88 元红包', 888, 10_000), SMALL],
  }),
  template('gold-double', '金卡加倍', '金卡和白金卡会员得双倍红包，其他人照常。', {
    alwaysWins: true,
    rules: [
      gives('gold', '金卡加倍', { field: 'tier', op: 'in', value: ['gold', 'platinum'] }, 'double'),
      gives('everybody', '人人有奖', everybody, 'single'),
    ],
    prizes: [fixed('double', '1.76 元红包', 176), fixed('single', '0.88 元红包', 88)],
  }),
  template('newcomer', '新客礼', '第一次扫码的会员得见面礼，老会员得随机红包。', {
    alwaysWins: true,
    rules: [gives('newcomer', '新客见面礼', { field: 'memberIsNew', op: 'eq', value: true }, 'welcome'), SAFETY_NET],
    prizes: [fixed('welcome', '2 元见面礼', 200), SMALL],
  }),
  template('every-nth', '第 N 瓶奖', '每扫满 5 瓶得一个大一点的红包，平时有保底。', {
    alwaysWins: true,
    rules: [gives('fifth', '每满五瓶', { field: 'nthScanInCampaign', op: 'everyNth', value: 5 }, 'fifth'), SAFETY_NET],
    prizes: [fixed('fifth', '5 元红包', 500), SMALL],
  }),
  template(
    'burst',
    '区域加码',
    '对手在一个城市发力时，一个人就能开始的预案：限地区、限时长、限份数和金额，到时自己结束。',
    {
      lane: 'burst',
      rules: [gives('inside', '区域加码', everybody, 'extra')],
      prizes: [fixed('extra', '3 元红包', 300)],
      burst: { fence: [340100], maxHours: 48, maxCount: 20_000, maxFen: 6_000_000 },
      ...withArea([340100]),
    },
  ),
  template('one-more', '再来一瓶', '限量的再来一瓶到门店兑换，其余是小红包。', {
    alwaysWins: true,
    rules: [
      {
        ...{ key: 'everybody', name: '人人可抽', when: everybody },
        then: {
          mode: 'drawn',
          prizes: [
            { key: 'bottle', odds: 50_000 },
            { key: 'small', odds: 950_000 },
          ],
          fallbackPrizeKey: 'small',
        },
      },
    ],
    prizes: [
      {
        ...{ kind: 'redeem', key: 'bottle', name: '再来一瓶', productId: 1 },
        ...{ valueFen: 500, coPayFen: 0, validDays: 30, stock: 50_000 },
      },
      SMALL,
    ],
  }),
  template('dealt', '按数量预埋', '一段码里每种奖各有几份，发码前就排定，总额精确到分，结束后可以核对。', {
    rules: [
      {
        ...{ key: 'deal', name: '预埋的一万瓶', when: everybody },
        then: {
          mode: 'dealt',
          segment: { batch: 1, layer: 1, from: 0, to: 10_000 },
          prizes: [
            { key: 'top', count: 1 },
            { key: 'middle', count: 99 },
            { key: 'single', count: 4_900 },
            { key: 'thanks', count: 5_000 },
          ],
        },
      },
    ],
    prizes: [
      fixed('top', '188 元红包', 18_800),
      fixed('middle', '8.88 元红包', 888),
      fixed('single', '0.88 元红包', 88),
      THANKS,
    ],
  }),
  template('next-bottle', '下一瓶打开', '这瓶中的红包由 30 天内的下一瓶打开，带来复购。', {
    alwaysWins: true,
    rules: [
      {
        ...{ key: 'everybody', name: '人人可抽', when: everybody },
        then: {
          mode: 'drawn',
          prizes: [
            { key: 'locked', odds: 200_000 },
            { key: 'small', odds: 800_000 },
          ],
          fallbackPrizeKey: null,
        },
      },
    ],
    prizes: [
      {
        ...{ kind: 'locked', key: 'locked', name: '下一瓶红包', opensWithinDays: 30 },
        ...{ amount: { type: 'fixed', fen: 288 }, stock: null },
      },
      SMALL,
    ],
  }),
  template('experiment', '对照实验', '会员按固定的分组各一半，比一比哪种红包带来更多复购。', {
    alwaysWins: true,
    experiment: {
      ...{ key: 'amount', name: '金额对照', returnDays: 7 },
      arms: [
        { key: 'control', name: '对照组', weight: 500_000 },
        { key: 'more', name: '加额组', weight: 500_000 },
      ],
    },
    rules: [gives('more', '加额组', { field: 'experimentArm', op: 'eq', value: 'more' }, 'more'), SAFETY_NET],
    prizes: [fixed('more', '1.20 元红包', 120), SMALL],
  }),
];

function withArea(announcedArea: readonly number[]): Pick<CampaignContent, 'legal'> {
  return { legal: { ...campaignTemplate('', 1).legal, announcedArea } };
}
