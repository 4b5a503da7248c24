import { Injectable } from '@nestjs/common';
import { CampaignCatalog, isSharedCounter, readCampaignStates, type CompiledVersion } from '@app/campaigns';
import { CodeCatalog } from '@app/codes';
import type { Tx } from '@app/database';
import { codeKey, type MemberId } from '@app/kernel';
import { MembersForScan, type MemberFacts } from '@app/members';
import { Budgets } from '@app/payouts';
import {
  AwardDetails,
  Awards,
  CampaignCounters,
  Claims,
  CouponPools,
  MemberCounters,
  type AwardRow,
  type Claim,
  type CounterName,
  type MemberCounts,
} from '@app/rewards';
import { DecideAgain } from './decide-again';
import { codeFacts, type KnownCode } from './judge-scan';
import type { PreparedScan } from './scan-input';
import { ScanRecords } from './scan-records.repository';
import { ScanWorld } from './scan-world';

export interface KnownScan {
  readonly scan: PreparedScan;
  readonly code: KnownCode;
}

/** Everything a group of scans reads, in the order in which it may be read. */
@Injectable()
export class ScanReads {
  constructor(
    private readonly codes: CodeCatalog,
    private readonly campaigns: CampaignCatalog,
    private readonly membersForScan: MembersForScan,
    private readonly records: ScanRecords,
    private readonly claims: Claims,
    private readonly counters: MemberCounters,
    private readonly awards: Awards,
    private readonly shared: CampaignCounters,
    private readonly budgets: Budgets,
    private readonly pools: CouponPools,
    private readonly awardDetails: AwardDetails,
  ) {}

  /** Before the transaction: definitions this node may not have heard of yet. */
  async versions(group: readonly PreparedScan[]): Promise<readonly CompiledVersion[]> {
    await this.codes.ensure(group.map(({ code }) => code.batch));
    return this.campaigns.live();
  }

  members(tx: Tx, group: readonly PreparedScan[], versions: readonly CompiledVersion[], now: Date) {
    return this.membersForScan.readMembersForScan(
      tx,
      group.map(({ member }) => member),
      versions.flatMap(({ audiences }) => audiences),
      now,
    );
  }

  answers(tx: Tx, group: readonly PreparedScan[]) {
    return this.records.answers(tx, group);
  }

  resolve(scan: PreparedScan, now: Date): KnownCode | null {
    const code = this.codes.resolve(scan.code, now);
    return code.kind === 'known' ? code : null;
  }

  /** What became of prizes that were won before. */
  details(tx: Tx, awards: readonly AwardRow[]) {
    return this.awardDetails.read(tx, awards);
  }

  /** Locks the claims of active codes, the first class of rows to be locked. */
  async lockClaims(tx: Tx, scans: readonly KnownScan[], now: Date): Promise<ReadonlyMap<string, Claim>> {
    const active = scans.filter(({ code }) => code.state === 'active');
    const claims = await this.claims.lock(
      tx,
      active.map(({ scan }) => ({ code: scan.code, member: scan.member, at: now, adcode: scan.place.adcode })),
    );
    return this.ofPeople(tx, claims, new Set(scans.map(({ scan }) => scan.member)));
  }

  /** Claims name the number a person had then. Whoever was merged since is the same person, and their codes are their own. */
  private async ofPeople(
    tx: Tx,
    claims: ReadonlyMap<string, Claim>,
    present: ReadonlySet<MemberId>,
  ): Promise<ReadonlyMap<string, Claim>> {
    const named = new Set([...claims.values()].flatMap(peopleOf).filter((member) => !present.has(member)));
    const merged = await this.membersForScan.mergedAmong(tx, [...named]);
    if (merged.size === 0) return claims;
    const left = (member: MemberId): MemberId => merged.get(member) ?? member;
    return new Map(
      [...claims].map(([key, claim]) => [
        key,
        {
          ...claim,
          firstMember: left(claim.firstMember),
          consumed: claim.consumed && { ...claim.consumed, by: left(claim.consumed.by) },
          held: claim.held && { ...claim.held, by: left(claim.held.by) },
        },
      ]),
    );
  }

  /** Then member counters, each class in key order; only then epochs, status, stock and budgets. */
  async world(
    tx: Tx,
    scans: readonly KnownScan[],
    given: {
      now: Date;
      claims: ReadonlyMap<string, Claim>;
      versions: readonly CompiledVersion[];
      members: ReadonlyMap<MemberId, MemberFacts>;
      exactly: boolean;
    },
  ): Promise<ScanWorld> {
    const { now, claims, versions, members, exactly } = given;
    const active = scans.filter(({ code }) => code.state === 'active');
    const paying = active.filter(({ code, scan }) => code.pays && !claims.get(codeKey(scan.code))!.consumed);
    const counts = await this.counters.lock(
      tx,
      paying.map(({ scan }) => scan.member),
    );
    await this.assertBatchesCurrent(tx, scans);
    const states = await readCampaignStates(
      tx,
      versions.map(({ campaignId }) => campaignId),
      now,
      { lockStock: exactly },
    );
    if (await this.campaigns.refreshIfStale(tx, states, versions)) throw new DecideAgain(exactly);
    const counters = await this.shared.read(tx, countersOf(paying, versions, now), { lock: exactly });
    const pools = await this.pools.left(tx, poolsOf(versions), { lock: exactly });
    const budgetIds = [...new Set(versions.flatMap(({ content }) => content.budgetId ?? []))];
    const budgets = await this.budgets.left(tx, budgetIds, { lock: exactly });
    const mine = active.filter(({ scan }) => claims.get(codeKey(scan.code))!.consumed?.by === scan.member);
    const awards = await this.awards.ofCodes(tx, [
      ...mine.map(({ scan }) => scan.code),
      ...[...counts.values()].flatMap(({ locked }: MemberCounts) => locked.map(({ code }) => code)),
    ]);
    return new ScanWorld({ now, versions, members, claims, counts, awards, states, counters, budgets, pools });
  }

  /**
   * A scan whose epoch read starts after a freeze or void committed never pays (INVARIANTS I14). Compared is the epoch that each code was
   * resolved at, not the catalogue's: that may have been refreshed since by its own clock.
   */
  private async assertBatchesCurrent(tx: Tx, scans: readonly KnownScan[]): Promise<void> {
    const epochs = await this.codes.readBatchEpochs(
      tx,
      scans.map(({ scan }) => scan.code.batch),
    );
    const stale = scans.flatMap(({ scan: { code }, code: { epoch } }) =>
      (epochs.get(code.batch)?.epoch ?? epoch) === epoch ? [] : [code.batch],
    );
    if (stale.length === 0) return;
    await this.codes.refresh(tx, stale);
    throw new DecideAgain(false);
  }
}

function peopleOf({ firstMember, consumed, held }: Claim): MemberId[] {
  return [firstMember, ...(consumed ? [consumed.by] : []), ...(held ? [held.by] : [])];
}

/** The shared counters that caps of these scans may ask about. */
function countersOf(scans: readonly KnownScan[], versions: readonly CompiledVersion[], now: Date): CounterName[] {
  const names = new Map<string, CounterName>();
  for (const { scan, code } of scans) {
    const facts = { ...codeFacts(scan, code), at: now };
    const asked = versions.filter(({ caps, covers }) => caps.length > 0 && covers(facts));
    for (const { campaignId, caps } of asked) {
      const keys = caps.flatMap(({ counterKey }) => counterKey(facts) ?? []).filter(isSharedCounter);
      for (const key of keys) names.set(`${campaignId}:${key}`, { campaignId, key });
    }
  }
  return [...names.values()];
}

function poolsOf(versions: readonly CompiledVersion[]): number[] {
  const pools = versions.flatMap(({ content }) =>
    content.prizes.flatMap((prize) =>
      prize.kind === 'coupon' && prize.coupon.type === 'pool' ? [prize.coupon.poolId] : [],
    ),
  );
  return [...new Set(pools)].sort((a, b) => a - b);
}
