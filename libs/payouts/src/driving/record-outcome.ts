import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '@app/config';
import { databaseNow, Sealer, type Tx } from '@app/database';
import { Defect } from '@app/kernel';
import { Incidents } from '../cases/incidents';
import type { Meaning, Outcome } from '../channels/payout-channel';
import type { Payout } from '../payout';
import { packageAad } from '../views/payout-views';
import { AttemptsRepository, type AttemptBegun } from './attempts.repository';
import { Bills, type Bill } from './bills';
import { leased, type Exchange } from './exchange';
import { countOutcome, JudgeExchanges, type Ended, type Judged } from './judge-exchanges';
import { written, type Change, type PayoutWrite } from './payout-change';
import { PayoutsRepository } from './payouts.repository';
import { SettlePayouts } from './settle-payouts';

/** Writes what exchanges or a callback brought: state, history, ledger, and the word to members, in one transaction. */
@Injectable()
export class RecordOutcome {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly judge: JudgeExchanges,
    private readonly payouts: PayoutsRepository,
    private readonly attempts: AttemptsRepository,
    private readonly incidents: Incidents,
    private readonly settle: SettlePayouts,
    private readonly sealer: Sealer,
    private readonly bills: Bills,
  ) {}

  /** Of a group of exchanges, at most one per payout; returns for each the exchange to make next at once, or null. */
  async byExchanges(tx: Tx, ended: readonly Ended[]): Promise<readonly (Exchange | null)[]> {
    const { judged, now } = await this.judge.run(tx, ended);
    await this.tellPeople(tx, judged);
    const settled = judged.filter(({ step }) => step.to === 'SETTLED');
    const first = judged.filter(({ step }) => step.to !== 'SETTLED').map((each) => this.firstWrite(each));
    await this.payouts.writeAll(tx, first);
    const after = new Map(first.map((write) => [write.payout.payoutKey, written(write, now)]));
    await this.secondMoves(tx, judged, after);
    const follows = await this.follow(tx, judged, after);
    await this.settle.run(
      tx,
      settled.map(({ payout, step, outcome }) => ({
        ...{ payout, reason: step.reason },
        change: this.brought(payout, outcome),
      })),
      now,
    );
    return ended.map(({ exchange }) => follows.get(exchange.payoutKey) ?? null);
  }

  /** A verified callback is proof by itself. The move takes a new attempt number, so an exchange under way becomes stale. */
  async byCallback(tx: Tx, payout: Payout, meaning: Extract<Meaning, { kind: 'succeeded' | 'failed' }>): Promise<void> {
    const { billNo } = payout;
    if (billNo === null) throw new Defect('a callback for a payout without a bill');
    const bill = await this.bills.find(tx, billNo);
    if (!bill) throw new Defect('a callback for a bill that is not there');
    const attemptNo = payout.attemptNo + 1;
    const outcome: Outcome = { meaning, evidence: 'callback', notAccepted: false, providerNo: null };
    await this.attempts.begin(tx, [{ billNo, attemptNo, act: 'notify', requestHash: bill.requestHash }]);
    await this.attempts.finish(tx, [{ billNo, attemptNo, outcome }]);
    countOutcome('notify', outcome);
    if (meaning.kind === 'succeeded') {
      await this.settle.run(tx, [{ payout, reason: 'callback', change: { attemptNo } }], await databaseNow(tx));
      return;
    }
    const change = { attemptNo, nextInMs: null, leaseMs: null, unknownSince: null, failReason: meaning.why };
    await this.payouts.writeAll(tx, [{ payout, to: 'FAILED', reason: meaning.why, change }]);
  }

  /**
   * News that speaks against our books changes nothing but is kept as evidence, once however often it comes. Of an earlier offer, too;
   * then whatever is under way for the running one stays valid.
   */
  async contradiction(
    tx: Tx,
    payout: Payout,
    { billNo, requestHash }: Bill,
    meaning: Extract<Meaning, { kind: 'succeeded' | 'failed' }>,
  ): Promise<void> {
    if (await this.attempts.wasTold(tx, billNo, meaning.kind)) return;
    const current = payout.billNo === billNo;
    const attemptNo = current ? payout.attemptNo + 1 : await this.attempts.nextNo(tx, billNo);
    if (current) await this.payouts.touch(tx, payout, { attemptNo });
    const outcome: Outcome = { meaning, evidence: 'callback against our books', notAccepted: false, providerNo: null };
    await this.attempts.begin(tx, [{ billNo, attemptNo, act: 'notify', requestHash }]);
    await this.attempts.finish(tx, [{ billNo, attemptNo, outcome }]);
    countOutcome('notify', outcome);
  }

  /** One question per cause: many bills may have met the same unlisted answer. */
  private async tellPeople(tx: Tx, judged: readonly Judged[]): Promise<void> {
    const told = new Set<string>();
    for (const { payout, step } of judged) {
      const { incident } = step;
      if (!incident) continue;
      const { payoutKey, billNo, channel } = payout;
      const scope = incident.kind === 'unlisted' ? `${channel}:${incident.detail}` : undefined;
      const cause = `${incident.kind}:${scope ?? billNo}`;
      if (told.has(cause)) continue;
      told.add(cause);
      await this.incidents.raise(tx, { ...incident, payoutKey, billNo, ...(scope ? { scope } : {}) });
    }
  }

  private firstWrite({ payout, step, outcome }: Judged): PayoutWrite {
    const { to, reason, nextInMs } = step;
    const change: Change = { leaseMs: null, nextInMs, ...this.brought(payout, outcome) };
    if (to === 'stay') return { payout, to, reason, change: { ...change, checks: payout.checks + 1 } };
    if (to === 'MANUAL') {
      if (payout.state === 'UNKNOWN') return { payout, to, reason, change: { ...change, nextInMs: null } };
      return { payout, to: 'UNKNOWN', reason, change: { ...change, unknownSince: 'now' } };
    }
    return {
      ...{ payout, to, reason },
      change: {
        ...change,
        checks: to === 'PENDING' ? payout.checks + 1 : 0,
        unknownSince: to === 'UNKNOWN' ? 'now' : null,
        ...(to === 'FAILED' ? { failReason: reason } : {}),
      },
    };
  }

  /** People decide only about what is unclear: whoever goes to them goes by way of UNKNOWN. */
  private async secondMoves(tx: Tx, judged: readonly Judged[], after: ReadonlyMap<string, Payout>): Promise<void> {
    const onward = judged.flatMap(({ step, payout: { payoutKey } }): PayoutWrite[] => {
      const payout = after.get(payoutKey);
      if (step.to !== 'MANUAL' || payout?.state !== 'UNKNOWN') return [];
      return [{ payout, to: 'MANUAL', reason: step.reason, change: { nextInMs: null } }];
    });
    await this.payouts.writeAll(tx, onward);
  }

  /** Begins the next exchanges under the same numbers in the transaction that ends these. */
  private async follow(
    tx: Tx,
    judged: readonly Judged[],
    after: ReadonlyMap<string, Payout>,
  ): Promise<ReadonlyMap<string, Exchange>> {
    const { payoutLeaseMs } = this.config.waits;
    const writes: PayoutWrite[] = [];
    const begun: AttemptBegun[] = [];
    const follows = new Map<string, Exchange>();
    for (const { step, exchange } of judged) {
      if (step.then === null) continue;
      const payout = after.get(exchange.payoutKey)!;
      const lease = leased(payout, payoutLeaseMs);
      const resend = step.then === 'resend';
      writes.push({
        ...{ payout, to: resend ? 'SENDING' : 'stay', reason: 'resend' },
        change: resend ? { ...lease, unknownSince: 'now' } : lease,
      });
      const next: Exchange = { ...exchange, act: resend ? 'send' : 'cancel', attemptNo: lease.attemptNo, probe: false };
      begun.push(next);
      follows.set(exchange.payoutKey, next);
    }
    await this.payouts.writeAll(tx, writes);
    await this.attempts.begin(tx, begun);
    return follows;
  }

  /** Columns that the answer itself fills. */
  private brought(payout: Payout, { meaning, providerNo }: Outcome): Change {
    const number = providerNo === null ? {} : { providerNo };
    if (meaning.kind !== 'wait_user') return number;
    const sealed =
      meaning.package === null || payout.billNo === null
        ? {}
        : { packageSealed: this.sealer.seal(meaning.package, packageAad(payout.billNo)) };
    return { ...number, ...sealed, ...(meaning.expiresAt === null ? {} : { billExpiresAt: meaning.expiresAt }) };
  }
}
