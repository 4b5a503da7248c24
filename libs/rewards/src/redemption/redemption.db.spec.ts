import { randomUUID } from 'node:crypto';
import { Test, type TestingModule } from '@nestjs/testing';
import { issueScope } from '@app/analytics';
import { campaignsEntities, campaignTemplate, PublishCampaign, SaveDraft, type CampaignContent } from '@app/campaigns';
import {
  BindClerk,
  ClerkDirectory,
  CreateDistributor,
  DecideClerk,
  KeepStores,
  RedemptionList,
  StoreBindings,
  type StoreWish,
} from '@app/channel';
import { codesEntities, CreateProduct } from '@app/codes';
import { ConfigModule } from '@app/config';
import { DatabaseModule, UnitOfWork } from '@app/database';
import { JobsModule } from '@app/jobs';
import { fen, Rejected, shanghaiDay, type MemberId, type ScanId } from '@app/kernel';
import { SignIn } from '@app/members';
import { createLogger, ObservabilityModule } from '@app/observability';
import { openTestDatabase, testConfig, type TestDatabase } from '@app/testing';
import {
  AwardIds,
  Awards,
  AwardViews,
  RedeemPrize,
  RedeemTokens,
  RewardsModule,
  ShowPrize,
  type AwardRow,
} from '../index';

const NATIONAL = issueScope({ kind: 'national' });
const DAY_MS = 86_400_000;

let db: TestDatabase;
let app: TestingModule;
let productId: number;
let otherProductId: number;
let version: { campaignId: number; versionId: number };
const batch = 1_000_000 + Number(process.hrtime.bigint() % 3_000_000n);
let serial = 0;

beforeAll(async () => {
  db = await openTestDatabase();
  app = await Test.createTestingModule({
    imports: [
      ConfigModule.forRoot(testConfig({ database: { url: db.url, poolSize: 10 } })),
      ObservabilityModule.forRoot(createLogger('spec', 'silent')),
      DatabaseModule.forRoot([...campaignsEntities, ...codesEntities]),
      JobsModule.forRoot({ run: false }),
      RewardsModule,
    ],
  }).compile();
  app.enableShutdownHooks();
  await app.init();
  productId = await newProduct();
  otherProductId = await newProduct();
  version = await published();
}, 60_000);
afterAll(async () => {
  if (version) await db.asOwner.query("UPDATE campaigns SET status = 'ended' WHERE id = ?", [version.campaignId]);
  await app.close();
  await db.close();
});

const get: TestingModule['get'] = (what: never) => app.get(what, { strict: false }) as never;
const newMember = () => get(SignIn).run({ openid: `o-${randomUUID()}` });
const redeem = (clerk: MemberId, storeId: number, token: string, requestId: string = randomUUID()) =>
  get(RedeemPrize).run(clerk, { storeId, token, requestId });

async function newProduct(): Promise<number> {
  const sku = `SKU-${randomUUID().slice(0, 8)}`;
  const named = { sku, gtin: null, name: '青禾白桃气泡茶', line: 'peach', spec: '500 ml', unitsPerCase: 15 };
  return (await get(CreateProduct).run({ ...named, imageUrl: null, priceFen: 550 }, { by: null })).id;
}

async function published(): Promise<{ campaignId: number; versionId: number }> {
  const again = { key: 'again', name: '加 1 元换一瓶', stock: null, kind: 'redeem', productId } as const;
  const prizes: CampaignContent['prizes'] = [
    { ...again, valueFen: 550, coPayFen: 100, validDays: 7 },
    { key: 'nothing', name: '谢谢参与', kind: 'nothing' },
  ];
  const then = { mode: 'drawn', prizes: [{ key: 'again', odds: 1_000_000 }], fallbackPrizeKey: 'nothing' } as const;
  const rules: CampaignContent['rules'] = [{ key: 'all', name: '人人有奖', when: { all: [] }, then }];
  const scope = { products: [productId], batches: [batch] };
  const content = campaignTemplate(`兑付 ${batch}`, 9, { scope, prizes, rules, caps: [], budgetId: 9 });
  const { campaignId } = await get(SaveDraft).run({ content, by: 1 });
  const { versionId } = await get(PublishCampaign).run({ campaignId, by: 1, approvedBy: 2 });
  return { campaignId, versionId };
}

/** The member wins a prize, as a scan would write it. */
async function won(member: MemberId, wonAt = new Date()): Promise<{ award: AwardRow; id: string; token: string }> {
  const award: AwardRow = {
    ...{ code: { batch, layer: 0, serial: serial++ }, slot: 0, member, scanId: randomUUID() as string as ScanId },
    ...{ ...version, ruleKey: 'all', prizeKey: 'again', prizeKind: 'redeem', prizeName: '加 1 元换一瓶' },
    ...{ amountFen: fen(0), budgetId: null, wonAt },
  };
  await get(UnitOfWork).run((tx) => get(Awards).insert(tx, [award]));
  return { award, id: get(AwardIds).make(award.code, award.slot), token: get(RedeemTokens).make(award) };
}

async function newStore(change: Partial<StoreWish> = {}): Promise<number> {
  const distributorId = await get(CreateDistributor).run(null, { name: '合肥利民商贸' });
  const wish = {
    name: '蜀山便利店',
    adcode: 340104,
    address: '长江西路 1 号',
    location: null,
    redeems: 'all',
  } as const;
  return get(KeepStores).open(null, distributorId, { ...wish, ...change });
}

/** A person bound to a store and confirmed. */
async function newClerk(storeId: number): Promise<MemberId> {
  const member = await newMember();
  const token = get(StoreBindings).make(storeId, 1);
  const { clerk } = await get(BindClerk).ask(token, [member], '王小店');
  await get(DecideClerk).run(null, clerk.id, 'confirm');
  return member;
}

const refusal = async (work: Promise<unknown>) => {
  const error = await work.catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(Rejected);
  return [(error as Rejected).code, (error as Rejected).status];
};

it('fifty tries from two stores at once hand one prize over exactly once', async () => {
  const [one, other] = [await newStore(), await newStore()];
  const clerks = [await newClerk(one), await newClerk(one), await newClerk(other)];
  const winner = await newMember();
  for (let round = 0; round < 3; round++) {
    const { award, token } = await won(winner);
    const tries = await Promise.allSettled(
      Array.from({ length: 50 }, (_, n) => redeem(clerks[n % 3]!, n % 3 === 2 ? other : one, token)),
    );
    expect(tries.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const one of tries) {
      if (one.status === 'rejected') expect(one.reason).toMatchObject({ code: 'already_redeemed', status: 409 });
    }
    const { code, slot } = award;
    const rows = await db.database.query(
      'SELECT store_id FROM store_redemptions WHERE batch_id = ? AND layer = ? AND serial = ? AND slot = ?',
      [code.batch, code.layer, code.serial, slot],
    );
    expect(rows).toHaveLength(1);
  }
  const today = shanghaiDay(new Date());
  const days = await Promise.all([one, other].map((store) => get(RedemptionList).day(store, today)));
  expect(days[0]!.units + days[1]!.units).toBe(3);
  expect(days[0]!.coPayFen + days[1]!.coPayFen).toBe(300);
});

it('the same tap again, also fifty at once, gets the same answer; another tap of the same clerk does not', async () => {
  const store = await newStore();
  const clerk = await newClerk(store);
  const { token } = await won(await newMember());
  const requestId = randomUUID();
  const answers = await Promise.all(Array.from({ length: 50 }, () => redeem(clerk, store, token, requestId)));
  expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
  expect(await refusal(redeem(clerk, store, token))).toEqual(['already_redeemed', 409]);
  expect(await get(RedemptionList).day(store, shanghaiDay(new Date()))).toEqual({ units: 1, coPayFen: 100 });
});

it('shows the winner where and when, and no QR any more', async () => {
  const store = await newStore({ name: '望江路便利店' });
  const clerk = await newClerk(store);
  const winner = await newMember();
  const { id, token } = await won(winner);
  expect(await get(RedeemPrize).look(clerk, { storeId: store, token: ` ${token.toLowerCase()} ` })).toMatchObject({
    ...{ prizeName: '加 1 元换一瓶', productName: '青禾白桃气泡茶', coPayFen: 100, refusal: null },
  });
  const { redeemedAt } = await redeem(clerk, store, token);
  const view = await get(AwardViews).one(winner, id);
  expect(view).toMatchObject({
    ...{ state: 'redeemed', stateText: '已兑付', hint: expect.stringContaining('望江路便利店') as string },
    redeem: { redeemedAt: redeemedAt.toISOString(), storeName: '望江路便利店' },
  });
  expect(await refusal(get(ShowPrize).run(winner, id))).toEqual(['nothing_to_show', 404]);
  const seen = await get(RedeemPrize).look(clerk, { storeId: store, token });
  expect(seen.refusal).toMatchObject({ code: 'already_redeemed' });
});

it('refuses whoever is no active clerk there, another product, a late one, one’s own and what is no token', async () => {
  const [store, narrow] = [await newStore(), await newStore({ redeems: [otherProductId] })];
  const [clerk, elsewhere] = [await newClerk(store), await newClerk(narrow)];
  const { token } = await won(await newMember());
  expect(await refusal(redeem(await newMember(), store, token))).toEqual(['not_a_clerk', 403]);
  expect(await refusal(redeem(elsewhere, store, token))).toEqual(['not_a_clerk', 403]);
  expect(await refusal(redeem(elsewhere, narrow, token))).toEqual(['not_here', 409]);
  expect(await refusal(redeem(clerk, store, token.slice(0, -1) + (token.endsWith('0') ? '1' : '0')))).toEqual([
    'bad_token',
    422,
  ]);
  expect(await refusal(redeem(clerk, store, 'hello'))).toEqual(['bad_token', 422]);
  const late = await won(await newMember(), new Date(Date.now() - 9 * DAY_MS));
  expect(await refusal(redeem(clerk, store, late.token))).toEqual(['lapsed', 409]);
  const own = await won(clerk);
  expect(await refusal(redeem(clerk, store, own.token))).toEqual(['own_prize', 409]);
  const { items } = await get(RedemptionList).list(NATIONAL, { limit: 10, storeId: store });
  expect(items).toEqual([]);
  expect((await redeem(clerk, store, token)).storeId).toBe(store);
});

it('a clerk who was removed, and a closed store, hand nothing over', async () => {
  const store = await newStore();
  const [clerk, other] = [await newClerk(store), await newClerk(store)];
  const { token } = await won(await newMember());
  const { items } = await get(ClerkDirectory).list(NATIONAL, { limit: 10, storeId: store });
  await get(DecideClerk).run(null, items[0]!.id, 'remove', '离职');
  expect(await refusal(redeem(clerk, store, token))).toEqual(['not_a_clerk', 403]);
  await get(KeepStores).setStatus(null, store, 'closed');
  expect(await refusal(redeem(other, store, token))).toEqual(['store_closed', 409]);
  await get(KeepStores).setStatus(null, store, 'active');
  await redeem(other, store, token);
});
