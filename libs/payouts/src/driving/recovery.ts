import { Inject, Injectable, type OnModuleDestroy } from '@nestjs/common';
import { Database, UnitOfWork } from '@app/database';
import { RunsEvery } from '@app/jobs';
import { LOGGER, type Logger } from '@app/observability';
import { Incidents } from '../cases/incidents';
import type { Meaning } from '../channels/payout-channel';
import type { PayoutState } from '../payout-state';
import { CheckBill } from './check-bill';
import { DrivePayouts } from './drive-payouts';
import { PayoutsRepository } from './payouts.repository';
import { RecoveryState, type OpenRecovery } from './recovery-state';

const AT_ONCE = 200;
/** One run ends then; the next tick of the interval goes on. */
const LONGEST_RUN_MS = 20_000;
/** A single bill that WeChat does not answer about, while it answers about others, is left to the ladder and to people after so many tries. */
const TRIES = 5;
/** States whose next exchange is a question: the ordinary line asks it and writes what it brings. */
const ASKED_BY_LINE: readonly PayoutState[] = ['SENDING', 'UNKNOWN', 'WAIT_USER'];

/** What is no answer to a question. */
const SILENT: readonly Meaning['kind'][] = ['unknown', 'retry_same_id', 'channel_blocked'];

export interface RecoveryReport {
  /** Nothing is sent. False with some `left`: people ended it, and those are held one by one. */
  readonly open: boolean;
  readonly reason: string | null;
  readonly asked: number;
  readonly left: number;
}

/**
 * After the database was set back, WeChat may know more than we do. While a recovery is open nothing is sent anywhere; first every open bill
 * and every bill of the last hours is asked about. It closes by itself, or two people end the standstill and only what was not asked about
 * yet stays held. Bill numbers are the same as before, so what was forgotten here
 * and is sent again later meets its own bill there.
 */
@Injectable()
export class Recovery implements OnModuleDestroy {
  private stopping = false;

  constructor(
    @Inject(LOGGER) private readonly logger: Logger,
    private readonly database: Database,
    private readonly unitOfWork: UnitOfWork,
    private readonly state: RecoveryState,
    private readonly payouts: PayoutsRepository,
    private readonly check: CheckBill,
    private readonly line: DrivePayouts,
    private readonly incidents: Incidents,
  ) {}

  onModuleDestroy(): void {
    this.stopping = true;
  }

  /** From the commit on nothing is sent. Opening it again changes nothing. */
  async open(reason: string): Promise<void> {
    await this.unitOfWork.run(async (tx) => {
      const recovery = await this.state.open(tx, reason);
      await this.incidents.raise(tx, {
        ...{ kind: 'recovery', payoutKey: null, billNo: null, scope: String(recovery.id) },
        detail: `${reason}: nothing is sent until WeChat was asked about every bill since ${recovery.sinceAt.toISOString()}`,
      });
    });
    this.logger.warn({ reason }, 'payout.recovery.open');
  }

  async report(): Promise<RecoveryReport> {
    const current = await this.state.current(this.database);
    const recovery = current ?? (await this.state.ended(this.database));
    if (!recovery) return { open: false, reason: null, asked: 0, left: 0 };
    const { asked, open } = await this.state.counts(this.database, recovery);
    return { open: current !== null, reason: recovery.reason, asked, left: open };
  }

  /** Asks until every bill is answered about, then closes. */
  @RunsEvery('payouts.recover', (waits) => waits.reconcileEveryMs)
  async run(): Promise<void> {
    const until = performance.now() + LONGEST_RUN_MS;
    const current = await this.state.current(this.database);
    const recovery = current ?? (await this.state.ended(this.database));
    if (!recovery) return;
    if (current) await this.unitOfWork.run((tx) => this.state.list(tx, current));
    const asked = new Set<string>();
    while (performance.now() < until && !this.stopping) {
      const bills = (await this.state.unanswered(this.database, recovery, AT_ONCE)).filter(
        ({ billNo, tries }) => tries < TRIES && !asked.has(billNo),
      );
      if (bills.length === 0) return this.closeWhenDone(recovery);
      bills.forEach(({ billNo }) => asked.add(billNo));
      await this.askAll(recovery, bills);
    }
  }

  private async askAll(
    recovery: OpenRecovery,
    bills: readonly { readonly billNo: string; readonly payoutKey: string }[],
  ): Promise<void> {
    const ends = await Promise.allSettled(bills.map(({ billNo, payoutKey }) => this.ask(billNo, payoutKey)));
    for (const [index, end] of ends.entries()) {
      if (end.status === 'rejected')
        this.logger.warn({ err: end.reason as unknown, ...bills[index] }, 'payout.ask_failed');
    }
    const billNos = bills.map(({ billNo }) => billNo);
    const spoke = await this.speaks(recovery);
    await this.unitOfWork.run((tx) => this.state.noteAnswers(tx, recovery, billNos, spoke));
  }

  /** A control question: does WeChat still answer about a bill that it answered about before? */
  private async speaks(recovery: OpenRecovery): Promise<boolean> {
    const known = await this.state.answered(this.database, recovery);
    const kind = known === null ? null : await this.check.run(known);
    return kind !== null && !SILENT.includes(kind);
  }

  private async ask(billNo: string, payoutKey: string): Promise<void> {
    const payout = await this.payouts.find(this.database, payoutKey);
    const byLine = payout !== null && payout.billNo === billNo && ASKED_BY_LINE.includes(payout.state);
    if (!byLine) {
      await this.check.run(billNo);
      return;
    }
    if (payout.state !== 'SENDING') await this.makeDue(payoutKey);
    await this.line.run([payoutKey]);
  }

  private async makeDue(payoutKey: string): Promise<void> {
    await this.unitOfWork.run(async (tx) => {
      const payout = await this.payouts.lock(tx, payoutKey);
      if (payout?.nextAt) await this.payouts.touch(tx, payout, { nextInMs: 0 });
    });
  }

  /** Silence of everybody keeps it open; a single riddle does not. Bills that were begun while it was opened are listed last. */
  private async closeWhenDone(recovery: OpenRecovery): Promise<void> {
    const { asked, open } = await this.state.counts(this.database, recovery);
    const left = await this.state.unanswered(this.database, recovery, AT_ONCE);
    const riddles = left.every(({ tries }) => tries >= TRIES) && asked > 0;
    if (open > 0 && !riddles) return;
    await this.unitOfWork.run(async (tx) => {
      if (!(await this.state.finish(tx, recovery))) {
        if ((await this.state.list(tx, recovery)) > 0 || !(await this.state.close(tx, recovery))) return;
        await this.incidents.resolve(tx, 'recovery', String(recovery.id));
      }
      for (const { billNo, payoutKey } of left) {
        const detail = 'WeChat was asked after the database was set back and gave no answer';
        await this.incidents.raise(tx, { kind: 'stuck', payoutKey, billNo, detail });
      }
      this.logger.warn({ asked, unanswered: open }, 'payout.recovery.closed');
    });
  }
}
