import { Injectable } from '@nestjs/common';
import { textOf, UnitOfWork, type Reader } from '@app/database';
import type { LedgerFault } from './ledger-summary';

/** Ids `[from, to)`. */
export interface BudgetRange {
  readonly from: number;
  readonly to: number;
}

const ALL: BudgetRange = { from: 0, to: 2 ** 32 };
const MOST_FAULTS = 100;

/** Recomputes everything that is counted from everything that is booked. Heavy on a large ledger: for rehearsals, audits, nights. */
@Injectable()
export class LedgerCheck {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  /** Faults found; empty = sound. At most 100 of each kind. */
  run(): Promise<LedgerFault[]> {
    return this.unitOfWork.run(async (tx) => [
      ...(await this.journals(tx)),
      ...(await this.accounts(tx)),
      ...(await this.budgets(tx, ALL)),
      ...(await this.settled(tx)),
      ...(await this.uses(tx)),
      ...(await this.offers(tx)),
    ]);
  }

  /** I2: the legs of each journal booked in `[from, to)` sum to zero; of all journals when no time is given. */
  async journals(reader: Reader, booked?: { readonly from: Date; readonly to: Date }): Promise<LedgerFault[]> {
    const rows = await reader.query<{ journal_key: Buffer; sum: string | null }>(
      `SELECT j.journal_key, SUM(l.amount_fen) AS sum FROM ledger_journals j LEFT JOIN ledger_legs l USING (journal_key)
       ${booked ? 'WHERE j.at >= ? AND j.at < ?' : ''}
       GROUP BY j.journal_key HAVING sum IS NULL OR sum <> 0 LIMIT ${MOST_FAULTS}`,
      booked ? [booked.from, booked.to] : [],
    );
    return rows.map((row) => ({ invariant: 'I2', detail: `journal ${textOf(row.journal_key)} sums to ${row.sum}` }));
  }

  /** I3 of these budgets: their counters and those of their grants are what is booked. */
  async budgets(reader: Reader, range: BudgetRange): Promise<LedgerFault[]> {
    return [...(await this.counters(reader, range)), ...(await this.grants(reader, range))];
  }

  /** I2: all accounts together. */
  private async accounts(reader: Reader): Promise<LedgerFault[]> {
    const [row] = await reader.query<{ sum: string | null }>('SELECT SUM(amount_fen) AS sum FROM ledger_legs');
    const sum = Number(row?.sum ?? 0);
    return sum === 0 ? [] : [{ invariant: 'I2', detail: `all accounts together hold ${sum} fen, not 0` }];
  }

  /** One statement, so counters and journals are of the same moment also at READ COMMITTED. */
  private async counters(reader: Reader, { from, to }: BudgetRange): Promise<LedgerFault[]> {
    const booked = (part: string): string =>
      `COALESCE((SELECT SUM(l.amount_fen) FROM ledger_legs l WHERE l.account = CONCAT('budget:', b.id, ':${part}')), 0)`;
    const rows = await reader.query<Record<string, string | number>>(
      `SELECT * FROM (SELECT b.id, b.granted_fen, b.available_fen, b.reserved_fen, b.settled_fen,
         -${booked('granted')} AS granted, ${booked('available')} AS available, ${booked('reserved')} AS reserved,
         ${booked('settled')} AS settled FROM budgets b WHERE b.id >= ? AND b.id < ?) AS both_sides
       WHERE granted_fen <> granted OR available_fen <> available OR reserved_fen <> reserved OR settled_fen <> settled
         OR granted_fen <> available_fen + reserved_fen + settled_fen LIMIT ${MOST_FAULTS}`,
      [from, to],
    );
    return rows.map((row) => ({ invariant: 'I3', detail: `budget ${row.id}: ${JSON.stringify(row)}` }));
  }

  /** What of each grant is used follows from its uses, and the grants of a budget together used what it settled. */
  private async grants(reader: Reader, { from, to }: BudgetRange): Promise<LedgerFault[]> {
    const uses = (act: string): string =>
      `COALESCE((SELECT SUM(u.fen) FROM grant_uses u WHERE u.grant_id = g.id AND u.act = '${act}'), 0)`;
    const grants = await reader.query<{ id: number; used_fen: string; charged: string }>(
      `SELECT * FROM (SELECT g.id, g.used_fen, ${uses('settle')} - ${uses('refund')} AS charged
         FROM budget_grants g WHERE g.budget_id >= ? AND g.budget_id < ?) AS both_sides
       WHERE used_fen <> charged LIMIT ${MOST_FAULTS}`,
      [from, to],
    );
    const budgets = await reader.query<{ id: number; settled_fen: string; used: string }>(
      `SELECT * FROM (SELECT b.id, b.settled_fen,
           COALESCE((SELECT SUM(g.used_fen) FROM budget_grants g WHERE g.budget_id = b.id), 0) AS used
         FROM budgets b WHERE b.id >= ? AND b.id < ?) AS both_sides WHERE settled_fen <> used LIMIT ${MOST_FAULTS}`,
      [from, to],
    );
    return [
      ...grants.map((row): LedgerFault => {
        return {
          invariant: 'I3',
          detail: `grant ${row.id} counts ${row.used_fen} fen used, ${row.charged} were charged`,
        };
      }),
      ...budgets.map((row): LedgerFault => {
        const detail = `budget ${row.id} settled ${row.settled_fen} fen, its grants were charged ${row.used}`;
        return { invariant: 'I3', detail };
      }),
    ];
  }

  /** Per budget: fen of settled payouts = fen counted as settled. */
  private async settled(reader: Reader): Promise<LedgerFault[]> {
    const rows = await reader.query<{ id: number; settled_fen: string; paid: string }>(
      `SELECT * FROM (SELECT b.id, b.settled_fen, COALESCE(s.paid, 0) AS paid FROM budgets b
         LEFT JOIN (SELECT budget_id, SUM(amount_fen) AS paid FROM payouts WHERE state = 'SETTLED' GROUP BY budget_id) s
           ON s.budget_id = b.id) AS both_sides
       WHERE settled_fen <> paid LIMIT ${MOST_FAULTS}`,
    );
    return rows.map((row) => ({
      invariant: 'I6',
      detail: `budget ${row.id} counts ${row.settled_fen} fen settled, its payouts ${row.paid}`,
    }));
  }

  /** Per offer: what was charged to grants, of those charged in `[from, to)` or of all, is the payout's amount. */
  async uses(reader: Reader, charged?: { readonly from: Date; readonly to: Date }): Promise<LedgerFault[]> {
    const rows = await reader.query<{ payout_key: Buffer; offer_no: number; act: Buffer; fen: string }>(
      `SELECT u.payout_key, u.offer_no, u.act, SUM(u.fen) AS fen FROM grant_uses u LEFT JOIN payouts p USING (payout_key)
       ${charged ? 'WHERE u.at >= ? AND u.at < ?' : ''}
       GROUP BY u.payout_key, u.offer_no, u.act, u.turn
       HAVING MAX(p.amount_fen) IS NULL OR fen <> MAX(p.amount_fen) OR u.offer_no > MAX(p.offer_no) LIMIT ${MOST_FAULTS}`,
      charged ? [charged.from, charged.to] : [],
    );
    return rows.map((row) => ({
      invariant: 'I6',
      detail: `payout ${textOf(row.payout_key)} charged ${row.fen} fen to grants by ${textOf(row.act)} of offer ${row.offer_no}`,
    }));
  }

  /** Every offer but the running one has its bill; amounts of bills and payouts agree. */
  private async offers(reader: Reader): Promise<LedgerFault[]> {
    const rows = await reader.query<{ bill_no: Buffer; payout_key: Buffer }>(
      `SELECT b.bill_no, b.payout_key FROM payout_bills b LEFT JOIN payouts p USING (payout_key)
       WHERE p.payout_key IS NULL OR b.offer_no > p.offer_no OR b.amount_fen <> p.amount_fen OR b.mch_id <> p.mch_id
         OR (b.offer_no = p.offer_no AND p.bill_no <> b.bill_no) LIMIT ${MOST_FAULTS}`,
    );
    return rows.map((row) => ({ invariant: 'I4', detail: `bill ${textOf(row.bill_no)} of ${textOf(row.payout_key)}` }));
  }
}
