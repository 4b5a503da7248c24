import { createHash } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '@app/config';
import { Database, UnitOfWork, type Tx } from '@app/database';
import { LOGGER, type Logger } from '@app/observability';
import { Incidents } from '../cases/incidents';
import { Confirmations } from '../ledger/confirmations';
import { ChannelRows } from './channel-rows.repository';
import { CheckPayees } from './check-payees';
import { Differences } from './differences.repository';
import { FetchDay, type DayFile, type NoFile } from './fetch-day';
import type { OtherRow } from './fund-flow-file';
import { MatchDay } from './match-day';
import { ReconciliationRuns, RunLost, type ClaimedRun, type RunKey } from './reconciliation-runs.repository';

/** Bills booked in one transaction by the confirming walk. */
const CONFIRMED_AT_ONCE = 1_000;
/** After so many tries in vain people must look. */
const PATIENT_TRIES = 6;
const MAX_TRIES = 60;

/** The books and the one incident of a day. */
@Injectable()
export class BookDay {
  constructor(
    private readonly confirmations: Confirmations,
    private readonly incidents: Incidents,
  ) {}

  async bills(tx: Tx, { mchId }: RunKey, bills: Awaited<ReturnType<ChannelRows['toConfirm']>>): Promise<void> {
    await this.confirmations.confirm(
      tx,
      bills.map((bill) => ({ ...bill, mchId })),
    );
  }

  async moves(tx: Tx, { mchId }: RunKey, moves: readonly OtherRow[]): Promise<void> {
    const money = moves.filter(({ kind, fen }) => kind === 'balance' && fen !== 0);
    await this.confirmations.moveBalances(
      tx,
      money.map(({ flowNo, fen }) => ({ key: shortName(flowNo), mchId, amountFen: fen })),
    );
  }

  fileIsBad(tx: Tx, { mchId, day }: RunKey, detail: string): Promise<boolean> {
    const about = { payoutKey: null, billNo: null, scope: `${mchId}:${day}` };
    return this.incidents.raise(tx, { kind: 'bill_file', ...about, detail: `商户 ${mchId}，${day}：${detail}` });
  }

  fileIsGood(tx: Tx, { mchId, day }: RunKey): Promise<void> {
    return this.incidents.resolve(tx, 'bill_file', `${mchId}:${day}`);
  }
}

/** How a run ends, well or not. */
@Injectable()
export class CloseDay {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly database: Database,
    private readonly unitOfWork: UnitOfWork,
    private readonly runs: ReconciliationRuns,
    private readonly rows: ChannelRows,
    private readonly differences: Differences,
    private readonly booking: BookDay,
  ) {}

  /** Books every match of the day, page by page, then what else moved on the account. */
  async confirm(run: ClaimedRun, moves: readonly OtherRow[]): Promise<void> {
    let confirmed = 0;
    for (let after = ''; ;) {
      const bills = await this.rows.toConfirm(this.database, run, after, CONFIRMED_AT_ONCE);
      const last = bills.at(-1);
      if (!last) break;
      after = last.billNo;
      confirmed += bills.length;
      await this.unitOfWork.run(async (tx) => {
        await this.booking.bills(tx, run, bills);
        await this.runs.progress(tx, run, { confirmed, confirm_after: after });
      });
    }
    const differences = await this.differences.countOpen(this.database, run);
    await this.unitOfWork.run(async (tx) => {
      await this.booking.moves(tx, run, moves);
      await this.booking.fileIsGood(tx, run);
      await this.runs.progress(tx, run, { differences });
      await this.runs.done(tx, run);
    });
  }

  /** No file yet, or no answer. */
  async putOff(run: ClaimedRun, { why }: NoFile): Promise<void> {
    await this.unitOfWork.run(async (tx) => {
      if (run.tries >= PATIENT_TRIES) await this.booking.fileIsBad(tx, run, `拿不到账单：${why}`);
      await this.runs.putOff(tx, run, 'waiting', { why, inMs: this.inMs(run) });
    });
  }

  async failed(run: ClaimedRun, error: unknown): Promise<void> {
    const why = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    await this.unitOfWork
      .run(async (tx) => {
        await this.booking.fileIsBad(tx, run, `账单不能用于对账：${why}`);
        await this.runs.putOff(tx, run, 'failed', { why, inMs: this.inMs(run) });
      })
      .catch((problem: unknown) => {
        if (!(problem instanceof RunLost)) throw problem;
      });
  }

  private inMs({ tries }: ClaimedRun): number | null {
    const [, longest] = this.config.waits.retryMs;
    return tries >= MAX_TRIES ? null : longest * Math.min(6, tries);
  }
}

/**
 * One merchant account and one day from the file to the books: fetch, match, ask for payees, confirm. Everything it writes is written
 * once however often it runs, so a run that broke off anywhere is simply made again.
 */
@Injectable()
export class ReconcileDay {
  constructor(
    @Inject(LOGGER) private readonly logger: Logger,
    private readonly unitOfWork: UnitOfWork,
    private readonly runs: ReconciliationRuns,
    private readonly fetching: FetchDay,
    private readonly matching: MatchDay,
    private readonly payees: CheckPayees,
    private readonly closing: CloseDay,
  ) {}

  /** Never throws for what the channel or its file does: that is written on the run. */
  async run(run: ClaimedRun): Promise<void> {
    const renewing = setInterval(() => void this.renew(run), 15_000);
    let file: DayFile | null = null;
    try {
      const fetched = await this.fetching.run(run);
      if (fetched.kind !== 'file') return await this.closing.putOff(run, fetched);
      file = fetched;
      const counts = await this.matching.run(run, file.lines);
      await this.unitOfWork.run((tx) => this.runs.progress(tx, run, { step: 'payees' }));
      const asked = await this.payees.run(run, counts.toAsk);
      await this.unitOfWork.run((tx) => this.runs.progress(tx, run, { step: 'confirm', payees_asked: asked }));
      await this.closing.confirm(run, file.moves);
      this.logger.info({ ...run, ...counts, toAsk: asked, rows: file.lines.length }, 'reconciliation.done');
    } catch (error) {
      if (error instanceof RunLost) return this.logger.warn({ ...run }, 'reconciliation.taken_over');
      await this.closing.failed(run, error);
    } finally {
      clearInterval(renewing);
      file?.lines.close();
    }
  }

  private async renew(run: ClaimedRun): Promise<void> {
    await this.unitOfWork.run((tx) => this.runs.progress(tx, run)).catch(() => undefined);
  }
}

/** Names of the channel may be longer than a key of the books. */
function shortName(flowNo: string): string {
  return flowNo.length <= 56 ? flowNo : createHash('sha256').update(flowNo).digest('hex').slice(0, 56);
}
