import { FieldRegistry, type FieldDefinition } from '@app/conditions';
import type { RuleTrust, Trust } from './document/campaign-content';
import type { ScanFacts } from './decision';
import { shanghaiMinuteOfDay, shanghaiWeekday } from './document/period';

/** Location is good enough to name a district when it is accurate to this many metres. */
const DISTRICT_ACCURACY_M = 1000;

/** The one field whose missing value a member can cure, by sharing a location. */
export const PLACE_FIELDS: ReadonlySet<string> = new Set(['region']);

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
  return new FieldRegistry([...PRODUCT_FIELDS, ...placeFields(binding), ...memberFields(binding), ...TIME_FIELDS]);
}

const PRODUCT_FIELDS: readonly FieldDefinition<ScanFacts>[] = [
  {
    key: 'product',
    label: '商品',
    type: 'number',
    whole: true,
    min: 1,
    ops: ['eq', 'ne', 'in', 'notIn'],
    read: (f) => f.product,
  },
  { key: 'productLine', label: '产品线', type: 'string', read: (f) => f.productLine },
  {
    key: 'batch',
    label: '码批次',
    type: 'number',
    whole: true,
    min: 0,
    ops: ['eq', 'ne', 'in', 'notIn', 'range'],
    read: (f) => f.batch,
  },
  { key: 'lot', label: '生产批次', type: 'string', read: (f) => f.lot },
  {
    key: 'layer',
    label: '码层级',
    type: 'number',
    whole: true,
    min: 0,
    max: 15,
    ops: ['eq', 'ne', 'in', 'notIn'],
    read: (f) => f.layer,
  },
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
];

function placeFields({ minTrust }: RuleBinding): FieldDefinition<ScanFacts>[] {
  return [
    {
      key: 'region',
      label: '所在地',
      type: 'adcode',
      read: (f) => trustedPlace(f.region, minTrust),
      note: (f) => TRUST_NOTE[f.region.trust],
    },
  ];
}

function memberFields({ campaignId }: RuleBinding): FieldDefinition<ScanFacts>[] {
  return [
    {
      key: 'tier',
      label: '等级',
      type: 'enum',
      options: [
        { value: 'regular', label: '普卡' },
        { value: 'gold', label: '金卡' },
        { value: 'platinum', label: '白金卡' },
      ],
      read: (f) => f.tier,
    },
    { key: 'memberIsNew', label: '新会员', type: 'boolean', read: (f) => f.memberIsNew },
    nthField('nthScan', '累计第几次扫码', (f) => f.nthScan.ever),
    nthField('nthScanToday', '今天第几次扫码', (f) => f.nthScan.day),
    nthField('nthScanInCampaign', '本活动第几次扫码', (f) => f.nthScan.campaign(campaignId)),
  ];
}

function nthField(key: string, label: string, read: (facts: ScanFacts) => number): FieldDefinition<ScanFacts> {
  return { key, label, type: 'number', whole: true, min: 1, max: 1_000_000, read };
}

const TIME_FIELDS: readonly FieldDefinition<ScanFacts>[] = [
  { key: 'at', label: '扫码时间', type: 'instant', read: (f) => f.at.getTime() },
  { key: 'weekday', label: '星期', type: 'weekday', read: (f) => shanghaiWeekday(f.at) },
  { key: 'timeOfDay', label: '时段', type: 'time-of-day', read: (f) => shanghaiMinuteOfDay(f.at) },
];

/** For checking, describing and explaining rules, where no scan is read. */
export const SCAN_FIELDS: FieldRegistry<ScanFacts> = scanFields({ campaignId: 0 });
