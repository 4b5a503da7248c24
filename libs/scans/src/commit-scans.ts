import { Inject, Injectable } from '@nestjs/common';
import { AnalyticsScansRecorded } from '@app/analytics';
import { CampaignCatalog, issueStock, readCampaignStates, type CompiledVersion } from '@app/campaigns';
import { TerritoryMap } from '@app/channel';
import { CodeCatalog } from '@app/codes';
import { CONFIG, type Config } from '@app/config';
import { isDuplicate, UnitOfWork, type Tx } from '@app/database';
import { Outbox } from '@app/jobs';
import { codeKey, Transient, type MemberId } from '@app/kernel';
import { MembersForScan, MembersScansRecorded } from '@app/members';
import { Budgets, PayoutViews, RequestPayout } from '@app/payouts';
import { Awards, Claims, MemberCounters, payoutKeyOf, type AwardRow } from '@app/rewards';
import { AnswerScan } from './answer-scan';
import { judgeScan, type Judgement, type KnownCode } from './judge-scan';
import type { PreparedScan } from './scan-input';
import type { ScanOutcome } from './scan-outcome';
import { recordKey, ScanRecords, type ScanRecord } from './scan-records.repository';
import { ScanTime } from './scan-time';
import { ScanWorld } from './scan-world';

const TRIES = 6;

/** Definitions changed under the group, or a row of it was written by somebody else meanwhile: decide again from the start. */
class DecideAgain extends Error {
  constructor(readonly exactly: boolean) {
    super('the group must be decided again');
  }
}

interface JudgedScan {
  readonly scan: PreparedScan;
  readonly code: KnownCode;
  readonly judgement: Judgement;
}

/** Commits a group of scans in one transaction: facts, locks, fresh epochs, decisions in memory, then every write. */
@Injectable()
export class CommitScans {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly unitOfWork: UnitOfWork,
    private readonly time: ScanTime,
    private readonly read: ScanReads,
    private readonly write: ScanWrites,
    private readonly answers: AnswerScan,
  ) {}

  /** One outcome per scan, in order. */
  async run(group: readonly PreparedScan[]): Promise<readonly ScanOutcome[]> {
    let exactly = false;
    for (let tries = 1; tries <= TRIES; tries++) {
      const versions = await this.read.versions(group);
      try {
        return await this.unitOfWork.run((tx) => this.commit(tx, group, versions, exactly));
      } catch (error) {
        const again = error instanceof DecideAgain;
        if (!again && !isDuplicate(error, 'PRIMARY')) throw error;
        exactly ||= again && error.exactly;
      }
    }
    throw new Transient('definitions changed faster than a group of scans could be decided');
  }

  private async commit(
    tx: Tx,
    group: readonly PreparedScan[],
    versions: readonly CompiledVersion[],
    exactly: boolean,
  ): Promise<readonly ScanOutcome[]> {
    const now = await this.time.now(tx);
    const members = await this.read.members(tx, group);
    const earlier = await this.read.answers(tx, group);
    const resolved = group
      .map((scan) => ({ ...scan, member: members.get(scan.member)?.mergedInto ?? scan.member }))
      .map((scan) => ({ scan, code: this.read.resolve(scan, now) }));
    const fresh = resolved.filter(
      (entry): entry is { scan: PreparedScan; code: KnownCode } =>
        entry.code !== null && !earlier.has(recordKey(entry.scan.member, entry.scan.scanId)),
    );

    const world = await this.read.world(tx, fresh, { now, versions, members, exactly });
    const judged = fresh.map(({ scan, code }) => {
      const tools = { drawKey: this.config.keys.draw, holdMs: this.config.waits.holdMs };
      return { scan, code, judgement: judgeScan(scan, code, world, tools) };
    });
    const texts = await this.texts(tx, judged, world);
    await this.write.run(tx, judged, texts, world);

    return resolved.map(({ scan, code }): ScanOutcome => {
      if (code === null) return { kind: 'unknown', code: scan.codeText };
      const key = recordKey(scan.member, scan.scanId);
      const given = earlier.get(key);
      if (given && given.code !== codeKey(scan.code)) return { kind: 'conflict' };
      return { kind: 'answered', answer: given?.answer ?? texts.get(key)! };
    });
  }

  private async texts(tx: Tx, judged: readonly JudgedScan[], world: ScanWorld): Promise<Map<string, string>> {
    const shown = judged.flatMap(({ judgement }) => (judgement.award && !judgement.counted ? [judgement.award] : []));
    const payouts = await this.read.payouts(tx, shown);
    const names = await this.read.campaignNames(tx, world.versions, shown);
    return new Map(
      judged.map(({ scan, code, judgement }) => {
        const known = { now: world.now, campaignName: (id: number) => names.get(id) ?? '', payouts };
        const answer = this.answers.answer(scan, code, judgement, known);
        return [recordKey(scan.member, scan.scanId), JSON.stringify(answer)] as const;
      }),
    );
  }
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
    private readonly budgets: Budgets,
    private readonly payoutViews: PayoutViews,
  ) {}

  /** Before the transaction: definitions this node may not have heard of yet. */
  async versions(group: readonly PreparedScan[]): Promise<readonly CompiledVersion[]> {
    await this.codes.ensure(group.map(({ code }) => code.batch));
    return this.campaigns.live();
  }

  members(tx: Tx, group: readonly PreparedScan[]) {
    return this.membersForScan.readMembersForScan(
      tx,
      group.map(({ member }) => member),
    );
  }

  answers(tx: Tx, group: readonly PreparedScan[]) {
    return this.records.answers(tx, group);
  }

  resolve(scan: PreparedScan, now: Date): KnownCode | null {
    const code = this.codes.resolve(scan.code, now);
    return code.kind === 'known' ? code : null;
  }

  payouts(tx: Tx, awards: readonly AwardRow[]) {
    return this.payoutViews.payoutViews(awards.map(payoutKeyOf), tx);
  }

  async campaignNames(
    tx: Tx,
    versions: readonly CompiledVersion[],
    awards: readonly AwardRow[],
  ): Promise<Map<number, string>> {
    const past = awards
      .map(({ versionId }) => versionId)
      .filter((id) => !versions.some((known) => known.versionId === id));
    const all = past.length === 0 ? versions : [...versions, ...(await this.campaigns.byIds(tx, past))];
    return new Map(all.map((version) => [version.versionId, version.content.name]));
  }

  /** Claims, then member counters, each class in key order; only then epochs, status, stock and budgets. */
  async world(
    tx: Tx,
    scans: readonly { scan: PreparedScan; code: KnownCode }[],
    given: {
      now: Date;
      versions: readonly CompiledVersion[];
      members: Awaited<ReturnType<ScanReads['members']>>;
      exactly: boolean;
    },
  ): Promise<ScanWorld> {
    const { now, versions, members, exactly } = given;
    const active = scans.filter(({ code }) => code.state === 'active');
    const claims = await this.claims.lock(
      tx,
      active.map(({ scan }) => ({ code: scan.code, member: scan.member, at: now, adcode: scan.place.adcode })),
    );
    const paying = active.filter(({ code, scan }) => code.pays && !claims.get(codeKey(scan.code))!.consumed);
    const counts = await this.counters.lock(
      tx,
      paying.map(({ scan }) => scan.member),
    );
    await this.assertBatchesCurrent(
      tx,
      scans.map(({ scan }) => scan.code.batch),
    );
    const states = await readCampaignStates(
      tx,
      versions.map(({ campaignId }) => campaignId),
      { lockStock: exactly },
    );
    if (await this.campaigns.refreshIfStale(tx, states)) throw new DecideAgain(exactly);
    const budgetIds = [...new Set(versions.flatMap(({ content }) => content.budgetId ?? []))];
    const budgets = await this.budgets.left(tx, budgetIds, { lock: exactly });
    const mine = active.filter(({ scan }) => claims.get(codeKey(scan.code))!.consumed?.by === scan.member);
    const awards = await this.awards.ofCodes(
      tx,
      mine.map(({ scan }) => scan.code),
    );
    return new ScanWorld(now, versions, members, claims, counts, awards, states, budgets);
  }

  /** A scan whose epoch read starts after a freeze or void committed never pays (INVARIANTS I14). */
  private async assertBatchesCurrent(tx: Tx, batches: readonly number[]): Promise<void> {
    const stale = this.codes.staleAmong(await this.codes.readBatchEpochs(tx, batches));
    if (stale.length === 0) return;
    await this.codes.refresh(tx, stale);
    throw new DecideAgain(false);
  }
}

/** Everything a group of scans leaves behind, in one commit. The rows that all groups queue for come last. */
@Injectable()
export class ScanWrites {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly records: ScanRecords,
    private readonly claims: Claims,
    private readonly counters: MemberCounters,
    private readonly awards: Awards,
    private readonly territories: TerritoryMap,
    private readonly requestPayout: RequestPayout,
    private readonly budgets: Budgets,
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
    await this.claims.save(tx, world.claimsToSave);
    await this.counters.save(tx, world.countsToSave);
    await this.awards.insert(tx, world.awards);
    await this.records.insert(tx, records);
    const scans = records.map(({ member, scanId }): [MemberId, string] => [member, scanId]);
    await this.outbox.append(tx, MembersScansRecorded, { scans });
    await this.outbox.append(tx, AnalyticsScansRecorded, { scans });
    if (this.config.wechat.defaultChannel !== 'transfer_confirm_v3') await this.sendAtAward(tx, world.awards);
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

  /** Red packets need nothing from the member, so their money is asked for at once; transfers wait for the tap on 收款. */
  private async sendAtAward(tx: Tx, awards: readonly AwardRow[]): Promise<void> {
    for (const award of awards) {
      if (award.prizeKind !== 'cash' || award.budgetId === null) continue;
      const { member, campaignId, versionId, budgetId, amountFen } = award;
      const payoutKey = payoutKeyOf(award);
      await this.requestPayout.run(tx, { payoutKey, memberId: member, campaignId, versionId, budgetId, amountFen });
    }
  }

  /** Conditional updates: if one does not fit, nothing of the group stays and it is decided once more with exact remainders. */
  private async takeStockAndMoney(tx: Tx, world: ScanWorld): Promise<void> {
    const uses = world.awards.map(({ campaignId, prizeKey }) => ({ campaignId, prizeKey, count: 1 }));
    if ((await issueStock(tx, uses)).length > 0) throw new DecideAgain(true);
    const reservations = [...world.reservations].filter(([, amount]) => amount > 0);
    const entries = reservations.map(([budgetId, amount]) => ({
      budgetId,
      fen: amount,
      journalKey: `reserve:${budgetId}:${payoutKeyOf(world.awards.find((award) => award.budgetId === budgetId)!)}`,
    }));
    if ((await this.budgets.reserve(tx, entries)).length > 0) throw new DecideAgain(true);
  }
}
