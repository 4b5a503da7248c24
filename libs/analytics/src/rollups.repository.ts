import { Injectable } from '@nestjs/common';
import { placeholders, type SqlValue, type Tx } from '@app/database';
import type { RolledUp } from './roll-up';

const ROWS_PER_STATEMENT = 500;
/** The longest window that people are counted over. */
const LONGEST_WINDOW_DAYS = 30;

/** The roll-up tables. Writers hold the fold lock, so they follow each other and never meet in a circle. */
@Injectable()
export class RollupsRepository {
  /** One writer of roll-ups at a time, until the transaction ends. */
  async lock(tx: Tx): Promise<void> {
    await tx.query("SELECT mark_at FROM rollup_marks WHERE name = 'fold' FOR UPDATE");
  }

  async add(tx: Tx, { days, hours, people, firstDay }: RolledUp): Promise<void> {
    for (const { table, rows } of days) await upsert(tx, table.table, table.keys, table.counters, rows);
    await upsert(
      tx,
      'rollup_hours',
      ['distributor_id', 'hour', 'province', 'campaign_id'],
      ['scans', 'first_scans', 'wins', 'awarded_fen'],
      hours.map((cell) => [
        ...[cell.distributorId, cell.hour, cell.province, cell.campaignId],
        ...[cell.scans, cell.firstScans, cell.wins, cell.awardedFen],
      ]),
    );
    await upsert(
      tx,
      'people_days',
      ['distributor_id', 'day', 'city', 'member_id'],
      [],
      people.map((person) => [person.distributorId, person.day, person.city, person.memberId]),
    );
    if (firstDay !== null) await this.forgetWindows(tx, firstDay);
  }

  /**
   * Windows over which people were counted, and that a change on `day` or later may have made wrong, are counted again. There are none
   * that end today, so a scan of today finds nothing here.
   */
  async forgetWindows(tx: Tx, day: string): Promise<void> {
    const range = `day >= ? AND day < ? + INTERVAL ${LONGEST_WINDOW_DAYS} DAY`;
    await tx.execute(`DELETE FROM people_window_runs WHERE ${range}`, [day, day]);
  }
}

/** Adds `counters` to rows that are there and inserts the others. `keys` is the table's primary key. */
async function upsert(
  tx: Tx,
  table: string,
  keys: readonly string[],
  counters: readonly string[],
  rows: readonly SqlValue[][],
): Promise<void> {
  const columns = [...keys, ...counters];
  const onDuplicate =
    counters.length > 0 ? counters.map((name) => `${name} = ${name} + VALUES(${name})`) : [`${keys[0]} = ${keys[0]}`];
  for (let start = 0; start < rows.length; start += ROWS_PER_STATEMENT) {
    const part = rows.slice(start, start + ROWS_PER_STATEMENT);
    const tuples = part.map(() => `(${placeholders(columns)})`).join(',');
    await tx.execute(
      `INSERT INTO ${table} (${columns.join(', ')}) VALUES ${tuples} ON DUPLICATE KEY UPDATE ${onDuplicate.join(', ')}`,
      part.flat(),
    );
  }
}
