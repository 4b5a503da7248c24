import fc from 'fast-check';
import { Defect } from '@app/kernel';
import { openTestDatabase, type TestDatabase } from '@app/testing';
import { bulkInsert, bulkUpsert, type SqlValue, StatementError } from './index';
import { sqlText, sqlWithValues } from './sql-text';

let db: TestDatabase;
beforeAll(async () => {
  db = await openTestDatabase();
}, 60_000);
afterAll(() => db.close());
jest.setTimeout(60_000);

/** Everything that ever broke a hand-made escape, more often than chance would bring it. */
const awkward = fc.constantFrom(
  ...[
    '\\',
    "'",
    '"',
    '`',
    '\0',
    '\x1a',
    '\n',
    '\r',
    '\b',
    '%',
    '_',
    '?',
    ';',
    '-- ',
    '/*',
    '*/',
    '#',
    "\\'",
    '\\\\',
    "''",
  ],
  ...['中', 'é', '\u00a5', '🍵', '\u{10ffff}', '\ud800', '\udfff', '\ufeff', '縗', '誠', '\x7f', '\x80', '\xff'],
);
const text = fc
  .array(fc.oneof(awkward, fc.string({ unit: 'binary', maxLength: 5 })), { maxLength: 12 })
  .map((parts) => parts.join(''));
const bytes = fc.uint8Array({ maxLength: 40 }).map((array) => Buffer.from(array));
const instant = fc
  .integer({ min: Date.UTC(1000, 0, 1), max: Date.UTC(9999, 11, 31, 23, 59, 59, 999) })
  .map((ms) => new Date(ms));

/** What the server holds for each value, as bytes in hexadecimal. */
async function heldFor(values: readonly SqlValue[]): Promise<(string | null)[]> {
  const columns = values.map((_, at) => `HEX(CONVERT(? USING binary)) AS c${at}`).join(',');
  const [row] = await db.database.query<Record<string, string | null>>(`SELECT ${columns}`, values);
  return Object.values(row!);
}
const hexOf = (value: string | Buffer): string =>
  Buffer.from(value as string)
    .toString('hex')
    .toUpperCase();

it('brings every text to the server byte for byte, a lone surrogate as U+FFFD', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(text, { minLength: 1, maxLength: 50 }), async (texts) => {
      expect(await heldFor(texts)).toEqual(texts.map(hexOf));
    }),
    { numRuns: 200 },
  );
});

it('brings bytes, numbers, instants, booleans and null', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(bytes, { minLength: 1, maxLength: 20 }), async (list) => {
      expect(await heldFor(list)).toEqual(list.map(hexOf));
    }),
  );
  const number = fc.oneof(
    fc.maxSafeInteger(),
    fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e300, max: 1e300 }),
  );
  await fc.assert(
    fc.asyncProperty(
      number,
      fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
      instant,
      fc.boolean(),
      async (n, big, at, yes) => {
        const [row] = await db.database.query<Record<string, unknown>>(
          'SELECT CAST(? AS DOUBLE) AS n, CAST(? AS CHAR) AS big, CAST(? AS DATETIME(6)) AS at, ? AS yes, ? AS nothing',
          [n, big, at, yes, null],
        );
        expect(row).toEqual({ n: n + 0, big: String(big), at, yes: Number(yes), nothing: null });
      },
    ),
    { numRuns: 300 },
  );
});

it('puts rows in as they are, many at once, and changes those that are there', async () => {
  const mark = `bulk-${Date.now()}-`;
  const holders = fc.sample(
    text.filter((one) => Buffer.byteLength(one) <= 60),
    1203,
  );
  const until = new Date('2026-06-01T12:34:56.789Z');
  const rows = holders.map((holder, at): SqlValue[] => [`${mark}${at}`, holder, until]);
  const columns = ['name', 'holder', 'until_at'];
  await db.unitOfWork.run((tx) => bulkInsert(tx, 'leases', columns, rows));
  const held = async () =>
    db.database.query<{ name: Buffer; holder: Buffer; until_at: Date }>(
      'SELECT name, holder, until_at FROM leases WHERE name LIKE ?',
      [`${mark}%`],
    );
  const byName = new Map((await held()).map((row) => [row.name.toString(), row]));
  expect(byName.size).toBe(rows.length);
  holders.forEach((holder, at) => {
    expect(byName.get(`${mark}${at}`)).toMatchObject({ holder: Buffer.from(holder), until_at: until });
  });

  const later = new Date(until.getTime() + 1);
  const again = [0, 1, 2, 5000].map((at): SqlValue[] => [`${mark}${at}`, '!', later]);
  const update = ['until_at', "holder = CONCAT(VALUES(holder), '?')"];
  await db.unitOfWork.run((tx) => bulkUpsert(tx, 'leases', columns, again, { update }));
  const after = new Map((await held()).map((row) => [row.name.toString(), row]));
  expect(after.size).toBe(rows.length + 1);
  expect([after.get(`${mark}2`)?.holder.toString(), after.get(`${mark}5000`)?.holder.toString()]).toEqual(['!?', '!']);
  expect([after.get(`${mark}2`)?.until_at, after.get(`${mark}3`)?.until_at]).toEqual([later, until]);
});

it('tells of a refused statement by number, code and key, without the values', async () => {
  const secret = 'o-a-person';
  const error = await db.database.query('SELECT ?, no_such_column', [secret]).catch((caught: unknown) => caught);
  expect(error).toBeInstanceOf(StatementError);
  expect(error).toMatchObject({ errno: 1054, code: 'ER_BAD_FIELD_ERROR', sqlState: '42S22' });
  expect(JSON.stringify([error, (error as Error).message, (error as Error).stack])).not.toContain(secret);
  expect((error as Error).stack).toContain('sql-text.db.spec');
});

describe('statement text', () => {
  it('takes only a ? outside quotes for a place, and never one that a value brought', () => {
    const sql = "SELECT '?', 'it''s \\'?', \"?\", `odd?` FROM t WHERE a = ? AND b = ?";
    expect(sqlWithValues(sql, ['?', 2])).toBe("SELECT '?', 'it''s \\'?', \"?\", `odd?` FROM t WHERE a = '?' AND b = 2");
  });

  it('refuses too many and too few values', () => {
    expect(() => sqlWithValues('SELECT ?, ?', [1])).toThrow(Defect);
    expect(() => sqlWithValues('SELECT ?', [1, 2])).toThrow(Defect);
    expect(() => sqlWithValues("SELECT '?'", [1])).toThrow(Defect);
  });

  it.each([
    Number.NaN,
    Infinity,
    -Infinity,
    new Date(Number.NaN),
    undefined,
    {},
    [1],
    new Uint8Array(1),
    Symbol('x'),
    () => 1,
  ])('refuses %p', (value) => {
    expect(() => sqlText(value as SqlValue)).toThrow(Defect);
  });
});
