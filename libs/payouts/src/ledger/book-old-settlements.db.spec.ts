import { randomUUID } from 'node:crypto';
import { Test, type TestingModule } from '@nestjs/testing';
import { ConfigModule } from '@app/config';
import { DatabaseModule, type Tx } from '@app/database';
import { JobsModule } from '@app/jobs';
import { createLogger, ObservabilityModule } from '@app/observability';
import { openTestDatabase, testConfig, type TestDatabase } from '@app/testing';
import { PayoutsModule } from '../payouts.module';
import { BookOldSettlements } from './book-old-settlements';
import { Budgets } from './budgets';
import { CheckByNight } from './check-by-night';
import { ApproveGrant, CreateBudget, RequestGrant } from './grants';
import { bookJournal, journal, movement } from './journal';
import { LedgerCheck } from './ledger-check';

jest.setTimeout(60_000);
const EVERYTHING = { from: 0, to: 2 ** 32 };
const FEN = 188;

let db: TestDatabase;
let app: TestingModule;
beforeAll(async () => {
  db = await openTestDatabase({ own: 'earlier' });
  app = await Test.createTestingModule({
    imports: [
      ConfigModule.forRoot(testConfig({ database: { url: db.url, poolSize: 5 } })),
      ObservabilityModule.forRoot(createLogger('spec', 'silent')),
      DatabaseModule.forRoot([]),
      JobsModule.forRoot({ run: false }),
      PayoutsModule,
    ],
  }).compile();
  await app.init();
}, 120_000);
afterAll(async () => {
  await app?.close();
  await db?.close();
});

async function budget(): Promise<number> {
  return db.unitOfWork.run(async (tx) => {
    const budgetId = await new CreateBudget().run(tx, { name: `旧版 ${randomUUID()}` });
    const words = { applicationNo: `FY-${randomUUID()}`, expenseAccount: '促销费', costCenter: '市场部' };
    const wish = { budgetId, amountFen: 1_000, ...words, bearer: 'hq' as const, requestedBy: 1 };
    await new ApproveGrant().run(tx, { grantId: await new RequestGrant().run(tx, wish), approvedBy: 2 });
    return budgetId;
  });
}

/** Settled as the release before the books of grants wrote it: two legs, two counters. */
async function settledByEarlierWorker(budgetId: number, payoutKey: string, booked = true): Promise<void> {
  const insert = (tx: Tx) =>
    tx.execute(
      `INSERT INTO payouts (payout_key, member_id, campaign_id, version_id, budget_id, amount_fen, channel, mch_id, state, offer_no,
         offered_at, settled_at, created_at, updated_at)
       VALUES (?, 7, 1, 1, ?, ?, 'transfer_confirm_v3', '1900000001', 'SETTLED', 1, UTC_TIMESTAMP(6), UTC_TIMESTAMP(6),
         UTC_TIMESTAMP(6), UTC_TIMESTAMP(6))`,
      [payoutKey, budgetId, FEN],
    );
  await db.unitOfWork.run(async (tx) => {
    await app.get(Budgets).reserve(tx, [{ budgetId, fen: FEN, journalKey: `reserve:${payoutKey}` }]);
    await insert(tx);
    if (!booked) return;
    const legs = movement(budgetId, 'reserved', 'settled', FEN);
    await bookJournal(tx, journal({ key: `settle:${payoutKey}:1`, kind: 'settle', legs }));
    await app.get(Budgets).count(tx, 'settle', [{ budgetId, amountFen: FEN }]);
  });
}

const detailsOf = async (budgetId: number) =>
  (await app.get(LedgerCheck).run())
    .map(({ detail }) => detail)
    .filter((detail) => detail.includes(`budget ${budgetId} `));
const sumOf = async (account: string) => {
  const [row] = await db.database.query<{ sum: string | null }>(
    'SELECT SUM(amount_fen) AS sum FROM ledger_legs WHERE account = ?',
    [account],
  );
  return Number(row?.sum ?? 0);
};

it('what a worker of the earlier release settled is charged to its grant and cleared, once', async () => {
  const budgetId = await budget();
  await settledByEarlierWorker(budgetId, '9:1:1:0');
  await settledByEarlierWorker(budgetId, '9:1:2:0');
  expect(await detailsOf(budgetId)).toEqual([expect.stringContaining('its grants were charged 0')]);
  expect(await app.get(CheckByNight).runUntil(performance.now() + 30_000)).toBe(true);
  expect(await detailsOf(budgetId)).toEqual([]);
  expect(await sumOf('channel:1900000001:transfer_confirm_v3')).toBe(-2 * FEN);
  expect(await sumOf('member:7')).toBe(2 * FEN);
  const [night] = await db.database.query<{ faults: number }>('SELECT faults FROM ledger_nights');
  expect(night!.faults).toBe(0);
  expect(await app.get(BookOldSettlements).run(EVERYTHING)).toBe(0);
});

it('does not complete what nobody booked: that stays a fault', async () => {
  const budgetId = await budget();
  await settledByEarlierWorker(budgetId, '9:1:3:0', false);
  expect(await app.get(BookOldSettlements).run(EVERYTHING)).toBe(0);
  expect(await detailsOf(budgetId)).not.toEqual([]);
});
