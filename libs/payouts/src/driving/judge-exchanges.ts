import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '@app/config';
import type { Tx } from '@app/database';
import { Defect } from '@app/kernel';
import { counter, LOGGER, type Logger } from '@app/observability';
import type { Outcome } from '../channels/payout-channel';
import type { Payout } from '../payout';
import { AttemptsRepository, type BillHistory } from './attempts.repository';
import { ChannelBreaker } from './channel-breaker';
import type { Exchange } from './exchange';
import { HISTORY_MATTERS, nextStep, NO_HISTORY, type Situation, type Step } from './next-step';
import { PayoutsRepository } from './payouts.repository';
import { SendPermits } from './send-permits';

/** An exchange that is over. `packageExpected`: a waiting bill of its channel comes with a package. */
export interface Ended {
  readonly exchange: Exchange;
  readonly outcome: Outcome;
  readonly packageExpected: boolean;
}

/** What it leads to, for a payout that is still as the exchange left it. */
export interface Judged extends Ended {
  readonly payout: Payout;
  readonly step: Step;
}

type Fresh = Ended & { readonly payout: Payout; readonly state: Situation['state'] };

const recorded = counter('payout_outcomes_total', 'Exchanges by act and meaning', ['act', 'meaning'] as const);

export function countOutcome(act: Exchange['act'] | 'notify', { meaning }: Outcome): void {
  recorded.inc({ act, meaning: meaning.kind });
}

/** Locks the payouts of exchanges that are over, keeps each result as evidence, and finds out what each leads to. */
@Injectable()
export class JudgeExchanges {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    @Inject(LOGGER) private readonly logger: Logger,
    private readonly payouts: PayoutsRepository,
    private readonly attempts: AttemptsRepository,
    private readonly breaker: ChannelBreaker,
    private readonly permits: SendPermits,
  ) {}

  /** At most one exchange per payout. A stale worker's result changes nothing but its own attempt row (I21). */
  async run(tx: Tx, ended: readonly Ended[]): Promise<{ judged: readonly Judged[]; now: Date }> {
    const { payouts, now } = await this.payouts.lockAll(
      tx,
      ended.map(({ exchange }) => exchange.payoutKey),
    );
    await this.attempts.finish(
      tx,
      ended.map(({ exchange: { billNo, attemptNo }, outcome }) => ({ billNo, attemptNo, outcome })),
    );
    const fresh = ended.flatMap((each) => {
      countOutcome(each.exchange.act, each.outcome);
      const payout = payouts.get(each.exchange.payoutKey);
      if (!payout) throw new Defect('an exchange without its payout');
      return this.isFresh(payout, each.exchange) ? [{ ...each, payout, state: payout.state }] : [];
    }) as readonly Fresh[];
    const histories = await this.attempts.histories(
      tx,
      fresh.filter(({ outcome }) => HISTORY_MATTERS.includes(outcome.meaning.kind)).map(({ exchange }) => exchange),
    );
    const judged = fresh.map((each) => {
      const history = histories.get(each.exchange.billNo) ?? NO_HISTORY;
      return { ...each, step: nextStep(this.situation(each, history, now)) };
    });
    return { judged: await this.held(tx, judged, now), now };
  }

  private isFresh(payout: Payout, { attemptNo, billNo, payoutKey }: Exchange): boolean {
    const { state } = payout;
    if (payout.attemptNo === attemptNo && payout.billNo === billNo) {
      return state === 'SENDING' || state === 'UNKNOWN' || state === 'WAIT_USER';
    }
    this.logger.warn({ payoutKey, attemptNo }, 'payout.stale_result');
    return false;
  }

  private situation({ exchange, outcome, payout, state, packageExpected }: Fresh, history: BillHistory, now: Date) {
    const { meaning } = outcome;
    return {
      act: exchange.act,
      state,
      meaning,
      history,
      checks: payout.checks,
      packageMissing: packageExpected && payout.packageSealed === null,
      billExpiresAt: (meaning.kind === 'wait_user' ? meaning.expiresAt : null) ?? payout.billExpiresAt,
      now,
      waits: this.config.waits,
    } satisfies Situation;
  }

  /**
   * What the channel's breaker, a recovery, open cases and the ceiling of the day make of the steps: some must wait; what may not be sent
   * now is not sent again.
   */
  private async held(tx: Tx, judged: readonly Judged[], now: Date): Promise<readonly Judged[]> {
    const waits = await this.breaker.after(
      tx,
      judged.map(({ payout, exchange, outcome, step }) => ({ payout, exchange, step, meaning: outcome.meaning })),
    );
    const resends = judged.filter(({ step }) => step.then === 'resend').map(({ payout }) => payout);
    const holds = await this.permits.holdResends(tx, resends, now);
    return judged.map((each) => {
      const { step, payout } = each;
      const nextInMs = waits.get(payout.payoutKey) ?? step.nextInMs;
      const hold = step.then === 'resend' ? holds.get(payout.payoutKey) : undefined;
      if (hold !== undefined) return { ...each, step: { ...step, then: null, nextInMs: hold } };
      return { ...each, step: { ...step, nextInMs } };
    });
  }
}
