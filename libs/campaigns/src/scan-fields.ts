import { FieldRegistry, type FieldDefinition } from '@app/conditions';
import type { Experiment, RuleTrust, Trust } from './document/campaign-content';
import type { ScanFacts } from './decision';
import { shanghaiMinuteOfDay, shanghaiWeekday } from './document/period';
import { armOf } from './experiment-arm';

/** Location is good enough to name a district when it is accurate to this many metres. */
const DISTRICT_ACCURACY_M = 1000;

/** The fields that a member can cure, by sharing a location. */
export const PLACE_FIELDS: ReadonlySet<string> = new Set(['region', 'placeTrust']);

/** What a code says of itself; tables that are dealt may ask about nothing else. */
export const CODE_FIELDS: ReadonlySet<string> = new Set(['product', 'productLine', 'batch', 'lot', 'layer', 'serial']);

const TRUST_RANK: Record<Trust, number> = { agreed: 3, ip: 2, claimed: 1, disputed: 0, unknown: 0 };
const TRUST_NOTE: Record<Trust, string | undefined> = {
  agreed: '定位与 IP 一致',
  ip: '按 IP',
  claimed: '仅凭定位',
  disputed: '定位与 IP 不一致',
  unknown: undefined,
};

/** What a rule's fields depend on besides the scan. */
export interface RuleBinding {
  /** Whose scans `nthScanInCampaign` counts. */
  readonly campaignId: number;
  readonly minTrust?: RuleTrust | undefined;
  /** Whose arms `experimentArm` tells; unknown without one. */
  readonly experiment?: Experiment | null;
}

/**
 * The place as far as it may be believed for money: the province from `ip` on, anything finer only when `agreed`, and a district only
 * from an accurate location. `minTrust` replaces these thresholds. A disputed place is never believed.
 */
export function trustedPlace(region: ScanFacts['region'], minTrust?: RuleTrust): number | null {
  const { adcode, trust, accuracyM } = region;
  if (adcode === null) return null;
  const rank = TRUST_RANK[trust];
  if (rank < TRUST_RANK[minTrust ?? 'ip']) return null;
  if (rank < TRUST_RANK[minTrust ?? 'agreed']) return Math.floor(adcode / 10_000) * 10_000;
  const accurate = accuracyM !== null && accuracyM !== undefined && accuracyM <= DISTRICT_ACCURACY_M;
  return accurate ? adcode : Math.floor(adcode / 100) * 100;
}

/** The fields a campaign rule may speak of, bound to one rule. Labels are what authors and call-centre staff read. */
export function scanFields(binding: RuleBinding): FieldRegistry<ScanFacts> {
  return new FieldRegistry([
    ...PRODUCT_FIELDS,
    ...placeFields(binding),
    ...MEMBER_FIELDS,
    ...nthFields(binding),
    ...TIME_FIELDS,
    experimentField(binding),
  ]);
}

type Field = FieldDefinition<ScanFacts>;

const id = (key: string, label: string, optionsFrom: Field['optionsFrom'], read: Field['read']): Field => ({
  ...{ key, label, type: 'number', whole: true, min: 1, ops: ['eq', 'ne', 'in', 'notIn'] },
  ...(optionsFrom ? { optionsFrom } : {}),
  read,
});

const PRODUCT_FIELDS: readonly Field[] = [
  id('product', '商品', 'products', (f) => f.product),
  { key: 'productLine', label: '产品线', type: 'string', read: (f) => f.productLine },
  {
    ...id('batch', '码批次', 'batches', (f) => f.batch),
    min: 0,
    ops: ['eq', 'ne', 'in', 'notIn', 'range'],
  },
  { key: 'lot', label: '生产批次', type: 'string', optionsFrom: 'lots', read: (f) => f.lot },
  { ...id('layer', '码层级', undefined, (f) => f.layer), min: 0, max: 15 },
  {
    key: 'serial',
    label: '码序号',
    type: 'number',
    whole: true,
    min: 0,
    max: 2 ** 30 - 1,
    ops: ['eq', 'range'],
    read: (f) => f.serial,
  },
  { key: 'firstScanOfCode', label: '本码首次被扫', type: 'boolean', read: (f) => f.firstScanOfCode },
  id('shippedToDistributor', '发货经销商', 'distributors', (f) => f.shippedTo.distributor),
  id('shippedToStore', '发货门店', 'stores', (f) => f.shippedTo.store),
];

function placeFields({ minTrust }: RuleBinding): Field[] {
  return [
    {
      key: 'region',
      label: '所在地',
      type: 'adcode',
      optionsFrom: 'regions',
      read: (f) => trustedPlace(f.region, minTrust),
      note: (f) => TRUST_NOTE[f.region.trust],
    },
    {
      // Only "at least": a rule that wants a worse place would pay for knowing less.
      key: 'placeTrust',
      label: '所在地可信度',
      type: 'number',
      whole: true,
      min: 1,
      max: 3,
      ops: ['gte'],
      mayRise: true,
      options: [
        { value: 3, label: '定位与 IP 一致' },
        { value: 2, label: '按 IP' },
        { value: 1, label: '仅凭定位' },
      ],
      read: (f) => TRUST_RANK[f.region.trust] || null,
    },
  ];
}

const MEMBER_FIELDS: readonly Field[] = [
  {
    key: 'tier',
    label: '等级',
    type: 'enum',
    options: [
      { value: 'regular', label: '普卡' },
      { value: 'gold', label: '金卡' },
      { value: 'platinum', label: '白金卡' },
    ],
    read: (f) => f.member.tier,
  },
  { key: 'tags', label: '标签', type: 'set', items: 'string', optionsFrom: 'tags', read: (f) => f.member.tags },
  {
    key: 'audience',
    label: '人群',
    type: 'set',
    items: 'number',
    optionsFrom: 'audiences',
    read: (f) => f.member.audiences,
  },
  { key: 'memberIsNew', label: '新会员', type: 'boolean', read: (f) => f.member.isNew },
  { key: 'phoneBound', label: '已绑定手机号', type: 'boolean', read: (f) => f.member.phoneBound },
  { key: 'follows', label: '已关注公众号', type: 'boolean', read: (f) => f.member.follows },
  {
    key: 'daysSinceLastScan',
    label: '距上次扫码天数',
    type: 'number',
    whole: true,
    min: 0,
    max: 36_500,
    read: (f) => f.member.daysSinceLastScan,
  },
  {
    key: 'risk',
    label: '风险等级',
    type: 'enum',
    options: [
      { value: 'low', label: '低' },
      { value: 'medium', label: '中' },
      { value: 'high', label: '高' },
    ],
    read: (f) => f.member.risk,
  },
];

function nthFields({ campaignId }: RuleBinding): Field[] {
  const nth = (key: string, label: string, read: (facts: ScanFacts) => number): Field => ({
    ...{ key, label, type: 'number', whole: true, min: 1, max: 1_000_000 },
    read,
  });
  return [
    nth('nthScan', '累计第几次扫码', (f) => f.nthScan.ever),
    nth('nthScanToday', '今天第几次扫码', (f) => f.nthScan.day),
    nth('nthScanInCampaign', '本活动第几次扫码', (f) => f.nthScan.campaign(campaignId)),
  ];
}

const TIME_FIELDS: readonly Field[] = [
  { key: 'at', label: '扫码时间', type: 'instant', read: (f) => f.at.getTime() },
  { key: 'weekday', label: '星期', type: 'weekday', read: (f) => shanghaiWeekday(f.at) },
  { key: 'timeOfDay', label: '时段', type: 'time-of-day', read: (f) => shanghaiMinuteOfDay(f.at) },
];

function experimentField({ campaignId, experiment }: RuleBinding): Field {
  return {
    key: 'experimentArm',
    label: '实验分组',
    type: 'string',
    optionsFrom: 'arms',
    read: ({ member }) => (experiment && member.id !== null ? armOf(campaignId, experiment, member.id) : null),
  };
}

/** For checking, describing and explaining rules, where no scan is read. */
export const SCAN_FIELDS: FieldRegistry<ScanFacts> = scanFields({ campaignId: 0 });
