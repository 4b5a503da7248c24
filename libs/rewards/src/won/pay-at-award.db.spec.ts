import { randomUUID } from 'node:crypto';
import { Test, type TestingModule } from '@nestjs/testing';
import { campaignsEntities, campaignTemplate, PublishCampaign, SaveDraft, type CampaignContent } from '@app/campaigns';
import { codesEntities } from '@app/codes';
import { ConfigModule, type Config } from '@app/config';
import { DatabaseModule, UnitOfWork } from '@app/database';
import { JobsModule } from '@app/jobs';
import { fen, Transient, type MemberId, type ScanId } from '@app/kernel';
import { SignIn } from '@app/members';
import { createLogger, ObservabilityModule } from '@app/observability';
import { Releases } from '@app/payouts';
import { openTestDatabase, testConfig, type TestDatabase } from '@app/testing';
import { Awards, ClaimPool, MoneyOverviews, payoutKeyOf, RewardsModule, TellAwards, type AwardRow } from '../index';
import { AwardMoney } from '../award-money';
import { OpenPools } from '../pools/open-pools';
import { AwardsWonHandler } from './awards-won.handler';

let db: TestDatabase;
let apps: TestingModule[] = [];
let transfers: TestingModule;
let packets: TestingModule;
let version: { campaignId: number; versionId: number };
const batch = 1_000_000 + Number(process.hrtime.bigint() % 3_000_000n);
let serial = 0;

beforeAll(async () => {
  db = await openTestDatabase();
  const base = testConfig({ database: { url: db.url, poolSize: 8 } });
  const by = (channel: 'transfer_confirm_v3' | 'redpack_v2'): Config => ({
    ...base,
    wechat: { ...base.wechat, merchants: base.wechat.merchants.map((one) => ({ ...one, channels: [channel] })) },
  });
  transfers = await start(by('transfer_confirm_v3'));
  packets = await start(by('redpack_v2'));
  version = await published();
}, 90_000);
afterAll(async () => {
  if (version) await db.asOwner.query("UPDATE campaigns SET status = 'ended' WHERE id = ?", [version.campaignId]);
  await Promise.all(apps.map((app) => app.close()));
  apps = [];
  await db.close();
});

async function start(config: Config): Promise<TestingModule> {
  const app = await Test.createTestingModule({
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
  apps.push(app);
  return app;
}

async function published(): Promise<typeof version> {
  const cash = { key: 'cash', name: '红包', stock: null, kind: 'cash', amount: { type: 'fixed', fen: 188 } } as const;
  const rules: CampaignContent['rules'] = [
    {
      ...{ key: 'all', name: '人人有奖', when: { all: [] } },
      then: { mode: 'drawn', prizes: [{ key: 'cash', odds: 1_000_000 }], fallbackPrizeKey: null },
    },
  ];
  const scope = { products: [], batches: [batch] };
  const content = campaignTemplate(`中奖即付 ${batch}`, 9, { scope, prizes: [cash], rules, caps: [] });
  const { campaignId } = await transfers.get(SaveDraft).run({ content, by: 1 });
  const { versionId } = await transfers.get(PublishCampaign).run({ campaignId, by: 1, approvedBy: 2 });
  return { campaignId, versionId };
}

const newMember = () => transfers.get(SignIn).run({ openid: `o-${randomUUID()}` });

async function won(member: MemberId, amount: number, versionId = version.versionId): Promise<AwardRow> {
  const award: AwardRow = {
    ...{ code: { batch, layer: 0, serial: serial++ }, slot: 0, member, scanId: randomUUID() as string as ScanId },
    ...{ ...version, versionId, ruleKey: 'all', prizeKey: 'cash', prizeKind: 'cash', prizeName: '红包' },
    ...{ amountFen: fen(amount), budgetId: 9, wonAt: new Date() },
  };
  await transfers.get(UnitOfWork).run((tx) => transfers.get(Awards).insert(tx, [award]));
  return award;
}

/** As the outbox delivers it; the second and later deliveries find the row done. */
async function deliver(app: TestingModule, awards: readonly AwardRow[], times = 1): Promise<void> {
  let done = false;
  const completeIn = (): Promise<boolean> => {
    const first = !done;
    done = true;
    return Promise.resolve(first);
  };
  for (let delivery = 1; delivery <= times; delivery++) {
    const payload = { awards: awards.map(payoutKeyOf) };
    await app.get(AwardsWonHandler).handle(payload, { outboxId: '0', delivery, completeIn });
  }
}

const payoutsOf = async (member: MemberId) =>
  (
    await db.database.query<{ k: Buffer; fen: string; channel: Buffer; offer: number }>(
      'SELECT payout_key AS k, amount_fen AS fen, channel, offer_no AS offer FROM payouts WHERE member_id = ? ORDER BY payout_key',
      [member],
    )
  ).map(({ k, fen: amount, channel, offer }) => [k.toString()[0] === 'p', Number(amount), channel.toString(), offer]);

it('says nothing to the outbox where money waits for a tap and nobody is reminded', async () => {
  const award = await won(await newMember(), 188);
  expect(transfers.get(TellAwards).entries([award], [])).toEqual([]);
  expect(packets.get(TellAwards).entries([award], [award])).toHaveLength(1);
  expect(packets.get(TellAwards).entries([{ ...award, prizeKind: 'coupon' }], [])).toEqual([]);
});

it('sends a red packet at award, once however often the job arrives, and no second offer after a failure', async () => {
  const member = await newMember();
  const awards = [await won(member, 188), await won(member, 300)];
  await deliver(packets, awards, 3);
  expect(await payoutsOf(member)).toEqual([
    [false, 188, 'redpack_v2', 1],
    [false, 300, 'redpack_v2', 1],
  ]);
  await db.asOwner.query("UPDATE payouts SET state = 'FAILED' WHERE member_id = ?", [member]);
  await deliver(packets, awards);
  expect((await payoutsOf(member)).map(([, , , offer]) => offer)).toEqual([1, 1]);
});

it('gathers what a red packet does not carry, and sends it by itself as soon as it does', async () => {
  const member = await newMember();
  await deliver(packets, [await won(member, 60)]);
  expect(await payoutsOf(member)).toEqual([]);
  const overview = await packets.get(MoneyOverviews).of(member);
  expect(overview.totals).toEqual({ receivedFen: 0, waitingFen: 0, onTheWayFen: 0, gatheringFen: 60 });
  expect(overview.pools).toMatchObject([{ amountFen: 60, untilFen: 100, state: 'gathering', awards: 1 }]);
  await deliver(packets, [await won(member, 60)], 2);
  expect(await payoutsOf(member)).toEqual([[true, 120, 'redpack_v2', 1]]);
});

it('never pays what was given back to its budget, and pays the others of its group', async () => {
  const [late, member] = [await newMember(), await newMember()];
  const released = await won(late, 188);
  const key = payoutKeyOf(released);
  await db.asOwner.query(
    `INSERT INTO award_releases (award_key, payout_key, campaign_id, budget_id, member_id, amount_fen, reason, claim_until, at)
     VALUES (?, ?, ?, 9, ?, 188, 'unclaimed', UTC_TIMESTAMP(6), UTC_TIMESTAMP(6))`,
    [key, key, version.campaignId, late],
  );
  expect((await db.unitOfWork.run((tx) => packets.get(Releases).releasedAt(tx, [key]))).size).toBe(1);
  await deliver(packets, [released, await won(member, 188)], 2);
  expect(await payoutsOf(late)).toEqual([]);
  expect(await payoutsOf(member)).toEqual([[false, 188, 'redpack_v2', 1]]);
});

it('one award that cannot be handled does not stop the others of its group, and stays visible', async () => {
  const [bad, first, last] = [await newMember(), await newMember(), await newMember()];
  const before = await won(first, 188);
  const broken = await won(bad, 60, 4_000_000_000);
  const after = await won(last, 188);
  for (let delivery = 1; delivery <= 2; delivery++) {
    await expect(deliver(packets, [before, broken, after])).rejects.toThrow('a version that is not there');
    expect(await payoutsOf(first)).toEqual([[false, 188, 'redpack_v2', 1]]);
    expect(await payoutsOf(last)).toEqual([[false, 188, 'redpack_v2', 1]]);
    expect(await payoutsOf(bad)).toEqual([]);
  }
});

it('an award that is asked for alone while its pool is being closed comes again, without an attempt used up', async () => {
  const member = await newMember();
  const awards = [await won(member, 60), await won(member, 60)];
  const open = packets.get(OpenPools);
  const gathersAmong = open.gathersAmong.bind(open);
  const between = jest.spyOn(open, 'gathersAmong').mockImplementationOnce(async (reader, among) => {
    await db.unitOfWork.run((tx) => packets.get(AwardMoney).request(tx, awards[0]!));
    return gathersAmong(reader, among);
  });
  try {
    await expect(deliver(packets, awards)).rejects.toThrow(Transient);
  } finally {
    between.mockRestore();
  }
  await deliver(packets, awards);
  expect(await payoutsOf(member)).toEqual([[false, 60, 'redpack_v2', 1]]);
});

it('leaves transfers for the tap, unless the person agreed to be paid silently', async () => {
  const member = await newMember();
  await deliver(transfers, [await won(member, 188)]);
  expect(await payoutsOf(member)).toEqual([]);
});

it('adds up: each fen is in one sum, whatever happens to it', async () => {
  const member = await newMember();
  const all = [await won(member, 188), await won(member, 500), await won(member, 5)];
  const total = async () => {
    const { totals } = await transfers.get(MoneyOverviews).of(member);
    expect(Object.values(totals).reduce((sum, part) => sum + part, 0)).toBe(693);
    return totals;
  };
  expect(await total()).toEqual({ receivedFen: 0, waitingFen: 688, onTheWayFen: 0, gatheringFen: 5 });
  await deliver(packets, [all[1]!]);
  expect(await total()).toMatchObject({ waitingFen: 188, onTheWayFen: 500 });
  const put = (state: string) => db.asOwner.query('UPDATE payouts SET state = ? WHERE member_id = ?', [state, member]);
  for (const state of ['SENDING', 'UNKNOWN', 'WAIT_USER', 'MANUAL']) {
    await put(state);
    expect(await total()).toMatchObject({ waitingFen: 188, onTheWayFen: 500 });
  }
  for (const state of ['FAILED', 'REFUNDED']) {
    await put(state);
    expect(await total()).toMatchObject({ waitingFen: 688, onTheWayFen: 0 });
  }
  await put('SETTLED');
  expect(await total()).toMatchObject({ receivedFen: 500, waitingFen: 188 });
  await won(member, 6);
  const { pools, totals } = await transfers.get(MoneyOverviews).of(member);
  expect(totals).toEqual({ receivedFen: 500, waitingFen: 199, onTheWayFen: 0, gatheringFen: 0 });
  expect(pools).toMatchObject([{ state: 'ready', amountFen: 11, untilFen: 10 }]);
  await transfers.get(ClaimPool).run(member, pools[0]!.poolId);
  const after = await transfers.get(MoneyOverviews).of(member);
  expect(after.totals).toEqual({ receivedFen: 500, waitingFen: 188, onTheWayFen: 11, gatheringFen: 0 });
  expect(after.pools).toMatchObject([{ state: 'preparing', untilFen: null, awards: 2 }]);
});
