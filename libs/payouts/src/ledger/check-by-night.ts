import { Inject, Injectable } from '@nestjs/common';
import { Database, databaseNow, isDuplicate, UnitOfWork, type Tx } from '@app/database';
import { RunsEvery } from '@app/jobs';
import { shanghaiDay } from '@app/kernel';
import { LOGGER, type Logger } from '@app/observability';
import { Incidents } from '../cases/incidents';
import { BookOldSettlements } from './book-old-settlements';
import { LedgerCheck } from './ledger-check';
import type { LedgerFault } from './ledger-summary';

/** The check of a day begins at two in the night, Beijing time. */
const BEGINS_MS = 2 * 3_600_000;
/** What was booked later than this before the start may not be committed yet: it is checked the night after. */
const GRACE_MS = 300_000;
const LONGEST_RUN_MS = 20_000;
const BUDGETS_AT_ONCE = 10;
const JOURNALS_AT_ONCE = 5_000;
const BEFORE_ALL = new Date('2000-01-01T00:00:00Z');

interface Night {
  readonly day: string;
  readonly nextBudgetId: number;
  readonly bookedFrom: Date;
  readonly bookedTo: Date;
}

/**
 * Recomputes the ledger once a night: every budget with its grants, then the journals since the night before (older ones cannot have
 * changed). A stretch at a time, each with its place kept in the commit, so that it goes on wherever it was stopped. A fault becomes
 * an incident.
 */
@Injectable()
export class CheckByNight {
  constructor(
    private readonly database: Database,
    private readonly unitOfWork: UnitOfWork,
    private readonly check: LedgerCheck,
    private readonly incidents: Incidents,
    private readonly earlier: BookOldSettlements,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  @RunsEvery('ledger.check', (waits) => waits.ledgerCheckEveryMs)
  async run(): Promise<void> {
    await this.runUntil(performance.now() + LONGEST_RUN_MS);
  }

  /** Goes on with the check of today, `until` on the monotonic clock. Returns whether it is through. */
  async runUntil(until: number): Promise<boolean> {
    const day = shanghaiDay(new Date((await databaseNow(this.database)).getTime() - BEGINS_MS));
    await this.begin(day);
    for (;;) {
      const night = await this.night(day);
      if (!night) return true;
      if (performance.now() >= until) return false;
      await this.stretch(night);
    }
  }

  private async stretch(night: Night): Promise<void> {
    const last = await this.lastBudget();
    if (night.nextBudgetId <= last) return this.budgets(night);
    if (night.bookedFrom < night.bookedTo) return this.journals(night);
    await this.unitOfWork.run((tx) =>
      tx.execute('UPDATE ledger_nights SET finished_at = UTC_TIMESTAMP(6) WHERE day = ? AND finished_at IS NULL', [
        night.day,
      ]),
    );
    this.log.info({ day: night.day }, 'ledger.checked');
  }

  private async budgets({ day, nextBudgetId }: Night): Promise<void> {
    const range = { from: nextBudgetId, to: nextBudgetId + BUDGETS_AT_ONCE };
    let faults = await this.check.budgets(this.database, range);
    // Looked for only where something is missing: it costs nothing on all other nights.
    if (faults.length > 0 && (await this.earlier.run(range)) > 0) {
      faults = await this.check.budgets(this.database, range);
    }
    await this.unitOfWork.run(async (tx) => {
      const { affectedRows } = await tx.execute(
        'UPDATE ledger_nights SET next_budget_id = ?, faults = faults + ? WHERE day = ? AND next_budget_id = ?',
        [range.to, faults.length, day, range.from],
      );
      if (affectedRows === 1) await this.raise(tx, faults);
    });
  }

  private async journals({ day, bookedFrom, bookedTo }: Night): Promise<void> {
    const to = await this.stretchEnd(bookedFrom, bookedTo);
    const booked = { from: bookedFrom, to };
    const faults = [
      ...(await this.check.journals(this.database, booked)),
      ...(await this.check.uses(this.database, booked)),
    ];
    await this.unitOfWork.run(async (tx) => {
      const { affectedRows } = await tx.execute(
        'UPDATE ledger_nights SET booked_from = ?, faults = faults + ? WHERE day = ? AND booked_from = ?',
        [to, faults.length, day, bookedFrom],
      );
      if (affectedRows === 1) await this.raise(tx, faults);
    });
  }

  /** Where some thousand journals end. Instants are read to the millisecond, so the stretch always goes a whole one further. */
  private async stretchEnd(from: Date, to: Date): Promise<Date> {
    const [row] = await this.database.query<{ at: Date }>(
      `SELECT at FROM ledger_journals WHERE at >= ? AND at < ? ORDER BY at LIMIT 1 OFFSET ${JOURNALS_AT_ONCE}`,
      [from, to],
    );
    if (!row) return to;
    return new Date(Math.min(to.getTime(), row.at.getTime() + 1));
  }

  private async raise(tx: Tx, faults: readonly LedgerFault[]): Promise<void> {
    for (const { invariant, detail } of faults) {
      // `budget 7`, `journal settle:…`: the same thing found again tomorrow is the same case.
      const scope = `${invariant}:${detail.split(' ').slice(0, 2).join(' ')}`;
      await this.incidents.raise(tx, { kind: 'ledger', payoutKey: null, billNo: null, detail, scope });
    }
  }

  private async begin(day: string): Promise<void> {
    const [known] = await this.database.query('SELECT day FROM ledger_nights WHERE day = ?', [day]);
    if (known) return;
    const [before] = await this.database.query<{ to: Date }>(
      'SELECT booked_to AS `to` FROM ledger_nights WHERE finished_at IS NOT NULL ORDER BY day DESC LIMIT 1',
    );
    const to = new Date((await databaseNow(this.database)).getTime() - GRACE_MS);
    try {
      await this.unitOfWork.run((tx) =>
        tx.execute('INSERT INTO ledger_nights (day, booked_from, booked_to) VALUES (?, ?, ?)', [
          day,
          before?.to ?? BEFORE_ALL,
          to,
        ]),
      );
    } catch (error) {
      if (!isDuplicate(error, 'PRIMARY')) throw error;
    }
  }

  /** Tonight's place; null when it is through. */
  private async night(day: string): Promise<Night | null> {
    const [row] = await this.database.query<{ next: number; from: Date; to: Date }>(
      `SELECT next_budget_id AS next, booked_from AS \`from\`, booked_to AS \`to\` FROM ledger_nights
        WHERE day = ? AND finished_at IS NULL`,
      [day],
    );
    return row ? { day, nextBudgetId: row.next, bookedFrom: row.from, bookedTo: row.to } : null;
  }

  private async lastBudget(): Promise<number> {
    const [row] = await this.database.query<{ id: number | null }>('SELECT MAX(id) AS id FROM budgets');
    return row?.id ?? 0;
  }
}
