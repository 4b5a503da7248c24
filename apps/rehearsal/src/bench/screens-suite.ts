import { createPool, type RowDataPacket } from 'mysql2/promise';
import {
  ComparisonModel,
  FiguresModel,
  LiveModel,
  PlaceReportModel,
  RegionTableModel,
  RiskCluesModel,
  ScansFound,
  ScopedProductsModel,
  TopItemsModel,
  TrendModel,
  type ScansSought,
  type Scope,
} from '@app/analytics';
import { addDays, shanghaiDay } from '@app/kernel';
import { scopeOf } from '@app/staff';
import type { BenchSystem } from './bench-system';
import { compare, type Row } from './measure';
import { serverPids } from './processes';
import { fill, printed, rescan, type Goods, type Owner } from './screens-world';

/** What every screen has on the server, in milliseconds. */
const MOST_MS = 150;
const HEFEI = 340_100;
/** Rows of a page of scans, and what the clues of a day ask for. */
const PAGE = 50;
const BUSY_FROM = 2;
const MOST_CLUES = 100;

/** One screen's read, and the same answer from the facts themselves. Both give a number that must be the same. */
interface Screen {
  readonly what: string;
  readonly ours: () => Promise<number>;
  /** Conditions on `scan_facts`, what is grouped by, and its values. */
  readonly raw: {
    readonly where: string;
    readonly by: string;
    readonly values: readonly (string | number)[];
    /** Behind GROUP BY: which of the groups the screen shows. */
    readonly tail?: string;
    /** Another table than the facts. */
    readonly from?: 'scans';
  };
}

/** Every read of the overview, the distributor's view and the regional report, each against GROUP BY over the same scans. */
export async function screensSuite(
  system: BenchSystem,
  { rounds, scans }: { rounds: number; scans: number },
  say: (text: string) => void,
): Promise<Row[]> {
  const owner = createPool({ uri: process.env.MIGRATOR_DATABASE_URL!, connectionLimit: 2 });
  try {
    return await measured(system, owner, { rounds, scans }, say);
  } finally {
    await owner.end();
  }
}

async function measured(
  system: BenchSystem,
  owner: Owner,
  { rounds, scans }: { rounds: number; scans: number },
  say: (text: string) => void,
): Promise<Row[]> {
  const goods = await printed(system);
  await fill(system, goods, scans, say);
  await rescan(owner, goods);
  await owner.query(
    'ANALYZE TABLE scan_facts, rollup_days, rollup_places, rollup_product_places, rollup_districts, rollup_items, rollup_hours, people_days, people_windows, scans',
  );
  const rows: Row[] = [];
  for (const screen of [...screens(system, goods), ...clues(system), ...lists(system, goods)]) {
    const row = await one(owner, screen, { rounds, scans });
    const ms = 1_000 / row.aRate;
    say(`  ${screen.what}: ${ms.toFixed(1)} ms${ms > MOST_MS ? `, more than ${MOST_MS} ms` : ''}`);
    rows.push(row);
  }
  return rows;
}

function screens(system: BenchSystem, { products }: Goods): Screen[] {
  const second = products[1]!;
  const today = shanghaiDay(new Date());
  const month = { from: addDays(today, -30), to: today };
  const values = [month.from, month.to];
  const [national, dealer] = [scope(null), scope(3)];
  const during = 'day >= ? AND day < ?';
  const province = 'city - MOD(city, 10000)';
  const table = system.use(RegionTableModel);
  const sorted = { sort: 'scans', ...month } as const;
  return [
    {
      what: 'live, national',
      ours: () =>
        system
          .use(LiveModel)
          .read(national)
          .then(({ today: sums }) => sums.scans),
      raw: { where: 'day = ?', by: 'city', values: [today] },
    },
    {
      what: 'live, one distributor',
      ours: () =>
        system
          .use(LiveModel)
          .read(dealer)
          .then(({ today: sums }) => sums.scans),
      raw: { where: 'day = ? AND distributor_id = 3', by: 'city', values: [today] },
    },
    {
      what: 'key figures, national, 30 days',
      ours: () =>
        system
          .use(FiguresModel)
          .read(national, month)
          .then(({ now }) => now.sums.scans),
      raw: { where: during, by: 'campaign_id', values },
    },
    {
      what: 'map, provinces, 30 days',
      ours: () =>
        system
          .use(PlaceReportModel)
          .read(national, { ...month, parent: null })
          .then(({ total }) => total.scans),
      raw: { where: during, by: province, values },
    },
    {
      what: 'map, districts of a city, 30 days',
      ours: () =>
        system
          .use(PlaceReportModel)
          .read(national, { ...month, parent: HEFEI })
          .then(({ total }) => total.scans),
      raw: { where: `${during} AND adcode >= ${HEFEI} AND adcode < ${HEFEI + 100}`, by: 'adcode', values },
    },
    {
      what: 'trend, national, 14 days',
      ours: () =>
        system
          .use(TrendModel)
          .read(national, { from: addDays(today, -14), to: today })
          .then((days) => days.reduce((sum, { scans }) => sum + scans, 0)),
      raw: { where: during, by: 'day', values: [addDays(today, -14), today] },
    },
    {
      what: 'products and batches, national, 30 days',
      ours: () =>
        system
          .use(TopItemsModel)
          .read(national, month)
          .then(({ products }) => products.reduce((sum, { scans }) => sum + scans, 0)),
      raw: { where: during, by: 'product_id, batch_id', values },
    },
    {
      what: 'one distributor with its own past',
      ours: () =>
        system
          .use(ComparisonModel)
          .read(dealer)
          .then((spans) => spans[2]!.now.scans),
      raw: { where: `${during} AND distributor_id = 3`, by: 'distributor_id', values },
    },
    {
      what: 'regional report, cities, 30 days',
      ours: () => table.read(national, { ...sorted, level: 'city' }).then(({ total }) => total.scans),
      raw: { where: during, by: 'city', values },
    },
    {
      what: 'regional report, districts, 30 days',
      ours: () => table.read(national, { ...sorted, level: 'district' }).then(({ total }) => total.scans),
      raw: { where: during, by: 'adcode', values },
    },
    {
      what: 'regional report, cities of one product, 30 days',
      ours: () =>
        table.read(national, { ...sorted, level: 'city', productId: second }).then(({ total }) => total.scans),
      raw: { where: `${during} AND product_id = ${second}`, by: 'city', values },
    },
    {
      what: 'regional report, one distributor, 30 days',
      ours: () => table.read(dealer, { ...sorted, level: 'city' }).then(({ total }) => total.scans),
      raw: { where: `${during} AND distributor_id = 3`, by: 'city', values },
    },
  ];
}

/** What looks odd in the scans of today. */
function clues(system: BenchSystem): Screen[] {
  const today = shanghaiDay(new Date());
  const model = system.use(RiskCluesModel);
  return [
    {
      what: 'clues of risk, busy members of a day',
      ours: () =>
        model.busyMembers(today, BUSY_FROM).then((members) => members.reduce((sum, { scans }) => sum + scans, 0)),
      raw: {
        ...{ where: 'day = ?', by: 'member_id', values: [today] },
        tail: `HAVING SUM(opened) >= ${BUSY_FROM} ORDER BY SUM(opened) DESC, member_id LIMIT ${MOST_CLUES}`,
      },
    },
    {
      what: 'clues of risk, codes that many scanned',
      ours: () => model.sharedCodes(today).then((codes) => codes.reduce((sum, { scans }) => sum + scans, 0)),
      raw: {
        ...{ from: 'scans', where: 'verdict = ?', by: 'batch_id, layer, serial', values: [3] },
        tail: `HAVING COUNT(DISTINCT member_id) >= 3 ORDER BY COUNT(DISTINCT member_id) DESC, COUNT(*) DESC LIMIT ${MOST_CLUES}`,
      },
    },
  ];
}

/** Goods of a dealer, and the first page of scans by each of its filters. */
function lists(system: BenchSystem, { products, batches }: Goods): Screen[] {
  const today = shanghaiDay(new Date());
  const lastMonth = [addDays(today, -29), addDays(today, 1)];
  const [national, dealer] = [scope(null), scope(3)];
  const newest = { by: 'member_id, scan_id, at', tail: `ORDER BY at DESC LIMIT ${PAGE}` };
  const found = (by: string, who: Scope, sought: ScansSought, where: string, values: readonly number[]): Screen => ({
    what: `list of scans by ${by}`,
    ours: () =>
      system
        .use(ScansFound)
        .keys(who, sought, PAGE, null)
        .then((keys) => keys.length),
    raw: { ...newest, where, values },
  });
  const [product, batch] = [products[1]!, batches[4]!];
  return [
    {
      what: 'goods of one distributor, 30 days',
      ours: () =>
        system
          .use(ScopedProductsModel)
          .read(dealer)
          .then(({ items }) => items.reduce((sum, { scans }) => sum + scans, 0)),
      raw: { where: 'day >= ? AND day < ? AND distributor_id = 3', by: 'product_id', values: lastMonth },
    },
    found('product', national, { productId: product }, 'product_id = ?', [product]),
    found('batch', national, { batchId: batch }, 'batch_id = ?', [batch]),
    found('verdict', national, { verdicts: [3] }, 'verdict = ?', [3]),
    found('city', national, { place: { adcode: HEFEI, below: [HEFEI + 2, HEFEI + 4] } }, 'city = ?', [HEFEI]),
    found('product, one distributor', dealer, { productId: product }, 'product_id = ? AND distributor_id = ?', [
      product,
      3,
    ]),
  ];
}

function scope(distributorId: number | null): Scope {
  const roles = [distributorId === null ? ('owner' as const) : ('distributor' as const)];
  return scopeOf({ id: 1, login: 'bench', name: 'bench', roles, distributorId });
}

async function one(
  owner: Owner,
  { what, ours, raw }: Screen,
  { rounds, scans }: { rounds: number; scans: number },
): Promise<Row> {
  const grouped = async (): Promise<number> => {
    const [rows] = await owner.query<RowDataPacket[]>(
      `SELECT COUNT(*) AS scans, SUM(${raw.from ? 'first_of_code' : 'opened'}) AS opened, SUM(amount_fen > 0) AS wins,
         SUM(amount_fen) AS fen, SUM(new_member) AS fresh, COUNT(DISTINCT member_id) AS people
         FROM ${raw.from ?? 'scan_facts'} WHERE ${raw.where} GROUP BY ${raw.by} ${raw.tail ?? ''}`,
      [...raw.values],
    );
    return rows.reduce((sum, row) => sum + Number(row.scans), 0);
  };
  const [here, there] = [await ours(), await grouped()];
  if (here !== there || here === 0) throw new Error(`${what}: the screen counts ${here} scans, the facts ${there}`);
  return compare({
    ...{ suite: 'screens', what: `${what}, ${scans.toLocaleString('en')} scans`, rounds },
    ...{ goal: 'screen', floor: `≤ ${MOST_MS} ms`, aim: '≤ 50 ms' },
    ours: serverPids,
    a: { name: 'read model', sample: () => perSecond(ours, 300) },
    b: { name: 'GROUP BY over the facts', sample: () => perSecond(grouped, 0) },
  });
}

/** Calls at least once and for so long. */
async function perSecond(work: () => Promise<unknown>, forMs: number): Promise<number> {
  const startedAt = performance.now();
  let calls = 0;
  do {
    await work();
    calls++;
  } while (performance.now() - startedAt < forMs);
  return (calls * 1_000) / (performance.now() - startedAt);
}
