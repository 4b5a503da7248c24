import { FieldRegistry } from '@app/conditions';
import { shanghaiDay } from '@app/kernel';
import type { MemberRow } from '../members.repository';
import { tierName, TIERS, type TierKey } from '../tier';

/** What an audience may ask about a member. `null` = not known, and then a leaf about it is neither true nor false. */
export interface AudienceFacts {
  readonly tier: TierKey;
  readonly tags: readonly string[];
  /** 消费值 of the last 365 days, fen. */
  readonly spendFen: number;
  readonly scans: number;
  readonly codes: number;
  readonly wins: number;
  /** Place of the latest scan whose place is known. */
  readonly lastPlace: number | null;
  /** Shanghai days since the latest scan of any kind; null for somebody who never scanned. */
  readonly daysSinceLastScan: number | null;
  readonly daysSinceJoined: number;
  readonly phoneBound: boolean;
  readonly follows: boolean | null;
}

const DAY_MS = 86_400_000;
const MAX_COUNT = 1_000_000_000;
const MAX_DAYS = 36_500;

const count = { type: 'number', whole: true, min: 0, max: MAX_COUNT } as const;
const days = { type: 'number', whole: true, min: 0, max: MAX_DAYS, unit: '天' } as const;

/** The fields of an audience. Labels are what authors read. */
export const MEMBER_FIELDS = new FieldRegistry<AudienceFacts>([
  {
    key: 'tier',
    label: '等级',
    type: 'enum',
    options: TIERS.map((tier) => ({ value: tier, label: tierName(tier) })),
    read: (f) => f.tier,
  },
  { key: 'tags', label: '标签', type: 'set', items: 'string', optionsFrom: 'tags', read: (f) => f.tags },
  { key: 'spendFen', label: '消费值（近 365 天）', ...count, unit: '分', read: (f) => f.spendFen },
  { key: 'codes', label: '开瓶数', ...count, unit: '瓶', read: (f) => f.codes },
  { key: 'scans', label: '扫码次数', ...count, unit: '次', read: (f) => f.scans },
  { key: 'wins', label: '中奖次数', ...count, unit: '次', read: (f) => f.wins },
  { key: 'lastPlace', label: '最近所在地', type: 'adcode', optionsFrom: 'regions', read: (f) => f.lastPlace },
  { key: 'daysSinceLastScan', label: '距上次扫码', ...days, read: (f) => f.daysSinceLastScan },
  { key: 'daysSinceJoined', label: '距首次到访', ...days, read: (f) => f.daysSinceJoined },
  { key: 'phoneBound', label: '已绑定手机', type: 'boolean', read: (f) => f.phoneBound },
  { key: 'follows', label: '已关注公众号', type: 'boolean', read: (f) => f.follows },
]);

/** The facts of a member as of an instant. */
export function audienceFacts(row: MemberRow, tags: readonly string[], at: Date): AudienceFacts {
  const { totals, standing, createdAt, phoneBound, follows } = row;
  return {
    tier: standing.tier,
    tags,
    spendFen: totals.spendFen,
    scans: totals.scans,
    codes: totals.codes,
    wins: totals.wins,
    lastPlace: totals.lastAdcode,
    daysSinceLastScan: totals.lastScanAt === null ? null : daysBetween(totals.lastScanAt, at),
    daysSinceJoined: daysBetween(createdAt, at),
    phoneBound,
    follows,
  };
}

/** Shanghai calendar days; 0 for the same day, and for an instant that lies ahead. */
function daysBetween(from: Date, to: Date): number {
  return Math.max(0, Math.round((Date.parse(shanghaiDay(to)) - Date.parse(shanghaiDay(from))) / DAY_MS));
}
