import { Defect, fen, memberId, sumFen, type Fen, type MemberId } from '@app/kernel';
import type { AwardRow } from '../award';

/** Which pool: small amounts gather per member, campaign and budget, one pool after the other. */
export interface PoolPlace {
  readonly member: MemberId;
  readonly campaignId: number;
  readonly budgetId: number;
  /** From 1. */
  readonly ordinal: number;
}

/** A pool whose awards are fixed and whose money was asked for. */
export interface ClosedPool extends PoolPlace {
  readonly payoutKey: string;
  readonly versionId: number;
  readonly amountFen: Fen;
  readonly awards: number;
  readonly closedAt: Date;
}

/** What gathers now. Nothing of it is stored: it is the awards that are in no pool yet. */
export interface OpenPool extends PoolPlace {
  /** The key it will have when it is closed. */
  readonly payoutKey: string;
  /** Of the newest award. */
  readonly versionId: number;
  /** Reaching this makes it claimable: the best promise among the awards in it. */
  readonly untilFen: Fen;
  readonly amountFen: Fen;
  /** Oldest first. */
  readonly awards: readonly AwardRow[];
}

/** Payout key of a pool: a natural key, so a restored database makes the same bills. */
export function poolKeyOf({ member, campaignId, budgetId, ordinal }: PoolPlace): string {
  return `p${member}:${campaignId}:${budgetId}:${ordinal}`;
}

const KEY = /^p(\d{1,16}):(\d{1,10}):(\d{1,10}):(\d{1,5})$/;

/** Null for a text that names no pool. */
export function readPoolKey(text: string): PoolPlace | null {
  const parts = KEY.exec(text);
  if (!parts) return null;
  const [member, campaignId, budgetId, ordinal] = parts.slice(1).map(Number);
  if (![member, campaignId, budgetId, ordinal].every((part) => part! > 0)) return null;
  const place = { member: memberId(member!), campaignId: campaignId!, budgetId: budgetId!, ordinal: ordinal! };
  return poolKeyOf(place) === text ? place : null;
}

/** An award that gathers, and how far. */
export interface Gathering {
  readonly award: AwardRow;
  readonly untilFen: Fen;
}

/**
 * Sorts what gathers into open pools: by campaign and budget, oldest first, at most `most` awards in one; what is over waits for the
 * next. Pure. Throws Defect for money without a budget.
 */
export function openPoolsOf(
  member: MemberId,
  gathering: readonly Gathering[],
  ordinals: ReadonlyMap<string, number>,
  most: number,
): OpenPool[] {
  const groups = new Map<string, Gathering[]>();
  for (const one of [...gathering].sort(byAge)) {
    const { campaignId, budgetId } = one.award;
    const name = `${campaignId}:${budgetId}`;
    groups.set(name, [...(groups.get(name) ?? []), one]);
  }
  return [...groups].map(([name, all]) => {
    const part = all.slice(0, most);
    const { campaignId, budgetId } = part[0]!.award;
    if (budgetId === null) throw new Defect('money was won without a budget');
    const place = { member, campaignId, budgetId, ordinal: (ordinals.get(name) ?? 0) + 1 };
    return {
      ...place,
      payoutKey: poolKeyOf(place),
      versionId: part.at(-1)!.award.versionId,
      untilFen: fen(Math.min(...part.map(({ untilFen }) => untilFen))),
      amountFen: sumFen(part.map(({ award }) => award.amountFen)),
      awards: part.map(({ award }) => award),
    };
  });
}

export function isClaimable({ amountFen, untilFen }: Pick<OpenPool, 'amountFen' | 'untilFen'>): boolean {
  return amountFen >= untilFen;
}

function byAge({ award: one }: Gathering, { award: other }: Gathering): number {
  const age = one.wonAt.getTime() - other.wonAt.getTime();
  const { batch, layer, serial } = one.code;
  return age || batch - other.code.batch || layer - other.code.layer || serial - other.code.serial;
}
