import type { CampaignStates, CompiledVersion, DecisionState } from '@app/campaigns';
import { codeKey, fen, shanghaiDay, type CodeTriple, type Fen, type MemberId } from '@app/kernel';
import type { MemberFacts } from '@app/members';
import { MemberCounts, type AwardRow, type Claim } from '@app/rewards';

/**
 * What one group of scans sees: rows locked or read inside its transaction, and how they change while the scans of the group are decided
 * one after the other. The second scan of a group sees what the first one left; everything is written at the end, in one go.
 */
export class ScanWorld {
  readonly awards: AwardRow[] = [];
  /** The Shanghai day of the group. */
  readonly day: string;
  private readonly changedClaims = new Map<string, Claim>();
  private readonly changedCounts = new Map<MemberId, MemberCounts>();
  private readonly spent = new Map<number, number>();
  private readonly ownAwards: Map<string, AwardRow>;

  constructor(
    readonly now: Date,
    readonly versions: readonly CompiledVersion[],
    private readonly members: ReadonlyMap<MemberId, MemberFacts>,
    private readonly claims: ReadonlyMap<string, Claim>,
    private readonly counts: ReadonlyMap<MemberId, MemberCounts>,
    earlierAwards: readonly AwardRow[],
    private readonly states: CampaignStates,
    private readonly budgets: ReadonlyMap<number, Fen>,
  ) {
    this.day = shanghaiDay(now);
    this.ownAwards = new Map(earlierAwards.map((award) => [codeKey(award.code), award]));
  }

  memberFacts(member: MemberId): MemberFacts | null {
    return this.members.get(member) ?? null;
  }

  claim(code: CodeTriple): Claim {
    const key = codeKey(code);
    return this.changedClaims.get(key) ?? this.claims.get(key)!;
  }

  changeClaim(claim: Claim): void {
    this.changedClaims.set(codeKey(claim.code), claim);
  }

  countsOf(member: MemberId): MemberCounts {
    return this.changedCounts.get(member) ?? this.counts.get(member) ?? MemberCounts.none;
  }

  /** The prize this code gave, if it gave one. */
  awardOf(code: CodeTriple): AwardRow | null {
    return this.ownAwards.get(codeKey(code)) ?? null;
  }

  /** What `decide` may ask about campaigns, caps, stock and budgets, at this point of the group. */
  stateFor(member: MemberId): DecisionState {
    return {
      status: (campaignId) => this.states.status(campaignId),
      capUsed: (campaignId) => this.countsOf(member).paid(campaignId, this.day),
      stockLeft: (campaignId, prizeKey) => this.states.stockLeft(campaignId, prizeKey),
      budgetLeft: (budgetId) => (this.budgets.get(budgetId) ?? 0) - (this.spent.get(budgetId) ?? 0),
    };
  }

  /** Takes an award's stock, money and count for the scans that follow in this group. */
  give(award: AwardRow): void {
    this.awards.push(award);
    this.ownAwards.set(codeKey(award.code), award);
    this.states.take(award.campaignId, award.prizeKey);
    if (award.budgetId !== null) {
      this.spent.set(award.budgetId, (this.spent.get(award.budgetId) ?? 0) + award.amountFen);
    }
    const paid = award.prizeKind !== 'nothing';
    this.changedCounts.set(award.member, this.countsOf(award.member).withUse(award.campaignId, this.day, paid));
  }

  get claimsToSave(): readonly Claim[] {
    return [...this.changedClaims.values()];
  }

  get countsToSave(): ReadonlyMap<MemberId, MemberCounts> {
    return this.changedCounts;
  }

  /** Fen to reserve, by budget. */
  get reservations(): ReadonlyMap<number, Fen> {
    return new Map([...this.spent].map(([budgetId, amount]) => [budgetId, fen(amount)]));
  }
}
