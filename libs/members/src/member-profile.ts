import type { MemberId } from '@app/kernel';
import type { MemberRow } from './members.repository';
import { tierName, type TierKey } from './tier';

/** A member as screens show it. There is no openid in it and no phone number, on purpose. */
export interface MemberProfile {
  readonly memberId: MemberId;
  readonly createdAt: Date;
  readonly tier: { readonly key: TierKey; readonly name: string; readonly until: string | null };
  /** 消费值: 估算消费 of the last 365 days, in fen. */
  readonly spendFen: number;
  readonly scans: number;
  /** 开瓶数. */
  readonly codes: number;
  readonly wins: number;
  readonly awardedFen: number;
  readonly receivedFen: number;
  readonly lastAdcode: number | null;
  readonly lastScanAt: Date | null;
  readonly phoneBound: boolean;
  /** Follows the official account; null = WeChat never told. */
  readonly follows: boolean | null;
  /** 已注销: the person asked to be forgotten. */
  readonly erasedAt: Date | null;
}

export function profileOf({
  id,
  createdAt,
  standing,
  totals,
  phoneBound,
  follows,
  erasedAt,
}: MemberRow): MemberProfile {
  return {
    memberId: id,
    createdAt,
    tier: { key: standing.tier, name: tierName(standing.tier), until: standing.until },
    spendFen: totals.spendFen,
    scans: totals.scans,
    codes: totals.codes,
    wins: totals.wins,
    awardedFen: totals.awardedFen,
    receivedFen: Math.max(0, totals.receivedFen),
    lastAdcode: totals.lastAdcode,
    lastScanAt: totals.lastScanAt,
    phoneBound,
    follows,
    erasedAt,
  };
}
