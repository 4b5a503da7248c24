import { Injectable } from '@nestjs/common';
import { textOf, UnitOfWork, type Tx } from '@app/database';
import type { LedgerFault } from './ledger-summary';

/** Recomputes everything that is counted from everything that is booked. Heavy on a large ledger: for rehearsals, audits, nights. */
@Injectable()
export class LedgerCheck {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  /** Faults found in one consistent view; empty = sound. At most 100 of each kind. */
  run(): Promise<LedgerFault[]> {
    return this.unitOfWork.run(async (tx) => [
      ...(await this.journals(tx)),
      ...(await this.counters(tx)),
      ...(await this.settled(tx)),
      ...(await this.offers(tx)),
    ]);
  }

  private async journals(tx: Tx): Promise<LedgerFault[]> {
    const rows = await tx.query<{ journal_key: Buffer; sum: string | null }>(
      `SELECT j.journal_key, SUM(l.amount_fen) AS sum FROM ledger_journals j LEFT JOIN ledger_legs l USING (journal_key)
       GROUP BY j.journal_key HAVING sum IS NULL OR sum <> 0 LIMIT 100`,
    );
    return rows.map((row) => ({ invariant: 'I2', detail: `journal ${textOf(row.journal_key)} sums to ${row.sum}` }));
  }

  /** One statement, so counters and journals are of the same moment also at READ COMMITTED. */
  private async counters(tx: Tx): Promise<LedgerFault[]> {
    const booked = (part: string): string =>
      `COALESCE((SELECT SUM(l.amount_fen) FROM ledger_legs l WHERE l.account = CONCAT('budget:', b.id, ':${part}')), 0)`;
    const rows = await tx.query<Record<string, string | number>>(
      `SELECT * FROM (SELECT b.id, b.granted_fen, b.available_fen, b.reserved_fen, b.settled_fen,
         -${booked('granted')} AS granted, ${booked('available')} AS available, ${booked('reserved')} AS reserved,
         ${booked('settled')} AS settled FROM budgets b) AS both_sides
       WHERE granted_fen <> granted OR available_fen <> available OR reserved_fen <> reserved OR settled_fen <> settled
         OR granted_fen <> available_fen + reserved_fen + settled_fen LIMIT 100`,
    );
    return rows.map((row) => ({ invariant: 'I3', detail: `budget ${row.id}: ${JSON.stringify(row)}` }));
  }

  /** Per budget: fen of settled payouts = fen booked as settled. */
  private async settled(tx: Tx): Promise<LedgerFault[]> {
    const rows = await tx.query<{ id: number; settled_fen: string; paid: string }>(
      `SELECT * FROM (SELECT b.id, b.settled_fen, COALESCE((SELECT SUM(p.amount_fen) FROM payouts p
         WHERE p.budget_id = b.id AND p.state = 'SETTLED'), 0) AS paid FROM budgets b) AS both_sides
       WHERE settled_fen <> paid LIMIT 100`,
    );
    return rows.map((row) => ({
      invariant: 'I6',
      detail: `budget ${row.id} counts ${row.settled_fen} fen settled, its payouts ${row.paid}`,
    }));
  }

  /** Every offer but the running one has its bill; amounts of bills and payouts agree. */
  private async offers(tx: Tx): Promise<LedgerFault[]> {
    const rows = await tx.query<{ bill_no: Buffer; payout_key: Buffer }>(
      `SELECT b.bill_no, b.payout_key FROM payout_bills b LEFT JOIN payouts p USING (payout_key)
       WHERE p.payout_key IS NULL OR b.offer_no > p.offer_no OR b.amount_fen <> p.amount_fen OR b.mch_id <> p.mch_id
         OR (b.offer_no = p.offer_no AND p.bill_no <> b.bill_no) LIMIT 100`,
    );
    return rows.map((row) => ({ invariant: 'I4', detail: `bill ${textOf(row.bill_no)} of ${textOf(row.payout_key)}` }));
  }
}
