import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { UnitOfWork } from '@app/database';
import { addDays, shanghaiDay } from '@app/kernel';
import { Confirmations, ReconciliationSchedule, ReconciliationViews, type RunItem } from '@app/payouts';
import { BillFileApi } from '@app/wechat';
import { createPool } from 'mysql2/promise';
import type { BenchSystem } from './bench-system';
import { liesOf, plainBytes, plantPayouts, writeFile, type BillDay } from './bill-day';
import type { Row } from './measure';

const GOAL = { goal: 'a million rows', floor: '60 s', aim: '60 s' };
/**
 * A day's bill file against as many settled payouts, from the packed file to the last verdict, beside reading and parsing the same file
 * plainly. The file comes from the disk instead of the network; the booking of what matches is told apart. A day that is right must
 * raise nothing, a day with lies must raise every one of them and nothing else.
 */
export async function reconcileSuite(system: BenchSystem, quick: boolean): Promise<Row[]> {
  const rows = quick ? 100_000 : 1_000_000;
  const mchId = system.config.wechat.merchants[0]!.mchId;
  const folder = mkdtempSync(join(tmpdir(), 'yima-bills-'));
  const owner = createPool({ uri: process.env.MIGRATOR_DATABASE_URL!, connectionLimit: 1 });
  const today = shanghaiDay(new Date());
  try {
    const out: Row[] = [];
    for (const [back, lieEvery] of [
      [4, 0],
      [2, rows / 1_000],
    ] as const) {
      // The second day is planted when all days after it were gone through: what its file leaves out is missing at once.
      const day: BillDay = { mchId, day: addDays(today, -back), salt: `bench${process.pid}-${back}`, rows, lieEvery };
      const file = join(folder, day.day);
      await plantPayouts(owner, day);
      await owner.query('ANALYZE TABLE payouts');
      out.push(await oneDay(system, day, file, await writeFile(file, day)));
    }
    return out;
  } finally {
    await owner.end();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function oneDay(system: BenchSystem, day: BillDay, file: string, sha1: string): Promise<Row> {
  const plain = await plainSeconds(file, day);
  const { seconds, booking, run } = await reconciled(system, day, file, sha1);
  await check(system, day, run);
  const matching = seconds - booking;
  const what = day.lieEvery === 0 ? 'all right' : `${day.rows / day.lieEvery} lies, all found`;
  const ratio = plain / matching;
  return {
    ...{ suite: 'reconcile', what: `${day.rows.toLocaleString('en')} rows, ${what}`, ...GOAL },
    a: `reconcile: ${matching.toFixed(1)} s (booking: ${booking.toFixed(1)} s more)`,
    b: `read and parse: ${plain.toFixed(1)} s`,
    ...{
      aRate: day.rows / matching,
      bRate: day.rows / plain,
      ratio,
      min: ratio,
      max: ratio,
      rounds: 1,
      othersCpu: null,
    },
  };
}

/** The real run, as the worker makes it, with a file that lies on the disk. */
async function reconciled(
  system: BenchSystem,
  { mchId, day }: BillDay,
  file: string,
  sha1: string,
): Promise<{ seconds: number; booking: number; run: RunItem }> {
  const api = system.use(BillFileApi);
  api.apply = (_mchId, asked, account) =>
    Promise.resolve(
      asked === day && account === 'BASIC' ? { kind: 'ready', mchId, sha1, query: {} } : { kind: 'none' },
    );
  api.download = async function* () {
    const hash = createHash('sha1');
    for await (const piece of plainBytes(file)) {
      hash.update(piece);
      yield piece;
    }
    if (hash.digest('hex') !== sha1) throw new Error('the file of the bench is damaged');
  };
  const books = system.use(Confirmations);
  const confirm = books.confirm.bind(books);
  let booking = 0;
  books.confirm = async (tx, bills) => {
    const startedAt = performance.now();
    const booked = await confirm(tx, bills);
    booking += (performance.now() - startedAt) / 1_000;
    return booked;
  };
  const views = system.use(ReconciliationViews);
  await system.use(UnitOfWork).run((tx) => views.start(tx, { mchId, day }, 1));
  const startedAt = performance.now();
  await system.use(ReconciliationSchedule).tick();
  const seconds = (performance.now() - startedAt) / 1_000;
  books.confirm = confirm;
  return { seconds, booking, run: await views.one({ mchId, day }) };
}

/** Not one false alarm, not one lie missed. */
async function check(system: BenchSystem, day: BillDay, run: RunItem): Promise<void> {
  const lies = liesOf(day);
  const found = new Map<string, number>();
  const views = system.use(ReconciliationViews);
  for (let cursor: string | null = null; ;) {
    const page = await views.differences(day, { limit: 100, cursor });
    for (const { kind } of page.items) found.set(kind, (found.get(kind) ?? 0) + 1);
    if (page.nextCursor === null) break;
    cursor = page.nextCursor;
  }
  const matched = day.rows - lies.drop - lies.amount - lies.double;
  const right =
    run.state === 'done' &&
    run.matched === matched &&
    run.confirmed === matched &&
    run.waiting === 0 &&
    run.differences === lies.drop + lies.amount + lies.double &&
    (found.get('missing') ?? 0) === lies.drop &&
    (found.get('amount') ?? 0) === lies.amount &&
    (found.get('duplicate') ?? 0) === lies.double;
  if (!right) throw new Error(`expected ${JSON.stringify(lies)}, got ${JSON.stringify([run, [...found]])}`);
}

/** The least anybody can do: unpack, cut into lines and cells, add up. */
async function plainSeconds(file: string, { rows }: BillDay): Promise<number> {
  const startedAt = performance.now();
  const decoder = new TextDecoder();
  let [rest, count, fen] = ['', 0, 0];
  for await (const piece of plainBytes(file)) {
    const lines = (rest + decoder.decode(piece, { stream: true })).split('\r\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      if (!line.startsWith('`')) continue;
      const cells = line.slice(1).split(',`');
      if (cells.length !== 11) continue;
      count += 1;
      fen += Math.round(Number(cells[6]) * 100);
    }
  }
  if (Math.abs(count - rows) > rows / 100 || fen === 0) throw new Error(`${count} rows of ${rows} parsed`);
  return (performance.now() - startedAt) / 1_000;
}
