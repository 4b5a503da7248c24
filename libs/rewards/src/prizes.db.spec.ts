import { randomUUID } from 'node:crypto';
import { Test, type TestingModule } from '@nestjs/testing';
import {
  campaignsEntities,
  campaignTemplate,
  PublishCampaign,
  SaveDraft,
  type CampaignContent,
  type Prize,
} from '@app/campaigns';
import { codesEntities, CreateProduct } from '@app/codes';
import { ConfigModule } from '@app/config';
import { DatabaseModule, UnitOfWork } from '@app/database';
import { JobsModule } from '@app/jobs';
import { fen, Rejected, type MemberId, type ScanId } from '@app/kernel';
import { SignIn } from '@app/members';
import { createLogger, ObservabilityModule } from '@app/observability';
import { openTestDatabase, testConfig, type TestDatabase } from '@app/testing';
import {
  AwardIds,
  Awards,
  AwardViews,
  ClaimAward,
  CouponPools,
  CreateCouponPool,
  GiveAddress,
  ImportCoupons,
  payoutKeyOf,
  RedeemTokens,
  RewardsModule,
  ShowPrize,
  type AwardRow,
} from './index';

let db: TestDatabase;
let app: TestingModule;
let member: MemberId;
let poolId: number;
let productId: number;
let version: { campaignId: number; versionId: number };
const batch = 1_000_000 + Number(process.hrtime.bigint() % 3_000_000n);
let serial = 0;

const limited = (key: string, name: string) => ({ key, name, stock: null });
const prizes = (): Record<string, Prize> => ({
  cash: { ...limited('cash', '现金红包'), kind: 'cash', amount: { type: 'fixed', fen: 88 } },
  locked: { ...limited('locked', '加倍红包'), kind: 'locked', amount: { type: 'fixed', fen: 666 }, opensWithinDays: 7 },
  pooled: {
    ...limited('pooled', '会员卡'),
    kind: 'coupon',
    coupon: { type: 'pool', poolId },
    valueFen: 500,
    validDays: 7,
  },
  made: { ...limited('made', '满减券'), kind: 'coupon', coupon: { type: 'generated' }, valueFen: 500, validDays: 7 },
  goods: { ...limited('goods', '保温杯'), kind: 'goods', valueFen: 9900 },
  redeem: { ...limited('redeem', '再来一瓶'), kind: 'redeem', productId, valueFen: 550, coPayFen: 100, validDays: 7 },
  nothing: { key: 'nothing', name: '谢谢参与', kind: 'nothing' },
});

beforeAll(async () => {
  db = await openTestDatabase();
  const config = testConfig({ database: { url: db.url, poolSize: 10 } });
  app = await Test.createTestingModule({
    imports: [
      ConfigModule.forRoot(config),
      ObservabilityModule.forRoot(createLogger('spec', 'silent')),
      DatabaseModule.forRoot([...campaignsEntities, ...codesEntities]),
      JobsModule.forRoot({ run: false }),
      RewardsModule,
    ],
  }).compile();
  app.enableShutdownHooks();
  await app.init();
  member = await newMember();
  ({ id: productId } = await app.get(CreateProduct).run(
    {
      ...{ sku: `SKU-${randomUUID().slice(0, 8)}`, gtin: null, name: '青禾白桃气泡茶', line: 'peach', spec: '500 ml' },
      ...{ unitsPerCase: 15, imageUrl: null, priceFen: 550 },
    },
    { by: null },
  ));
  poolId = await inTx((tx) => app.get(CreateCouponPool).run(tx, { name: `券 ${randomUUID()}`, lowMark: 0, by: null }));
  await app.get(ImportCoupons).run({ poolId, importKey: randomUUID(), lines: ['VIP7-0001', 'VIP7-0002'], by: null });
  version = await published();
}, 60_000);
afterAll(async () => {
  if (version) await db.asOwner.query("UPDATE campaigns SET status = 'ended' WHERE id = ?", [version.campaignId]);
  await app.close();
  await db.close();
});

const inTx: UnitOfWork['run'] = (work) => app.get(UnitOfWork).run(work);
const newMember = () => app.get(SignIn).run({ openid: `o-${randomUUID()}` });

/** A campaign with a prize of each kind, for a product that nobody else has. */
async function published(): Promise<{ campaignId: number; versionId: number }> {
  const all = Object.values(prizes());
  const odds = all.map(({ key }, index) => ({
    key,
    odds: index === 0 ? 1_000_000 - 100_000 * (all.length - 1) : 100_000,
  }));
  const rules: CampaignContent['rules'] = [
    {
      ...{ key: 'all', name: '人人有奖', when: { all: [] } },
      then: { mode: 'drawn', prizes: odds, fallbackPrizeKey: 'nothing' },
    },
  ];
  const content = campaignTemplate(`奖品 ${batch}`, 9, {
    ...{ scope: { products: [productId], batches: [batch] }, prizes: all, rules, caps: [], budgetId: 9 },
  });
  const { campaignId } = await app.get(SaveDraft).run({ content, by: 1 });
  const { versionId } = await app.get(PublishCampaign).run({ campaignId, by: 1, approvedBy: 2 });
  return { campaignId, versionId };
}

/** The member wins a prize, as a scan would write it; a coupon of the pool is taken in the same transaction. */
async function won(name: string, wonAt = new Date()): Promise<{ award: AwardRow; id: string }> {
  const prize = prizes()[name]!;
  const amountFen = fen(prize.kind === 'cash' ? 88 : prize.kind === 'locked' ? 666 : 0);
  const award: AwardRow = {
    ...{ code: { batch, layer: 0, serial: serial++ }, slot: 0, member, scanId: randomUUID() as string as ScanId },
    ...{ ...version, ruleKey: 'all', prizeKey: prize.key, prizeKind: prize.kind, prizeName: prize.name },
    ...{ amountFen, budgetId: amountFen > 0 ? 9 : null, wonAt },
  };
  await inTx(async (tx) => {
    await app.get(Awards).insert(tx, [award]);
    if (name === 'pooled') {
      expect(await app.get(CouponPools).take(tx, [{ ...award, poolId, validDays: 7 }])).toBe(true);
    }
  });
  return { award, id: app.get(AwardIds).make(award.code, award.slot) };
}
const view = (id: string) => app.get(AwardViews).one(member, id);
const open = ({ code, slot }: AwardRow) =>
  inTx((tx) =>
    app.get(Awards).open(tx, [{ code, slot, member, byScanId: randomUUID() as string as ScanId, at: new Date() }]),
  );
const refusal = async (work: Promise<unknown>) => {
  const error = await work.catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(Rejected);
  return [(error as Rejected).code, (error as Rejected).status];
};
const DAY = 86_400_000;
const ago = (days: number) => new Date(Date.now() - days * DAY);

it('tells of each kind what its owner needs, and nothing of the others', async () => {
  const parts = async (name: string) => {
    const { coupon, goods, redeem, locked, amountFen, state } = await view((await won(name)).id);
    return { coupon, goods, redeem, locked, amountFen, state };
  };
  const none = { coupon: null, goods: null, redeem: null, locked: null, amountFen: null };
  expect(await parts('cash')).toEqual({ ...none, amountFen: 88, state: 'ready' });
  expect(await parts('nothing')).toEqual({ ...none, state: 'none' });
  expect(await parts('goods')).toEqual({
    ...none,
    ...{ state: 'address', goods: { addressState: 'missing', maskedAddress: null, parcel: null } },
  });
  const made = await parts('made');
  expect(made).toMatchObject({
    ...none,
    state: 'usable',
    coupon: { code: expect.stringMatching(/^[0-9A-Z]{12}$/) as string },
  });
  expect((await parts('pooled')).coupon?.code).toBe('VIP7-0001');
  const { award, id } = await won('redeem');
  const { redeem, state } = await view(id);
  expect(state).toBe('redeem');
  expect(redeem).toMatchObject({ productName: '青禾白桃气泡茶', coPayFen: 100 });
  expect(app.get(RedeemTokens).read(redeem!.token)).toEqual({ code: award.code, slot: 0 });
});

it('shows them all in one list, and none to anybody else', async () => {
  const winner = member;
  const { id } = await won('made');
  const page = await app.get(AwardViews).list(winner, { limit: 100 });
  expect(new Set(page.items.map(({ kind }) => kind)).size).toBe(5);
  const other = await newMember();
  for (const act of [
    () => app.get(AwardViews).one(other, id),
    () => app.get(ClaimAward).run(other, id),
    () => app.get(ShowPrize).run(other, id),
    () => app.get(GiveAddress).run(other, id, address),
  ]) {
    expect(await refusal(act())).toEqual(['no_such_award', 404]);
  }
});

it('shows wins of before a merge to the person that is left, and lets them be claimed', async () => {
  const { id } = await won('cash');
  const left = await newMember();
  await db.asOwner.query('UPDATE members SET merged_into = ? WHERE id = ?', [left, member]);
  expect(await app.get(ClaimAward).run(left, id)).toMatchObject({ state: 'preparing' });
  expect((await app.get(AwardViews).list(left, { limit: 100 })).items.map(({ awardId }) => awardId)).toContain(id);
  // A phone that is still signed in as the other one.
  expect(await view(id)).toMatchObject({ state: 'preparing' });
  await db.asOwner.query('UPDATE members SET merged_into = NULL WHERE id = ?', [member]);
});

it('shows what is scanned as a picture, until its time has passed', async () => {
  expect(await app.get(ShowPrize).run(member, (await won('made')).id)).toMatch(/^<svg .*<\/svg>$/);
  expect(await app.get(ShowPrize).run(member, (await won('redeem')).id)).toMatch(/^<svg .*<\/svg>$/);
  for (const { id } of [await won('cash'), await won('made', ago(9)), await won('redeem', ago(9))]) {
    expect(await refusal(app.get(ShowPrize).run(member, id))).toEqual(['nothing_to_show', 404]);
  }
  expect((await view((await won('redeem', ago(9))).id)).state).toBe('lapsed');
});

describe('claiming', () => {
  it('is refused for what is no money', async () => {
    for (const name of ['nothing', 'made', 'goods', 'redeem']) {
      expect(await refusal(app.get(ClaimAward).run(member, (await won(name)).id))).toEqual(['nothing_to_claim', 409]);
    }
  });

  it('a locked packet hides its amount and pays nothing until it is opened, then it is money like any other', async () => {
    const { award, id } = await won('locked');
    expect(await view(id)).toMatchObject({ state: 'locked', amountFen: null, locked: { openedAt: null } });
    expect(await refusal(app.get(ClaimAward).run(member, id))).toEqual(['still_locked', 409]);
    await open(award);
    expect(await view(id)).toMatchObject({
      state: 'ready',
      amountFen: 666,
      locked: { openedAt: expect.any(String) as string },
    });
    expect(await app.get(ClaimAward).run(member, id)).toMatchObject({ state: 'preparing', amountFen: 666 });
    const [payout] = await db.database.query<{ amount: string }>(
      'SELECT amount_fen AS amount FROM payouts WHERE payout_key = ?',
      [payoutKeyOf(award)],
    );
    expect(Number(payout!.amount)).toBe(666);
  });

  it('a packet that nobody opened in time stays shut, one that was opened in time is paid later too', async () => {
    const late = await won('locked', ago(9));
    expect((await view(late.id)).state).toBe('lapsed');
    expect(await refusal(app.get(ClaimAward).run(member, late.id))).toEqual(['still_locked', 409]);
    const kept = await won('locked', ago(9));
    await open(kept.award);
    expect((await view(kept.id)).state).toBe('ready');
  });

  it('a packet is opened once, whoever tries at the same time', async () => {
    const { award } = await won('locked');
    const tries = await Promise.allSettled(Array.from({ length: 8 }, () => open(award)));
    expect(tries.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });
});

const address = { name: '林小禾', phone: '13800001234', adcode: 340104, detail: '望江西路 100 号 3 栋 502' };

describe('the address of goods', () => {
  it('is shown masked, may be changed, and lies sealed', async () => {
    const { award, id } = await won('goods');
    expect(await app.get(GiveAddress).run(member, id, address)).toMatchObject({
      ...{ state: 'packing', stateText: '待发货' },
      goods: { addressState: 'given', maskedAddress: '林**，138****1234，安徽省 合肥市 蜀山区 望江西路…' },
    });
    const changed = await app.get(GiveAddress).run(member, id, { ...address, name: '王大山', detail: '黄山路 1 号院' });
    expect(changed.goods?.maskedAddress).toContain('王**');
    const [row] = await db.database.query<{ sealed: Buffer; consent: Buffer }>(
      'SELECT address_sealed AS sealed, consent FROM award_addresses WHERE batch_id = ? AND serial = ?',
      [batch, award.code.serial],
    );
    expect(row!.consent.toString()).toMatch(/^address-/);
    for (const canary of ['王大山', '13800001234', '黄山路']) expect(row!.sealed.includes(canary)).toBe(false);
  });

  it('given by many taps at once is stored once', async () => {
    const { award, id } = await won('goods');
    const views = await Promise.all(Array.from({ length: 8 }, () => app.get(GiveAddress).run(member, id, address)));
    expect(views.every(({ goods }) => goods?.addressState === 'given')).toBe(true);
    const [row] = await db.database.query<{ rows: string }>(
      'SELECT COUNT(*) AS `rows` FROM award_addresses WHERE batch_id = ? AND serial = ?',
      [batch, award.code.serial],
    );
    expect(Number(row!.rows)).toBe(1);
  });

  it('stays as it is once a shipment has taken it', async () => {
    const { award, id } = await won('goods');
    const { goods } = await app.get(GiveAddress).run(member, id, address);
    await db.database.query(
      'UPDATE award_addresses SET taken_at = UTC_TIMESTAMP(6) WHERE batch_id = ? AND serial = ?',
      [batch, award.code.serial],
    );
    expect(await refusal(app.get(GiveAddress).run(member, id, { ...address, name: '王大山' }))).toEqual([
      'address_taken',
      409,
    ]);
    expect((await view(id)).goods).toEqual({ ...goods, addressState: 'taken' });
  });

  it('is refused when it is none, and for prizes that are not sent', async () => {
    const { id } = await won('goods');
    expect(await refusal(app.get(GiveAddress).run(member, id, { ...address, adcode: 340100 }))).toEqual([
      'bad_address',
      422,
    ]);
    expect((await view(id)).goods?.addressState).toBe('missing');
    const cash = await won('cash');
    expect(await refusal(app.get(GiveAddress).run(member, cash.id, address))).toEqual(['no_address_needed', 409]);
  });
});
