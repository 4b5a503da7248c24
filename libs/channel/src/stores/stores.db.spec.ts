import { randomUUID } from 'node:crypto';
import { Test, type TestingModule } from '@nestjs/testing';
import { issueScope } from '@app/analytics';
import { ConfigModule } from '@app/config';
import { DatabaseModule } from '@app/database';
import { JobsModule } from '@app/jobs';
import { createLogger, ObservabilityModule } from '@app/observability';
import { AuditLog, type Operator } from '@app/staff';
import { openTestDatabase, testConfig, type TestDatabase } from '@app/testing';
import {
  ChannelModule,
  CreateDistributor,
  KeepStores,
  StoreDirectory,
  type StoreFilter,
  type StoreWish,
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

const HQ: Operator = { id: 1, login: 'hq', name: '总部', roles: ['marketer'], distributorId: null };
const NATIONAL = issueScope({ kind: 'national' });
const clerkOf = (distributorId: number): Operator => ({ ...HQ, id: 2, roles: ['distributor'], distributorId });
const scopeOf = (distributorId: number) => issueScope({ kind: 'distributor', distributorId });
const distributor = () => app.get(CreateDistributor).run(HQ, { name: '合肥利民商贸' });
const wish = (change: Partial<StoreWish> = {}): StoreWish => ({
  name: '蜀山便利店',
  adcode: 340104,
  address: '长江西路 1 号',
  location: { latitude: 31.851, longitude: 117.262 },
  redeems: 'all',
  ...change,
});
const keep = () => app.get(KeepStores);
const stores = () => app.get(StoreDirectory);
const open = (distributorId: number, change: Partial<StoreWish> = {}) => keep().open(HQ, distributorId, wish(change));

async function product(): Promise<number> {
  const made = (await db.asOwner.query(
    `INSERT INTO products (sku, name, line, spec, units_per_case, created_at) VALUES (?, '青柠', 'lime', '500 ml', 15, NOW())`,
    [`s-${randomUUID().slice(0, 20)}`],
  )) as { insertId: number };
  await db.asOwner.query("INSERT INTO product_prices (product_id, from_at, price_fen) VALUES (?, '2026-01-01', 550)", [
    made.insertId,
  ]);
  return Number(made.insertId);
}

async function all(filter: StoreFilter, scope = NATIONAL): Promise<number[]> {
  const ids: number[] = [];
  for (let cursor: string | null = null; ;) {
    const page = await stores().list(scope, { limit: 2, cursor, ...filter });
    ids.push(...page.items.map(({ id }) => id));
    cursor = page.nextCursor;
    if (cursor === null) return ids;
  }
}

it('keeps what was said about a store, and every change in the audit log', async () => {
  const distributorId = await distributor();
  const [one, other] = [await product(), await product()];
  const id = await open(distributorId, { redeems: [other, one, other] });
  const made = await stores().find(NATIONAL, id);
  expect(made).toMatchObject({ ...wish({ redeems: [one, other] }), id, distributorId, status: 'active' });
  await keep().change(HQ, id, wish({ name: ' 蜀山便利店二店 ', location: null, redeems: [one] }));
  await keep().setStatus(HQ, id, 'closed', '转让');
  await keep().setStatus(HQ, id, 'closed');
  expect(await stores().find(NATIONAL, id)).toMatchObject({
    name: '蜀山便利店二店',
    location: null,
    redeems: [one],
    status: 'closed',
  });
  const { items } = await app.get(AuditLog).list({ limit: 10, object: `store:${id}` });
  expect(items.map(({ act }) => act)).toEqual(['channel.close-store', 'channel.change-store', 'channel.open-store']);
  expect(items[0]!.details).toMatchObject({ after: { status: 'closed' }, reason: '转让' });
  expect(items[1]!.details).toMatchObject({ before: { redeems: [one, other] }, after: { redeems: [one] } });
});

it('lists by distributor, region of any level, status, product and part of the name, page by page', async () => {
  const distributorId = await distributor();
  const [sold, unsold] = [await product(), await product()];
  const hefei = await open(distributorId, { redeems: [sold], name: '100%_好店' });
  const wuhu = await open(distributorId, { adcode: 340202, redeems: [] });
  const nanjing = await open(distributorId, { adcode: 320102 });
  await keep().setStatus(HQ, nanjing, 'closed');
  expect(await all({ distributorId })).toEqual([hefei, wuhu, nanjing]);
  expect(await all({ distributorId, adcode: 340000 })).toEqual([hefei, wuhu]);
  expect(await all({ distributorId, adcode: 340100 })).toEqual([hefei]);
  expect(await all({ distributorId, adcode: 340202 })).toEqual([wuhu]);
  expect(await all({ distributorId, adcode: 100000 })).toHaveLength(3);
  expect(await all({ distributorId, status: 'closed' })).toEqual([nanjing]);
  expect(await all({ distributorId, productId: sold })).toEqual([hefei, nanjing]);
  expect(await all({ distributorId, productId: unsold })).toEqual([nanjing]);
  expect(await all({ distributorId, name: '0%_' })).toEqual([hefei]);
  expect(await all({ distributorId, name: '0__好' })).toEqual([]);
});

it('counts active stores that redeem a product, by name or with all others', async () => {
  const distributorId = await distributor();
  const [one, other] = [await product(), await product()];
  const before = (await stores().redeeming([one, other])).get(one)!;
  const total = await stores().total();
  const closing = await open(distributorId, { redeems: [one] });
  await open(distributorId, { redeems: [one, other] });
  await open(distributorId);
  await open(distributorId, { redeems: [] });
  expect(await stores().redeeming([one, other, one])).toEqual(
    new Map([
      [one, before + 3],
      [other, before + 2],
    ]),
  );
  await keep().setStatus(HQ, closing, 'closed');
  expect((await stores().redeeming([one])).get(one)).toBe(before + 2);
  expect(await stores().total()).toBe(total + 3);
  expect(await stores().redeeming([])).toEqual(new Map());
});

it('a distributor keeps and sees its own; of another neither list, number, change nor opening tells anything', async () => {
  const [mine, theirs] = [await distributor(), await distributor()];
  const clerk = clerkOf(mine);
  const own = await keep().open(clerk, mine, wish());
  const foreign = await open(theirs);
  await keep().change(clerk, own, wish({ name: '改名' }));
  await keep().setStatus(clerk, own, 'closed');
  expect(await all({}, scopeOf(mine))).toEqual([own]);
  expect(await all({ distributorId: theirs }, scopeOf(mine))).toEqual([]);
  expect(await stores().find(scopeOf(mine), foreign)).toBeNull();
  const gone = { code: 'no_store', status: 404 };
  await expect(keep().change(clerk, foreign, wish())).rejects.toMatchObject(gone);
  await expect(keep().setStatus(clerk, foreign, 'closed')).rejects.toMatchObject(gone);
  await expect(keep().change(clerk, 4_000_000_000, wish())).rejects.toMatchObject(gone);
  const nobody = { code: 'no_distributor', status: 422 };
  await expect(keep().open(clerk, theirs, wish())).rejects.toMatchObject(nobody);
  await expect(keep().open(clerk, 4_000_000_000, wish())).rejects.toMatchObject(nobody);
  expect(await stores().find(NATIONAL, foreign)).toMatchObject({ status: 'active', name: '蜀山便利店' });
});

it.each<[Partial<StoreWish>, string]>([
  [{ name: ' ' }, 'bad_name'],
  [{ name: '店'.repeat(65) }, 'bad_name'],
  [{ address: '' }, 'bad_address'],
  [{ adcode: 999999 }, 'no_region'],
  [{ adcode: 340000 }, 'bad_region'],
  [{ location: { latitude: 91, longitude: 117 } }, 'bad_location'],
  [{ location: { latitude: 31, longitude: -117 } }, 'bad_location'],
  [{ location: { latitude: NaN, longitude: 117 } }, 'bad_location'],
  [{ redeems: [4_000_000_000] }, 'no_product'],
  [{ redeems: Array.from({ length: 501 }, (_, n) => n + 1) }, 'bad_products'],
])('refuses %j', async (change, code) => {
  const distributorId = await distributor();
  await expect(open(distributorId, change)).rejects.toMatchObject({ code, status: 422 });
  expect(await all({ distributorId })).toEqual([]);
});

it('opens nothing for a distributor that has ended', async () => {
  const distributorId = await distributor();
  await db.asOwner.query("UPDATE distributors SET status = 'ended' WHERE id = ?", [distributorId]);
  await expect(open(distributorId)).rejects.toMatchObject({ code: 'distributor_ended', status: 409 });
});

it('two changes at once leave one of both, whole', async () => {
  const distributorId = await distributor();
  const products = [await product(), await product(), await product()];
  const id = await open(distributorId);
  await Promise.all(
    products.map((redeemed, n) => keep().change(HQ, id, wish({ name: `店 ${n}`, redeems: [redeemed] }))),
  );
  const left = await stores().find(NATIONAL, id);
  expect(left!.redeems).toEqual([products[Number(left!.name.slice(2))]]);
});
