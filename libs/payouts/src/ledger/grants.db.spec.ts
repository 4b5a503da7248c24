import { randomUUID } from 'node:crypto';
import { UnitOfWork } from '@app/database';
import { addDays, Rejected, shanghaiDay } from '@app/kernel';
import { openTestDatabase, type TestDatabase } from '@app/testing';
import { Ledger1790000001300 } from '../../../../migrations/1790000001300-ledger';
import { BudgetStatements } from './budget-statement';
import { Budgets } from './budgets';
import { GrantList } from './grant-list';
import { ApproveGrant, CreateBudget, RejectGrant, RequestGrant, WithdrawGrant } from './grants';
import { bookJournal, journal, movement } from './journal';
import { LedgerCheck } from './ledger-check';

let db: TestDatabase;
let unitOfWork: UnitOfWork;
beforeAll(async () => {
  // Its own: an old migration is run again over all of it.
  db = await openTestDatabase({ own: 'grants' });
  unitOfWork = db.unitOfWork;
}, 60_000);
afterAll(() => db.close());
jest.setTimeout(60_000);

const today = shanghaiDay(new Date());
const newBudget = () => unitOfWork.run((tx) => new CreateBudget().run(tx, { name: '申请' }));
const ask = (budgetId: number, amountFen = 1000) => {
  const words = { expenseAccount: '促销费', costCenter: '市场部', bearer: 'hq' as const, requestedBy: 11 };
  const applicationNo = randomUUID();
  return unitOfWork.run((tx) => new RequestGrant().run(tx, { budgetId, amountFen, applicationNo, ...words }));
};
const approve = (grantId: number) => unitOfWork.run((tx) => new ApproveGrant().run(tx, { grantId, approvedBy: 12 }));
const reject = (grantId: number, by = 12, note = '预算已满') =>
  unitOfWork.run((tx) => new RejectGrant().run(tx, { grantId, by, note }));
const withdraw = (grantId: number, by = 11) =>
  unitOfWork.run((tx) => new WithdrawGrant().run(tx, { grantId, by, note: '写错了' }));

it('I27 is rejected by another, taken back by its author, and gives nothing then', async () => {
  const budgetId = await newBudget();
  const [one, other, third] = [await ask(budgetId), await ask(budgetId), await ask(budgetId)];
  await expect(reject(one, 11)).rejects.toMatchObject({ code: 'same_person' });
  await expect(withdraw(one, 12)).rejects.toMatchObject({ code: 'not_yours' });
  await expect(reject(one, 12, ' ')).rejects.toMatchObject({ code: 'bad_note' });
  await reject(one);
  await withdraw(other);
  await approve(third);
  for (const closed of [one, other]) {
    await expect(approve(closed)).rejects.toMatchObject({ code: 'closed' });
    await expect(reject(closed)).rejects.toMatchObject({ code: 'closed' });
    await expect(withdraw(closed)).rejects.toMatchObject({ code: 'closed' });
  }
  await expect(reject(third)).rejects.toMatchObject({ code: 'closed' });
  await expect(reject(4_000_000_000)).rejects.toMatchObject({ code: 'no_such_grant' });
  const list = new GrantList(db.database);
  const { items } = await list.page({ limit: 10, budgetId });
  expect(items.map(({ id, status, decidedBy, note }) => [id, status, decidedBy, note])).toEqual([
    [third, 'approved', null, null],
    [other, 'withdrawn', 11, '写错了'],
    [one, 'rejected', 12, '预算已满'],
  ]);
  const first = await list.page({ limit: 1, budgetId });
  const second = await list.page({ limit: 1, budgetId, cursor: first.nextCursor });
  expect([first.items[0]!.id, second.items[0]!.id]).toEqual([third, other]);
  expect((await list.page({ limit: 10, budgetId, status: 'rejected' })).items).toHaveLength(1);
});

it("a budget's statement opens and closes with what stands in its books", async () => {
  const budgetId = await newBudget();
  await approve(await ask(budgetId, 5000));
  await unitOfWork.run((tx) => new Budgets().reserve(tx, [{ budgetId, fen: 1200, journalKey: randomUUID() }]));
  await unitOfWork.run((tx) => new Budgets().reserve(tx, [{ budgetId, fen: 300, journalKey: randomUUID() }]));
  const statements = new BudgetStatements(db.database);
  const range = { from: addDays(today, -3), to: addDays(today, 1) };
  const statement = await statements.read(budgetId, range);
  const line = { day: today, grantedFen: 0, availableFen: 0, reservedFen: 0, settledFen: 0 };
  expect(statement.lines).toEqual([
    { ...line, kind: 'grant', journals: 1, grantedFen: 5000, availableFen: 5000 },
    { ...line, kind: 'reserve', journals: 2, availableFen: -1500, reservedFen: 1500 },
  ]);
  expect(statement.opening).toEqual({ grantedFen: 0, availableFen: 0, reservedFen: 0, settledFen: 0 });
  expect(statement.closing).toEqual({ grantedFen: 5000, availableFen: 3500, reservedFen: 1500, settledFen: 0 });
  const later = await statements.read(budgetId, { from: addDays(today, 1), to: addDays(today, 2) });
  expect(later).toMatchObject({ lines: [], opening: statement.closing, closing: statement.closing });
  await expect(statements.read(4_000_000_000, range)).rejects.toMatchObject({ code: 'no_such_budget' });
  await expect(statements.read(budgetId, { from: today, to: today })).rejects.toThrow(Rejected);
});

it('what was settled before there were uses of grants is charged by the migration, oldest first, once', async () => {
  const budgetId = await newBudget();
  const grants = [await ask(budgetId, 100), await ask(budgetId, 1000)];
  for (const grant of grants) await approve(grant);
  const prefix = `${1_000_000 + Number(process.hrtime.bigint() % 1_000_000n)}`;
  await unitOfWork.run(async (tx) => {
    for (const [serial, fen] of [60, 70, 5].entries()) {
      const key = `${prefix}:1:${serial}:0`;
      await tx.execute(
        `INSERT INTO payouts (payout_key, member_id, campaign_id, version_id, budget_id, amount_fen, channel, mch_id, state, offered_at,
           created_at, updated_at, settled_at)
         VALUES (?, 7, 1, 1, ?, ?, 'transfer_confirm_v3', '1900000012', 'SETTLED', UTC_TIMESTAMP(6), UTC_TIMESTAMP(6),
           UTC_TIMESTAMP(6), UTC_TIMESTAMP(6) + INTERVAL ? SECOND)`,
        [key, budgetId, fen, serial],
      );
      await new Budgets().reserve(tx, [{ budgetId, fen, journalKey: `reserve:${key}` }]);
      const legs = movement(budgetId, 'reserved', 'settled', fen);
      await bookJournal(tx, journal({ key: `settle:${key}:1`, kind: 'settle', legs }));
    }
    await new Budgets().count(tx, 'settle', [{ budgetId, amountFen: 135 }]);
  });
  const runner = db.asOwner.createQueryRunner();
  for (let time = 0; time < 2; time++) await new Ledger1790000001300().up(runner);
  await runner.release();
  const uses = await db.database.query<{ payout_key: Buffer; grant_id: number; fen: string }>(
    'SELECT payout_key, grant_id, fen FROM grant_uses WHERE payout_key LIKE ? ORDER BY payout_key, grant_id',
    [`${prefix}:%`],
  );
  expect(
    uses.map((use) => [use.payout_key.toString().split(':')[2], grants.indexOf(use.grant_id), Number(use.fen)]),
  ).toEqual([
    ['0', 0, 60],
    ['1', 0, 40],
    ['1', 1, 30],
    ['2', 1, 5],
  ]);
  const [cleared] = await db.database.query<{ sum: string }>(
    "SELECT SUM(amount_fen) AS sum FROM ledger_legs WHERE account = 'channel:1900000012:transfer_confirm_v3' AND journal_key LIKE ?",
    [`cleared:${prefix}:%`],
  );
  expect(Number(cleared!.sum)).toBe(-135);
  expect(await new LedgerCheck(unitOfWork).run()).toEqual([]);
});
