import {
  isSharedCounter,
  windowKeys,
  type Award,
  type CampaignStates,
  type Cap,
  type CompiledVersion,
  type DecisionState,
} from '@app/campaigns';
import { codeKey, fen, shanghaiDay, type CodeTriple, type Fen, type MemberId } from '@app/kernel';
import type { MemberFacts } from '@app/members';
import {
  counterName,
  MemberCounts,
  type AwardRow,
  type Claim,
  type CounterUse,
  type CounterValues,
  type CouponTake,
  type LockedAward,
  type Opening,
  validUntil,
} from '@app/rewards';
import type { PreparedScan } from './scan-input';

/** What a group of scans read, under locks or inside its transaction. */
export interface WorldRows {
  readonly now: Date;
  readonly versions: readonly CompiledVersion[];
  readonly members: ReadonlyMap<MemberId, MemberFacts>;
  readonly claims: ReadonlyMap<string, Claim>;
  readonly counts: ReadonlyMap<MemberId, MemberCounts>;
  /** Prizes that codes of the group gave before, and locked packets of its members. */
  readonly awards: readonly AwardRow[];
  readonly states: CampaignStates;
  readonly counters: CounterValues;
  readonly budgets: ReadonlyMap<number, Fen>;
  /** Codes left in coupon pools. */
  readonly pools: ReadonlyMap<number, number>;
}

type CountsByMember = ReadonlyMap<MemberId, MemberCounts>;

/** A counter that awards of the group add to, with the tightest limits of the caps that watch it. */
export interface SharedUse extends CounterUse {
  readonly maxCount: number;
  readonly maxFen: number;
}

/**
 * What one group of scans sees, and how it changes while the scans of the group are decided one after the other. The second scan of a
 * group sees what the first one left; everything is written at the end, in one go.
 */
export class ScanWorld {
  readonly awards: AwardRow[] = [];
  readonly openings: Opening[] = [];
  readonly coupons: CouponTake[] = [];
  /** The Shanghai day of the group. */
  readonly day: string;
  private readonly changedClaims = new Map<string, Claim>();
  private readonly changedCounts = new Map<MemberId, MemberCounts>();
  private readonly spent = new Map<number, number>();
  private readonly shared = new Map<string, SharedUse>();
  private readonly taken = new Map<number, number>();
  private readonly knownAwards: Map<string, AwardRow>;

  constructor(private readonly rows: WorldRows) {
    this.day = shanghaiDay(rows.now);
    this.knownAwards = new Map(rows.awards.map((award) => [codeKey(award.code), award]));
  }

  get now(): Date {
    return this.rows.now;
  }

  get versions(): readonly CompiledVersion[] {
    return this.rows.versions;
  }

  memberFacts(member: MemberId): MemberFacts | null {
    return this.rows.members.get(member) ?? null;
  }

  claim(code: CodeTriple): Claim {
    const key = codeKey(code);
    return this.changedClaims.get(key) ?? this.rows.claims.get(key)!;
  }

  changeClaim(claim: Claim): void {
    this.changedClaims.set(codeKey(claim.code), claim);
  }

  countsOf(member: MemberId): MemberCounts {
    return this.changedCounts.get(member) ?? this.rows.counts.get(member) ?? MemberCounts.none;
  }

  /** The prize this code gave, if it gave one. */
  awardOf(code: CodeTriple): AwardRow | null {
    return this.knownAwards.get(codeKey(code)) ?? null;
  }

  /** What `decide` may ask about campaigns, caps, stock and budgets, at this point of the group. */
  stateFor(member: MemberId): DecisionState {
    const { states, budgets } = this.rows;
    return {
      status: (campaignId) => states.status(campaignId),
      used: (campaignId, key) => this.used(member, campaignId, key),
      stockLeft: (campaignId, prizeKey) => this.stockLeft(campaignId, prizeKey),
      budgetLeft: (budgetId) => (budgets.get(budgetId) ?? 0) - (this.spent.get(budgetId) ?? 0),
    };
  }

  private used(member: MemberId, campaignId: number, key: string): { count: number; fen: number } {
    if (key[0] === 'm') return this.countsOf(member).paid(campaignId, key.slice(2));
    if (!isSharedCounter(key)) return { count: 0, fen: 0 };
    const name = counterName({ campaignId, key });
    const [before, added] = [this.rows.counters.get(name), this.shared.get(name)];
    return {
      count: (before?.count ?? 0) + (added?.count ?? 0),
      fen: (before?.fen ?? 0) + (added?.fen ?? 0),
    };
  }

  private stockLeft(campaignId: number, prizeKey: string): number | null {
    const stock = this.rows.states.stockLeft(campaignId, prizeKey);
    const poolId = this.poolOf(campaignId, prizeKey);
    if (poolId === null) return stock;
    const inPool = (this.rows.pools.get(poolId) ?? 0) - (this.taken.get(poolId) ?? 0);
    return stock === null ? inPool : Math.min(stock, inPool);
  }

  private poolOf(campaignId: number, prizeKey: string): number | null {
    const version = this.versions.find((candidate) => candidate.campaignId === campaignId);
    const prize = version?.content.prizes.find(({ key }) => key === prizeKey);
    return prize?.kind === 'coupon' && prize.coupon.type === 'pool' ? prize.coupon.poolId : null;
  }

  /** Takes an award's stock, money and counts for the scans that follow in this group, and opens what waited for this code. */
  give(award: AwardRow, decision: Award, caps: readonly { readonly cap: Cap; readonly key: string }[]): void {
    this.awards.push(award);
    this.knownAwards.set(codeKey(award.code), award);
    this.rows.states.take(award.campaignId, award.prizeKey);
    if (award.budgetId !== null) {
      this.spent.set(award.budgetId, (this.spent.get(award.budgetId) ?? 0) + award.amountFen);
    }
    this.takeCoupon(award, decision);
    const opened = this.openLocked(award);
    this.count(award, decision, opened);
    if (decision.prize.kind !== 'nothing') this.countShared(award, caps);
  }

  private takeCoupon({ code, slot, member, wonAt }: AwardRow, { prize }: Award): void {
    if (prize.kind !== 'coupon' || prize.coupon.type !== 'pool') return;
    const { poolId } = prize.coupon;
    this.taken.set(poolId, (this.taken.get(poolId) ?? 0) + 1);
    this.coupons.push({ code, slot, poolId, member, wonAt, validDays: prize.validDays });
  }

  /** Every packet of the member that is still in time; the rest stays shut for good. */
  private openLocked({ member, scanId }: AwardRow): AwardRow[] {
    const waiting = this.countsOf(member).locked.filter(({ until }) => this.now.getTime() < until);
    const opened = waiting.flatMap(({ code }) => this.awardOf(code) ?? []);
    for (const { code, slot } of opened) this.openings.push({ code, slot, member, byScanId: scanId, at: this.now });
    return opened;
  }

  private count(award: AwardRow, { prize }: Award, opened: readonly AwardRow[]): void {
    const { campaignId, member, amountFen } = award;
    const { day, week, month, total } = windowKeys(this.now);
    const hours = this.versions
      .find((version) => version.campaignId === campaignId)
      ?.caps.some(({ cap }) => cap.per === 'member' && cap.window === 'hour');
    const windows =
      prize.kind === 'nothing' ? [] : [day, week, month, total, ...(hours ? [windowKeys(this.now).hour] : [])];
    const before = this.countsOf(member);
    const counts = before.withUse({ campaignId, day: this.day, windows, amountFen });
    const locked: LockedAward[] = prize.kind === 'locked' ? [lockedOf(award, prize.opensWithinDays)] : [];
    const changed = opened.length > 0 || locked.length > 0 || before.locked.length > 0;
    this.changedCounts.set(member, changed ? counts.withLocked(locked) : counts);
  }

  /** The campaign's hours and its total are always counted: pacing, forecasts and later caps read them. */
  private countShared(award: AwardRow, caps: readonly { readonly cap: Cap; readonly key: string }[]): void {
    const { hour, total } = windowKeys(this.now);
    const keys = new Set([`c|${hour}`, `c|${total}`, ...caps.map(({ key }) => key).filter(isSharedCounter)]);
    for (const key of keys) {
      const name = counterName({ campaignId: award.campaignId, key });
      const before = this.shared.get(name);
      const watching = caps.filter((one) => one.key === key).map(({ cap }) => cap);
      this.shared.set(name, {
        campaignId: award.campaignId,
        key,
        count: (before?.count ?? 0) + 1,
        fen: (before?.fen ?? 0) + award.amountFen,
        maxCount: Math.min(before?.maxCount ?? Infinity, ...watching.map(({ count }) => count ?? Infinity)),
        // A prize that costs nothing may be given although the money of a cap is used up, or was lowered below what is spent.
        maxFen:
          award.amountFen === 0
            ? (before?.maxFen ?? Infinity)
            : Math.min(before?.maxFen ?? Infinity, ...watching.map(({ fen: limit }) => limit ?? Infinity)),
      });
    }
  }

  /** Claims of codes that nobody asked about before, and of those that have a row. */
  get claimsToWrite(): { readonly added: readonly Claim[]; readonly changed: readonly Claim[] } {
    const claims = [...this.changedClaims];
    const isNew = (key: string): boolean => this.rows.claims.get(key)!.scans === 0;
    return {
      added: claims.flatMap(([key, claim]) => (isNew(key) ? [claim] : [])),
      changed: claims.flatMap(([key, claim]) => (isNew(key) ? [] : [claim])),
    };
  }

  get countsToWrite(): { readonly added: CountsByMember; readonly changed: CountsByMember } {
    const counts = [...this.changedCounts];
    return {
      added: new Map(counts.filter(([member]) => !this.rows.counts.has(member))),
      changed: new Map(counts.filter(([member]) => this.rows.counts.has(member))),
    };
  }

  get sharedUses(): readonly SharedUse[] {
    return [...this.shared.values()];
  }

  /** Fen to reserve, by budget. */
  get reservations(): ReadonlyMap<number, Fen> {
    return new Map([...this.spent].map(([budgetId, amount]) => [budgetId, fen(amount)]));
  }

  /** Packets that this scan opened. */
  openedBy({ member, scanId }: PreparedScan): AwardRow[] {
    return this.openings
      .filter((opening) => opening.member === member && opening.byScanId === scanId)
      .flatMap(({ code }) => this.awardOf(code) ?? []);
  }
}

/** A packet can be opened through the end of the Shanghai day that many days later. */
function lockedOf({ code, slot, wonAt }: AwardRow, opensWithinDays: number): LockedAward {
  return { code, slot, until: validUntil(wonAt, opensWithinDays).getTime() };
}
