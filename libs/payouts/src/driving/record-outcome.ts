import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '@app/config';
import { databaseNow, Sealer, type Tx } from '@app/database';
import { Defect, memberId } from '@app/kernel';
import { MemberMoney } from '@app/members';
import { counter, LOGGER, type Logger } from '@app/observability';
import { AttemptsRepository, type Act } from './attempts.repository';
import { Bills } from './bills';
import { Settlements } from '../ledger/settlements';
import { ChannelBlocksRepository } from '../channels/channel-blocks.repository';
import { Incidents } from '../cases/incidents';
import { nextStep, type Situation, type Step } from './next-step';
import type { Payout } from '../payout';
import type { FrozenRequest, Meaning, Outcome } from '../channels/payout-channel';
import { packageAad } from '../views/payout-views';
import { PayoutsRepository, type Change } from './payouts.repository';

/** One exchange that was begun: committed before a byte is sent, recorded only while its attempt number still stands. */
export interface Exchange {
  readonly act: Exclude<Act, 'notify'>;
  readonly payoutKey: string;
  readonly billNo: string;
  readonly attemptNo: number;
  readonly request: FrozenRequest;
  /** This send finds out whether a blocked channel works again. */
  readonly probe: boolean;
}

const recorded = counter('payout_outcomes_total', 'Exchanges by act and meaning', ['act', 'meaning'] as const);

/** Writes what an exchange or a callback brought: state, history, ledger, and the word to members, in one transaction. */
@Injectable()
export class RecordOutcome {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    @Inject(LOGGER) private readonly logger: Logger,
    private readonly payouts: PayoutsRepository,
    private readonly attempts: AttemptsRepository,
    private readonly bills: Bills,
    private readonly blocks: ChannelBlocksRepository,
    private readonly incidents: Incidents,
    private readonly settlements: Settlements,
    private readonly sealer: Sealer,
    private readonly members: MemberMoney,
  ) {}

  /** Returns the exchange to make next at once, or null. A stale worker's result changes nothing but its own attempt row (I21). */
  async byExchange(tx: Tx, exchange: Exchange, outcome: Outcome, packageExpected: boolean): Promise<Exchange | null> {
    const payout = await this.payouts.lock(tx, exchange.payoutKey);
    if (!payout) throw new Defect('an exchange without its payout');
    await this.attempts.finish(tx, exchange.billNo, exchange.attemptNo, outcome);
    recorded.inc({ act: exchange.act, meaning: outcome.meaning.kind });
    if (payout.attemptNo !== exchange.attemptNo || payout.billNo !== exchange.billNo) {
      this.logger.warn({ payoutKey: payout.payoutKey, attemptNo: exchange.attemptNo }, 'payout.stale_result');
      return null;
    }
    const { state } = payout;
    if (state !== 'SENDING' && state !== 'UNKNOWN' && state !== 'WAIT_USER') return null;
    const step = nextStep(await this.situation(tx, payout, state, exchange, outcome, packageExpected));
    const wait = await this.breaker(tx, payout, step, exchange, outcome);
    const moved = await this.apply(tx, payout, { ...step, nextInMs: wait ?? step.nextInMs }, outcome);
    return step.then === null ? null : this.follow(tx, moved, exchange, step.then);
  }

  /** A verified callback is proof by itself. The move takes a new attempt number, so an exchange under way becomes stale. */
  async byCallback(tx: Tx, payout: Payout, meaning: Extract<Meaning, { kind: 'succeeded' | 'failed' }>): Promise<void> {
    const { billNo } = payout;
    if (billNo === null) throw new Defect('a callback for a payout without a bill');
    const bill = await this.bills.find(tx, billNo);
    if (!bill) throw new Defect('a callback for a bill that is not there');
    const attemptNo = payout.attemptNo + 1;
    const outcome: Outcome = { meaning, evidence: 'callback', notAccepted: false, providerNo: null };
    await this.attempts.begin(tx, { billNo, attemptNo, act: 'notify', requestHash: bill.requestHash });
    await this.attempts.finish(tx, billNo, attemptNo, outcome);
    recorded.inc({ act: 'notify', meaning: meaning.kind });
    const result: Change = { attemptNo, nextInMs: null, leaseMs: null, unknownSince: null };
    if (meaning.kind === 'succeeded') await this.settle(tx, payout, 'callback', result);
    else await this.payouts.move(tx, payout, 'FAILED', meaning.why, { ...result, failReason: meaning.why });
  }

  private async situation(
    tx: Tx,
    payout: Payout,
    state: Situation['state'],
    exchange: Exchange,
    { meaning }: Outcome,
    packageExpected: boolean,
  ): Promise<Situation> {
    return {
      act: exchange.act,
      state,
      meaning,
      history: await this.attempts.history(tx, exchange.billNo, exchange.attemptNo),
      checks: payout.checks,
      packageMissing: packageExpected && payout.packageSealed === null,
      billExpiresAt: (meaning.kind === 'wait_user' ? meaning.expiresAt : null) ?? payout.billExpiresAt,
      now: await databaseNow(tx),
      waits: this.config.waits,
    };
  }

  /** Opens or closes the breaker. Returns how long this payout must wait because of it. */
  private async breaker(
    tx: Tx,
    payout: Payout,
    step: Step,
    exchange: Exchange,
    { meaning }: Outcome,
  ): Promise<number | null> {
    if (step.block !== null) {
      const waitMs = await this.blocks.block(tx, payout.mchId, payout.channel, step.block);
      return step.to === 'PENDING' ? waitMs : null;
    }
    const accepted = meaning.kind === 'succeeded' || meaning.kind === 'wait_user' || meaning.kind === 'in_flight';
    if (exchange.probe && accepted) await this.blocks.unblock(tx, payout.mchId, payout.channel);
    else if (exchange.probe) await this.blocks.probeAgain(tx, payout.mchId, payout.channel);
    return null;
  }

  private async apply(tx: Tx, payout: Payout, step: Step, { meaning, providerNo }: Outcome): Promise<Payout> {
    const { to, reason, incident } = step;
    const { payoutKey, billNo } = payout;
    if (incident) {
      const scope = incident.kind === 'unlisted' ? `${payout.channel}:${incident.detail}` : undefined;
      await this.incidents.raise(tx, { ...incident, payoutKey, billNo, ...(scope ? { scope } : {}) });
    }
    const change: Change = {
      leaseMs: null,
      nextInMs: step.nextInMs,
      ...(providerNo === null ? {} : { providerNo }),
      ...this.packageOf(payout, meaning),
    };
    if (to === 'stay') return this.payouts.touch(tx, payout, { ...change, checks: payout.checks + 1 });
    if (to === 'SETTLED') return this.settle(tx, payout, reason, { ...change, unknownSince: null });
    if (to === 'MANUAL') return this.toPeople(tx, payout, reason, change);
    return this.payouts.move(tx, payout, to, reason, {
      ...change,
      checks: to === 'PENDING' ? payout.checks + 1 : 0,
      unknownSince: to === 'UNKNOWN' ? 'now' : null,
      ...(to === 'FAILED' ? { failReason: reason } : {}),
    });
  }

  /** The budget row is the one that everybody queues for: it comes last. */
  private async settle(tx: Tx, payout: Payout, reason: string, change: Change): Promise<Payout> {
    const { payoutKey, amountFen, offerNo } = payout;
    const settled = await this.payouts.move(tx, payout, 'SETTLED', reason, { ...change, settledAt: 'now' });
    const at = settled.settledAt ?? (await databaseNow(tx));
    const member = memberId(payout.memberId);
    await this.members.recordMoneyReceived(tx, { memberId: member, payoutKey, offerNo, amountFen, at });
    await this.settlements.settle(tx, [payout]);
    this.logger.info({ payoutKey, offerNo, reason }, 'payout.settled');
    return settled;
  }

  private async toPeople(tx: Tx, payout: Payout, reason: string, change: Change): Promise<Payout> {
    const unknown =
      payout.state === 'UNKNOWN'
        ? payout
        : await this.payouts.move(tx, payout, 'UNKNOWN', reason, { unknownSince: 'now' });
    return this.payouts.move(tx, unknown, 'MANUAL', reason, { ...change, nextInMs: null });
  }

  private packageOf(payout: Payout, meaning: Meaning): Change {
    if (meaning.kind !== 'wait_user') return {};
    const sealed =
      meaning.package === null || payout.billNo === null
        ? {}
        : { packageSealed: this.sealer.seal(meaning.package, packageAad(payout.billNo)) };
    return { ...sealed, ...(meaning.expiresAt === null ? {} : { billExpiresAt: meaning.expiresAt }) };
  }

  /** Begins the next exchange under the same number in the transaction that ends this one. */
  private async follow(tx: Tx, payout: Payout, before: Exchange, then: 'resend' | 'cancel'): Promise<Exchange> {
    const attemptNo = payout.attemptNo + 1;
    const bill = await this.bills.find(tx, before.billNo);
    if (!bill) throw new Defect('an exchange without its bill');
    const { payoutLeaseMs } = this.config.waits;
    const lease: Change = { attemptNo, leaseMs: payoutLeaseMs, nextInMs: payoutLeaseMs };
    if (then === 'resend') await this.payouts.move(tx, payout, 'SENDING', 'resend', { ...lease, unknownSince: 'now' });
    else await this.payouts.touch(tx, payout, lease);
    const act = then === 'resend' ? 'send' : 'cancel';
    await this.attempts.begin(tx, { billNo: bill.billNo, attemptNo, act, requestHash: bill.requestHash });
    return { act, payoutKey: payout.payoutKey, billNo: bill.billNo, attemptNo, request: before.request, probe: false };
  }
}
