import { NestFactory } from '@nestjs/core';
import { issueScope } from '@app/analytics';
import { ClerkDirectory, SheetViews, StoreDirectory } from '@app/channel';
import { addDays, shanghaiDay } from '@app/kernel';
import { createLogger } from '@app/observability';
import { openTestDatabase, testConfig, type TestDatabase } from '@app/testing';
import { DemoBrandBuilder } from './demo-brand';
import { DemoChannel } from './demo-channel';
import { DemoHistoryWriter } from './demo-history';
import { demoPeople } from './demo-people';
import { DemoRedemptions } from './demo-redemptions';
import { DEMO_STORES } from './demo-store-list';
import { DemoStores } from './demo-stores';
import { DemoModule } from './demo.module';
import { Dice } from './dice';

const NATIONAL = issueScope({ kind: 'national' });
const DAY_MS = 86_400_000;

let db: TestDatabase;
let app: Awaited<ReturnType<typeof NestFactory.createApplicationContext>>;
beforeAll(async () => {
  db = await openTestDatabase({ own: 'demo_stores' });
  const config = testConfig({ database: { url: db.url, poolSize: 10 } });
  const module = DemoModule.forRoot(config, createLogger('seed', 'silent'));
  app = await NestFactory.createApplicationContext(module, { logger: false });
}, 120_000);
afterAll(async () => {
  await app.close();
  await db.close();
});

it('shops open, people stand behind the counters, hand over what is won, and months are settled', async () => {
  const operators = await app.get(DemoChannel).run();
  await app.get(DemoStores).run();
  await app.get(DemoStores).run();
  const { items } = await app.get(StoreDirectory).list(NATIONAL, { limit: 100 });
  expect(items.map(({ name }) => name).sort()).toEqual(DEMO_STORES.map(({ name }) => name).sort());
  const [author, approver] = operators;
  const brand = await app.get(DemoBrandBuilder).run({ author: author!, approver: approver! });
  const dice = new Dice(7);
  const people = demoPeople(120, dice);
  const openids = people.map(({ id }) => `demo-openid-${id}`);
  const to = new Date();
  const from = new Date(to.getTime() - 120 * DAY_MS);
  const story = { from, to, count: 2500, budgetMs: 60_000, dice };
  await app.get(DemoHistoryWriter).write(brand, people, openids, story);

  const staffed = await app.get(DemoStores).staff(openids);
  expect(await app.get(DemoStores).staff(openids)).toEqual(staffed);
  const waiting = await app.get(ClerkDirectory).list(NATIONAL, { limit: 100, state: 'waiting' });
  expect(waiting.items).toHaveLength(DEMO_STORES.length - staffed.length);
  const { distributorId } = staffed[0]!;
  expect(await app.get(DemoRedemptions).tell(staffed, brand.teas[0]!.productId, dice)).toBeGreaterThan(5);
  await app.get(DemoRedemptions).settle(distributorId, operators);
  const last = addDays(`${shanghaiDay(to).slice(0, 7)}-01`, -1).slice(0, 7);
  const months = await app.get(SheetViews).ofDistributor(NATIONAL, distributorId, last);
  for (const { month, sheet } of months) expect((sheet?.closedAt ?? null) !== null).toBe(month !== last);
}, 240_000);
