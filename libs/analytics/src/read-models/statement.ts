import { Injectable } from '@nestjs/common';
import { Database, databaseNow, type SqlValue } from '@app/database';
import { addDays, readCursor, Rejected, shanghaiDay, shanghaiDayStart, writeCursor, type Page } from '@app/kernel';
import type { Scope } from '../scope';
import type { DayRange } from './rollup-scope';
import { flowsBetween } from './statement-flows';

export const MOST_STATEMENT_DAYS = 366;
export const STATEMENT_MARK = 'statement';

export interface StatementQuestion extends DayRange {
  readonly level: 'province' | 'city';
  readonly campaignId?: number | undefined;
  /** Only this province and what lies in it. */
  readonly province?: number | undefined;
}

/** Fen; won, arrived, come back, given back to budgets. */
export interface StatementFigures {
  readonly awardedFen: number;
  readonly settledFen: number;
  readonly refundedFen: number;
  readonly releasedFen: number;
  /** Won and neither arrived nor released by the end of the day. */
  readonly openFen: number;
}

export interface StatementRow extends StatementFigures {
  readonly day: string;
  readonly campaignId: number;
  readonly campaignName: string;
  /** Where the bottle was scanned; null = unknown place. */
  readonly adcode: number | null;
}

export interface StatementTotal extends StatementFigures {
  /** Open when the first day began. */
  readonly openingFen: number;
  /** What two people corrected of what is reserved; in statements over everything only. */
  readonly correctedFen: number;
}

type Moves = { awarded: number; settled: number; refunded: number; released: number };
type Cell = Moves & { day: string; campaign: number; region: number };

const CHUNK_DAYS = 31;
const DAY = /^\d{4}-\d{2}-\d{2}$/;

/**
 * 对账单: per Shanghai day, campaign and region what was won, paid, refunded and released, and what is open then. Days that are over
 * were counted once (`StatementDays`); the others are read from the ledger as it is now. Only rows on which something moved.
 */
@Injectable()
export class StatementModel {
  constructor(private readonly database: Database) {}

  async page(
    scope: Scope,
    question: StatementQuestion,
    page: { limit: number; cursor?: string | null },
  ): Promise<Page<StatementRow>> {
    const after = page.cursor ? placeOf(page.cursor) : null;
    const items: StatementRow[] = [];
    for await (const row of this.rows(scope, question, after)) {
      items.push(row);
      if (items.length > page.limit) break;
    }
    const shown = items.slice(0, page.limit);
    const last = shown.at(-1);
    const more = items.length > page.limit && last !== undefined;
    return { items: shown, nextCursor: more ? writeCursor([last.day, last.campaignId, last.adcode ?? 0]) : null };
  }

  /** All rows in order, a month at a time. Rejected `bad_range` (422), `no_such_statement` (403) outside headquarters. */
  async *rows(scope: Scope, question: StatementQuestion, after: Place | null = null): AsyncGenerator<StatementRow> {
    check(scope, question);
    const { to } = question;
    let from = after && after.day > question.from ? after.day : question.from;
    const mark = await this.mark();
    const open = await this.opening(question, from, mark);
    const names = await this.names();
    for (; from < to; from = nextChunk(from, to)) {
      const cells = await this.cells(question, from, nextChunk(from, to), mark);
      for (const cell of cells) {
        const key = `${cell.campaign}|${cell.region}`;
        const openFen = (open.get(key) ?? 0) + change(cell);
        open.set(key, openFen);
        if (!after || isAfter(cell, after)) yield rowOf(cell, openFen, names);
      }
    }
  }

  async total(scope: Scope, question: StatementQuestion): Promise<StatementTotal> {
    check(scope, question);
    const { from, to } = question;
    const mark = await this.mark();
    const corrected = {
      before: await this.corrected(question, null, from),
      in: await this.corrected(question, from, to),
    };
    const opening = [...(await this.opening(question, from, mark)).values()].reduce((sum, fen) => sum + fen, 0);
    const sum: Moves = { awarded: 0, settled: 0, refunded: 0, released: 0 };
    for (let at = from; at < to; at = nextChunk(at, to)) {
      for (const cell of await this.cells(question, at, nextChunk(at, to), mark)) addTo(sum, cell);
    }
    const openingFen = opening + corrected.before;
    return {
      openingFen,
      ...{ awardedFen: sum.awarded, settledFen: sum.settled, refundedFen: sum.refunded, releasedFen: sum.released },
      correctedFen: corrected.in,
      openFen: openingFen + change(sum) + corrected.in,
    };
  }

  /** The first day that is not counted for good. */
  private async mark(): Promise<string> {
    const [row] = await this.database.query<{ at: Date }>('SELECT mark_at AS at FROM rollup_marks WHERE name = ?', [
      STATEMENT_MARK,
    ]);
    return row ? shanghaiDay(row.at) : '2000-01-01';
  }

  private async opening(question: StatementQuestion, from: string, mark: string): Promise<Map<string, number>> {
    const open = new Map<string, number>();
    const { sql, params } = filterOf(question);
    const won = await this.database.query<Summed>(
      `SELECT campaign_id AS campaign, ${region(question)} AS region, SUM(awarded_fen) AS fen FROM rollup_days
        WHERE day < ? ${sql} GROUP BY campaign, region`,
      [from, ...params],
    );
    const moved = await this.database.query<Summed>(
      `SELECT campaign_id AS campaign, ${region(question)} AS region, SUM(refunded_fen - settled_fen - released_fen) AS fen
         FROM statement_days WHERE day < ? AND day < ? ${sql} GROUP BY campaign, region`,
      [from, mark, ...params],
    );
    for (const row of [...won, ...moved]) {
      const key = `${row.campaign}|${row.region}`;
      open.set(key, (open.get(key) ?? 0) + Number(row.fen));
    }
    for (const cell of await this.live(question, mark, from)) {
      const key = `${cell.campaign}|${cell.region}`;
      open.set(key, (open.get(key) ?? 0) + change(cell));
    }
    return open;
  }

  /** What moved on the days `[from, to)`, by day, campaign, region. */
  private async cells(question: StatementQuestion, from: string, to: string, mark: string): Promise<Cell[]> {
    const { sql, params } = filterOf(question);
    const cells = new Map<string, Cell>();
    const won = await this.database.query<Summed & { day: string }>(
      `SELECT DATE_FORMAT(day, '%Y-%m-%d') AS day, campaign_id AS campaign, ${region(question)} AS region,
              SUM(awarded_fen) AS fen FROM rollup_days
        WHERE day >= ? AND day < ? AND awarded_fen > 0 ${sql} GROUP BY day, campaign, region`,
      [from, to, ...params],
    );
    for (const row of won) addTo(cellOf(cells, row), { ...NO_MOVES, awarded: Number(row.fen) });
    const counted = await this.database.query<Omit<Summed, 'fen'> & { day: string } & Record<string, string>>(
      `SELECT DATE_FORMAT(day, '%Y-%m-%d') AS day, campaign_id AS campaign, ${region(question)} AS region,
              SUM(settled_fen) AS settled, SUM(refunded_fen) AS refunded, SUM(released_fen) AS released FROM statement_days
        WHERE day >= ? AND day < ? AND day < ? ${sql} GROUP BY day, campaign, region`,
      [from, to, mark, ...params],
    );
    for (const row of counted) {
      const moves = { settled: Number(row.settled), refunded: Number(row.refunded), released: Number(row.released) };
      addTo(cellOf(cells, row), { ...NO_MOVES, ...moves });
    }
    for (const cell of await this.live(question, from > mark ? from : mark, to)) addTo(cellOf(cells, cell), cell);
    return [...cells.values()].sort(inOrder);
  }

  /** Days that are not counted yet, from the ledger itself. */
  private async live(question: StatementQuestion, from: string, to: string): Promise<Cell[]> {
    if (from >= to) return [];
    const { level, campaignId, province } = question;
    const today = shanghaiDay(await databaseNow(this.database));
    if (from > today) return [];
    const flows = await flowsBetween(this.database, shanghaiDayStart(from), shanghaiDayStart(to));
    return flows
      .filter((flow) => campaignId === undefined || flow.campaignId === campaignId)
      .filter((flow) => province === undefined || flow.city - (flow.city % 10_000) === province)
      .map(({ day, campaignId: campaign, city, settledFen, refundedFen, releasedFen }) => ({
        ...{ day, campaign, region: level === 'city' ? city : city - (city % 10_000) },
        ...{ awarded: 0, settled: settledFen, refunded: refundedFen, released: releasedFen },
      }));
  }

  /** Corrections know no campaign and no region. */
  private async corrected(question: StatementQuestion, from: string | null, to: string): Promise<number> {
    if (question.campaignId !== undefined || question.province !== undefined) return 0;
    const [row] = await this.database.query<{ fen: string | null }>(
      `SELECT SUM(l.amount_fen) AS fen FROM ledger_corrections c
         JOIN ledger_journals j ON j.journal_key = CONCAT('correction:', c.id) JOIN ledger_legs l ON l.journal_key = j.journal_key
        WHERE c.status = 'approved' AND j.at >= ? AND j.at < ? AND l.account LIKE 'budget:%:reserved'`,
      [from === null ? new Date(0) : shanghaiDayStart(from), shanghaiDayStart(to)],
    );
    return Number(row?.fen ?? 0);
  }

  private async names(): Promise<ReadonlyMap<number, string>> {
    const rows = await this.database.query<{ id: number; name: string }>('SELECT id, name FROM campaigns');
    return new Map(rows.map(({ id, name }) => [id, name]));
  }
}

interface Summed {
  campaign: number;
  region: string | number;
  fen: string;
}

/** The last row of the page before. */
export interface Place {
  readonly day: string;
  readonly campaign: number;
  readonly region: number;
}

const NO_MOVES: Moves = { awarded: 0, settled: 0, refunded: 0, released: 0 };

function check(scope: Scope, { from, to }: DayRange): void {
  if (scope.kind !== 'national') throw new Rejected('no_such_statement', '只有品牌总部可以查看对账单', 403);
  if (!(isDay(from) && isDay(to) && from < to && to <= addDays(from, MOST_STATEMENT_DAYS))) {
    throw new Rejected('bad_range', `日期范围须为 1 至 ${MOST_STATEMENT_DAYS} 天，结束日期不含在内`, 422);
  }
}

function isDay(text: string): boolean {
  if (!DAY.test(text)) return false;
  const at = new Date(`${text}T00:00:00.000Z`);
  return !Number.isNaN(at.getTime()) && at.toISOString().startsWith(text);
}

function region({ level }: StatementQuestion): string {
  return level === 'city' ? 'city' : 'city - MOD(city, 10000)';
}

function filterOf({ campaignId, province }: StatementQuestion): { sql: string; params: SqlValue[] } {
  const filters = [
    ...(campaignId === undefined ? [] : [{ sql: 'AND campaign_id = ?', value: campaignId }]),
    ...(province === undefined ? [] : [{ sql: 'AND city - MOD(city, 10000) = ?', value: province }]),
  ];
  return { sql: filters.map(({ sql }) => sql).join(' '), params: filters.map(({ value }) => value) };
}

function nextChunk(from: string, to: string): string {
  const end = addDays(from, CHUNK_DAYS);
  return end < to ? end : to;
}

/** What a day adds to what is open. */
function change({ awarded, settled, refunded, released }: Moves): number {
  return awarded - settled + refunded - released;
}

function addTo(sum: Moves, moves: Moves): void {
  sum.awarded += moves.awarded;
  sum.settled += moves.settled;
  sum.refunded += moves.refunded;
  sum.released += moves.released;
}

function cellOf(cells: Map<string, Cell>, row: { day: string; campaign: number; region: string | number }): Cell {
  const [campaign, regionCode] = [Number(row.campaign), Number(row.region)];
  const key = `${row.day}|${campaign}|${regionCode}`;
  const cell = cells.get(key) ?? { day: row.day, campaign, region: regionCode, ...NO_MOVES };
  cells.set(key, cell);
  return cell;
}

function inOrder(one: Place, other: Place): number {
  if (one.day !== other.day) return one.day < other.day ? -1 : 1;
  return one.campaign - other.campaign || one.region - other.region;
}

function isAfter(cell: Place, place: Place): boolean {
  return inOrder(cell, place) > 0;
}

function rowOf(cell: Cell, openFen: number, names: ReadonlyMap<number, string>): StatementRow {
  const { day, campaign, region: adcode, awarded, settled, refunded, released } = cell;
  return {
    ...{ day, campaignId: campaign, campaignName: names.get(campaign) ?? '', adcode: adcode === 0 ? null : adcode },
    ...{ awardedFen: awarded, settledFen: settled, refundedFen: refunded, releasedFen: released, openFen },
  };
}

function placeOf(cursor: string): Place {
  const [day, campaign, regionCode] = readCursor(cursor, 3);
  if (typeof day !== 'string' || !isDay(day) || typeof campaign !== 'number' || typeof regionCode !== 'number') {
    throw new Rejected('bad_cursor', '翻页标记无效，请从第一页重新开始', 400);
  }
  return { day, campaign, region: regionCode };
}
