import { randomUUID } from 'node:crypto';
import { Test, type TestingModule } from '@nestjs/testing';
import { campaignsEntities, campaignTemplate, PublishCampaign, SaveDraft, type CampaignContent } from '@app/campaigns';
import { codesEntities } from '@app/codes';
import { ConfigModule } from '@app/config';
import { DatabaseModule, isDuplicate, UnitOfWork } from '@app/database';
import { JobsModule } from '@app/jobs';
import { fen, Rejected, type MemberId, type ScanId } from '@app/kernel';
import { SignIn } from '@app/members';
import { createLogger, ObservabilityModule } from '@app/observability';
import { openTestDatabase, testConfig, type TestDatabase } from '@app/testing';
import { AwardMoney } from '../award-money';
import { AwardIds, Awards, AwardViews, ClaimAward, ClaimPool, OpenPools, RewardsModule, type AwardRow } from '../index';
import { PoolMoney, TakenMeanwhile } from './pool-money';

let db: TestDatabase;
let app: TestingModule;
let member: MemberId;
let version: { campaignId: number; versionId: number };
const batch = 1_000_000 + Number(process.hrtime.bigint() % 3_000_000n);
const budgetId = 9;
let serial = 0;

beforeAll(async () => {
  db = await openTestDatabase();
  app = await Test.createTestingModule({
    imports: [
      ConfigModule.forRoot(testConfig({ database: { url: db.url, poolSize: 12 } })),
      ObservabilityModule.forRoot(createLogger('spec', 'silent')),
      DatabaseModule.forRoot([...campaignsEntities, ...codesEntities]),
      JobsModule.forRoot({ run: false }),
      RewardsModule,
    ],
  }).compile();
  app.enableShutdownHooks();
  await app.init();
  version = await published();
}, 60_000);
beforeEach(async () => {
  member = await newMember();
});
afterAll(async () => {
  if (version) await db.asOwner.query("UPDATE campaigns SET status = 'ended' WHERE id = ?", [version.campaignId]);
  await app.close();
  await db.close();
});

const inTx: UnitOfWork['run'] = (work) => app.get(UnitOfWork).run(work);
const newMember = () => app.get(SignIn).run({ openid: `o-${randomUUID()}` });

/** Small amounts gather until one yuan. Prizes are asked for by amount: what an award is worth is in its row. */
async function published(): Promise<typeof version> {
  const limited = (key: string) => ({ key, name: '现金红包', stock: null });
  const cash = (key: string, amount: number) =>
    ({ ...limited(key), kind: 'cash', amount: { type: 'fixed', fen: amount } }) as const;
  const locked = {
    ...limited('locked'),
    kind: 'locked',
    amount: { type: 'fixed', fen: 40 },
    opensWithinDays: 7,
  } as const;
  const rules: CampaignContent['rules'] = [
    {
      ...{ key: 'all', name: '人人有奖', when: { all: [] } },
      then: {
        mode: 'drawn',
        prizes: [
          { key: 'cash', odds: 900_000 },
          { key: 'locked', odds: 100_000 },
        ],
        fallbackPrizeKey: null,
      },
    },
  ];
  const content = campaignTemplate(`累计 ${batch}`, budgetId, {
    ...{ scope: { products: [], batches: [batch] }, prizes: [cash('cash', 20), locked], rules, caps: [] },
    ...{ payout: { mode: 'pooled', untilFen: 100 } },
  });
  const { campaignId } = await app.get(SaveDraft).run({ content, by: 1 });
  const { versionId } = await app.get(PublishCampaign).run({ campaignId, by: 1, approvedBy: 2 });
  return { campaignId, versionId };
}

interface Won {
  readonly award: AwardRow;
  readonly id: string;
}

async function won(
  amount: number,
  { of = member, kind = 'cash' as 'cash' | 'locked', budget = budgetId } = {},
): Promise<Won> {
  const award: AwardRow = {
    ...{ code: { batch, layer: 0, serial: serial++ }, slot: 0, member: of, scanId: randomUUID() as string as ScanId },
    ...{ ...version, ruleKey: 'all', prizeKey: kind, prizeKind: kind, prizeName: '现金红包' },
    ...{ amountFen: fen(amount), budgetId: budget, wonAt: new Date() },
  };
  await inTx((tx) => app.get(Awards).insert(tx, [award]));
  return { award, id: app.get(AwardIds).make(award.code, award.slot) };
}
const view = ({ id }: Won, of = member) => app.get(AwardViews).one(of, id);
const claim = ({ id }: Won, of = member) => app.get(ClaimAward).run(of, id);
const refusal = async (work: Promise<unknown>) => {
  const error = await work.catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(Rejected);
  return [(error as Rejected).code, (error as Rejected).status];
};
const poolKey = (ordinal: number, of = member, budget = budgetId) =>
  `p${of}:${version.campaignId}:${budget}:${ordinal}`;

interface PoolSeen {
  readonly key: string;
  readonly fen: number;
  readonly inIt: number[];
  readonly payoutFen: number;
  readonly offer: number;
}

/** Pools of some members with what is in them, after checking that the sums agree. */
async function pools(...members: MemberId[]): Promise<PoolSeen[]> {
  const rows = await db.database.query<Record<string, Buffer | string | number>>(
    `SELECT p.payout_key AS k, p.amount_fen AS f, p.awards AS n, o.amount_fen AS pf, o.offer_no AS offer,
            (SELECT GROUP_CONCAT(serial ORDER BY serial) FROM pooled_awards i WHERE i.payout_key = p.payout_key) AS serials,
            (SELECT SUM(a.amount_fen) FROM pooled_awards i JOIN awards a USING (batch_id, layer, serial, slot)
              WHERE i.payout_key = p.payout_key) AS real_sum
       FROM award_pools p JOIN payouts o ON o.payout_key = p.payout_key
      WHERE p.member_id IN (${members.map(() => '?').join(',')}) ORDER BY p.payout_key`,
    members,
  );
  return rows.map((row) => {
    const inIt = String(row['serials']).split(',').map(Number);
    expect(Number(row['n'])).toBe(inIt.length);
    expect(Number(row['f'])).toBe(Number(row['real_sum']));
    expect(Number(row['pf'])).toBe(Number(row['f']));
    return {
      ...{ key: String(row['k']), fen: Number(row['f']), inIt },
      ...{ payoutFen: Number(row['pf']), offer: Number(row['offer']) },
    };
  });
}

const fail = (key: string, reason = 'OVERDUE_CLOSE') =>
  db.asOwner.query("UPDATE payouts SET state = 'FAILED', fail_reason = ?, next_at = NULL WHERE payout_key = ?", [
    reason,
    key,
  ]);

it('gathers until it is enough, then one tap pays all of it', async () => {
  const [one, two] = [await won(20), await won(60)];
  expect(await view(one)).toMatchObject({
    ...{ state: 'gathering', stateText: '累计中', amountFen: 20 },
    hint: '已累计 0.80 元，满 1.00 元就能提现，还差 0.20 元',
    pool: { poolId: poolKey(1), untilFen: 100, gatheredFen: 80 },
  });
  expect(await refusal(claim(two))).toEqual(['still_gathering', 409]);
  expect(await pools(member)).toEqual([]);
  const three = await won(20);
  expect(await view(one)).toMatchObject({ state: 'ready', pool: { gatheredFen: 100 } });
  expect(await claim(two)).toMatchObject({ state: 'preparing', pool: { poolId: poolKey(1), gatheredFen: 100 } });
  for (const each of [one, two, three]) expect((await view(each)).state).toBe('preparing');
  const [pool] = await pools(member);
  expect(pool).toMatchObject({ key: poolKey(1), fen: 100, payoutFen: 100, offer: 1 });
  expect((await claim(one)).state).toBe('preparing');
  expect(await pools(member)).toHaveLength(1);
});

it('pays by itself what is large enough, and leaves a shut packet alone', async () => {
  const [big, small, packet] = [await won(188), await won(99), await won(40, { kind: 'locked' })];
  expect((await view(big)).pool).toBeNull();
  expect((await view(small)).pool).toMatchObject({ gatheredFen: 99 });
  expect(await view(packet)).toMatchObject({ state: 'locked', pool: null, amountFen: null });
  expect((await claim(big)).state).toBe('preparing');
  expect(await refusal(claim(packet))).toEqual(['still_locked', 409]);
  const { code, slot } = packet.award;
  const opening = { code, slot, member, byScanId: randomUUID() as string as ScanId, at: new Date() };
  await inTx((tx) => app.get(Awards).open(tx, [opening]));
  expect(await view(packet)).toMatchObject({ state: 'ready', amountFen: 40, pool: { gatheredFen: 139 } });
  await claim(packet);
  expect((await pools(member))[0]).toMatchObject({ fen: 139 });
});

it('many taps at once make one pool and one payout', async () => {
  const all = [await won(50), await won(50), await won(20)];
  await Promise.all(all.flatMap((one) => Array.from({ length: 5 }, () => claim(one))));
  const [pool, ...others] = await pools(member);
  expect(others).toEqual([]);
  expect(pool).toMatchObject({ fen: 120, offer: 1 });
});

it('a win during the tap goes into this pool or the next, never into both and never nowhere', async () => {
  await won(60);
  await won(60);
  const late: Won[] = [];
  await Promise.all([
    ...Array.from({ length: 4 }, () =>
      app
        .get(ClaimPool)
        .run(member, poolKey(1))
        .catch(() => undefined),
    ),
    ...Array.from({ length: 4 }, async () => late.push(await won(30))),
  ]);
  await app.get(ClaimPool).run(member, poolKey(1));
  const [first] = await pools(member);
  const left = late.filter(({ award }) => !first!.inIt.includes(award.code.serial));
  const open = await app.get(OpenPools).of(db.database, [member]);
  expect(open.flatMap(({ awards }) => awards.map(({ code }) => code.serial)).sort()).toEqual(
    left.map(({ award }) => award.code.serial).sort(),
  );
  if (open[0]) expect(open[0]).toMatchObject({ ordinal: 2, payoutKey: poolKey(2) });
});

it('a tap that is repeated after more was won pays nothing of the next pool', async () => {
  await won(99);
  await won(10);
  await app.get(ClaimPool).run(member, poolKey(1));
  await won(99);
  await won(99);
  await app.get(ClaimPool).run(member, poolKey(1));
  expect((await pools(member)).map(({ fen: sum }) => sum)).toEqual([109]);
  await app.get(ClaimPool).run(member, poolKey(2));
  expect((await pools(member)).map(({ fen: sum }) => sum)).toEqual([109, 198]);
  expect(await refusal(app.get(ClaimPool).run(member, poolKey(4)))).toEqual(['pool_changed', 409]);
});

it('after an expiry the next offer is of the same amount, whatever was won meanwhile', async () => {
  const one = await won(70);
  await won(70);
  await claim(one);
  await fail(poolKey(1));
  const later = await won(90);
  expect(await view(one)).toMatchObject({ state: 'expired', pool: { gatheredFen: 140 } });
  expect((await view(later)).pool).toMatchObject({ poolId: poolKey(2), gatheredFen: 90 });
  expect((await claim(one)).state).toBe('preparing');
  expect(await pools(member)).toMatchObject([{ fen: 140, offer: 2 }]);
});

it('what people must look at first is shown as such, and a tap begins no new offer', async () => {
  const one = await won(70);
  await won(70);
  await claim(one);
  await fail(poolKey(1), 'TRANSFER_RISK');
  await db.asOwner.query(
    `INSERT INTO payout_incidents (incident_key, payout_key, kind, detail, created_at)
     VALUES (?, ?, 'mismatch', 'spec', UTC_TIMESTAMP(6))`,
    [`mismatch:${poolKey(1)}`, poolKey(1)],
  );
  expect(await claim(one)).toMatchObject({ state: 'held', stateText: '核实中', confirm: null });
  expect(await pools(member)).toMatchObject([{ offer: 1 }]);
});

it('budgets do not mix', async () => {
  await won(60);
  await won(60, { budget: 10 });
  const open = await app.get(OpenPools).of(db.database, [member]);
  expect(open.map(({ payoutKey, amountFen }) => [payoutKey, amountFen])).toEqual([
    [poolKey(1), 60],
    [poolKey(1, member, 10), 60],
  ]);
});

it('belongs to its owner alone', async () => {
  await won(120 - 60);
  await won(60);
  const other = await newMember();
  expect(await refusal(app.get(ClaimPool).run(other, poolKey(1)))).toEqual(['no_such_pool', 404]);
  expect(await refusal(app.get(ClaimPool).run(other, 'p1:1:1'))).toEqual(['no_such_pool', 404]);
  await app.get(ClaimPool).run(member, poolKey(1));
  expect(await refusal(app.get(ClaimPool).refresh(other, poolKey(1)))).toEqual(['no_such_pool', 404]);
});

it('leaves out what was given back to its budget after the end of claims', async () => {
  const [gone, kept] = [await won(60), await won(60)];
  const { code } = gone.award;
  const key = `${code.batch}:${code.layer}:${code.serial}:0`;
  await db.asOwner.query(
    `INSERT INTO award_releases (award_key, payout_key, campaign_id, budget_id, member_id, amount_fen, reason, claim_until, at)
     VALUES (?, ?, ?, ?, ?, 60, 'unclaimed', UTC_TIMESTAMP(6), UTC_TIMESTAMP(6))`,
    [key, key, version.campaignId, budgetId, member],
  );
  expect(await view(gone)).toMatchObject({ state: 'lapsed', stateText: '已过期' });
  expect((await view(kept)).pool).toMatchObject({ gatheredFen: 60 });
  const open = await app.get(OpenPools).of(db.database, [member]);
  const withGone = { ...open[0]!, awards: [...open[0]!.awards, gone.award], amountFen: fen(120) };
  expect(await refusal(inTx((tx) => app.get(PoolMoney).close(tx, withGone)))).toEqual(['award_expired', 409]);
  expect(await pools(member)).toEqual([]);
});

/** Whoever loses a race has everything undone. */
const orLose = async (work: Promise<unknown>): Promise<boolean> => {
  try {
    await work;
    return true;
  } catch (error) {
    const known = error instanceof TakenMeanwhile || error instanceof Rejected || isDuplicate(error);
    if (!known) throw error;
    return false;
  }
};

it('an award asked for by itself and by a pool at one moment is paid once', async () => {
  for (let round = 0; round < 12; round++) {
    member = await newMember();
    const one = await won(70);
    await won(70);
    // As on two nodes with different merchants in their configuration.
    const ends = await Promise.all([
      orLose(inTx((tx) => app.get(AwardMoney).request(tx, one.award))),
      orLose(app.get(ClaimPool).run(member, poolKey(1))),
    ]);
    const { batch: b, layer, serial: s } = one.award.code;
    const alone = await db.database.query('SELECT 1 FROM payouts WHERE payout_key = ?', [`${b}:${layer}:${s}:0`]);
    const pooled = (await pools(member)).filter(({ inIt }) => inIt.includes(s));
    expect(alone.length + pooled.length).toBe(1);
    expect(ends.filter(Boolean).length).toBeGreaterThanOrEqual(1);
  }
});

it('a pool that is just being closed is waited for, and then the award in it is not paid by itself', async () => {
  const one = await won(70);
  await won(70);
  const [pool] = await app.get(OpenPools).of(db.database, [member]);
  let letGo: () => void = () => undefined;
  const held = new Promise<void>((resolve) => (letGo = resolve));
  const closing = inTx(async (tx) => {
    await app.get(PoolMoney).close(tx, pool!);
    await held;
  });
  await new Promise((resolve) => setTimeout(resolve, 150));
  const alone = orLose(inTx((tx) => app.get(AwardMoney).request(tx, one.award)));
  await new Promise((resolve) => setTimeout(resolve, 150));
  letGo();
  await closing;
  expect(await alone).toBe(false);
  expect(await pools(member)).toHaveLength(1);
});

it('of two members that become one, each award is paid once, whoever taps when', async () => {
  for (let round = 0; round < 8; round++) {
    const [left, gone] = [await newMember(), await newMember()];
    const all = [
      ...(await Promise.all([60, 60, 10].map((amount) => won(amount, { of: left })))),
      ...(await Promise.all([60, 60, 10].map((amount) => won(amount, { of: gone })))),
    ];
    // The one that goes taps before it is merged, but writes after.
    const [stale] = await app.get(OpenPools).of(db.database, [gone]);
    await db.asOwner.query('UPDATE members SET merged_into = ? WHERE id = ?', [left, gone]);
    await Promise.all([
      orLose(inTx((tx) => app.get(PoolMoney).close(tx, stale!))),
      orLose(app.get(ClaimPool).run(left, poolKey(1, left))),
      orLose(app.get(ClaimPool).run(gone, poolKey(1, left))),
    ]);
    for (const open of await app.get(OpenPools).of(db.database, [left, gone])) {
      await orLose(app.get(ClaimPool).run(left, open.payoutKey));
    }
    const seen = await pools(left, gone);
    const inPools = seen.flatMap(({ inIt }) => inIt);
    expect(new Set(inPools).size).toBe(inPools.length);
    expect(inPools.sort()).toEqual(all.map(({ award }) => award.code.serial).sort());
    expect(seen.reduce((sum, { payoutFen }) => sum + payoutFen, 0)).toBe(260);
    const states = await Promise.all(all.map((one) => view(one, left)));
    expect(states.every(({ state }) => state === 'preparing')).toBe(true);
  }
});
