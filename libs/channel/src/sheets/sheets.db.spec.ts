import { randomUUID } from 'node:crypto';
import { Test, type TestingModule } from '@nestjs/testing';
import { issueScope } from '@app/analytics';
import { ConfigModule } from '@app/config';
import { DatabaseModule, UnitOfWork } from '@app/database';
import { JobsModule } from '@app/jobs';
import { fen, memberId, Rejected, shanghaiDay, shanghaiDayStart } from '@app/kernel';
import { createLogger, ObservabilityModule } from '@app/observability';
import type { Operator } from '@app/staff';
import { openTestDatabase, testConfig, type TestDatabase } from '@app/testing';
import {
  ChannelModule,
  ConfirmSheet,
  CreateDistributor,
  CreditSheet,
  DisputeSheet,
  KeepStores,
  SheetViews,
  StoreRedemptions,
  type CreditWish,
} from '../index';
import { monthBefore } from './sheet';

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

const NOW = shanghaiDay(new Date()).slice(0, 7);
const LAST = monthBefore(NOW);
const BEFORE = monthBefore(LAST);
const NATIONAL = issueScope({ kind: 'national' });
const HQ: Operator = { id: 1, login: 'cfo', name: '财务', roles: ['finance'], distributorId: null };
const sideOf = (distributorId: number): Operator => ({ ...HQ, id: 2, roles: ['distributor'], distributorId });
const views = () => app.get(SheetViews);
const PRODUCT = 4_100_000_001;
const batch = 1_000_000 + Number(process.hrtime.bigint() % 3_000_000n);
let serial = 0;

interface Place {
  readonly distributorId: number;
  readonly storeId: number;
}

async function place(): Promise<Place> {
  const distributorId = await app.get(CreateDistributor).run(null, { name: '合肥利民商贸' });
  const wish = {
    name: '蜀山便利店',
    adcode: 340104,
    address: '长江西路 1 号',
    location: null,
    redeems: 'all',
  } as const;
  return { distributorId, storeId: await app.get(KeepStores).open(null, distributorId, wish) };
}

/** A store handed so many over in a month, as a clerk's tap would write it. */
async function redeemed({ distributorId, storeId }: Place, month: string, units: number): Promise<void> {
  const redeemedAt = new Date(shanghaiDayStart(`${month}-01`).getTime() + 3_600_000);
  for (let n = 0; n < units; n++) {
    await app.get(UnitOfWork).run((tx) =>
      app.get(StoreRedemptions).record(tx, {
        ...{ code: { batch, layer: 0, serial: serial++ }, slot: 0, storeId, distributorId, clerkId: 1 },
        ...{ member: memberId('1'), productId: PRODUCT, campaignId: 1, prizeName: '再来一瓶', redeemedAt },
        ...{ valueFen: fen(550), coPayFen: fen(100), requestId: randomUUID() },
      }),
    );
  }
}

const credit = ({ distributorId, storeId }: Place, month: string, change: Partial<CreditWish> = {}) =>
  app.get(CreditSheet).credit(
    HQ,
    { distributorId, month },
    {
      ...{ storeId, productId: PRODUCT, kind: 'goods', units: 1, amountFen: 0 },
      ...{ noteNo: 'CN-1', note: null, requestId: randomUUID(), ...change },
    },
  );
const confirm = (actor: Operator, { distributorId }: Place, month: string, revision: number) =>
  app.get(ConfirmSheet).run(actor, { distributorId, month }, revision);
const detail = ({ distributorId }: Place, month: string, scope = NATIONAL) =>
  views().one(scope, { distributorId, month });
const revision = async (where: Place, month: string) => (await detail(where, month)).sheet?.revision ?? 0;
const refusal = async (work: Promise<unknown>) => {
  const error = await work.catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(Rejected);
  return (error as Rejected).code;
};
/** Both sides agree to a month as it stands. */
async function close(where: Place, month: string): Promise<void> {
  const at = await revision(where, month);
  expect(await confirm(HQ, where, month, at)).toBe(false);
  expect(await confirm(sideOf(where.distributorId), where, month, at)).toBe(true);
}

it('what is not settled is carried on, through a closed month and an open one alike', async () => {
  const where = await place();
  await redeemed(where, BEFORE, 5);
  await redeemed(where, LAST, 2);
  await redeemed(where, NOW, 1);
  await credit(where, BEFORE, { units: 2 });
  await credit(where, LAST, { kind: 'money', units: 3, amountFen: 1650 });
  const expected = { openingUnits: 3, redeemedUnits: 2, moneyUnits: 3, moneyFen: 1650, owedUnits: 2, coPayFen: 200 };
  expect(await detail(where, LAST)).toMatchObject(expected);
  await close(where, BEFORE);
  expect(await detail(where, LAST)).toMatchObject(expected);
  await close(where, LAST);
  expect(await detail(where, LAST)).toMatchObject(expected);
  expect(await detail(where, NOW)).toMatchObject({ openingUnits: 2, redeemedUnits: 1, owedUnits: 3 });
  const months = await views().ofDistributor(NATIONAL, where.distributorId, NOW);
  expect(months.map(({ month, owedUnits }) => [month, owedUnits])).toEqual([
    [NOW, 3],
    [LAST, 2],
    [BEFORE, 3],
  ]);
});

it('a closed sheet stays as it is: nothing is credited, voided, disputed or confirmed on it any more', async () => {
  const where = await place();
  await redeemed(where, LAST, 3);
  const made = await credit(where, LAST);
  await close(where, LAST);
  const before = await detail(where, LAST);
  expect(before.sheet!.contentHash).toMatch(/^[0-9a-f]{64}$/);
  const name = { distributorId: where.distributorId, month: LAST };
  const { revision: at } = before.sheet!;
  expect(await refusal(credit(where, LAST))).toBe('sheet_closed');
  expect(await refusal(credit(where, BEFORE))).toBe('sheet_closed');
  expect(await refusal(app.get(CreditSheet).void(HQ, name, made, '错了'))).toBe('sheet_closed');
  const dispute = { storeId: where.storeId, productId: PRODUCT, units: 1, words: '少了' };
  expect(await refusal(app.get(DisputeSheet).raise(HQ, name, dispute))).toBe('sheet_closed');
  expect(await refusal(confirm(HQ, where, LAST, at))).toBe('sheet_closed');
  expect(await detail(where, LAST)).toEqual(before);
});

it('a change voids what a side agreed to, and an old revision is not agreed to', async () => {
  const where = await place();
  await redeemed(where, LAST, 3);
  expect(await confirm(HQ, where, LAST, 0)).toBe(false);
  await credit(where, LAST);
  expect((await detail(where, LAST)).sheet).toMatchObject({ hqAt: null, revision: 1 });
  expect(await refusal(confirm(sideOf(where.distributorId), where, LAST, 0))).toBe('sheet_changed');
  expect(await confirm(sideOf(where.distributorId), where, LAST, 1)).toBe(false);
  expect(await confirm(sideOf(where.distributorId), where, LAST, 1)).toBe(false);
  expect(await confirm(HQ, where, LAST, 1)).toBe(true);
});

it('both sides at the same moment close it once', async () => {
  const where = await place();
  await redeemed(where, LAST, 2);
  const both = [HQ, sideOf(where.distributorId)];
  const closed = await Promise.all(both.map((actor) => confirm(actor, where, LAST, 0)));
  expect(closed.filter(Boolean)).toHaveLength(1);
  expect((await detail(where, LAST)).sheet!.closedAt).not.toBeNull();
});

it('no more units are settled than are owed, also by twenty credits at once, and one request is one credit', async () => {
  const where = await place();
  await redeemed(where, LAST, 5);
  const tries = await Promise.allSettled(Array.from({ length: 20 }, () => credit(where, LAST)));
  expect(tries.filter(({ status }) => status === 'fulfilled')).toHaveLength(5);
  for (const one of tries) if (one.status === 'rejected') expect(one.reason).toMatchObject({ code: 'too_many' });
  expect((await detail(where, LAST)).owedUnits).toBe(0);
  const other = await place();
  await redeemed(other, LAST, 5);
  const requestId = randomUUID();
  const same = await Promise.all(Array.from({ length: 5 }, () => credit(other, LAST, { requestId })));
  expect(new Set(same).size).toBe(1);
  const now = await detail(other, LAST);
  expect(now).toMatchObject({ goodsUnits: 1, owedUnits: 4 });
  await app.get(CreditSheet).void(HQ, { distributorId: other.distributorId, month: LAST }, same[0]!, '记错');
  expect(await detail(other, LAST)).toMatchObject({ goodsUnits: 0, owedUnits: 5 });
});

it('a month is closed after those before it, when it is over, and without open disputes', async () => {
  const where = await place();
  await redeemed(where, BEFORE, 1);
  await redeemed(where, LAST, 1);
  expect(await refusal(confirm(HQ, where, NOW, 0))).toBe('month_running');
  expect(await refusal(confirm(HQ, where, LAST, 0))).toBe('earlier_open');
  const name = { distributorId: where.distributorId, month: BEFORE };
  const desk = app.get(DisputeSheet);
  const distributor = sideOf(where.distributorId);
  const wish = { storeId: where.storeId, productId: PRODUCT, units: 1, words: '应为 2 件' };
  const id = await desk.raise(distributor, name, wish);
  expect(await refusal(confirm(HQ, where, BEFORE, 1))).toBe('disputed');
  expect(await refusal(desk.answer(distributor, name, id, '自问自答'))).toBe('no_dispute');
  expect(await refusal(desk.settle(HQ, name, id))).toBe('no_dispute');
  await desk.answer(HQ, name, id, '系统里只有 1 件');
  await desk.settle(distributor, name, id);
  expect((await detail(where, BEFORE)).disputes).toMatchObject([{ answer: '系统里只有 1 件', side: 'distributor' }]);
  await close(where, BEFORE);
  await close(where, LAST);
});

it('a distributor sees and touches its own alone, and never credits', async () => {
  const [mine, theirs] = [await place(), await place()];
  await redeemed(mine, LAST, 1);
  await redeemed(theirs, LAST, 1);
  const scope = issueScope({ kind: 'distributor', distributorId: mine.distributorId });
  const { items } = await views().ofMonth(scope, LAST, { limit: 50 });
  expect(items.map(({ distributorId }) => distributorId)).toEqual([mine.distributorId]);
  expect(await refusal(detail(theirs, LAST, scope))).toBe('no_distributor');
  expect(await views().ofDistributor(scope, theirs.distributorId, NOW)).toEqual([]);
  const actor = sideOf(mine.distributorId);
  const name = { distributorId: theirs.distributorId, month: LAST };
  expect(await refusal(confirm(actor, theirs, LAST, 0))).toBe('no_distributor');
  const wish = { storeId: theirs.storeId, productId: PRODUCT, units: 1, words: 'x' };
  expect(await refusal(app.get(DisputeSheet).raise(actor, name, wish))).toBe('no_distributor');
  const own = { distributorId: mine.distributorId, month: LAST };
  const settled = { storeId: mine.storeId, productId: PRODUCT, kind: 'goods', units: 1, amountFen: 0 } as const;
  const note = { noteNo: '1', note: null, requestId: randomUUID() };
  expect(await refusal(app.get(CreditSheet).credit(actor, own, { ...settled, ...note }))).toBe('forbidden');
  expect(await refusal(app.get(DisputeSheet).raise(actor, own, wish))).toBe('no_store');
});
