import { Test, type TestingModule } from '@nestjs/testing';
import { ConfigModule } from '@app/config';
import { DatabaseModule } from '@app/database';
import { JobsModule } from '@app/jobs';
import { addDays, shanghaiDay, shanghaiDayStart } from '@app/kernel';
import { createLogger, ObservabilityModule } from '@app/observability';
import { openTestDatabase, plantScans, testConfig, type PlantedScan, type TestDatabase } from '@app/testing';
import { FoldFacts } from './fold-facts';
import {
  AnalyticsModule,
  ComparisonModel,
  FiguresModel,
  FoldProgressModel,
  issueScope,
  LiveModel,
  MadeUpScans,
  PayoutDays,
  PeopleWindows,
  PlaceReportModel,
  RegionTableModel,
  TopItemsModel,
  TrendModel,
} from './index';
import { AnalyticsScansRecorded } from './analytics-jobs';
import { dayPlan } from './made-up-scans';

/** Its own: windows and made-up days belong to the whole database. */
const DATABASE = 'screens';
const [HEFEI, SHUSHAN, NANJING] = [340_100, 340_104, 320_100];

let db: TestDatabase;
let app: TestingModule;
beforeAll(async () => {
  db = await openTestDatabase({ own: DATABASE });
  app = await Test.createTestingModule({
    imports: [
      ConfigModule.forRoot(testConfig({ database: { url: db.url, poolSize: 5 } })),
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

/** Days that no other test, and no earlier run, has used. */
let nextDay = addDays('2031-01-01', Math.floor(Date.now() / 1000) % 100_000);
function ownDays(count: number): string {
  const first = nextDay;
  nextDay = addDays(nextDay, count + 40);
  return first;
}
const national = issueScope({ kind: 'national' });
const scopeOf = (distributorId: number) => issueScope({ kind: 'distributor', distributorId });
const noon = (day: string) => new Date(shanghaiDayStart(day).getTime() + 12 * 3_600_000);
const fold = async (scans: PlantedScan[]) => {
  const pairs = await plantScans(db.unitOfWork, scans);
  await db.unitOfWork.run((tx) => app.get(FoldFacts).run(tx, pairs));
};
const bottle = { firstOfCode: true, counted: true, amountFen: 100, adcode: SHUSHAN, distributorId: 801 };
const windows = (last: string) => app.get(PeopleWindows).runTo(last);

describe('people of days that are over', () => {
  it('are counted once, by scope and place, with who opened bottles and who came back', async () => {
    const first = ownDays(3);
    const second = addDays(first, 1);
    await fold([
      { memberId: 1, at: noon(first), ...bottle },
      { memberId: 1, at: noon(second), ...bottle },
      { memberId: 2, at: noon(first), ...bottle },
      { memberId: 2, at: noon(first), ...bottle, adcode: HEFEI },
      { memberId: 3, at: noon(second), ...bottle, firstOfCode: false, adcode: null, distributorId: null },
    ]);
    await windows(second);
    const week = { from: addDays(second, -6), to: addDays(second, 1) };
    const figures = await app.get(FiguresModel).read(national, week, noon(addDays(second, 1)));
    expect(figures.now.people).toEqual({ people: 3, openers: 2, repeaters: 1 });
    expect(figures.repeat7.now).toEqual({ people: 3, openers: 2, repeaters: 1 });
    const own = await app.get(FiguresModel).read(scopeOf(801), week);
    expect(own.now.people).toEqual({ people: 2, openers: 2, repeaters: 1 });
    expect(own.codes).toBeNull();
    const places = await app.get(PlaceReportModel).read(national, { ...week, parent: null });
    expect(places.rows.map(({ adcode, people }) => [adcode, people])).toEqual([
      [340_000, 2],
      [null, 1],
    ]);
    expect(places.total).toMatchObject({ scans: 5, people: 3 });
    expect(await windows(second)).toBe(0);
  });

  it('are counted again when a scan comes late, and are not told meanwhile', async () => {
    const day = ownDays(2);
    const range = { from: day, to: addDays(day, 1) };
    const people = async () => (await app.get(FiguresModel).read(national, range)).now.people?.people ?? null;
    await fold([{ memberId: 11, at: noon(day), ...bottle }]);
    expect(await people()).toBeNull();
    await windows(day);
    expect(await people()).toBe(1);
    await fold([{ memberId: 12, at: noon(day), ...bottle }]);
    expect(await people()).toBeNull();
    await windows(day);
    expect(await people()).toBe(2);
  });
});

it('tells places apart down to districts, and what is known no finer is a row too', async () => {
  const day = ownDays(1);
  const range = { from: day, to: addDays(day, 1) };
  const at = noon(day);
  await fold([
    { memberId: 1, at, ...bottle },
    { memberId: 1, at, ...bottle, adcode: HEFEI },
    { memberId: 1, at, ...bottle, adcode: 340_000 },
    { memberId: 1, at, ...bottle, adcode: NANJING, distributorId: 802 },
    { memberId: 1, at, ...bottle, adcode: 110_101, distributorId: null },
    { memberId: 1, at, ...bottle, adcode: 110_000, distributorId: null },
  ]);
  const below = async (parent: number | null, scope = national) =>
    (await app.get(PlaceReportModel).read(scope, { ...range, parent })).rows.map(({ adcode, scans }) => [
      adcode,
      scans,
    ]);
  expect(await below(null)).toEqual([
    [340_000, 3],
    [110_000, 2],
    [320_000, 1],
  ]);
  expect(await below(340_000)).toEqual([
    [340_100, 2],
    [340_000, 1],
  ]);
  expect(await below(HEFEI)).toEqual([
    [SHUSHAN, 1],
    [HEFEI, 1],
  ]);
  expect(await below(110_000)).toEqual([
    [110_101, 1],
    [110_000, 1],
  ]);
  expect(await below(320_000, scopeOf(801))).toEqual([]);
});

it('pages the regional report so that all pages are the whole, whatever it is sorted by', async () => {
  const day = ownDays(1);
  const range = { from: day, to: addDays(day, 1) };
  const cities = [340_100, 340_200, 320_100, 440_100, null];
  await fold(cities.map((adcode, at) => ({ memberId: at, at: noon(day), ...bottle, adcode, amountFen: at * 10 })));
  const table = app.get(RegionTableModel);
  for (const sort of ['scans', 'awardedFen'] as const) {
    const seen: (number | null)[] = [];
    for (let cursor: string | null = null; ;) {
      const page: Awaited<ReturnType<typeof table.page>> = await table.page(
        national,
        { ...range, level: 'city', sort },
        { limit: 2, cursor },
      );
      seen.push(...page.items.map(({ adcode }) => adcode));
      expect(page.total).toMatchObject({ scans: 5, awardedFen: 100 });
      if ((cursor = page.nextCursor) === null) break;
    }
    expect(seen).toHaveLength(5);
    expect(new Set(seen)).toEqual(new Set(cities));
  }
  const filtered = await table.read(national, { ...range, level: 'city', sort: 'scans', productId: 999 });
  expect(filtered.rows).toEqual([]);
  const foreign = await table.read(scopeOf(801), { ...range, level: 'city', sort: 'scans', distributorId: 802 });
  expect(foreign.rows).toEqual([]);
});

it('shows today as it is, with the same time yesterday beside it and the newest scans on top', async () => {
  const yesterday = ownDays(2);
  const today = addDays(yesterday, 1);
  const now = new Date(shanghaiDayStart(today).getTime() + 2 * 3_600_000 + 30 * 60_000);
  const ago = (minutes: number, days = 0) => new Date(now.getTime() - minutes * 60_000 - days * 86_400_000);
  await fold([
    { memberId: 1, at: ago(1), ...bottle },
    { memberId: 1, at: ago(60), ...bottle },
    { memberId: 2, at: ago(5), ...bottle, adcode: NANJING, distributorId: 802 },
    { memberId: 2, at: ago(90, 1), ...bottle },
    { memberId: 2, at: ago(-600, 1), ...bottle },
  ]);
  const all = await app.get(LiveModel).read(national, now);
  expect(all.today).toMatchObject({ scans: 3, wins: 3, awardedFen: 300 });
  expect(all).toMatchObject({ day: today, people: 2, before: { scans: 1, wins: 1, awardedFen: 100 } });
  expect(all.hours.map(({ scans }) => scans)).toEqual([0, 1, 2]);
  expect(all.latest.map(({ adcode }) => adcode)).toEqual([SHUSHAN, NANJING]);
  const own = await app.get(LiveModel).read(scopeOf(801), now);
  expect(own.today.scans).toBe(2);
  expect(own.latest).toHaveLength(1);
  expect(own.places.map(({ adcode }) => adcode)).toEqual([HEFEI]);
  // Hours long past are remembered, the present one never is.
  await fold([{ memberId: 3, at: ago(2), ...bottle }]);
  const later = await app.get(LiveModel).read(national, now);
  expect(later.hours.map(({ scans }) => scans)).toEqual([0, 1, 3]);
  expect(later.before).toEqual(all.before);
});

it('makes up a history whose roll-ups are its facts, and goes on where it was cut off', async () => {
  const from = ownDays(4);
  const history = { scans: 4_003, from, to: addDays(from, 4) };
  const world = {
    places: [
      { adcode: SHUSHAN, distributorId: 811 },
      { adcode: NANJING, distributorId: 812 },
      { adcode: 0, distributorId: 0 },
    ],
    goods: [
      { productId: 71, batchId: 81, campaignId: 91 },
      { productId: 72, batchId: 82, campaignId: 92 },
    ],
  };
  expect(dayPlan(history).reduce((sum, { scans }) => sum + scans, 0)).toBe(4_003);
  const cut = new Error('cut off');
  const stopAt = (day: string) => (told: string) => {
    if (told === day) throw cut;
  };
  await expect(app.get(MadeUpScans).write(world, history, stopAt(addDays(from, 1)))).rejects.toBe(cut);
  await app.get(MadeUpScans).write(world, history);
  await app.get(MadeUpScans).write(world, history);
  const range = { from, to: addDays(from, 4) };
  const [facts] = await db.database.query<Record<string, string>>(
    `SELECT COUNT(*) AS scans, SUM(opened) AS opened, SUM(won) AS wins, SUM(amount_fen) AS fen, SUM(new_member) AS fresh,
            COUNT(DISTINCT CASE WHEN new_member = 1 THEN member_id END) AS newcomers
       FROM scan_facts WHERE day >= ? AND day < ?`,
    [range.from, range.to],
  );
  const days = await app.get(TrendModel).read(national, range);
  const sum = (pick: (day: (typeof days)[number]) => number) => days.reduce((all, day) => all + pick(day), 0);
  expect(sum(({ scans }) => scans)).toBe(4_003);
  expect([facts!.scans, facts!.opened, facts!.wins, facts!.fen, facts!.fresh].map(Number)).toEqual([
    sum(({ scans }) => scans),
    sum(({ opened }) => opened),
    sum(({ wins }) => wins),
    sum(({ awardedFen }) => awardedFen),
    sum(({ newMembers }) => newMembers),
  ]);
  // Nobody is new twice.
  expect(facts!.newcomers).toBe(facts!.fresh);
  const { products } = await app.get(TopItemsModel).read(national, range);
  expect(products.map(({ id }) => id).sort()).toEqual([71, 72]);
  const share = (scans: number) => scans / 4_003;
  for (const id of [811, 812]) {
    const own = await app.get(TrendModel).read(scopeOf(id), range);
    expect(share(own.reduce((all, { scans }) => all + scans, 0))).toBeGreaterThan(0.2);
  }
});

it('counts money asked for and arrived by the day, and compares whole days only', async () => {
  const now = new Date();
  await app.get(PayoutDays).run();
  const compared = await app.get(ComparisonModel).read(national, now);
  expect(compared.map(({ span, now: { to } }) => [span, to])).toEqual(
    ['day', 'week', 'month'].map((span) => [span, shanghaiDay(now)]),
  );
});

it('says that figures are behind, and how far, only while scans of before wait', async () => {
  await fold([{ memberId: 71, at: noon(ownDays(1)), ...bottle }]);
  const wait = (secondsAgo: number, scans: number) =>
    db.unitOfWork.run((tx) =>
      tx.execute(
        `INSERT INTO outbox (due, job, job_key, payload, created_at)
         VALUES (UTC_TIMESTAMP(6), ?, ?, '{}', UTC_TIMESTAMP(6) - INTERVAL ? SECOND)`,
        [AnalyticsScansRecorded.name, `71:progress-${secondsAgo}+${scans}`, secondsAgo],
      ),
    );
  const progress = () => app.get(FoldProgressModel).read();
  expect(await progress()).toEqual({ behind: false, percent: null });
  await wait(2, 500);
  expect(await progress()).toEqual({ behind: false, percent: null });
  const [folded] = await db.database.query<{ scans: string }>('SELECT SUM(scans) AS scans FROM rollup_items');
  const done = Number(folded!.scans);
  await wait(300, done);
  const percent = Math.floor((100 * done) / (2 * done + 500));
  expect(await progress()).toEqual({ behind: true, percent });
  await db.unitOfWork.run((tx) => tx.execute('DELETE FROM outbox WHERE job = ?', [AnalyticsScansRecorded.name]));
});
