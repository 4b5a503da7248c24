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
import { CONFIG, ConfigModule, type Config } from '@app/config';
import { DatabaseModule, UnitOfWork } from '@app/database';
import { JobsModule } from '@app/jobs';
import { fen, Rejected, Transient, type MemberId, type ScanId } from '@app/kernel';
import { SignIn } from '@app/members';
import { createLogger, ObservabilityModule } from '@app/observability';
import { ApproveGrant, Budgets, CreateBudget, LedgerCheck, RequestGrant, Settlements } from '@app/payouts';
import { openTestDatabase, testConfig, type TestDatabase } from '@app/testing';
import {
  AwardIds,
  Awards,
  AwardViews,
  ClaimAward,
  payoutKeyOf,
  Pools,
  ReleaseUnclaimed,
  RewardsModule,
  type AwardRow,
} from '../index';
import { ReleaseStep } from './release-step';
import { ReleaseWalks } from './release-walks.repository';

let db: TestDatabase;
let app: TestingModule;
const batch = 1_000_000 + Number(process.hrtime.bigint() % 3_000_000n);
let serial = 0;
let productId: number;
jest.setTimeout(60_000);

const PRIZES: Prize[] = [
  { key: 'cash', name: '现金红包', stock: null, kind: 'cash', amount: { type: 'fixed', fen: 188 } },
  { key: 'locked', name: '加倍', stock: null, kind: 'locked', amount: { type: 'fixed', fen: 188 }, opensWithinDays: 7 },
];

beforeAll(async () => {
  db = await openTestDatabase({ poolSize: 20, own: 'releases' });
  const waitsChange = { releaseGraceMs: 1, releaseAgainMs: 1 };
  const config = testConfig({ waitsChange, database: { url: db.url, poolSize: 20 } });
  app = await Test.createTestingModule({
    imports: [
      ConfigModule.forRoot(config),
      ObservabilityModule.forRoot(createLogger('spec', 'silent')),
      DatabaseModule.forRoot([...campaignsEntities, ...codesEntities]),
      JobsModule.forRoot({ run: false }),
      RewardsModule,
    ],
  }).compile();
  await app.init();
  const sku = `SKU-${randomUUID().slice(0, 8)}`;
  const product = { sku, gtin: null, name: '气泡茶', line: 'peach', spec: '500 ml', unitsPerCase: 15, imageUrl: null };
  ({ id: productId } = await app.get(CreateProduct).run({ ...product, priceFen: 550 }, { by: null }));
}, 60_000);
afterAll(async () => {
  await app.close();
  await db.close();
});

const inTx: UnitOfWork['run'] = (work) => app.get(UnitOfWork).run(work);
const release = () => app.get(ReleaseUnclaimed).run();
const past = { to: '2026-02-01T00:00', claimUntil: '2026-03-01T00:00' };

interface Stage {
  readonly campaignId: number;
  readonly versionId: number;
  readonly budgetId: number;
}

/** A campaign that is over, with money of its own. */
async function campaign(times = past): Promise<Stage> {
  const budgetId = await inTx(async (tx) => {
    const id = await app.get(CreateBudget).run(tx, { name: `截止 ${batch}` });
    const words = { applicationNo: `FY-${id}`, expenseAccount: '促销费', costCenter: '市场部', bearer: 'hq' as const };
    const grantId = await app.get(RequestGrant).run(tx, { budgetId: id, amountFen: 100_000, ...words, requestedBy: 1 });
    await app.get(ApproveGrant).run(tx, { grantId, approvedBy: 2 });
    return id;
  });
  const { campaignId } = await app.get(SaveDraft).run({ content: contentOf(budgetId, times), by: 1 });
  const { versionId } = await app.get(PublishCampaign).run({ campaignId, by: 1, approvedBy: 2 });
  return { campaignId, versionId, budgetId };
}

function contentOf(budgetId: number, { to, claimUntil }: typeof past): CampaignContent {
  const template = campaignTemplate(`截止 ${budgetId}`, budgetId);
  const prizes = PRIZES.map(({ key }) => ({ key, odds: 500_000 }));
  const rules: CampaignContent['rules'] = [
    { key: 'all', name: '人人有奖', when: { all: [] }, then: { mode: 'drawn', prizes, fallbackPrizeKey: null } },
  ];
  return {
    ...{
      ...template,
      priority: budgetId % 1000,
      scope: { products: [productId], batches: [batch] },
      prizes: PRIZES,
      rules,
      caps: [],
    },
    ...{ period: { zone: 'Asia/Shanghai', from: '2026-01-01T00:00', to }, legal: { ...template.legal, claimUntil } },
  };
}

interface Won {
  readonly award: AwardRow;
  readonly id: string;
  readonly member: MemberId;
}

/** Somebody wins, as a scan writes it, and the budget reserves it. */
async function win(
  stage: Stage,
  kind: 'cash' | 'locked' = 'cash',
  amount = 188,
  wonAt = new Date('2026-01-15T04:00:00Z'),
): Promise<Won> {
  const member = await app.get(SignIn).run({ openid: `o-${randomUUID()}` });
  const { campaignId, versionId, budgetId } = stage;
  const award: AwardRow = {
    ...{ code: { batch, layer: 1, serial: ++serial }, slot: 0, member, scanId: randomUUID() as ScanId },
    ...{ campaignId, versionId, ruleKey: 'all', prizeKey: kind, prizeKind: kind, prizeName: '红包' },
    ...{ amountFen: fen(amount), budgetId, wonAt },
  };
  await inTx(async (tx) => {
    await app.get(Awards).insert(tx, [award]);
    const journalKey = `reserve:${budgetId}:${payoutKeyOf(award)}`;
    await app.get(Budgets).reserve(tx, [{ budgetId, fen: amount, journalKey }]);
  });
  return { award, id: app.get(AwardIds).make(award.code, 0), member };
}

const open = ({ award, member }: Won) =>
  inTx((tx) =>
    app
      .get(Awards)
      .open(tx, [
        { code: award.code, slot: 0, member, byScanId: randomUUID() as ScanId, at: new Date('2026-01-16T04:00:00Z') },
      ]),
  );
const claim = ({ member, id }: Won) => app.get(ClaimAward).run(member, id);
/** A payout as driving leaves it. */
async function inState(won: Won, state: string): Promise<void> {
  await claim(won);
  await move(payoutKeyOf(won.award), state);
}
const move = (key: string, state: string) =>
  inTx((tx) =>
    tx.execute('UPDATE payouts SET state = ?, settled_at = UTC_TIMESTAMP(6) WHERE payout_key = ?', [state, key]),
  );
const booked = ({ award }: Won) => ({
  ...{ payoutKey: payoutKeyOf(award), offerNo: 1, budgetId: award.budgetId!, amountFen: award.amountFen },
  ...{
    memberId: award.member,
    campaignId: award.campaignId,
    channel: 'transfer_confirm_v3' as const,
    mchId: '1900000001',
  },
});
async function settle(won: Won): Promise<void> {
  await inState(won, 'SETTLED');
  await inTx((tx) => app.get(Settlements).settle(tx, [booked(won)]));
}
const reasons = async ({ campaignId }: Stage) => {
  const rows = await db.database.query<{ award_key: Buffer; reason: Buffer }>(
    'SELECT award_key, reason FROM award_releases WHERE campaign_id = ?',
    [campaignId],
  );
  return new Map(rows.map((row) => [row.award_key.toString(), row.reason.toString()]));
};
const counters = async ({ budgetId }: Stage) => {
  const [row] = await db.database.query<Record<string, string>>(
    'SELECT available_fen, reserved_fen, settled_fen FROM budgets WHERE id = ?',
    [budgetId],
  );
  return Object.values(row!).map(Number);
};
const walk = async ({ campaignId }: Stage) => {
  const [row] = await db.database.query<{ done_at: Date | null; released: number; released_fen: string }>(
    'SELECT done_at, released, released_fen FROM release_walks WHERE campaign_id = ?',
    [campaignId],
  );
  return { done: row!.done_at !== null, released: row!.released, fen: Number(row!.released_fen) };
};
const faultsOf = async ({ budgetId }: Stage) =>
  (await app.get(LedgerCheck).run()).filter(({ detail }) => detail.includes(`budget ${budgetId}`));

it('releases what nobody can claim any more, leaves what is under way, and what was paid', async () => {
  const stage = await campaign();
  const never = await win(stage);
  const failed = await win(stage);
  await inState(failed, 'FAILED');
  const refunded = await win(stage);
  await settle(refunded);
  await move(payoutKeyOf(refunded.award), 'REFUNDED');
  await inTx((tx) => app.get(Settlements).refund(tx, [booked(refunded)]));
  const shut = await win(stage, 'locked');
  const opened = await win(stage, 'locked');
  await open(opened);
  const paid = await win(stage);
  await settle(paid);
  const held = [];
  for (const state of ['PENDING', 'SENDING', 'UNKNOWN', 'WAIT_USER', 'MANUAL']) {
    const won = await win(stage);
    await inState(won, state);
    held.push(won);
  }
  const contested = await win(stage);
  await inState(contested, 'FAILED');
  const contestedKey = payoutKeyOf(contested.award);
  await inTx((tx) =>
    tx.execute(
      `INSERT INTO payout_incidents (incident_key, payout_key, kind, detail, created_at)
       VALUES (?, ?, 'contradiction', '', UTC_TIMESTAMP(6))`,
      [`contradiction:${contestedKey}`, contestedKey],
    ),
  );
  await release();
  expect(await reasons(stage)).toEqual(
    new Map([
      [payoutKeyOf(never.award), 'unclaimed'],
      [payoutKeyOf(failed.award), 'failed'],
      [payoutKeyOf(refunded.award), 'refunded'],
      [payoutKeyOf(shut.award), 'lapsed'],
      [payoutKeyOf(opened.award), 'unclaimed'],
    ]),
  );
  expect(await counters(stage)).toEqual([100_000 - 7 * 188, 6 * 188, 188]);
  expect(await walk(stage)).toMatchObject({ done: false, released: 5, fen: 5 * 188 });

  for (const won of [never, failed, opened]) {
    await expect(claim(won)).rejects.toMatchObject({ code: 'award_expired' });
    expect(await app.get(AwardViews).one(won.member, won.id)).toMatchObject({ state: 'lapsed', stateText: '已过期' });
  }
  await inTx((tx) =>
    tx.execute('UPDATE payout_incidents SET resolved_at = UTC_TIMESTAMP(6) WHERE payout_key = ?', [contestedKey]),
  );
  for (const won of held) await move(payoutKeyOf(won.award), 'FAILED');
  for (let time = 0; time < 50 && !(await walk(stage)).done; time++) await release();
  expect(await walk(stage)).toEqual({ done: true, released: 11, fen: 11 * 188 });
  expect(await counters(stage)).toEqual([100_000 - 188, 0, 188]);
  expect(await faultsOf(stage)).toEqual([]);
});

it('a packet is the owner’s as long as it was promised, also when it is opened after the end of claims', async () => {
  const stage = await campaign();
  const days = (count: number) => new Date(Date.now() - count * 86_400_000);
  const opened = await win(stage, 'locked', 188, days(6));
  await open(opened);
  const shut = await win(stage, 'locked', 188, days(6));
  const late = await win(stage, 'locked', 188, days(9));
  await open(late);
  await release();
  expect(await reasons(stage)).toEqual(new Map([[payoutKeyOf(late.award), 'unclaimed']]));
  expect(await walk(stage)).toMatchObject({ done: false });
  expect(await claim(opened)).toMatchObject({ state: 'preparing' });
  await open(shut);
  expect(await claim(shut)).toMatchObject({ state: 'preparing' });
  await expect(claim(late)).rejects.toMatchObject({ code: 'award_expired' });
});

it('prizes and pools: what gathers is released one by one, a pool that failed with all of its awards', async () => {
  const stage = await campaign();
  const loose = await win(stage, 'cash', 8);
  const inPool = [await win(stage, 'cash', 9), await win(stage, 'cash', 9)];
  const { campaignId, budgetId, versionId } = stage;
  const [first] = inPool;
  const payoutKey = `p${first!.member}:${campaignId}:${budgetId}:1`;
  const pool = { payoutKey, member: first!.member, campaignId, budgetId, versionId, ordinal: 1, untilFen: fen(10) };
  const awards = inPool.map(({ award }) => award);
  await inTx((tx) => app.get(Pools).close(tx, { ...pool, amountFen: fen(18), awards }));
  await inTx((tx) =>
    tx.execute(
      `INSERT INTO payouts (payout_key, member_id, campaign_id, version_id, budget_id, amount_fen, channel, mch_id, state, offered_at,
         created_at, updated_at)
       VALUES (?, ?, ?, ?, ?, 18, 'transfer_confirm_v3', ?, 'WAIT_USER', UTC_TIMESTAMP(6), UTC_TIMESTAMP(6), UTC_TIMESTAMP(6))`,
      [payoutKey, first!.member, campaignId, versionId, budgetId, app.get<Config>(CONFIG).wechat.merchants[0]!.mchId],
    ),
  );
  await release();
  expect(await reasons(stage)).toEqual(new Map([[payoutKeyOf(loose.award), 'unclaimed']]));
  await move(payoutKey, 'FAILED');
  for (let time = 0; time < 50 && !(await walk(stage)).done; time++) await release();
  expect([...(await reasons(stage)).values()].sort()).toEqual(['failed', 'failed', 'unclaimed']);
  expect(await counters(stage)).toEqual([100_000, 0, 0]);
  await expect(claim(first!)).rejects.toThrow(Rejected);
  expect(await faultsOf(stage)).toEqual([]);
});

it('nothing is released before the last published end of claims', async () => {
  const stage = await campaign();
  await win(stage);
  const { campaignId, budgetId } = stage;
  const content = contentOf(budgetId, { ...past, claimUntil: '2099-03-01T00:00' });
  await app.get(SaveDraft).run({ campaignId, content, by: 1 });
  await app.get(PublishCampaign).run({ campaignId, by: 1, approvedBy: 2 });
  await release();
  expect((await reasons(stage)).size).toBe(0);
  expect(await counters(stage)).toEqual([100_000 - 188, 188, 0]);
});

it('a packet that is refunded after everything was paid is released too, and the walk is over again', async () => {
  const stage = await campaign();
  const paid = await win(stage);
  await settle(paid);
  const failed = await win(stage);
  await inState(failed, 'FAILED');
  await release();
  expect(await walk(stage)).toEqual({ done: true, released: 1, fen: 188 });
  await release();
  expect(await walk(stage)).toMatchObject({ done: true });

  const key = payoutKeyOf(paid.award);
  await inTx(async (tx) => {
    await tx.execute("UPDATE payouts SET state = 'REFUNDED' WHERE payout_key = ?", [key]);
    await tx.execute(
      `INSERT INTO payout_moves (payout_key, move_no, from_state, to_state, reason, at)
       VALUES (?, 9, 'SETTLED', 'REFUNDED', 'REFUND', UTC_TIMESTAMP(6))`,
      [key],
    );
    await app.get(Settlements).refund(tx, [booked(paid)]);
  });
  for (let time = 0; time < 50 && !(await reasons(stage)).has(key); time++) await release();
  expect((await reasons(stage)).get(key)).toBe('refunded');
  await release();
  expect(await walk(stage)).toEqual({ done: true, released: 2, fen: 2 * 188 });
  expect(await counters(stage)).toEqual([100_000, 0, 0]);
  expect(await faultsOf(stage)).toEqual([]);
});

it('claims that are prolonged while a walk is under way: nothing more is released, and the walk begins again', async () => {
  const stage = await campaign();
  const early = ++serial;
  const [first, second] = [await win(stage), await win(stage)];
  const step = app.get(ReleaseStep);
  const here = { batch, layer: 1, serial: early, slot: 0 };
  const due = async () => (await app.get(ReleaseWalks).due(db.database, stage.campaignId))!;
  const behind = (after: typeof here, count: number) => app.get(ReleaseWalks).awards(db.database, after, count);
  await step.begin();
  await step.take(await due(), await behind(here, 1));
  expect([...(await reasons(stage)).keys()]).toEqual([payoutKeyOf(first.award)]);

  const walkedBefore = await due();
  const awards = await behind(walkedBefore.after, 1);
  const { campaignId, budgetId } = stage;
  const content = contentOf(budgetId, { ...past, claimUntil: '2026-04-01T00:00' });
  await app.get(SaveDraft).run({ campaignId, content, by: 1 });
  await app.get(PublishCampaign).run({ campaignId, by: 1, approvedBy: 2 });
  await expect(step.take(walkedBefore, awards)).rejects.toThrow(Transient);
  expect((await reasons(stage)).has(payoutKeyOf(second.award))).toBe(false);

  const last = serial;
  serial = early - 1;
  const meanwhile = await win(stage);
  serial = last;
  await release();
  expect(new Set((await reasons(stage)).keys())).toEqual(
    new Set([first, second, meanwhile].map(({ award }) => payoutKeyOf(award))),
  );
  expect(await walk(stage)).toEqual({ done: true, released: 3, fen: 3 * 188 });
});

it('taps and releases at the same moment: every prize is either released or asked for, never both', async () => {
  const stage = await campaign();
  const wins: Won[] = [];
  for (let time = 0; time < 40; time++) wins.push(await win(stage));
  const taps = wins.map((won) =>
    claim(won).then(
      () => true,
      (error: unknown) => {
        if (error instanceof Rejected && error.code === 'award_expired') return false;
        throw error;
      },
    ),
  );
  await Promise.all([release(), release(), ...taps]);
  for (let time = 0; time < 3; time++) await release();
  const released = await reasons(stage);
  const asked = await Promise.all(taps);
  wins.forEach(({ award }, index) => expect(released.has(payoutKeyOf(award))).toBe(!asked[index]));
  expect(await counters(stage)).toEqual([100_000 - 188 * (40 - released.size), 188 * (40 - released.size), 0]);
  expect((await walk(stage)).released).toBe(released.size);
  expect(await faultsOf(stage)).toEqual([]);
});
