import { Test, type TestingModule } from '@nestjs/testing';
import { ConfigModule } from '@app/config';
import { Database, DatabaseModule, type Tx } from '@app/database';
import { JobsModule, Outbox, OutboxRows } from '@app/jobs';
import { addDays, shanghaiDay, shanghaiDayStart } from '@app/kernel';
import { createLogger, ObservabilityModule } from '@app/observability';
import { openTestDatabase, plantScans, testConfig, type PlantedScan, type TestDatabase } from '@app/testing';
import { FoldFacts } from './fold-facts';
import {
  AnalyticsModule,
  AnalyticsScansRecorded,
  BackFill,
  issueScope,
  LiveModel,
  PeopleKeeper,
  RebuildDay,
  RegionalReportModel,
  type RegionalReport,
  TrendModel,
} from './index';
import { cityGrain, provinceGrain } from './place-grain';
import { AnalyticsScansRecordedHandler } from './scans-recorded.handler';

let db: TestDatabase;
let app: TestingModule;
beforeAll(async () => {
  db = await openTestDatabase();
  app = await Test.createTestingModule({
    imports: [
      ConfigModule.forRoot(testConfig({ database: { url: db.url, poolSize: 10 } })),
      ObservabilityModule.forRoot(createLogger('analytics', 'silent')),
      DatabaseModule.forRoot([]),
      JobsModule.forRoot({ run: false }),
      AnalyticsModule,
    ],
  }).compile();
});
afterAll(async () => {
  await app.close();
  await db.close();
});

/** Days that no other test, and no earlier run on the same database, has used. */
let nextDay = addDays('2030-01-01', Math.floor(Date.now() / 1000) % 100_000);
function ownDays(count: number): string {
  const first = nextDay;
  nextDay = addDays(nextDay, count);
  return first;
}
const during = (day: string, hour: number, minute = 0) =>
  new Date(shanghaiDayStart(day).getTime() + (hour * 60 + minute) * 60_000);
const national = issueScope({ kind: 'national' });
const scopeOf = (distributorId: number) => issueScope({ kind: 'distributor', distributorId });
const fold = (scans: [number, string][]) => db.unitOfWork.run((tx) => app.get(FoldFacts).run(tx, scans));
const plant = (scans: PlantedScan[]) => plantScans(db.unitOfWork, scans);
const report = (scope: typeof national, from: string, days: number, level: 'province' | 'city' = 'city') =>
  app.get(RegionalReportModel).read(scope, { from, to: addDays(from, days), level });

function dice(seed: number): (bound: number) => number {
  let state = seed;
  return (bound) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * bound);
  };
}

const PLACES = [null, 340000, 340100, 340104, 310115, 310000, 429004, 110101];

function someScans(day: string, days: number, count: number, seed: number): PlantedScan[] {
  const roll = dice(seed);
  return Array.from({ length: count }, () => {
    const counted = roll(2) === 0;
    return {
      memberId: 1000 + roll(30),
      at: during(addDays(day, roll(days)), roll(24), roll(60)),
      batchId: 1 + roll(3),
      productId: 1 + roll(2),
      counted,
      firstOfCode: counted || roll(3) === 0,
      newMember: roll(4) === 0,
      adcode: PLACES[roll(PLACES.length)]!,
      distributorId: [null, 701, 702][roll(3)]!,
      campaignId: counted ? 1 + roll(2) : null,
      amountFen: counted ? roll(2) * 188 : 0,
    };
  });
}

/** What the report must say, counted from the scans by hand. */
function recount(scans: readonly PlantedScan[], level: 'province' | 'city'): Record<string, unknown>[] {
  const groups = new Map<number, PlantedScan[]>();
  for (const scan of scans) {
    const city = cityGrain(scan.adcode ?? null);
    const region = level === 'city' ? city : provinceGrain(city);
    groups.set(region, [...(groups.get(region) ?? []), scan]);
  }
  return [...groups]
    .map(([region, group]) => ({ adcode: region === 0 ? null : region, ...figures(group) }))
    .sort((a, b) => (a.adcode ?? 0) - (b.adcode ?? 0));
}

function figures(group: readonly PlantedScan[]): Record<string, unknown> {
  return {
    scans: group.length,
    firstScans: group.filter((scan) => scan.firstOfCode).length,
    wins: group.filter((scan) => (scan.amountFen ?? 0) > 0).length,
    awardedFen: group.reduce((sum, scan) => sum + (scan.amountFen ?? 0), 0),
    newMembers: group.filter((scan) => scan.newMember && scan.counted).length,
    people: { count: new Set(group.map((scan) => scan.memberId)).size, exact: true },
  };
}

const rowsByCode = ({ rows }: RegionalReport) => [...rows].sort((a, b) => (a.adcode ?? 0) - (b.adcode ?? 0));

async function tables(day: string, days: number): Promise<unknown> {
  const range = [day, addDays(day, days)];
  const hours = [shanghaiDayStart(range[0]!), shanghaiDayStart(range[1]!)];
  return Promise.all([
    db.database.query('SELECT * FROM rollup_days WHERE day >= ? AND day < ? ORDER BY 1,2,3,4,5,6', range),
    db.database.query('SELECT * FROM rollup_hours WHERE hour >= ? AND hour < ? ORDER BY 1,2,3,4', hours),
    db.database.query('SELECT * FROM people_days WHERE day >= ? AND day < ? ORDER BY 1,2,3,4', range),
    db.database.query('SELECT * FROM rollup_places WHERE day >= ? AND day < ? ORDER BY 1,2,3', range),
    db.database.query('SELECT * FROM rollup_districts WHERE day >= ? AND day < ? ORDER BY 1,2,3', range),
    db.database.query('SELECT * FROM rollup_product_places WHERE day >= ? AND day < ? ORDER BY 1,2,3,4', range),
    db.database.query('SELECT * FROM rollup_items WHERE day >= ? AND day < ? ORDER BY 1,2,3,4,5', range),
  ]);
}

it.each([1, 2, 3])(
  'scans told 1 to 5 times by many at once are counted once, and a rebuild agrees (seed %d)',
  async (seed) => {
    const day = ownDays(2);
    const planted = someScans(day, 2, 150, seed);
    const pairs = await plant(planted);
    const roll = dice(seed + 100);
    const told = pairs.flatMap((pair) => Array<[number, string]>(1 + roll(5)).fill(pair)).sort(() => roll(2) - 0.5);
    const groups: [number, string][][] = [];
    while (told.length > 0) groups.push(told.splice(0, 1 + roll(40)));
    await Promise.all(groups.map(fold));
    for (const level of ['city', 'province'] as const) {
      expect(rowsByCode(await report(national, day, 2, level))).toEqual(recount(planted, level));
    }
    const folded = await tables(day, 2);
    await app.get(RebuildDay).run(day);
    await app.get(RebuildDay).run(addDays(day, 1));
    expect(await tables(day, 2)).toEqual(folded);
  },
);

it('a job delivered again and again counts once, and its outbox row is done in the same commit', async () => {
  const day = ownDays(1);
  const planted = someScans(day, 1, 30, 11);
  const scans = await plant(planted);
  await db.unitOfWork.run((tx) => app.get(Outbox).append(tx, AnalyticsScansRecorded, { scans }));
  const rows = app.get(OutboxRows);
  const [row] = (await rows.claim(200, 60_000)).filter(({ payload }) => payload.includes(scans[0]![1]));
  const handler = app.get(AnalyticsScansRecordedHandler);
  const delivery = { outboxId: row!.id, delivery: 1, completeIn: (tx: Tx) => rows.complete(tx, row!.id) };
  await Promise.all([1, 2, 3].map(() => handler.handle({ scans }, delivery)));
  expect((await report(national, day, 1)).total).toEqual(figures(planted));
  expect((await rows.find(row!.id))!.status).toBe(1);
});

it('a rebuild repairs what somebody broke', async () => {
  const day = ownDays(1);
  await fold(await plant(someScans(day, 1, 40, 9)));
  const right = await tables(day, 1);
  await db.asOwner.query('UPDATE rollup_days SET scans = scans + 1 WHERE day = ?', [day]);
  await db.asOwner.query('DELETE FROM people_days WHERE day = ? LIMIT 3', [day]);
  expect(await tables(day, 1)).not.toEqual(right);
  await app.get(RebuildDay).run(day);
  expect(await tables(day, 1)).toEqual(right);
});

describe('scope', () => {
  it('a distributor sees its own figures to the last scan, and no other row', async () => {
    const day = ownDays(2);
    const planted = someScans(day, 2, 200, 42);
    await fold(await plant(planted));
    for (const id of [701, 702]) {
      const own = planted.filter((scan) => scan.distributorId === id);
      const seen = await report(scopeOf(id), day, 2);
      expect(rowsByCode(seen)).toEqual(recount(own, 'city'));
      expect(seen.total).toEqual(figures(own));
      const series = await app.get(TrendModel).read(scopeOf(id), { from: day, to: addDays(day, 2) });
      expect(series.map((point) => point.scans)).toEqual(
        [0, 1].map((n) => own.filter((scan) => shanghaiDay(scan.at!) === addDays(day, n)).length),
      );
      const live = await app.get(LiveModel).read(scopeOf(id), during(day, 23, 59));
      expect(live.hours.reduce((sum, hour) => sum + hour.scans, 0)).toBe(series[0]!.scans);
    }
    expect((await report(scopeOf(999_999), day, 2)).rows).toEqual([]);
    expect((await report(national, day, 2)).total).toEqual(figures(planted));
  });

  it("scans in nobody's territory are headquarters alone", async () => {
    const day = ownDays(1);
    await fold(await plant([{ memberId: 1, at: during(day, 9), adcode: 340104, distributorId: null }]));
    expect((await report(national, day, 1)).total.scans).toBe(1);
    for (const id of [701, 702]) expect((await report(scopeOf(id), day, 1)).total.scans).toBe(0);
  });

  it('cannot be left out or made up', () => {
    const models = [app.get(RegionalReportModel), app.get(TrendModel), app.get(LiveModel)] as const;
    // @ts-expect-error a read without a scope does not compile
    const unscoped = () => models[0].read({ from: '2026-01-01', to: '2026-01-02', level: 'city' });
    // @ts-expect-error nor one whose scope was made by hand
    const forged = () => models[1].read({ kind: 'national' }, { from: '2026-01-01', to: '2026-01-02' });
    // @ts-expect-error nor one with a number for a scope
    const number = () => models[2].read(701);
    expect([unscoped, forged, number]).toHaveLength(3);
    expect(Object.isFrozen(national)).toBe(true);
  });
});

it('has a row for the unknown place, so that totals add up, and people of two regions are one person in the total', async () => {
  const day = ownDays(1);
  await fold(
    await plant([
      { memberId: 1, at: during(day, 9), adcode: 340104, amountFen: 188, counted: true },
      { memberId: 1, at: during(day, 10), adcode: 340000 },
      { memberId: 1, at: during(day, 11), adcode: null },
      { memberId: 2, at: during(day, 12), adcode: 310000, amountFen: 200, counted: true },
    ]),
  );
  const { rows, total, basis } = await report(national, day, 1);
  expect(rows.map((row) => [row.adcode, row.scans])).toEqual([
    [310100, 1],
    [340000, 1],
    [340100, 1],
    [null, 1],
  ]);
  expect(total).toMatchObject({ scans: 4, wins: 2, awardedFen: 388, people: { count: 2, exact: true } });
  expect(basis).toBe('扫码地');
  const campaign = await app
    .get(RegionalReportModel)
    .read(national, { from: day, to: addDays(day, 1), level: 'province', campaignId: 5 });
  expect(campaign.total).toMatchObject({ scans: 0, people: null });
});

it('cuts days in Shanghai', async () => {
  const day = ownDays(2);
  const midnight = shanghaiDayStart(addDays(day, 1));
  await fold(await plant([-1, 0].map((ms) => ({ memberId: 5, at: new Date(midnight.getTime() + ms) }))));
  const series = await app.get(TrendModel).read(national, { from: day, to: addDays(day, 2) });
  expect(series.map((point) => [point.day, point.scans])).toEqual([
    [day, 1],
    [addDays(day, 1), 1],
  ]);
});

it.each([
  ['2026-11-21', '2026-11-21'],
  ['2026-11-22', '2026-11-21'],
  ['2026-02-28', '2026-02-30'],
  ['2026-2-1', '2026-02-09'],
  ['2020-01-01', '2026-01-01'],
  ["2026-01-01' OR 1=1", '2026-01-02'],
])('refuses the range %s to %s', async (from, to) => {
  const asked = app.get(RegionalReportModel).read(national, { from, to, level: 'city' });
  await expect(asked).rejects.toMatchObject({ code: 'bad_range', status: 422 });
});

describe('back-fill', () => {
  const markAt = async (at: Date) => {
    await db.asOwner.query("REPLACE INTO rollup_marks (name, mark_at) VALUES ('back-fill', ?)", [at]);
  };
  const mark = async () => {
    const [row] = await db.database.query<{ at: Date }>(
      "SELECT mark_at AS at FROM rollup_marks WHERE name = 'back-fill'",
    );
    return row!.at;
  };

  it('counts what no job told, once, and leaves alone what was counted', async () => {
    const day = ownDays(1);
    const planted = someScans(day, 1, 120, 5);
    const pairs = await plant(planted);
    await fold(pairs.slice(0, 50));
    await markAt(during(day, 0));
    expect(await app.get(BackFill).runTo(during(day, 24))).toBe(70);
    expect((await report(national, day, 1)).total).toEqual(figures(planted));
    await markAt(during(day, 0));
    expect(await app.get(BackFill).runTo(during(day, 24))).toBe(0);
    await fold(pairs);
    expect((await report(national, day, 1)).total).toEqual(figures(planted));
  });

  it('while handlers tell the same scans, still counts each once', async () => {
    const day = ownDays(1);
    const planted = someScans(day, 1, 120, 6);
    const pairs = await plant(planted);
    await markAt(during(day, 0));
    await Promise.all([
      app.get(BackFill).runTo(during(day, 24)),
      ...[0, 40, 80].map((n) => fold(pairs.slice(n, n + 40))),
    ]);
    expect((await report(national, day, 1)).total).toEqual(figures(planted));
  });

  it('keeps its watermark behind scans that may not be committed yet', async () => {
    const now = Date.now();
    await plant([{ memberId: 77, at: new Date(now - 60_000) }]);
    await markAt(new Date(now - 3_600_000));
    await app.get(BackFill).run();
    expect((await mark()).getTime()).toBeLessThanOrEqual(now - 240_000);
  });
});

it('counts old days by sketch, says so, and takes late scans in', async () => {
  const first = addDays('1980-01-01', Math.floor(Date.now() / 1000) % 10_000);
  const members = (from: number, count: number) => Array.from({ length: count }, (_, n) => (from + n) * 7_919_123);
  const scan = (memberId: number, day: string) => ({
    memberId,
    at: during(day, 12),
    adcode: 340104,
    distributorId: 703,
  });
  const second = addDays(first, 1);
  const planted = [...members(1, 400).map((id) => scan(id, first)), ...members(301, 400).map((id) => scan(id, second))];
  for (let start = 0; start < planted.length; start += 400) await fold(await plant(planted.slice(start, start + 400)));
  const before = await report(scopeOf(703), first, 2);
  expect(before.total.people).toEqual({ count: 700, exact: true });
  await app.get(PeopleKeeper).sketchBefore(second);
  await fold(await plant([scan(members(900, 1)[0]!, first)]));
  for (const days of [2, 2]) {
    const { total, rows } = await report(scopeOf(703), first, days);
    expect(total.people!.exact).toBe(false);
    expect(Math.abs(total.people!.count - 701)).toBeLessThan(701 * 0.08);
    expect(rows[0]!.people).toEqual(total.people);
    await app.get(PeopleKeeper).sketchBefore(addDays(second, 1));
  }
  const left = await db.database.query('SELECT 1 FROM people_days WHERE distributor_id = 703 AND day <= ?', [second]);
  expect(left).toEqual([]);
});

it('keeps the hours of two days', async () => {
  const now = new Date();
  await fold(
    await plant(
      [1, 50].map((hours) => ({ memberId: 3, at: new Date(now.getTime() - hours * 3_600_000), distributorId: 704 })),
    ),
  );
  await app.get(PeopleKeeper).purgeHours();
  const rows = await app.get(Database).query('SELECT hour FROM rollup_hours WHERE distributor_id = 704');
  expect(rows).toHaveLength(1);
});
