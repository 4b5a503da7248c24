import { createPool, type RowDataPacket } from 'mysql2/promise';
import {
  ComparisonModel,
  FiguresModel,
  LiveModel,
  MadeUpScans,
  PeopleWindows,
  PlaceReportModel,
  RegionTableModel,
  TopItemsModel,
  TrendModel,
  type MadeUpWorld,
  type Scope,
} from '@app/analytics';
import { addDays, shanghaiDay } from '@app/kernel';
import { childrenOf, provinces } from '@app/regions';
import { scopeOf } from '@app/staff';
import type { BenchSystem } from './bench-system';
import { compare, type Row } from './measure';
import { serverPids } from './processes';

const DAYS = 90;
const DISTRIBUTORS = 12;
const [PRODUCTS, BATCHES, CAMPAIGNS] = [6, 8, 5];
/** What every screen has on the server, in milliseconds. */
const MOST_MS = 150;
const HEFEI = 340_100;

type Owner = ReturnType<typeof createPool>;

/** One screen's read, and the same answer from the facts themselves. Both give a number that must be the same. */
interface Screen {
  readonly what: string;
  readonly ours: () => Promise<number>;
  /** Conditions on `scan_facts`, what is grouped by, and its values. */
  readonly raw: { readonly where: string; readonly by: string; readonly values: readonly (string | number)[] };
}

/** Every read of the overview, the distributor's view and the regional report, each against GROUP BY over the same scans. */
export async function screensSuite(
  system: BenchSystem,
  { rounds, scans }: { rounds: number; scans: number },
  say: (text: string) => void,
): Promise<Row[]> {
  const owner = createPool({ uri: process.env.MIGRATOR_DATABASE_URL!, connectionLimit: 2 });
  await fill(system, scans, say);
  await owner.query(
    'ANALYZE TABLE scan_facts, rollup_days, rollup_places, rollup_product_places, rollup_districts, rollup_items, rollup_hours, people_days, people_windows',
  );
  const rows: Row[] = [];
  for (const screen of screens(system)) {
    const row = await one(owner, screen, { rounds, scans });
    const ms = 1_000 / row.aRate;
    say(`  ${screen.what}: ${ms.toFixed(1)} ms${ms > MOST_MS ? `, more than ${MOST_MS} ms` : ''}`);
    rows.push(row);
  }
  await owner.end();
  return rows;
}

/** Ninety days, today among them. */
async function fill(system: BenchSystem, scans: number, say: (text: string) => void): Promise<void> {
  const today = shanghaiDay(new Date());
  const history = { scans, from: addDays(today, 1 - DAYS), to: addDays(today, 1) };
  const began = performance.now();
  let written = 0;
  await system.use(MadeUpScans).write(world(), history, (_day, sum) => (written = sum));
  const seconds = (performance.now() - began) / 1_000;
  say(`  ${written.toLocaleString('en')} scans and their roll-ups in ${seconds.toFixed(0)} s`);
  const counting = performance.now();
  await system.use(PeopleWindows).runTo(addDays(today, -1));
  say(`  people of the days that are over, counted in ${((performance.now() - counting) / 1_000).toFixed(0)} s`);
}

/** Every city, each in one distributor's territory, by its size; six products in eight batches and five campaigns. */
function world(): MadeUpWorld {
  const cities = provinces().flatMap(({ adcode }) => childrenOf(adcode).filter(({ level }) => level === 'city'));
  const places = cities.flatMap(({ adcode }, at) => {
    const districts = childrenOf(adcode).slice(0, 1 + (at % 5));
    const homes = districts.length > 0 ? districts.map((district) => district.adcode) : [adcode];
    return homes.map((home) => ({ adcode: home, distributorId: 1 + (at % DISTRIBUTORS) }));
  });
  const unknown = Array.from({ length: Math.round(places.length / 20) }, () => ({ adcode: 0, distributorId: 0 }));
  const goods = Array.from({ length: 24 }, (_, at) => ({
    ...{ productId: 1 + (at % PRODUCTS), batchId: 1 + (at % BATCHES), campaignId: 1 + (at % CAMPAIGNS) },
  }));
  return { places: [...places, ...unknown], goods };
}

function screens(system: BenchSystem): Screen[] {
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
      ours: () => table.read(national, { ...sorted, level: 'city', productId: 2 }).then(({ total }) => total.scans),
      raw: { where: `${during} AND product_id = 2`, by: 'city', values },
    },
    {
      what: 'regional report, one distributor, 30 days',
      ours: () => table.read(dealer, { ...sorted, level: 'city' }).then(({ total }) => total.scans),
      raw: { where: `${during} AND distributor_id = 3`, by: 'city', values },
    },
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
      `SELECT COUNT(*) AS scans, SUM(opened) AS opened, SUM(won) AS wins, SUM(amount_fen) AS fen, SUM(new_member) AS fresh,
         COUNT(DISTINCT member_id) AS people FROM scan_facts WHERE ${raw.where} GROUP BY ${raw.by}`,
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
