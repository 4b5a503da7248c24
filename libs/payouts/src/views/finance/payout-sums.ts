import { Injectable } from '@nestjs/common';
import { bulkUpsert, Database, databaseNow, textOf, UnitOfWork, type Reader, type Tx } from '@app/database';
import { RunsEvery } from '@app/jobs';
import { Defect } from '@app/kernel';

/** `claimed`: money asked for the first time. `to:…` a result, `from:…` a result that was left again. */
export const SUM_KINDS = [
  ...(['claimed', 'to:SETTLED', 'to:FAILED', 'to:REFUNDED', 'from:FAILED', 'from:REFUNDED'] as const),
] as const;
export type SumKind = (typeof SUM_KINDS)[number];

export interface PayoutSum {
  readonly count: number;
  readonly fen: number;
}

/** No transaction of ours stays open so long: what was written before it is all there. */
const SETTLED_AFTER_MS = 600_000;
const EVERY_MS = 60_000;
/** Of one transaction, and how many of them one run may take. */
const SLICE_MS = 6 * 3_600_000;
const SLICES = 60;
const BEGINNING = new Date('2000-01-01T00:00:00Z');
/** Of the row in `account_mark_position`. */
const POSITION = 2;

/**
 * How many payouts, and fen, came to a result in an hour: kept up to ten minutes ago; what happened since is read from an index. Exact, and
 * of this moment, whatever the number of payouts.
 */
@Injectable()
export class PayoutSums {
  constructor(
    private readonly database: Database,
    private readonly unitOfWork: UnitOfWork,
  ) {}

  /** Since the beginning of an hour; of all time for null. One statement, so a mark that moves meanwhile counts nothing twice. */
  async read(since: Date | null): Promise<Readonly<Record<SumKind, PayoutSum>>> {
    const from = since ?? BEGINNING;
    const upto = `GREATEST(?, COALESCE((SELECT upto_at FROM account_mark_position WHERE id = ${POSITION}), ?))`;
    const rows = await this.database.query<{ kind: Buffer; count: string; fen: string }>(
      `SELECT y.kind, SUM(y.payouts) AS count, SUM(y.fen) AS fen FROM (
         SELECT kind, payouts, fen FROM payout_hours WHERE hour_at >= ?
         UNION ALL SELECT x.kind, 1, x.fen FROM (${happened(`>= ${upto}`)}) x) y GROUP BY y.kind`,
      [from, ...Array.from({ length: 3 }, () => [from, BEGINNING]).flat()],
    );
    const sums = Object.fromEntries(SUM_KINDS.map((kind) => [kind, { count: 0, fen: 0 }])) as Record<
      SumKind,
      PayoutSum
    >;
    for (const row of rows) {
      const kind = SUM_KINDS.find((known) => known === textOf(row.kind));
      if (!kind) throw new Defect(`unknown sum ${textOf(row.kind)}`);
      sums[kind] = { count: Number(row.count), fen: Number(row.fen) };
    }
    return sums;
  }

  /** Moves the sums up. Two at a time wait for each other at the position's row. */
  @RunsEvery('payouts.hour-sums', () => EVERY_MS)
  async keepUp(): Promise<void> {
    for (let slice = 0; slice < SLICES; slice++) {
      if (!(await this.unitOfWork.run((tx) => this.advance(tx)))) return;
    }
  }

  private async advance(tx: Tx): Promise<boolean> {
    await bulkUpsert(tx, 'account_mark_position', ['id', 'upto_at'], [[POSITION, BEGINNING]], { update: ['id'] });
    const [position] = await tx.query<{ upto: Date }>(
      `SELECT upto_at AS upto FROM account_mark_position WHERE id = ${POSITION} FOR UPDATE`,
    );
    const from = position!.upto;
    const latest = new Date((await databaseNow(tx)).getTime() - SETTLED_AFTER_MS);
    const begins = Math.max(from.getTime(), (await firstPayout(tx, from))?.getTime() ?? latest.getTime());
    const to = new Date(Math.min(latest.getTime(), begins + SLICE_MS));
    if (to <= from) return false;
    const rows = await tx.query<{ kind: Buffer; hour: string; count: string; fen: string }>(
      `SELECT x.kind, x.hour, COUNT(*) AS count, SUM(x.fen) AS fen FROM (${happened('>= ? AND', '< ?')}) x GROUP BY x.kind, x.hour`,
      Array.from({ length: 3 }, () => [from, to]).flat(),
    );
    await bulkUpsert(
      tx,
      'payout_hours',
      ['kind', 'hour_at', 'payouts', 'fen'],
      rows.map(({ kind, hour, count, fen }) => [textOf(kind), hour, count, fen]),
      { update: ['payouts = payouts + VALUES(payouts)', 'fen = fen + VALUES(fen)'] },
    );
    await tx.execute(`UPDATE account_mark_position SET upto_at = ? WHERE id = ${POSITION}`, [to]);
    return true;
  }
}

/** Nothing happened before the first payout: years without one are one step. */
async function firstPayout(reader: Reader, from: Date): Promise<Date | null> {
  if (from.getTime() > BEGINNING.getTime()) return from;
  const [row] = await reader.query<{ at: Date | null }>('SELECT MIN(created_at) AS at FROM payouts');
  return row?.at ?? null;
}

/** Rows `kind, hour, fen`; `least` and `most` compare an instant, and have their values three times. */
function happened(least: string, most = ''): string {
  const hour = (at: string): string => `DATE_FORMAT(${at}, '%Y-%m-%d %H:00:00')`;
  const within = (at: string): string => (most === '' ? `${at} ${least}` : `${at} ${least} ${at} ${most}`);
  const moves = 'FROM payout_moves m JOIN payouts p ON p.payout_key = m.payout_key';
  return `SELECT 'claimed' AS kind, ${hour('p.created_at')} AS hour, p.amount_fen AS fen FROM payouts p WHERE ${within('p.created_at')}
    UNION ALL SELECT CONCAT('to:', m.to_state), ${hour('m.at')}, p.amount_fen ${moves}
      WHERE m.to_state IN ('SETTLED', 'FAILED', 'REFUNDED') AND ${within('m.at')}
    UNION ALL SELECT CONCAT('from:', m.from_state), ${hour('m.at')}, p.amount_fen ${moves}
      WHERE m.to_state IN ('PENDING', 'SETTLED') AND m.from_state IN ('FAILED', 'REFUNDED') AND ${within('m.at')}`;
}
