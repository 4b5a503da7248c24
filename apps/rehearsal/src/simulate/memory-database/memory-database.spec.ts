import { bulkInsert, bulkUpsert, databaseNow, errorNumber, isDuplicate, type Tx } from '@app/database';
import { ManualScheduler, MemoryDatabase, MemoryReader, MemoryUnitOfWork, Schema, type Faults } from '.';

const NOW = Date.UTC(2026, 10, 22, 4, 30);
let schema: Schema;

beforeAll(async () => {
  schema = await Schema.fromMigrations();
});

function stage(faults: Faults = {}) {
  const scheduler = new ManualScheduler(NOW);
  const database = new MemoryDatabase(schema, scheduler, faults);
  const work = new MemoryUnitOfWork(database, 'one');
  const other = new MemoryUnitOfWork(database, 'two');
  return { scheduler, database, work, other, reader: new MemoryReader(database, 'one') };
}

const budget = (tx: Tx, name: string) =>
  tx.execute('INSERT INTO budgets (name, created_at) VALUES (?, UTC_TIMESTAMP(6))', [name]);
const give = (tx: Tx, id: number, fen: number) =>
  tx.execute('UPDATE budgets SET granted_fen = granted_fen + ?, available_fen = available_fen + ? WHERE id = ?', [
    fen,
    fen,
    id,
  ]);
const pause = () => new Promise<void>((resolve) => setImmediate(resolve));

it('knows the tables, their rows from migrations, and time', async () => {
  const { database, reader } = stage();
  expect(database.rows('audit_head')).toMatchObject([{ name: Buffer.from('main'), last_id: '0' }]);
  expect(await databaseNow(reader)).toEqual(new Date(NOW));
});

it('writes, reads back what mysql2 would give, and counts what it touched', async () => {
  const { work, reader } = stage();
  const made = await work.run((tx) => budget(tx, '秋收'));
  expect(made).toEqual({ affectedRows: 1, insertId: 1 });
  expect(await work.run((tx) => give(tx, 1, 500))).toEqual({ affectedRows: 1, insertId: 0 });
  expect(await reader.query('SELECT id, name, available_fen, created_at FROM budgets')).toEqual([
    { id: 1, name: '秋收', available_fen: '500', created_at: new Date(NOW) },
  ]);
});

it('refuses what the schema refuses, by the numbers of the server', async () => {
  const { work } = stage();
  const number = (sql: string, params: (string | number | null)[] = []) =>
    work
      .run((tx) => tx.execute(sql, params))
      .then(
        () => 0,
        (error: unknown) => errorNumber(error),
      );
  await work.run((tx) => budget(tx, 'a'));
  expect(await number('UPDATE budgets SET available_fen = -1 WHERE id = 1')).toBe(4025);
  expect(await number('INSERT INTO budgets (name, created_at) VALUES (?, UTC_TIMESTAMP(6))', [null])).toBe(1048);
  expect(await number('INSERT INTO budgets (name) VALUES (?)', ['b'])).toBe(1364);
  expect(await number('UPDATE budgets SET name = ? WHERE id = 1', ['x'.repeat(65)])).toBe(1406);
  expect(await number('UPDATE ledger_legs SET amount_fen = 1')).toBe(1142);
  expect(await number('DELETE FROM payouts')).toBe(1142);
});

it('names the key of a duplicate and leaves nothing of the statement', async () => {
  const { work, reader } = stage();
  const legs = (...numbers: number[]) => numbers.map((leg) => ['j1', leg, 'a', 1]);
  const columns = ['journal_key', 'leg', 'account', 'amount_fen'];
  await work.run((tx) => bulkInsert(tx, 'ledger_legs', columns, legs(1)));
  const caught = await work.run((tx) => bulkInsert(tx, 'ledger_legs', columns, legs(0, 1))).catch((error) => error);
  expect(isDuplicate(caught, 'PRIMARY')).toBe(true);
  expect(await reader.query('SELECT leg FROM ledger_legs')).toEqual([{ leg: 1 }]);
});

it('upserts rows and adds up', async () => {
  const { work, reader } = stage();
  const add = (fen: number) =>
    work.run((tx) =>
      bulkUpsert(tx, 'campaign_counters', ['campaign_id', 'counter_key', 'awards', 'fen'], [[1, 'c|t', 1, fen]], {
        update: ['awards = awards + VALUES(awards)', 'fen = fen + VALUES(fen)'],
      }),
    );
  await add(5);
  await add(7);
  expect(await reader.query('SELECT awards, fen FROM campaign_counters')).toEqual([{ awards: '2', fen: '12' }]);
});

it('makes the second writer of a row wait for the first, and shows readers only what is committed', async () => {
  const { work, other, reader } = stage();
  await work.run((tx) => budget(tx, 'a'));
  const order: string[] = [];
  let go!: () => void;
  const held = new Promise<void>((resolve) => (go = resolve));
  const first = work.run(async (tx) => {
    await give(tx, 1, 10);
    await held;
    order.push('first');
  });
  await pause();
  const second = other.run(async (tx) => {
    await give(tx, 1, 5);
    order.push('second');
  });
  await pause();
  expect(await reader.query('SELECT available_fen FROM budgets')).toEqual([{ available_fen: '0' }]);
  go();
  await Promise.all([first, second]);
  expect(order).toEqual(['first', 'second']);
  expect(await reader.query('SELECT available_fen FROM budgets')).toEqual([{ available_fen: '15' }]);
});

it('breaks a circle of waiting by giving one of them up, which then runs again', async () => {
  const { work, other, scheduler, reader } = stage();
  for (const name of ['a', 'b']) await work.run((tx) => budget(tx, name));
  const runs = [0, 0];
  const both = (which: 0 | 1, [one, two]: readonly [number, number]) =>
    [work, other][which]!.run(async (tx) => {
      runs[which]!++;
      await give(tx, one, 1);
      await pause();
      await give(tx, two, 1);
    });
  const done = Promise.all([both(0, [1, 2]), both(1, [2, 1])]);
  for (let step = 0; step < 10; step++) {
    await pause();
    scheduler.advance(20);
  }
  await done;
  expect(runs[0]! + runs[1]!).toBe(3);
  expect(await reader.query('SELECT SUM(available_fen) AS sum FROM budgets')).toEqual([{ sum: '4' }]);
});

it('gives up waiting after three seconds and rolls everything back', async () => {
  const { work, other, scheduler, reader } = stage();
  for (const name of ['a', 'b']) await work.run((tx) => budget(tx, name));
  let go!: () => void;
  const held = new Promise<void>((resolve) => (go = resolve));
  const first = work.run(async (tx) => {
    await give(tx, 1, 10);
    await held;
  });
  let tries = 0;
  const second = other.run(async (tx) => {
    tries++;
    await give(tx, 2, 1);
    await give(tx, 1, 1);
  });
  await pause();
  scheduler.advance(3000);
  await pause();
  expect(tries).toBe(1);
  go();
  await first;
  scheduler.advance(100);
  await second;
  expect(tries).toBe(2);
  expect(await reader.query('SELECT available_fen FROM budgets ORDER BY id')).toEqual([
    { available_fen: '11' },
    { available_fen: '1' },
  ]);
});

it.each([
  ['lost_before', 0],
  ['lost_after', 1],
] as const)('does not tell whether a commit was applied: %s', async (fault, rows) => {
  const { work, database } = stage({ atCommit: () => fault });
  const lost = await work.run((tx) => budget(tx, 'a')).catch((error: unknown) => error);
  expect(lost).toMatchObject({ cause: { code: 'PROTOCOL_CONNECTION_LOST', errno: undefined } });
  expect(database.rows('budgets')).toHaveLength(rows);
});

it('ends the open transactions of a process that dies and frees their rows', async () => {
  const { work, other, database, reader } = stage();
  await work.run((tx) => budget(tx, 'a'));
  let ended = false;
  void work
    .run(async (tx) => {
      await give(tx, 1, 10);
      await pause();
      await pause();
      await give(tx, 1, 10);
    })
    .finally(() => (ended = true));
  await pause();
  database.crash('one');
  await other.run((tx) => give(tx, 1, 3));
  for (let step = 0; step < 5; step++) await pause();
  expect(ended).toBe(false);
  expect(database.openTransactions()).toBe(0);
  expect(await reader.query('SELECT available_fen FROM budgets')).toEqual([{ available_fen: '3' }]);
});

it('goes back to a snapshot, loses every connection and tells of each commit', async () => {
  const { work, database, reader } = stage();
  await work.run((tx) => budget(tx, 'a'));
  const snapshot = database.snapshot();
  const told: unknown[] = [];
  database.onCommit = (changes) =>
    told.push(...changes.map(({ table, before, after }) => [table, before?.name, after?.name]));
  await work.run((tx) => tx.execute("UPDATE budgets SET name = 'b' WHERE id = 1"));
  await work.run((tx) => budget(tx, 'c'));
  expect(told).toEqual([
    ['budgets', 'a', 'b'],
    ['budgets', undefined, 'c'],
  ]);
  const lost = work.run(async (tx) => {
    await give(tx, 1, 10);
    database.restore(snapshot);
    await give(tx, 1, 10);
  });
  await expect(lost).rejects.toMatchObject({ cause: { code: 'PROTOCOL_CONNECTION_LOST' } });
  expect(await reader.query('SELECT id, name FROM budgets')).toEqual([{ id: 1, name: 'a' }]);
  expect(await work.run((tx) => tx.query('SELECT name FROM budgets WHERE id = 1 FOR UPDATE'))).toEqual([{ name: 'a' }]);
  expect((await work.run((tx) => budget(tx, 'd'))).insertId).toBe(2);
});

it('refuses what it does not know, with the statement', async () => {
  const { reader } = stage();
  await expect(reader.query('SELECT SOUNDEX(name) FROM budgets')).rejects.toThrow(/SOUNDEX.*SELECT SOUNDEX/);
  await expect(reader.query('SELECT 1 / 2 AS half')).rejects.toThrow(/beyond its SQL/);
});
