import fc from 'fast-check';
import { openTestDatabase, type TestDatabase } from '@app/testing';
import { written } from './differential/actor';
import { anything, BASE, byKey, FILLER, FILLERS, type Named } from './differential/statements';
import { TwoSides, type Step } from './differential/two-sides';
import { ManualScheduler, MemoryDatabase, MemoryUnitOfWork, Schema, type Snapshot } from '.';

/** The same statements on MariaDB and in memory: the same rows, the same counts, the same errors, and the same waiting. */

const TABLES = [
  'budgets',
  'payout_incidents',
  'code_claims',
  'campaign_counters',
  'member_tags',
  'coupon_stock',
  'campaign_submissions',
  'outbox',
];
const COUNTED = ['budgets', 'payout_incidents', 'campaign_submissions', 'outbox'];
/** More of them for a long look: RUNS=2000. */
const RUNS = Number(process.env.RUNS ?? 60);
const NOW = BASE + 3 * 60_000;

let maria: TestDatabase;
let memory: MemoryDatabase;
let empty: Snapshot;

beforeAll(async () => {
  // A database of its own: this test empties tables.
  process.env.TEST_DATABASE_SUFFIX = `${process.env.TEST_DATABASE_SUFFIX ?? ''}memory_`;
  maria = await openTestDatabase();
  memory = new MemoryDatabase(await Schema.fromMigrations(), new ManualScheduler(NOW));
  for (const table of TABLES) await maria.asOwner.query(`DELETE FROM ${table}`);
  for (const sql of fillers()) {
    await maria.asOwner.query(sql);
    memory.plant(sql);
  }
  for (const table of TABLES) await maria.asOwner.query(`ANALYZE TABLE ${table}`);
  empty = memory.snapshot();
});

afterAll(() => maria.close());

/** Rows that nobody looks for. */
function fillers(): string[] {
  const rows = (row: (id: number) => string) =>
    Array.from({ length: FILLERS }, (_, at) => `(${row(FILLER + at)})`).join();
  const time = `'2026-01-01'`;
  return [
    `INSERT INTO budgets (id, name, created_at) VALUES ${rows((id) => `${id}, 'f', ${time}`)}`,
    `INSERT INTO payout_incidents (id, incident_key, kind, detail, created_at) VALUES ${rows((id) => `${id}, 'f${id}', 'f', '', ${time}`)}`,
    `INSERT INTO code_claims (batch_id, layer, serial, first_member_id, first_at) VALUES ${rows((id) => `9, 0, ${id}, 1, ${time}`)}`,
    `INSERT INTO campaign_counters (campaign_id, counter_key) VALUES ${rows((id) => `${id}, 'f'`)}`,
    `INSERT INTO member_tags (member_id, tag, added_at) VALUES ${rows((id) => `${id}, 'f', ${time}`)}`,
    `INSERT INTO coupon_stock (pool_id) VALUES ${rows((id) => `${id}`)}`,
    `INSERT INTO campaign_submissions (id, campaign_id, pending_campaign, content_hash, state, submitted_by, submitted_at)
       VALUES ${rows((id) => `${id}, ${id}, ${id}, REPEAT(CHAR(1), 32), 'pending', 1, ${time}`)}`,
    `INSERT INTO outbox (id, status, due, job, job_key, payload, created_at) VALUES ${rows((id) => `${id}, 3, ${time}, 'f', 'f', '', ${time}`)}`,
  ];
}

/** Leaves nothing but the fillers, and the numbers that come next. */
async function clean(): Promise<void> {
  memory.restore(empty);
  for (const table of TABLES) {
    const [first] = (await maria.asOwner.query(`SHOW KEYS FROM ${table} WHERE Key_name = 'PRIMARY'`)) as {
      Column_name: string;
    }[];
    const column = table === 'code_claims' ? 'serial' : first!.Column_name;
    await maria.asOwner.query(`DELETE FROM ${table} WHERE ${column} < ${FILLER} OR ${column} >= ${FILLER + FILLERS}`);
  }
  for (const table of COUNTED) await maria.asOwner.query(`ALTER TABLE ${table} AUTO_INCREMENT = ${FILLER + FILLERS}`);
}

/** Rows to begin with: some that are there, so that not everything misses. */
const START = [
  "INSERT INTO budgets (id, name, granted_fen, available_fen, reserved_fen, created_at) VALUES (1, 'one', 500, 400, 100, '2026-11-01'), (2, '二', 300, 300, 0, '2026-11-01'), (3, 'three', 0, 0, 0, '2026-11-01')",
  'INSERT INTO coupon_stock (pool_id, total, taken) VALUES (1, 5, 0), (2, 2, 2)',
  "INSERT INTO code_claims (batch_id, layer, serial, first_member_id, first_at, scans) VALUES (1, 0, 1, 5, '2026-11-02 03:04:05.678901', 1)",
  "INSERT INTO member_tags (member_id, tag, added_at) VALUES (1, 'a', '2026-11-02'), (2, 'b', '2026-11-02')",
];

async function play(steps: readonly Step[]): Promise<readonly string[]> {
  await clean();
  for (const sql of START) {
    memory.plant(sql);
    await maria.asOwner.query(sql);
  }
  // Every session of MariaDB stands at the time of the memory database.
  const prepare = { run: `SET timestamp = ${NOW / 1000}` };
  const sides = new TwoSides(new MemoryUnitOfWork(memory, 'test'), maria.unitOfWork, (tx) => tx.execute(prepare.run));
  const differences = [...(await sides.play(steps))];
  for (const table of TABLES) {
    const names = Object.keys(memory.rows(table)[0]!);
    const rows: unknown[] = await maria.database.query(`SELECT ${names.join()} FROM ${table}`);
    const [ours, theirs] = [memory.rows(table), rows].map((list) => list.map(written).sort().join('\n'));
    if (ours !== theirs) differences.push(`rows of ${table} differ:\n${ours}\n-- MariaDB:\n${theirs}`);
  }
  return differences;
}

const words = (steps: readonly Step[]) => steps.map(({ who, name }) => `${who}: ${name}`).join('\n');
const ending = fc.constantFrom('commit' as const, 'commit' as const, 'rollback' as const);
const stepOf = (who: 0 | 1, { name, what }: Named): Step => ({ who, name, what });
const endOf = (who: 0 | 1, what: 'commit' | 'rollback'): Step => ({ who, name: what, what });

async function compare(arbitrary: fc.Arbitrary<Step[]>): Promise<void> {
  await fc.assert(
    fc.asyncProperty(arbitrary, async (steps) => {
      const differences = await play(steps);
      if (differences.length > 0) throw new Error(`${words(steps)}\n\n${differences.join('\n')}`);
    }),
    { numRuns: RUNS, interruptAfterTimeLimit: RUNS * 2000 },
  );
}

it('gives one transaction after another the same answers', async () => {
  const alone = fc
    .array(fc.tuple(fc.array(anything, { minLength: 1, maxLength: 8 }), ending), { minLength: 1, maxLength: 3 })
    .map((parts) => parts.flatMap(([named, end]) => [...named.map((one) => stepOf(0, one)), endOf(0, end)]));
  await compare(alone);
}, 1_000_000);

it('gives two transactions at a time the same answers and the same waiting', async () => {
  const mixed = fc
    .array(fc.tuple(fc.constantFrom(0 as const, 1 as const), fc.option(byKey, { freq: 5 }), ending), {
      minLength: 4,
      maxLength: 14,
    })
    .map((parts) => parts.map(([who, named, end]) => (named ? stepOf(who, named) : endOf(who, end))));
  await compare(mixed);
}, 1_000_000);
