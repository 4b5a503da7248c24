import { Injectable } from '@nestjs/common';
import { AnalyticsScansRecorded } from '@app/analytics';
import { issueStock } from '@app/campaigns';
import { TerritoryMap } from '@app/channel';
import type { Tx } from '@app/database';
import { Outbox, outboxEntry, type OutboxEntry } from '@app/jobs';
import type { MemberId } from '@app/kernel';
import { MembersScansRecorded } from '@app/members';
import { Budgets } from '@app/payouts';
import {
  Awards,
  CampaignCounters,
  Claims,
  counterName,
  CouponPools,
  MemberCounters,
  payoutKeyOf,
  TellAwards,
} from '@app/rewards';
import { DecideAgain } from './decide-again';
import { HoneyScanned } from './honey-scanned.job';
import type { JudgedScan } from './judge-scan';
import { recordKey, ScanRecords, type ScanRecord } from './scan-records.repository';
import type { ScanWorld } from './scan-world';

/** Everything a group of scans leaves behind, in one commit. The rows that all groups queue for come last. */
@Injectable()
export class ScanWrites {
  constructor(
    private readonly records: ScanRecords,
    private readonly claims: Claims,
    private readonly counters: MemberCounters,
    private readonly awards: Awards,
    private readonly pools: CouponPools,
    private readonly shared: CampaignCounters,
    private readonly territories: TerritoryMap,
    private readonly budgets: Budgets,
    private readonly tell: TellAwards,
    private readonly outbox: Outbox,
  ) {}

  async run(
    tx: Tx,
    judged: readonly JudgedScan[],
    texts: ReadonlyMap<string, string>,
    world: ScanWorld,
  ): Promise<void> {
    if (judged.length === 0) return;
    const records = judged.map((one) => this.record(one, texts, world.now));
    const [claims, counts] = [world.claimsToWrite, world.countsToWrite];
    await this.claims.save(tx, claims.changed);
    await this.counters.save(tx, counts.changed);
    await this.claims.add(tx, claims.added);
    await this.counters.add(tx, counts.added);
    await this.awards.insert(tx, world.awards);
    await this.awards.open(tx, world.openings);
    await this.records.insert(tx, records);
    const scans = records.map(({ member, scanId }): [MemberId, string] => [member, scanId]);
    const opened = world.openings.flatMap(({ code }) => world.awardOf(code) ?? []);
    await this.outbox.appendEntries(tx, [
      outboxEntry(MembersScansRecorded, { scans }),
      outboxEntry(AnalyticsScansRecorded, { scans }),
      ...alarms(judged),
      ...this.tell.entries(world.awards, opened),
    ]);
    await this.takeStockAndMoney(tx, world);
  }

  private record({ scan, code, judgement }: JudgedScan, texts: ReadonlyMap<string, string>, at: Date): ScanRecord {
    const { award, counted } = judgement;
    return {
      member: scan.member,
      scanId: scan.scanId,
      at,
      code: scan.code,
      verdict: judgement.verdict,
      counted,
      firstOfCode: judgement.firstOfCode,
      newMember: judgement.newMember,
      adcode: scan.place.adcode,
      trust: scan.place.trust,
      productId: code.product.id,
      distributorId: this.territories.attribute(scan.place.adcode, code.product.line, at),
      campaignId: judgement.version?.campaignId ?? null,
      versionId: judgement.version?.versionId ?? null,
      amountFen: counted ? (award?.amountFen ?? 0) : 0,
      priceFen: code.priceFen,
      refusal: judgement.refusal?.reason ?? null,
      facts: judgement.facts,
      answer: texts.get(recordKey(scan.member, scan.scanId))!,
    };
  }

  /** If something does not fit, nothing of the group stays and it is decided once more with exact remainders. */
  private async takeStockAndMoney(tx: Tx, world: ScanWorld): Promise<void> {
    const stocked = world.awards.filter(({ prizeKind }) => prizeKind !== 'nothing');
    const uses = stocked.map(({ campaignId, prizeKey }) => ({ campaignId, prizeKey, count: 1 }));
    if (!(await issueStock(tx, uses))) throw new DecideAgain(true);
    await this.countShared(tx, world);
    if (!(await this.pools.take(tx, world.coupons))) throw new DecideAgain(true);
    const reservations = [...world.reservations].filter(([, amount]) => amount > 0);
    const entries = reservations.map(([budgetId, amount]) => ({
      budgetId,
      fen: amount,
      journalKey: `reserve:${budgetId}:${payoutKeyOf(world.awards.find((award) => award.budgetId === budgetId)!)}`,
    }));
    if (!(await this.budgets.reserve(tx, entries))) throw new DecideAgain(true);
  }

  /** Adds first and looks then: the rows are ours until the commit, so what stands there is the truth. */
  private async countShared(tx: Tx, world: ScanWorld): Promise<void> {
    await this.shared.add(tx, world.sharedUses);
    const limited = world.sharedUses.filter(({ maxCount, maxFen }) => maxCount < Infinity || maxFen < Infinity);
    const values = await this.shared.read(tx, limited);
    for (const use of limited) {
      const value = values.get(counterName(use))!;
      if (value.count > use.maxCount || value.fen > use.maxFen) throw new DecideAgain(true);
    }
  }
}

/** One row more of the same statement, and only when a trap was stepped on. */
function alarms(judged: readonly JudgedScan[]): OutboxEntry[] {
  const scans = judged.flatMap(({ scan, code }): [MemberId, string][] =>
    code.honeyOf === null ? [] : [[scan.member, scan.scanId]],
  );
  return scans.length === 0 ? [] : [outboxEntry(HoneyScanned, { scans })];
}
