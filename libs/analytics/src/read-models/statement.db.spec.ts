import { randomUUID } from 'node:crypto';
import { Test, type TestingModule } from '@nestjs/testing';
import { ConfigModule } from '@app/config';
import { bulkInsert, DatabaseModule, UnitOfWork } from '@app/database';
import { JobsModule } from '@app/jobs';
import { addDays, fen, Rejected, shanghaiDay } from '@app/kernel';
import { createLogger, ObservabilityModule } from '@app/observability';
import { ApproveGrant, Budgets, CreateBudget, PayoutsModule, Releases, RequestGrant, Settlements } from '@app/payouts';
import { openTestDatabase, plantScans, testConfig, type TestDatabase } from '@app/testing';
import { FoldFacts } from '../fold-facts';
import { AnalyticsModule, issueScope, StatementDays, StatementModel, type StatementQuestion } from '../index';
import { cityGrain } from '../place-grain';
import { cityGrainSql } from './statement-flows';

let db: TestDatabase;
let app: TestingModule;
jest.setTimeout(60_000);
beforeAll(async () => {
  db = await openTestDatabase();
  app = await Test.createTestingModule({
    imports: [
      ConfigModule.forRoot(testConfig({ database: { url: db.url, poolSize: 10 } })),
      ObservabilityModule.forRoot(createLogger('statement', 'silent')),
      DatabaseModule.forRoot([]),
      JobsModule.forRoot({ run: false }),
      AnalyticsModule,
      PayoutsModule,
    ],
  }).compile();
}, 60_000);
afterAll(async () => {
  await app.close();
  await db.close();
});

const national = issueScope({ kind: 'national' });
const today = shanghaiDay(new Date());
const yesterday = addDays(today, -1);
const inTx: UnitOfWork['run'] = (work) => app.get(UnitOfWork).run(work);
const model = () => app.get(StatementModel);
const seed = Number(process.hrtime.bigint() % 1_000_000n);
const batch = 2_000_000 + seed;
let serial = 0;

interface Won {
  readonly key: string;
  readonly serial: number;
  readonly memberId: number;
  readonly amount: number;
}

/** Wins as scans write them, at these places, on these days. */
async function stage() {
  const campaignId = 10_000_000 + seed * 10 + serial;
  const budgetId = await inTx(async (tx) => {
    const id = await app.get(CreateBudget).run(tx, { name: '对账' });
    const words = { applicationNo: `FY-${id}`, expenseAccount: '促销费', costCenter: '市场部', bearer: 'hq' as const };
    const grantId = await app.get(RequestGrant).run(tx, { budgetId: id, amountFen: 100_000, ...words, requestedBy: 1 });
    await app.get(ApproveGrant).run(tx, { grantId, approvedBy: 2 });
    return id;
  });
  const win = async (amount: number, adcode: number | null, day: string): Promise<Won> => {
    const won = { serial: ++serial, memberId: 1 + serial, amount };
    const at = new Date(`${day}T02:00:00Z`);
    const scan = { ...won, scanId: randomUUID(), at, batchId: batch, layer: 1, adcode, campaignId, amountFen: amount };
    await inTx(async (tx) => {
      const row = [batch, 1, won.serial, 0, won.memberId, scan.scanId, campaignId, 1, 'r', 'p', 'cash', '红包', amount];
      const columns = ['batch_id', 'layer', 'serial', 'slot', 'member_id', 'scan_id', 'campaign_id', 'version_id'];
      const rest = ['rule_key', 'prize_key', 'prize_kind', 'prize_name', 'amount_fen', 'budget_id', 'won_at'];
      await bulkInsert(tx, 'awards', [...columns, ...rest], [[...row, budgetId, at]]);
      const journalKey = `reserve:${batch}:${won.serial}`;
      await app.get(Budgets).reserve(tx, [{ budgetId, fen: amount, journalKey }]);
    });
    const planted = await plantScans(db.unitOfWork, [{ ...scan, counted: true, firstOfCode: true }]);
    await inTx((tx) => app.get(FoldFacts).run(tx, planted));
    return { ...won, key: `${batch}:1:${won.serial}:0` };
  };
  const pay = async (payoutKey: string, memberId: number, amount: number, offerNo = 1) => {
    const mchId = '1900000009';
    await inTx(async (tx) => {
      if (offerNo === 1) {
        await tx.execute(
          `INSERT INTO payouts (payout_key, member_id, campaign_id, version_id, budget_id, amount_fen, channel, mch_id, state,
             offered_at, created_at, updated_at)
           VALUES (?, ?, ?, 1, ?, ?, 'transfer_confirm_v3', ?, 'SETTLED', UTC_TIMESTAMP(6), UTC_TIMESTAMP(6), UTC_TIMESTAMP(6))`,
          [payoutKey, memberId, campaignId, budgetId, amount, mchId],
        );
      }
    });
    const booked = { payoutKey, offerNo, budgetId, amountFen: fen(amount), memberId, campaignId, mchId };
    const settled = { ...booked, channel: 'transfer_confirm_v3' as const };
    await inTx((tx) => app.get(Settlements).settle(tx, [settled]));
    return settled;
  };
  const legs = async (part: string, kind: string): Promise<number> => {
    const [row] = await db.database.query<{ sum: string | null }>(
      `SELECT SUM(l.amount_fen) AS sum FROM ledger_legs l JOIN ledger_journals j USING (journal_key) WHERE l.account = ? AND j.kind = ?`,
      [`budget:${budgetId}:${part}`, kind],
    );
    return Number(row!.sum ?? 0);
  };
  return { campaignId, budgetId, win, pay, legs };
}

const question = (campaignId: number, change: Partial<StatementQuestion> = {}): StatementQuestion => ({
  ...{ from: addDays(today, -40), to: addDays(today, 1), level: 'city', campaignId },
  ...change,
});
async function all(asked: StatementQuestion) {
  const rows = [];
  for await (const row of model().rows(national, asked)) rows.push(row);
  return rows;
}

it('totals equal the ledger to the fen, and rows add up to the totals', async () => {
  const { campaignId, budgetId, win, pay, legs } = await stage();
  const [hefei, jinan, nowhere] = [
    await win(188, 340104, yesterday),
    await win(88, 370102, today),
    await win(50, null, today),
  ];
  const pooled = [await win(9, 340104, yesterday), await win(8, 110101, today)];
  const expired = await win(33, 340104, yesterday);
  await win(21, 340104, today);
  await pay(hefei.key, hefei.memberId, 188);
  const back = await pay(jinan.key, jinan.memberId, 88);
  await pay(nowhere.key, nowhere.memberId, 50);
  await inTx(async (tx) => {
    const rows = pooled.map((one) => [batch, 1, one.serial, 0, `p${campaignId}:1:1:1`, one.amount]);
    await bulkInsert(tx, 'pooled_awards', ['batch_id', 'layer', 'serial', 'slot', 'payout_key', 'amount_fen'], rows);
  });
  await pay(`p${campaignId}:1:1:1`, pooled[0]!.memberId, 17);
  await inTx(async (tx) => {
    await tx.execute("UPDATE payouts SET state = 'REFUNDED' WHERE payout_key = ?", [back.payoutKey]);
    await app.get(Settlements).refund(tx, [back]);
  });
  const due = { awardKey: expired.key, payoutKey: expired.key, campaignId, budgetId, memberId: expired.memberId };
  await inTx((tx) =>
    app.get(Releases).release(tx, [{ ...due, amountFen: fen(33), lapsed: false, claimUntil: new Date() }]),
  );
  const check = async () => {
    const total = await model().total(national, question(campaignId));
    expect(total).toEqual({
      ...{ openingFen: 0, correctedFen: 0, awardedFen: await legs('reserved', 'reserve') },
      ...{ settledFen: await legs('settled', 'settle'), refundedFen: -(await legs('settled', 'refund')) },
      ...{ releasedFen: await legs('available', 'release'), openFen: 88 + 21 },
    });
    const rows = await all(question(campaignId));
    for (const figure of ['awardedFen', 'settledFen', 'refundedFen', 'releasedFen'] as const) {
      expect(rows.reduce((sum, row) => sum + row[figure], 0)).toBe(total[figure]);
    }
    expect(
      rows.map((row) => [
        row.day,
        row.adcode,
        row.awardedFen,
        row.settledFen,
        row.refundedFen,
        row.releasedFen,
        row.openFen,
      ]),
    ).toEqual([
      [yesterday, 340100, 188 + 9 + 33, 0, 0, 0, 230],
      [today, null, 50, 50, 0, 0, 0],
      [today, 110100, 8, 8, 0, 0, 0],
      [today, 340100, 21, 188 + 9, 0, 33, 21],
      [today, 370100, 88, 88, 88, 0, 88],
    ]);
    const provinces = await all(question(campaignId, { level: 'province', province: 340_000 }));
    expect(provinces.map(({ adcode, openFen }) => [adcode, openFen])).toEqual([
      [340_000, 230],
      [340_000, 21],
    ]);
    const opened = await model().total(national, question(campaignId, { from: today }));
    expect(opened).toMatchObject({ openingFen: 230, openFen: 88 + 21 });
  };
  await check();
  await app.get(StatementDays).runTo(addDays(today, 1));
  await check();
  await app.get(StatementDays).runTo(addDays(today, 1));
  await check();
  await db.asOwner.query("DELETE FROM rollup_marks WHERE name = 'statement'");
});

it('goes page by page without losing or repeating a row', async () => {
  const { campaignId, win } = await stage();
  for (const adcode of [340104, 370102, 110101, null]) {
    await win(10, adcode, yesterday);
    await win(10, adcode, today);
  }
  const asked = question(campaignId);
  const whole = await all(asked);
  expect(whole).toHaveLength(8);
  const paged = [];
  for (let cursor: string | null = null; ;) {
    const page = await model().page(national, asked, { limit: 3, cursor });
    paged.push(...page.items);
    cursor = page.nextCursor;
    if (cursor === null) break;
  }
  expect(paged).toEqual(whole);
});

it('is for headquarters, for at most 366 days that exist', async () => {
  const distributor = issueScope({ kind: 'distributor', distributorId: 1 });
  await expect(model().total(distributor, question(1))).rejects.toMatchObject({ status: 403 });
  const wrong = [
    { from: today, to: today },
    { from: today, to: yesterday },
    { from: '2025-01-01', to: '2026-01-03' },
    { from: '2026-02-30', to: '2026-03-02' },
    { from: '2026', to: '2027' },
  ];
  for (const range of wrong) {
    await expect(model().total(national, question(1, range))).rejects.toThrow(Rejected);
    await expect(model().page(national, question(1, range), { limit: 5 })).rejects.toThrow(Rejected);
  }
});

it('knows the same cities in SQL as in code', async () => {
  const codes = [
    null,
    0,
    110000,
    110101,
    120000,
    310000,
    310115,
    340000,
    340100,
    340104,
    429004,
    469005,
    500000,
    659001,
  ];
  for (const code of codes) {
    const [row] = await db.database.query<{ city: string }>(
      `SELECT ${cityGrainSql(code === null ? 'NULL' : String(code))} AS city`,
    );
    expect([code, Number(row!.city)]).toEqual([code, cityGrain(code)]);
  }
});
