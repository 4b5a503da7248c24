import { Defect } from '@app/kernel';

/** Values that may stand for a `?`. Other objects are refused: nothing a caller hands over may turn into SQL. */
export type SqlValue = string | number | bigint | boolean | Date | Buffer | null;

/**
 * A value as SQL text. Our sessions are utf8mb4 and never NO_BACKSLASH_ESCAPES or ANSI_QUOTES, so inside single quotes only the quote
 * itself, the backslash and, for older tools that read logs, NUL need a backslash. A lone surrogate is no character: like everywhere in
 * Node it is sent as U+FFFD. Throws Defect for what is no SqlValue, for NaN, infinities and impossible dates.
 */
export function sqlText(value: SqlValue): string {
  switch (typeof value) {
    case 'string':
      return quoted(value);
    case 'number':
      if (Number.isFinite(value)) return String(value);
      throw new Defect(`${value} is not an SQL value`);
    case 'boolean':
      return value ? 'true' : 'false';
    case 'bigint':
      return value.toString();
    default:
      return objectText(value);
  }
}

const SPECIAL = /['\\\0]/;
const EVERY_SPECIAL = /['\\\0]/g;
const ESCAPED: Record<string, string> = { "'": "\\'", '\\': '\\\\', '\0': '\\0' };

function quoted(text: string): string {
  // JSON and names have nothing to escape nearly always: looking is much cheaper than copying.
  if (!SPECIAL.test(text)) return `'${text}'`;
  return `'${text.replace(EVERY_SPECIAL, (special) => ESCAPED[special]!)}'`;
}

function objectText(value: Date | Buffer | null): string {
  if (value === null) return 'NULL';
  if (Buffer.isBuffer(value)) return `X'${value.toString('hex')}'`;
  if (value instanceof Date) return dateText(value);
  if (value === undefined) throw new Defect('undefined is not an SQL value; say null');
  throw new Defect('an object is not an SQL value');
}

let lastInstant = Number.NaN;
let lastDateText = '';

/** UTC with milliseconds, which is all a Date has. The rows of one statement mostly share one instant. */
function dateText(date: Date): string {
  const instant = date.getTime();
  if (instant === lastInstant) return lastDateText;
  if (Number.isNaN(instant)) throw new Defect('an impossible date is not an SQL value');
  const iso = date.toISOString();
  lastDateText = `'${iso.slice(0, -1).replace('T', ' ')}'`;
  lastInstant = instant;
  return lastDateText;
}

const MAX_TEMPLATES = 1000;
const templates = new Map<string, readonly string[]>();

/**
 * The statement with its values in place of each `?` outside quotes. Throws Defect when there are more or fewer values than places, so a
 * `?` that came in with a value can never be taken for one.
 */
export function sqlWithValues(sql: string, values: readonly SqlValue[]): string {
  if (values.length === 0) return sql;
  const parts = partsOf(sql);
  if (parts.length !== values.length + 1) {
    throw new Defect(`${parts.length - 1} places and ${values.length} values in ${sql.slice(0, 200)}`);
  }
  let text = parts[0]!;
  for (let at = 0; at < values.length; at++) text += sqlText(values[at]!) + parts[at + 1]!;
  return text;
}

/** The text between the places. Statements are written in code, so there are few of them; IN lists make some more. */
function partsOf(sql: string): readonly string[] {
  const known = templates.get(sql);
  if (known) return known;
  const parts = cut(sql);
  if (templates.size >= MAX_TEMPLATES) templates.clear();
  templates.set(sql, parts);
  return parts;
}

/** A quoted text or name, in which two quotes or a backslash stand for one, is stepped over. */
const QUOTED_OR_PLACE = /'(?:[^'\\]|\\.|'')*'|"(?:[^"\\]|\\.|"")*"|`[^`]*`|\?/gs;

function cut(sql: string): string[] {
  const parts: string[] = [];
  let from = 0;
  for (const { 0: token, index } of sql.matchAll(QUOTED_OR_PLACE)) {
    if (token !== '?') continue;
    parts.push(sql.slice(from, index));
    from = index + 1;
  }
  parts.push(sql.slice(from));
  return parts;
}

/** `(1,'a'),(2,'b')`. Throws Defect for a row that has not as many values as there are columns. */
export function tuplesText(columns: number, rows: readonly (readonly SqlValue[])[]): string {
  let text = '';
  for (const row of rows) {
    if (row.length !== columns) throw new Defect(`a row of ${row.length} values for ${columns} columns`);
    let tuple = sqlText(row[0]!);
    for (let at = 1; at < columns; at++) tuple += `,${sqlText(row[at]!)}`;
    text += text === '' ? `(${tuple})` : `,(${tuple})`;
  }
  return text;
}
