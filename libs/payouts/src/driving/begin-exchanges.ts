import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '@app/config';
import type { Tx } from '@app/database';
import { Defect } from '@app/kernel';
import { Incidents } from '../cases/incidents';
import type { Payout } from '../payout';
import { AttemptsRepository } from './attempts.repository';
import { billNumber } from './bill-number';
import { Bills, type Bill, type Frozen } from './bills';
import { leased, type Exchange } from './exchange';
import type { PayoutWrite } from './payout-change';
import { PayoutsRepository } from './payouts.repository';
import { SendPermits, type Permit } from './send-permits';

/** A payout that somebody must look at, with its first request in case this is a first send. */
export interface Wanted {
  readonly payoutKey: string;
  readonly prepared: Frozen | null;
}

/** The exchange that was begun; null when there is nothing to do now; a Defect when this payout cannot be driven. */
export type Begun = Exchange | Defect | null;

/** What would be sent or asked: the stored request of the bill, or the prepared one, which `born` says is to be stored. */
interface Candidate {
  readonly payout: Payout;
  readonly request: Frozen['request'];
  readonly requestHash: Buffer;
  readonly born: Frozen | null;
}

interface Plan {
  readonly write: PayoutWrite;
  readonly exchange: Exchange | null;
  readonly born: Frozen | null;
  readonly alarm: string | null;
}

/**
 * Commits what is about to be said to WeChat, for a group of payouts in a few statements whatever their number: payouts by key, bills,
 * moves, attempts. Each row is decided by itself; one that cannot be driven keeps nobody else from it.
 */
@Injectable()
export class BeginExchanges {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly payouts: PayoutsRepository,
    private readonly attempts: AttemptsRepository,
    private readonly bills: Bills,
    private readonly permits: SendPermits,
    private readonly incidents: Incidents,
  ) {}

  /** Answers in the order of `wanted`, whose keys must differ. */
  async run(tx: Tx, wanted: readonly Wanted[]): Promise<readonly Begun[]> {
    const { payouts, now } = await this.payouts.lockAll(
      tx,
      wanted.map(({ payoutKey }) => payoutKey),
    );
    const due = wanted.flatMap(({ payoutKey, prepared }) => {
      const payout = payouts.get(payoutKey);
      return payout && payout.nextAt !== null && payout.nextAt <= now ? [{ payout, prepared }] : [];
    });
    const begun = new Map<string, Begun>();
    const candidates = await this.candidates(tx, due, begun);
    const senders = candidates.filter(({ payout }) => payout.state === 'PENDING');
    const permits = await this.permits.of(
      tx,
      senders.map(({ payout, born }) => ({ payout, born: born !== null })),
      now,
    );
    const plans = candidates.map((candidate) => this.plan(candidate, permits.get(candidate.payout.payoutKey), now));
    await this.commit(tx, plans);
    for (const { write, exchange } of plans) begun.set(write.payout.payoutKey, exchange);
    return wanted.map(({ payoutKey }) => begun.get(payoutKey) ?? null);
  }

  /** Those of the due payouts whose request is known and fits. Why another cannot be driven is noted in `begun`. */
  private async candidates(
    tx: Tx,
    due: readonly { readonly payout: Payout; readonly prepared: Frozen | null }[],
    begun: Map<string, Begun>,
  ): Promise<readonly Candidate[]> {
    const known = await this.bills.findAll(
      tx,
      due.map(({ payout }) => this.billNoOf(payout)),
    );
    return due.flatMap(({ payout, prepared }) => {
      try {
        const candidate = this.candidate(payout, prepared, known);
        return candidate ? [candidate] : [];
      } catch (error) {
        if (!(error instanceof Defect)) throw error;
        begun.set(payout.payoutKey, error);
        return [];
      }
    });
  }

  /** Null for what needs nobody, and when the offer changed since its request was prepared. */
  private candidate(payout: Payout, prepared: Frozen | null, known: ReadonlyMap<string, Bill>): Candidate | null {
    const billNo = this.billNoOf(payout);
    if (payout.billNo !== null && payout.billNo !== billNo) {
      throw new Defect(`payout ${payout.payoutKey} has a foreign bill`);
    }
    const bill = known.get(billNo);
    switch (payout.state) {
      case 'PENDING':
        if (bill) return { payout, request: this.bills.open(bill, payout), requestHash: bill.requestHash, born: null };
        if (prepared?.request.billNo !== billNo) return null;
        return { payout, request: prepared.request, requestHash: prepared.hash, born: prepared };
      case 'SENDING':
      case 'UNKNOWN':
      case 'WAIT_USER':
        if (!bill || payout.billNo === null) {
          throw new Defect(`payout ${payout.payoutKey} is ${payout.state} without a bill`);
        }
        return { payout, request: this.bills.open(bill, payout), requestHash: bill.requestHash, born: null };
      default:
        return null;
    }
  }

  private plan(candidate: Candidate, permit: Permit | undefined, now: Date): Plan {
    const { payout } = candidate;
    const { escalateAfterMs, hardStopMs, payoutLeaseMs } = this.config.waits;
    const lease = leased(payout, payoutLeaseMs);
    if (permit) return this.planSend(candidate, permit, now);
    const unknownMs = payout.unknownSince === null ? 0 : now.getTime() - payout.unknownSince.getTime();
    const alarm = unknownMs < escalateAfterMs ? null : 'WeChat gave no clear answer in time';
    if (payout.state === 'UNKNOWN' && unknownMs >= hardStopMs) {
      const change = { nextInMs: null, leaseMs: null };
      const write: PayoutWrite = { payout, to: 'MANUAL', reason: 'unknown_too_long', change };
      return { write, exchange: null, born: null, alarm };
    }
    const exchange = exchangeOf(candidate, 'query', false);
    const write: PayoutWrite =
      payout.state === 'SENDING'
        ? { payout, to: 'UNKNOWN', reason: 'lease_lost', change: { ...lease, checks: 0, unknownSince: 'now' } }
        : { payout, to: 'stay', reason: '', change: lease };
    return { write, exchange, born: null, alarm: payout.state === 'UNKNOWN' ? alarm : null };
  }

  private planSend(candidate: Candidate, permit: Permit, now: Date): Plan {
    const { payout, born } = candidate;
    if (permit.kind === 'closed') {
      const old = now.getTime() - payout.offeredAt.getTime() >= this.config.waits.escalateAfterMs;
      const write: PayoutWrite = { payout, to: 'stay', reason: '', change: { nextInMs: permit.waitMs } };
      return { write, exchange: null, born: null, alarm: old ? `not sent for long: ${permit.why}` : null };
    }
    const exchange = exchangeOf(candidate, 'send', permit.probe);
    const change = { billNo: exchange.billNo, ...leased(payout, this.config.waits.payoutLeaseMs) };
    return { write: { payout, to: 'SENDING', reason: 'send', change }, exchange, born, alarm: null };
  }

  /** Lock order: payouts were first; bills, moves and attempts of them; incidents. */
  private async commit(tx: Tx, plans: readonly Plan[]): Promise<void> {
    if (plans.length === 0) return;
    await this.bills.freeze(
      tx,
      plans.flatMap(({ born, write }) => (born ? [{ payout: write.payout, frozen: born }] : [])),
    );
    await this.payouts.writeAll(
      tx,
      plans.map(({ write }) => write),
    );
    await this.attempts.begin(
      tx,
      plans.flatMap(({ exchange }) => (exchange ? [exchange] : [])),
    );
    for (const { alarm, write } of plans) {
      if (alarm === null) continue;
      const { payoutKey, billNo } = write.payout;
      await this.incidents.raise(tx, { kind: 'stuck', payoutKey, billNo, detail: alarm });
    }
  }

  private billNoOf(payout: Payout): string {
    return billNumber(this.config.keys.bill, payout.payoutKey, payout.offerNo);
  }
}

function exchangeOf({ payout, request, requestHash }: Candidate, act: Exchange['act'], probe: boolean): Exchange {
  const { payoutKey, attemptNo } = payout;
  return { act, payoutKey, billNo: request.billNo, attemptNo: attemptNo + 1, request, requestHash, probe };
}
