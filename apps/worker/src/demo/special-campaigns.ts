import type { CampaignContent, DealtTable } from '@app/campaigns';
import { common, LEGAL, sure } from './demo-campaign';

/** Codes of the batch in which every prize was laid out beforehand: a thousand cases of 24. */
export const DEALT_QUANTITY = 24_000;
/** 奖项预埋: so many of each over exactly these codes. */
export const DEALT_PRIZES: DealtTable['prizes'] = [
  { key: 'top', count: 4 },
  { key: 'pear', count: 60 },
  { key: 'sweet', count: 2_400 },
  { key: 'small', count: 12_000 },
  { key: 'thanks', count: 9_536 },
];

/** 按数量: what the brand gives away with its trial of pears is known to the fen before the first bottle is opened. */
export function dealtCampaign(budgetId: number, product: number, batch: number): CampaignContent {
  return {
    ...common(budgetId, [product]),
    name: '雪梨试销·千箱定奖',
    lane: 'base',
    scope: { products: [product], batches: [batch] },
    rules: [
      {
        ...{ key: 'deal', name: '一千箱，奖项事先排定', when: { all: [] } },
        then: {
          mode: 'dealt',
          segment: { batch, layer: 0, from: 0, to: DEALT_QUANTITY },
          prizes: DEALT_PRIZES,
        },
      },
    ],
    prizes: [
      { kind: 'cash', key: 'top', name: '雪梨大奖', amount: { type: 'fixed', fen: 8800 }, stock: null },
      { kind: 'cash', key: 'pear', name: '梨好运红包', amount: { type: 'fixed', fen: 1880 }, stock: null },
      { kind: 'cash', key: 'sweet', name: '清甜红包', amount: { type: 'fixed', fen: 188 }, stock: null },
      { kind: 'cash', key: 'small', name: '随手红包', amount: { type: 'fixed', fen: 38 }, stock: null },
      { kind: 'nothing', key: 'thanks', name: '谢谢参与' },
    ],
    copy: {
      title: '雪梨试销',
      ruleText:
        '一千箱、24,000 瓶，每瓶盖内一码，奖项在发码前就已排定；同一瓶只奖一次。活动结束后公布种子，人人可以核对。',
    },
    legal: {
      ...LEGAL,
      disclosure:
        '活动时间 2026-05-01 至 2027-04-30。参与条件：扫盖内码。共 24,000 枚码，奖项按数量事先排定：雪梨大奖 88 元 4 份（0.0167%）；梨好运红包 18.80 元 60 份（0.25%）；清甜红包 1.88 元 2,400 份（10%）；随手红包 0.38 元 12,000 份（50%）；其余 9,536 份（39.7333%）为谢谢参与。',
      announcedArea: [],
    },
  };
}

/** Does a larger packet bring people back more often? Half of the members get each; nobody knows yet. */
export function experimentCampaign(budgetId: number, product: number): CampaignContent {
  return {
    ...common(budgetId, [product]),
    name: '茉莉上市·金额对照',
    lane: 'base',
    experiment: {
      ...{ key: 'amount', name: '红包加到 1.28 元，会不会更常回来', returnDays: 14 },
      arms: [
        { key: 'control', name: '对照组（0.88 元）', weight: 500_000 },
        { key: 'more', name: '加额组（1.28 元）', weight: 500_000 },
      ],
    },
    rules: [
      {
        ...{ key: 'more', name: '加额组', when: { field: 'experimentArm', op: 'eq', value: 'more' } },
        then: sure('more'),
      },
      { key: 'everybody', name: '人人有奖', when: { all: [] }, then: sure('small') },
    ],
    prizes: [
      { kind: 'cash', key: 'small', name: '茉莉红包', amount: { type: 'fixed', fen: 88 }, stock: null },
      { kind: 'cash', key: 'more', name: '茉莉加额红包', amount: { type: 'fixed', fen: 128 }, stock: null },
    ],
    copy: { title: '茉莉上市', ruleText: '每瓶盖内一码，扫码必得 0.88 元或 1.28 元；同一瓶只奖一次。' },
    legal: {
      ...LEGAL,
      disclosure:
        '活动时间 2026-05-01 至 2027-04-30。参与条件：扫盖内码。会员按固定分组各一半：茉莉红包 0.88 元（对照组每瓶 100%）；茉莉加额红包 1.28 元（加额组每瓶 100%）。',
      announcedArea: [],
    },
  };
}
