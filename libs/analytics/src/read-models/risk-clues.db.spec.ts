import { Test, type TestingModule } from '@nestjs/testing';
import { ConfigModule } from '@app/config';
import { DatabaseModule } from '@app/database';
import { JobsModule } from '@app/jobs';
import { addDays, shanghaiDayStart } from '@app/kernel';
import { createLogger, ObservabilityModule } from '@app/observability';
import { openTestDatabase, plantScans, testConfig, type PlantedScan, type TestDatabase } from '@app/testing';
import { FoldFacts } from '../fold-facts';
import { AnalyticsModule, issueScope, RiskCluesModel, ScansFound, ScopedProductsModel } from '../index';

const [SHUSHAN, NANJING] = [340_104, 320_100];
const REPEAT = 3;

let db: TestDatabase;
let app: TestingModule;
beforeAll(async () => {
  // Its own: its batches have no prices, and no node could load them.
  db = await openTestDatabase({ own: 'clues' });
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

/** Days and numbers that no other test, and no earlier run, has used. */
const run = Math.floor(Date.now() / 1000) % 100_000;
const day = addDays('2033-01-01', 3 * run);
const first = 5_000_000 + 100 * run;
const at = (hour: number, minute = 0, of = day) =>
  new Date(shanghaiDayStart(of).getTime() + (60 * hour + minute) * 60_000);
const fold = async (scans: PlantedScan[]) => {
  const pairs = await plantScans(db.unitOfWork, scans);
  await db.unitOfWork.run((tx) => app.get(FoldFacts).run(tx, pairs));
  return pairs;
};
/** No batch that this file makes. */
const ELSEWHERE = 3_000_000;
const bottle = { firstOfCode: true, counted: true, amountFen: 100, layer: 0, adcode: SHUSHAN, batchId: ELSEWHERE };

it('names who opened more bottles on a day than asked for, with what they won and where', async () => {
  const [collector, drinker] = [first, first + 1];
  await fold([
    ...Array.from({ length: 12 }, (_, n) => ({
      ...{ ...bottle, memberId: collector, at: at(19, n), batchId: ELSEWHERE + (n % 2), serial: 10 * run + n },
      adcode: n < 6 ? SHUSHAN : NANJING,
    })),
    { memberId: collector, at: at(20), verdict: REPEAT, batchId: ELSEWHERE },
    ...[1, 2].map((n) => ({ ...bottle, memberId: drinker, at: at(12, n), serial: 10 * run + 20 + n })),
    // The day after is another day.
    { ...bottle, memberId: drinker, at: at(1, 0, addDays(day, 1)), serial: 10 * run + 30 },
  ]);
  const clues = app.get(RiskCluesModel);
  expect(await clues.busyMembers(day, 10)).toEqual([
    {
      ...{ memberId: collector, scans: 13, opened: 12, wins: 12, awardedFen: 1200, places: 3, batches: 2 },
      ...{ firstAt: at(19), lastAt: at(20) },
    },
  ]);
  expect((await clues.busyMembers(day, 2)).map(({ memberId }) => memberId)).toEqual([collector, drinker]);
  expect(await clues.busyMembers(addDays(day, -1), 1)).toEqual([]);
  await expect(clues.busyMembers('2026-13-01', 10)).rejects.toMatchObject({ code: 'bad_day', status: 422 });
});

it('names codes that three people or more have scanned, and no family bottle', async () => {
  const { insertId: product } = await db.unitOfWork.run((tx) =>
    tx.execute(
      `INSERT INTO products (sku, name, line, spec, units_per_case, created_at) VALUES (?, '青柠', ?, '500 ml', 15, UTC_TIMESTAMP(6))`,
      [`R-${run}`, `line-${run}`],
    ),
  );
  const { insertId: batchId } = await db.unitOfWork.run((tx) =>
    tx.execute(
      `INSERT INTO code_batches (product_id, name, quantity, key_char, status, carrier, created_at)
       VALUES (?, '首批', 100, 'A', 'issued', 'short', UTC_TIMESTAMP(6))`,
      [product],
    ),
  );
  const copied = { batchId, layer: 0, serial: 7 };
  const shared = { batchId, layer: 0, serial: 8 };
  const people = (many: number, from: number) => Array.from({ length: many }, (_, n) => first + from + n);
  await fold([
    { ...bottle, ...copied, memberId: first + 10, at: at(8) },
    ...people(3, 11).map((memberId, n) => ({ ...copied, memberId, at: at(9, n), verdict: REPEAT, adcode: NANJING })),
    { ...bottle, ...shared, memberId: first + 20, at: at(8) },
    { ...shared, memberId: first + 21, at: at(9), verdict: REPEAT },
  ]);
  const found = (await app.get(RiskCluesModel).sharedCodes(day)).filter((code) => code.batchId === batchId);
  expect(found).toEqual([
    { ...copied, batchName: '首批', scans: 4, members: 4, places: 2, firstAt: at(8), lastAt: at(9, 2) },
  ]);

  const national = issueScope({ kind: 'national' });
  const thatDay = { batchId, from: at(0), to: at(24) };
  const ofBatch = await app.get(ScansFound).keys(national, thatDay, 10, null);
  expect(ofBatch.map(({ member }) => Number(member) - first)).toEqual([13, 12, 21, 11, 20, 10]);
  const inNanjing = { ...thatDay, place: { adcode: NANJING, below: [] } };
  expect(await app.get(ScansFound).keys(national, inNanjing, 10, null)).toHaveLength(3);
});

it('finds scans by product, in somebody’s own scope too, page after page', async () => {
  const productId = first + 50;
  await fold([
    ...[1, 2, 3].map((n) => ({ memberId: first + 30, at: at(10, n), productId, distributorId: 801 })),
    { memberId: first + 31, at: at(11), productId, distributorId: 802 },
    { memberId: first + 32, at: at(11), productId: productId + 1, distributorId: 801 },
  ]);
  const found = app.get(ScansFound);
  const national = issueScope({ kind: 'national' });
  const own = issueScope({ kind: 'distributor', distributorId: 801 });
  const page = await found.keys(national, { productId }, 3, null);
  const rest = await found.keys(national, { productId }, 3, page.at(-1)!);
  expect([...page, ...rest].map(({ at: when }) => when)).toEqual([at(11), at(10, 3), at(10, 2), at(10, 1)]);
  expect(await found.keys(own, { productId }, 10, null)).toHaveLength(3);
});

it('shows a distributor the goods of its lines and nobody else’s', async () => {
  const line = `l-${run}`;
  const [mine, other] = await Promise.all(
    [line, `x-${run}`].map(async (of) => {
      const made = await db.unitOfWork.run((tx) =>
        tx.execute(
          `INSERT INTO products (sku, name, line, spec, units_per_case, created_at) VALUES (?, ?, ?, '500 ml', 15, UTC_TIMESTAMP(6))`,
          [`${of}-sku`, of, of],
        ),
      );
      return made.insertId;
    }),
  );
  const distributorId = 900_000 + run;
  await db.unitOfWork.run((tx) =>
    tx.execute(
      `INSERT INTO territories (distributor_id, adcode, product_line, from_at, created_at) VALUES (?, 340000, ?, UTC_TIMESTAMP(6), UTC_TIMESTAMP(6))`,
      [distributorId, line],
    ),
  );
  const today = new Date();
  await fold([
    { ...bottle, memberId: first + 40, at: today, productId: mine!, distributorId, serial: 10 * run + 40 },
    { ...bottle, memberId: first + 40, at: today, productId: mine!, distributorId: 801, serial: 10 * run + 41 },
    { ...bottle, memberId: first + 40, at: today, productId: other!, distributorId: 801, serial: 10 * run + 42 },
  ]);
  const { items } = await app.get(ScopedProductsModel).read(issueScope({ kind: 'distributor', distributorId }));
  expect(items).toMatchObject([{ id: mine, sku: `${line}-sku`, line, scans: 1, awardedFen: 100 }]);
  const nobody = issueScope({ kind: 'distributor', distributorId: distributorId + 1_000_000 });
  expect((await app.get(ScopedProductsModel).read(nobody)).items).toEqual([]);
});
