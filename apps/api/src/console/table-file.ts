import { setImmediate as turn, setTimeout as sleep } from 'node:timers/promises';
import { PassThrough, pipeline, Readable } from 'node:stream';
import { stream as excel } from 'exceljs';
import { format } from 'fast-csv';
import type { FastifyReply } from 'fastify';

/** A column of a file that people open in a spreadsheet. `yuan` columns are given in whole fen. */
export interface Column<T> {
  readonly title: string;
  readonly kind?: 'text' | 'yuan' | 'number';
  readonly of: (row: T) => string | number | null;
}

export type TableFormat = 'csv' | 'xlsx';

const TYPES: Readonly<Record<TableFormat, string>> = {
  csv: 'text/csv; charset=utf-8',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
};
/** What a sheet of a workbook holds, its headings aside, is 1,048,575 rows. */
const ROWS_A_SHEET = 1_000_000;
const ROWS_A_TURN = 200;
const WAITING_BYTES = 1 << 20;
const WAIT_MS = 10;
/** A spreadsheet would take text that begins so for a formula. */
const FORMULA = /^[=+\-@\t\r]/;

/**
 * Sends rows as a file, as they come: neither the file nor its rows are ever whole in memory. `record` writes down that somebody took
 * them away, before the first byte leaves.
 */
export async function sendTable<T>(
  reply: FastifyReply,
  { name, as, columns }: { name: string; as: TableFormat; columns: readonly Column<T>[] },
  rows: AsyncIterable<T>,
  record: () => Promise<void>,
): Promise<void> {
  // The first row is asked for here, so that a question that cannot be answered gets its answer instead of half a file.
  const begun = await began(rows);
  await record();
  await reply
    .header('content-type', TYPES[as])
    .header('content-disposition', `attachment; filename="${name}.${as}"`)
    .header('cache-control', 'no-store')
    .send(as === 'csv' ? csvOf(columns, begun) : xlsxOf(columns, begun));
}

/** CSV for Excel: with a byte order mark, and no cell that is taken for a formula. */
export function csvOf<T>(columns: readonly Column<T>[], rows: AsyncIterable<T>): Readable {
  const csv = format({ headers: false });
  async function* lines(): AsyncGenerator<string[]> {
    // fast-csv forgets its byte order mark when there are no rows.
    yield columns.map(({ title }, index) => (index === 0 ? `\uFEFF${title}` : title));
    for await (const row of rows) yield columns.map((column) => csvCell(column, row));
  }
  pipeline(Readable.from(lines()), csv, () => undefined);
  return csv;
}

/** A workbook; money are numbers in yuan with two decimals. */
export function xlsxOf<T>(columns: readonly Column<T>[], rows: AsyncIterable<T>): Readable {
  const out = new PassThrough();
  writeWorkbook(out, columns, rows).catch((error: unknown) => out.destroy(error as Error));
  return out;
}

async function writeWorkbook<T>(
  out: PassThrough,
  columns: readonly Column<T>[],
  rows: AsyncIterable<T>,
): Promise<void> {
  const book = new excel.xlsx.WorkbookWriter({ stream: out, useStyles: true, useSharedStrings: false });
  let sheet = newSheet(book, columns, 1);
  let count = 0;
  for await (const row of rows) {
    if (out.destroyed) return;
    if (count > 0 && count % ROWS_A_SHEET === 0) {
      sheet.commit();
      sheet = newSheet(book, columns, count / ROWS_A_SHEET + 1);
    }
    sheet.addRow(columns.map((column) => excelCell(column, row))).commit();
    count++;
    if (count % ROWS_A_TURN === 0) await room(out);
  }
  sheet.commit();
  await book.commit();
}

function newSheet<T>(book: InstanceType<typeof excel.xlsx.WorkbookWriter>, columns: readonly Column<T>[], nth: number) {
  const sheet = book.addWorksheet(`${nth}`, { views: [{ state: 'frozen', ySplit: 1 }] });
  sheet.columns = columns.map(({ title, kind }) => ({
    header: title,
    width: kind === 'text' || kind === undefined ? 20 : 14,
    ...(kind === 'yuan' && { style: { numFmt: '#,##0.00' } }),
  }));
  return sheet;
}

/** Lets others run, and waits while the reader is slower than we are. */
async function room(out: PassThrough): Promise<void> {
  await turn();
  while (!out.destroyed && out.readableLength + out.writableLength > WAITING_BYTES) await sleep(WAIT_MS);
}

function csvCell<T>({ kind, of }: Column<T>, row: T): string {
  const value = of(row);
  if (value === null) return '';
  if (kind === 'yuan') return yuan(Number(value));
  if (typeof value === 'number') return String(value);
  return FORMULA.test(value) ? `'${value}` : value;
}

function excelCell<T>({ kind, of }: Column<T>, row: T): string | number | null {
  const value = of(row);
  return kind === 'yuan' && value !== null ? Number(value) / 100 : value;
}

/** `-188` → `-1.88` */
function yuan(fen: number): string {
  const whole = Math.abs(fen);
  return `${fen < 0 ? '-' : ''}${Math.floor(whole / 100)}.${String(whole % 100).padStart(2, '0')}`;
}

async function began<T>(rows: AsyncIterable<T>): Promise<AsyncIterable<T>> {
  const iterator = rows[Symbol.asyncIterator]();
  const first = await iterator.next();
  async function* all(): AsyncGenerator<T> {
    if (first.done) return;
    yield first.value;
    for (let next = await iterator.next(); !next.done; next = await iterator.next()) yield next.value;
  }
  return all();
}
