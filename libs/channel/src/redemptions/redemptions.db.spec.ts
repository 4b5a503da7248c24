import { randomUUID } from 'node:crypto';
import { Test, type TestingModule } from '@nestjs/testing';
import { issueScope } from '@app/analytics';
import { ConfigModule } from '@app/config';
import { DatabaseModule, UnitOfWork } from '@app/database';
import { JobsModule } from '@app/jobs';
import { fen, memberId, shanghaiDay } from '@app/kernel';
import { SignIn } from '@app/members';
import { createLogger, ObservabilityModule } from '@app/observability';
import { openTestDatabase, testConfig, type TestDatabase } from '@app/testing';
import {
  BindClerk,
  ChannelModule,
  ClerkDirectory,
  CreateDistributor,
  KeepStores,
  NearbyStores,
  RedemptionList,
  StoreBindings,
  StoreRedemptions,
  type Redemption,
} from '../index';

let db: TestDatabase;
let app: TestingModule;
beforeAll(async () => {
  db = await openTestDatabase();
  app = await Test.createTestingModule({
    imports: [
      ConfigModule.forRoot(testConfig({ database: { url: db.url, poolSize: 10 } })),
      ObservabilityModule.forRoot(createLogger('channel', 'silent')),
      DatabaseModule.forRoot([]),
      JobsModule.forRoot({ run: false }),
      ChannelModule,
    ],
  }).compile();
});
afterAll(async () => {
  await app.close();
  await db.close();
});

const NATIONAL = issueScope({ kind: 'national' });
const batch = 1_000_000 + Number(process.hrtime.bigint() % 3_000_000n);
let serial = 0;

async function place(change: object = {}): Promise<{ storeId: number; distributorId: number }> {
  const distributorId = await app.get(CreateDistributor).run(null, { name: '合肥利民商贸' });
  const wish = {
    name: '蜀山便利店',
    adcode: 340104,
    address: '长江西路 1 号',
    location: null,
    redeems: 'all',
  } as const;
  return { distributorId, storeId: await app.get(KeepStores).open(null, distributorId, { ...wish, ...change }) };
}

const redemption = (where: { storeId: number; distributorId: number }, redeemedAt: Date): Redemption => ({
  ...{ ...where, code: { batch, layer: 0, serial: serial++ }, slot: 0, clerkId: 1, member: memberId('1') },
  ...{ productId: 4_100_000_003, campaignId: 1, prizeName: '再来一瓶', valueFen: fen(550), coPayFen: fen(100) },
  ...{ requestId: randomUUID(), redeemedAt },
});
const record = (one: Redemption) => app.get(UnitOfWork).run((tx) => app.get(StoreRedemptions).record(tx, one));

it('pages from the newest to the oldest, none twice and none left out, also within one moment', async () => {
  const where = await place();
  const [older, newer] = [new Date('2026-11-01T01:00:00Z'), new Date('2026-11-01T02:00:00Z')];
  const all = [older, older, older, newer, newer].map((at) => redemption(where, at));
  for (const one of all) expect(await record(one)).toBe(true);
  expect(await record({ ...all[0]!, storeId: where.storeId + 1 })).toBe(false);
  const seen: string[] = [];
  for (let cursor: string | null = null; ;) {
    const page = await app.get(RedemptionList).list(NATIONAL, { ...where, limit: 2, cursor });
    seen.push(...page.items.map(({ requestId }) => requestId));
    cursor = page.nextCursor;
    if (cursor === null) break;
  }
  expect(seen).toEqual([4, 3, 2, 1, 0].map((at) => all[at]!.requestId));
  const rows: string[] = [];
  for await (const row of app.get(RedemptionList).rows(NATIONAL, where)) rows.push(row.requestId);
  expect(rows).toEqual(seen);
  expect(await app.get(RedemptionList).day(where.storeId, shanghaiDay(older))).toEqual({ units: 5, coPayFen: 500 });
  const foreign = issueScope({ kind: 'distributor', distributorId: where.distributorId + 1 });
  expect((await app.get(RedemptionList).list(foreign, { ...where, limit: 10 })).items).toEqual([]);
});

it('the days add up to the rows, whatever is tried twice at the same moment', async () => {
  const where = await place();
  const at = new Date('2026-10-31T15:59:59Z');
  const wanted = Array.from({ length: 10 }, (_, n) => redemption(where, new Date(at.getTime() + (n % 2) * 2000)));
  await Promise.all([...wanted, ...wanted, ...wanted].map((one) => record({ ...one, requestId: randomUUID() })));
  const sums = await db.database.query<{ day: string; units: number }>(
    'SELECT CAST(day AS CHAR) AS day, units FROM store_redemption_days WHERE store_id = ? ORDER BY day',
    [where.storeId],
  );
  expect(sums).toEqual([
    { day: '2026-10-31', units: 5 },
    { day: '2026-11-01', units: 5 },
  ]);
});

it('a person is one clerk of a store, however often the QR is opened at once, and the name is sealed', async () => {
  const { storeId } = await place();
  const member = await app.get(SignIn).run({ openid: `o${randomUUID()}` });
  const token = app.get(StoreBindings).make(storeId, 1);
  await Promise.all(Array.from({ length: 10 }, () => app.get(BindClerk).ask(token, [member], '王小店')));
  const { items } = await app.get(ClerkDirectory).list(NATIONAL, { limit: 10, storeId });
  expect(items).toMatchObject([{ name: '王小店', state: 'waiting', member }]);
  const [row] = await db.database.query<{ name_sealed: Buffer }>(
    'SELECT name_sealed FROM store_clerks WHERE store_id = ?',
    [storeId],
  );
  expect(row!.name_sealed.includes('王小店')).toBe(false);
});

it('stores nearby come by distance, in growing circles, page by page; far ones and silent ones do not', async () => {
  // In the sea between 海南 and 广东, where no other test has a store.
  const at = (north: number) => ({ location: { latitude: 19.9 + north, longitude: 113.9 + (serial % 7) / 1000 } });
  const near = await place(at(0.001));
  const next = await place(at(0.01));
  const far = await place(at(0.4));
  const beyond = await place(at(1.2));
  const question = { near: { latitude: 19.9, longitude: 113.9 } };
  const first = await app.get(NearbyStores).list({ ...question, limit: 2 });
  expect(first.items.map(({ id }) => id)).toEqual([near.storeId, next.storeId]);
  expect(first.items[0]!.distanceM).toBeLessThan(1000);
  const rest = await app.get(NearbyStores).list({ ...question, limit: 2, cursor: first.nextCursor });
  expect(rest.items.map(({ id }) => id)).toEqual([far.storeId]);
  expect(rest.nextCursor).toBeNull();
  expect(first.items.concat(rest.items).map(({ id }) => id)).not.toContain(beyond.storeId);
  for (const { storeId } of [near, next, far, beyond]) await app.get(KeepStores).setStatus(null, storeId, 'closed');
});
