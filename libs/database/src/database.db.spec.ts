import { Defect, Transient } from '@app/kernel';
import { openTestDatabase, type TestDatabase } from '@app/testing';
import { bulkInsert, databaseNow, errorNumber, isDuplicate, Slots } from './index';

let db: TestDatabase;
beforeAll(async () => {
  db = await openTestDatabase();
});
afterAll(() => db.close());

/** Rows of this run: the database may be one that an earlier run used. */
const run = Date.now();
const lease = (name: string) =>
  ["INSERT INTO leases (name, holder, until_at) VALUES (?, 'x', UTC_TIMESTAMP(6))", [`${run}-${name}`]] as const;
const names = async (pattern: string) =>
  (
    await db.database.query<{ name: Buffer }>('SELECT name FROM leases WHERE name LIKE ? ORDER BY name', [
      `${run}-${pattern}`,
    ])
  ).map((row) => row.name.toString().slice(`${run}-`.length));

it('commits what a closure wrote, and nothing of one that threw', async () => {
  await db.unitOfWork.run((tx) => tx.execute(...lease('uow-kept')));
  const thrown = db.unitOfWork.run(async (tx) => {
    await tx.execute(...lease('uow-lost'));
    throw new Error('changed my mind');
  });
  await expect(thrown).rejects.toThrow('changed my mind');
  expect(await names('uow-%')).toEqual(['uow-kept']);
});

it('runs with READ COMMITTED, strict mode and UTC on every connection', async () => {
  const settings = await Promise.all(
    Array.from({ length: 8 }, () =>
      db.unitOfWork.run(async (tx) => {
        const [row] = await tx.query<{ mode: string; zone: string; isolation: string }>(
          'SELECT @@sql_mode AS mode, @@time_zone AS zone, @@tx_isolation AS isolation',
        );
        await tx.query('SELECT SLEEP(0.05)');
        return row!;
      }),
    ),
  );
  for (const { mode, zone, isolation } of settings) {
    expect(mode).toContain('STRICT_TRANS_TABLES');
    expect([zone, isolation]).toEqual(['+00:00', 'READ-COMMITTED']);
  }
});

it('refuses to commit after a swallowed deadlock, and runs the closure again', async () => {
  await db.unitOfWork.run((tx) =>
    bulkInsert(
      tx,
      'leases',
      ['name', 'holder', 'until_at'],
      [
        [`${run}-dl-a`, '', new Date()],
        [`${run}-dl-b`, '', new Date()],
      ],
    ),
  );
  const touch = 'UPDATE leases SET holder = CONCAT(holder, ?) WHERE name = ?';
  let runs = 0;
  const crossing = (mine: string, other: string, mark: string) =>
    db.unitOfWork.run(async (tx) => {
      runs++;
      await tx.execute(touch, [mark, `${run}-${mine}`]);
      await tx.query('SELECT SLEEP(0.15)');
      await tx.execute(touch, [mark, `${run}-${other}`]).catch(() => undefined);
    });
  await Promise.all([crossing('dl-a', 'dl-b', '1'), crossing('dl-b', 'dl-a', '2')]);
  expect(runs).toBeGreaterThan(2);
  const rows = await db.database.query<{ holder: Buffer }>('SELECT holder FROM leases WHERE name IN (?, ?)', [
    `${run}-dl-a`,
    `${run}-dl-b`,
  ]);
  expect(rows.map((row) => row.holder.toString().split('').sort().join(''))).toEqual(['12', '12']);
});

it('refuses undefined and objects as SQL values', async () => {
  await expect(db.database.query('SELECT ?', [undefined as unknown as null])).rejects.toThrow(Defect);
  await expect(db.database.query('SELECT ?', [{ a: 1 } as unknown as null])).rejects.toThrow(Defect);
});

it('names duplicates by their key', async () => {
  await db.unitOfWork.run((tx) => tx.execute(...lease('dup')));
  const again = await db.unitOfWork.run((tx) => tx.execute(...lease('dup'))).catch((error: unknown) => error);
  expect(isDuplicate(again, 'PRIMARY')).toBe(true);
  expect(isDuplicate(again, 'uq_other')).toBe(false);
});

it('says that it is away when a connection breaks, and serves again at once', async () => {
  const broken = db.unitOfWork.run(async (tx) => {
    const [row] = await tx.query<{ id: string | number }>('SELECT CONNECTION_ID() AS id');
    await tx.query(`KILL ${Number(row!.id)}`);
    await tx.query('SELECT 1');
  });
  await expect(broken).rejects.toBeInstanceOf(Transient);
  await expect(db.unitOfWork.run((tx) => tx.query('SELECT 1 AS one'))).resolves.toHaveLength(1);
});

it('turns a request away when no connection becomes free in time', async () => {
  const slots = new Slots(1, 30);
  const busy = slots.use(() => new Promise((resolve) => setTimeout(resolve, 120)));
  await expect(slots.use(() => Promise.resolve())).rejects.toThrow(Transient);
  await busy;
  await expect(slots.use(() => Promise.resolve('free'))).resolves.toBe('free');
});

it('gives the app no right to change append-only tables, nor to touch the schema', async () => {
  const denied = async (sql: string) => errorNumber(await db.database.query(sql).catch((error: unknown) => error));
  for (const table of [
    'ledger_journals',
    'ledger_legs',
    'audit_log',
    'awards',
    'scans',
    'campaign_versions',
    'payout_bills',
  ]) {
    expect(await denied(`DELETE FROM ${table}`)).toBe(1142);
  }
  expect(await denied('UPDATE ledger_legs SET amount_fen = 0')).toBe(1142);
  expect(await denied('CREATE TABLE sneaky (id INT)')).toBe(1142);
  expect(await denied('DROP TABLE leases')).toBe(1142);
});

it('tells the time of the database', async () => {
  const at = await db.unitOfWork.run((tx) => databaseNow(tx));
  expect(Math.abs(at.getTime() - Date.now())).toBeLessThan(5000);
});
