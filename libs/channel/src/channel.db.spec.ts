import { randomUUID } from 'node:crypto';
import { Test, type TestingModule } from '@nestjs/testing';
import { issueScope } from '@app/analytics';
import { ConfigModule } from '@app/config';
import { DatabaseModule } from '@app/database';
import { JobsModule } from '@app/jobs';
import { createLogger, ObservabilityModule } from '@app/observability';
import { AuditLog, type Operator } from '@app/staff';
import { openTestDatabase, testConfig, until, type TestDatabase } from '@app/testing';
import {
  AssignTerritory,
  ChannelModule,
  CreateDistributor,
  DistributorDirectory,
  EndTerritory,
  TerritoryMap,
  type TerritoryWish,
} from './index';

let db: TestDatabase;
let app: TestingModule;
beforeAll(async () => {
  db = await openTestDatabase();
  app = await Test.createTestingModule({
    imports: [
      ConfigModule.forRoot(
        testConfig({ database: { url: db.url, poolSize: 10 }, waitsChange: { catalogRefreshMs: 100 } }),
      ),
      ObservabilityModule.forRoot(createLogger('channel', 'silent')),
      DatabaseModule.forRoot([]),
      JobsModule.forRoot({ run: false }),
      ChannelModule,
    ],
  }).compile();
  await app.init();
});
afterAll(async () => {
  await app.close();
  await db.close();
});

const hq: Operator = { id: 1, login: 'hq', name: '总部', roles: ['marketer'], distributorId: null };
const national = issueScope({ kind: 'national' });
const from = new Date('2026-01-01T00:00:00Z');
/** A product line that no other test, and no earlier run on the same database, has used. */
const line = () => `line-${randomUUID().slice(0, 18)}`;
const create = (name = '合肥利民商贸') => app.get(CreateDistributor).run(hq, { name });
const assign = (wish: Partial<TerritoryWish> & { distributorId: number }) =>
  app.get(AssignTerritory).run(hq, { adcode: 340100, productLine: null, from, to: null, ...wish });
const holder = (adcode: number | null, productLine: string, at = new Date()) =>
  app.get(TerritoryMap).attribute(adcode, productLine, at);

it('attributes scans to a new territory within the refresh, and no longer after its end', async () => {
  const productLine = line();
  const distributorId = await create();
  const id = await assign({ distributorId, productLine });
  await until('the new territory is known', () => Promise.resolve(holder(340104, productLine) === distributorId));
  expect(holder(340200, productLine)).toBeNull();
  const end = new Date(Date.now() + 50);
  await app.get(EndTerritory).run(hq, id, end, '合同到期');
  await until('its end is known', () => Promise.resolve(holder(340104, productLine, new Date(end)) === null));
  expect(holder(340104, productLine, new Date(end.getTime() - 1))).toBe(distributorId);
});

it('lets two distributors share a county, but none hold it twice at a time, also when asked at once', async () => {
  const productLine = line();
  const [one, other] = [await create(), await create()];
  const results = await Promise.allSettled(
    Array.from({ length: 8 }, () => assign({ distributorId: one, productLine })),
  );
  expect(results.filter((result) => result.status === 'fulfilled')).toHaveLength(1);
  for (const result of results)
    if (result.status === 'rejected') expect(result.reason).toMatchObject({ code: 'territory_overlap', status: 409 });
  await assign({ distributorId: other, productLine });
  const past = { distributorId: one, productLine, from: new Date('2025-01-01'), to: from };
  await assign(past);
  await expect(assign({ ...past, to: new Date(from.getTime() + 1) })).rejects.toMatchObject({
    code: 'territory_overlap',
  });
});

it.each([
  [{ adcode: 999999 }, 'no_region'],
  [{ adcode: 340999 }, 'no_region'],
  [{ to: from }, 'bad_period'],
  [{ from: new Date(NaN) }, 'bad_period'],
  [{ productLine: '' }, 'bad_line'],
  [{ productLine: '茶'.repeat(20) }, 'bad_line'],
])('refuses a territory with %j', async (change, code) => {
  const distributorId = await create();
  await expect(assign({ distributorId, ...change })).rejects.toMatchObject({ code, status: 422 });
});

it('refuses what does not exist or is over, and bad names', async () => {
  const distributorId = await create();
  const id = await assign({ distributorId, productLine: line() });
  const end = app.get(EndTerritory);
  await expect(assign({ distributorId: 4_000_000_000 })).rejects.toMatchObject({ status: 404 });
  await expect(end.run(hq, 4_000_000_000, new Date())).rejects.toMatchObject({ status: 404 });
  await expect(end.run(hq, id, from)).rejects.toMatchObject({ code: 'bad_period' });
  await end.run(hq, id, new Date('2026-03-01'));
  await expect(end.run(hq, id, new Date('2026-04-01'))).rejects.toMatchObject({ code: 'territory_ended' });
  await expect(create('  ')).rejects.toMatchObject({ code: 'bad_name' });
  await expect(app.get(CreateDistributor).run(hq, { name: '二批', parentId: 4_000_000_000 })).rejects.toMatchObject({
    code: 'no_distributor',
  });
});

it('is headquarters alone to change, and every change is in the audit log', async () => {
  const distributorId = await create();
  const clerk: Operator = { ...hq, id: 2, roles: ['distributor'], distributorId };
  const wish = { distributorId, adcode: 340100, productLine: line(), from, to: null };
  await expect(app.get(CreateDistributor).run(clerk, { name: 'x' })).rejects.toMatchObject({ status: 403 });
  await expect(app.get(AssignTerritory).run(clerk, wish)).rejects.toMatchObject({ status: 403 });
  const id = await app.get(AssignTerritory).run(hq, wish);
  await expect(app.get(EndTerritory).run(clerk, id, new Date())).rejects.toMatchObject({ status: 403 });
  await app.get(EndTerritory).run(hq, id, new Date(), '换人');
  const { items } = await app.get(AuditLog).list({ limit: 10, object: `territory:${id}` });
  expect(items.map((entry) => entry.act)).toEqual(['channel.end-territory', 'channel.assign-territory']);
  expect(items[0]!.details).toMatchObject({ before: { to: null }, reason: '换人' });
});

it('shows a distributor itself and its territories, and nothing of another', async () => {
  const [one, other] = [await create(), await create()];
  const lines = [line(), line(), line()];
  for (const productLine of lines) await assign({ distributorId: one, productLine });
  await assign({ distributorId: other, productLine: line() });
  const directory = app.get(DistributorDirectory);
  const scope = issueScope({ kind: 'distributor', distributorId: other });
  expect((await directory.list(scope, { limit: 100 })).items.map((item) => item.id)).toEqual([other]);
  expect(await directory.find(scope, one)).toBeNull();
  expect((await directory.territoriesOf(scope, one, { limit: 100 })).items).toEqual([]);
  const first = await directory.territoriesOf(national, one, { limit: 2 });
  const rest = await directory.territoriesOf(national, one, { limit: 2, cursor: first.nextCursor });
  expect([...first.items, ...rest.items].map((item) => item.productLine)).toEqual(lines);
  expect(rest.nextCursor).toBeNull();
});
