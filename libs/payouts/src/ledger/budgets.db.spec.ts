import { UnitOfWork } from '@app/database';
import { Defect, Rejected } from '@app/kernel';
import { openTestDatabase, type TestDatabase } from '@app/testing';
import { Budgets, type BudgetEntry } from './budgets';
import { ApproveGrant, CreateBudget, RequestGrant, type GrantRequest } from './grants';
import { bookJournal, journal, movement } from './journal';
import { LedgerCheck } from './ledger-check';

let db: TestDatabase;
let unitOfWork: UnitOfWork;
const budgets = new Budgets();
beforeAll(async () => {
  db = await openTestDatabase({ poolSize: 20, own: 'ledger' });
  unitOfWork = db.unitOfWork;
}, 60_000);
afterAll(() => db.close());
jest.setTimeout(30_000);

let serial = Date.now();
const unique = (what: string) => `${what}-${++serial}`;
const request = (budgetId: number, change: Partial<GrantRequest> = {}): GrantRequest => ({
  budgetId,
  amountFen: 1000,
  applicationNo: unique('FY'),
  expenseAccount: '促销费',
  costCenter: '市场部',
  bearer: 'hq',
  requestedBy: 11,
  ...change,
});
const emptyBudget = () => unitOfWork.run((tx) => new CreateBudget().run(tx, { name: '华东红包' }));
async function budgetWith(amountFen: number): Promise<number> {
  const budgetId = await emptyBudget();
  await unitOfWork.run(async (tx) => {
    const grantId = await new RequestGrant().run(tx, request(budgetId, { amountFen }));
    await new ApproveGrant().run(tx, { grantId, approvedBy: 12 });
  });
  return budgetId;
}
const counters = async (budgetId: number) => {
  const [row] = await db.database.query<Record<string, string>>(
    'SELECT granted_fen, available_fen, reserved_fen, settled_fen FROM budgets WHERE id = ?',
    [budgetId],
  );
  return Object.values(row!).map(Number);
};
const check = () => new LedgerCheck(unitOfWork).run();
class Short extends Error {}
/** As a use case does it: what cannot be reserved takes its whole transaction with it. */
const reserved = (entries: readonly BudgetEntry[]): Promise<boolean> =>
  unitOfWork
    .run(async (tx) => {
      if (!(await budgets.reserve(tx, entries))) throw new Short();
      return true;
    })
    .catch((error: unknown) => {
      if (error instanceof Short) return false;
      throw error;
    });

it('I27 a grant gives nothing until a second person approves it, and gives once', async () => {
  const budgetId = await emptyBudget();
  const grantId = await unitOfWork.run((tx) => new RequestGrant().run(tx, request(budgetId)));
  expect(await counters(budgetId)).toEqual([0, 0, 0, 0]);
  const own = unitOfWork.run((tx) => new ApproveGrant().run(tx, { grantId, approvedBy: 11 }));
  await expect(own).rejects.toMatchObject({ code: 'same_person', status: 403 });
  const approvals = await Promise.all(
    Array.from({ length: 8 }, (_, at) =>
      unitOfWork.run((tx) => new ApproveGrant().run(tx, { grantId, approvedBy: 20 + at })),
    ),
  );
  expect(approvals.filter((answer) => answer === 'approved')).toHaveLength(1);
  expect(await counters(budgetId)).toEqual([1000, 1000, 0, 0]);
});

it('the same application is the same grant; with another amount it is refused; nonsense leaves no row', async () => {
  const budgetId = await emptyBudget();
  const wanted = request(budgetId);
  const ask = (change: Partial<GrantRequest> = {}) =>
    unitOfWork.run((tx) => new RequestGrant().run(tx, { ...wanted, ...change }));
  const ids = [await ask(), await ask()];
  expect(ids[0]).toBe(ids[1]);
  await expect(ask({ amountFen: 2000 })).rejects.toMatchObject({ code: 'application_no_taken' });
  for (const amountFen of [0, -1, 1.5, 10_000_000_001, Number.NaN]) {
    await expect(ask({ applicationNo: unique('FY'), amountFen })).rejects.toThrow(Rejected);
  }
  await expect(ask({ budgetId: 4_000_000_000 })).rejects.toMatchObject({ code: 'no_such_budget' });
  await expect(ask({ bearer: 'nobody' as never, applicationNo: unique('FY') })).rejects.toThrow(Rejected);
  const rows = await db.database.query('SELECT id FROM budget_grants WHERE budget_id = ?', [budgetId]);
  expect(rows).toHaveLength(1);
});

it('I1 sixty-four at the last fen: exactly as many as the money reaches, and not one more', async () => {
  const budgetId = await budgetWith(640);
  const answers = await Promise.all(
    Array.from({ length: 64 }, () => reserved([{ budgetId, fen: 30, journalKey: unique('race') }])),
  );
  expect(answers.filter(Boolean)).toHaveLength(21);
  expect(await counters(budgetId)).toEqual([640, 10, 630, 0]);
  expect(await check()).toEqual([]);
});

it('reserves all budgets of a group or none, in three statements', async () => {
  const [rich, poor, third] = [await budgetWith(1000), await budgetWith(100), await budgetWith(7)];
  const keys = [unique('group'), unique('group'), unique('group')] as const;
  const entries = (poorFen: number) => [
    { budgetId: poor, fen: poorFen, journalKey: keys[0] },
    { budgetId: third, fen: 7, journalKey: keys[2] },
    { budgetId: rich, fen: 400, journalKey: keys[1] },
  ];
  const all = async () => [await counters(rich), await counters(poor), await counters(third)];
  expect(await reserved(entries(101))).toBe(false);
  expect(await all()).toEqual([
    [1000, 1000, 0, 0],
    [100, 100, 0, 0],
    [7, 7, 0, 0],
  ]);
  const statements = await unitOfWork.run(async (tx) => {
    const sent = [jest.spyOn(tx, 'execute'), jest.spyOn(tx, 'insertRows')];
    expect(await budgets.reserve(tx, entries(100))).toBe(true);
    return sent.reduce((sum, spy) => sum + spy.mock.calls.length, 0);
  });
  expect(statements).toBe(3);
  expect(await all()).toEqual([
    [1000, 600, 400, 0],
    [100, 0, 100, 0],
    [7, 0, 7, 0],
  ]);
  expect(await check()).toEqual([]);
});

it('does not let a transaction go on, nor commit, after a budget was short', async () => {
  const [poor, rich] = [await budgetWith(10), await budgetWith(1000)];
  const entries = [
    { budgetId: poor, fen: 11, journalKey: unique('short') },
    { budgetId: rich, fen: 11, journalKey: unique('short') },
  ];
  const swallowed = unitOfWork.run(async (tx) => {
    expect(await budgets.reserve(tx, entries)).toBe(false);
  });
  await expect(swallowed).rejects.toThrow('has to be rolled back');
  const wentOn = unitOfWork.run(async (tx) => {
    await budgets.reserve(tx, entries);
    await budgets.left(tx, [rich]);
  });
  await expect(wentOn).rejects.toThrow('has to be rolled back');
  expect([await counters(poor), await counters(rich)]).toEqual([
    [10, 10, 0, 0],
    [1000, 1000, 0, 0],
  ]);
  expect(await check()).toEqual([]);
});

it('counts what was booked before as reserved, beside what is new', async () => {
  const [old, fresh] = [await budgetWith(100), await budgetWith(100)];
  const before = { budgetId: old, fen: 60, journalKey: unique('before') };
  expect(await reserved([before])).toBe(true);
  expect(await reserved([before, { budgetId: fresh, fen: 60, journalKey: unique('new') }])).toBe(true);
  expect([await counters(old), await counters(fresh)]).toEqual([
    [100, 40, 60, 0],
    [100, 40, 60, 0],
  ]);
  expect(await check()).toEqual([]);
});

it('the same journal again changes nothing; with other fen it is a Defect', async () => {
  const budgetId = await budgetWith(1000);
  const entry = { budgetId, fen: 50, journalKey: unique('once') };
  for (let time = 0; time < 3; time++) await unitOfWork.run((tx) => budgets.reserve(tx, [entry]));
  expect(await counters(budgetId)).toEqual([1000, 950, 50, 0]);
  await expect(unitOfWork.run((tx) => budgets.reserve(tx, [{ ...entry, fen: 51 }]))).rejects.toThrow(Defect);
});

it('I1 counts as settled and released only what is reserved', async () => {
  const budgetId = await budgetWith(1000);
  await unitOfWork.run((tx) => budgets.reserve(tx, [{ budgetId, fen: 60, journalKey: unique('r') }]));
  const beyond = [
    { budgetId, amountFen: 40 },
    { budgetId, amountFen: 21 },
  ];
  for (const motion of ['settle', 'release', 'refund'] as const) {
    await expect(unitOfWork.run((tx) => budgets.count(tx, motion, beyond))).rejects.toThrow(Defect);
  }
  expect(await counters(budgetId)).toEqual([1000, 940, 60, 0]);
  expect(await check()).toEqual([]);
});

it('I3 the check finds a counter that was moved without a journal, and a journal without its counter', async () => {
  const budgetId = await budgetWith(1000);
  await db.database.query(
    'UPDATE budgets SET available_fen = available_fen - 1, reserved_fen = reserved_fen + 1 WHERE id = ?',
    [budgetId],
  );
  expect(await check()).toEqual([{ invariant: 'I3', detail: expect.stringContaining(`budget ${budgetId}`) }]);
  await unitOfWork.run((tx) =>
    bookJournal(
      tx,
      journal({ key: unique('mend'), kind: 'reserve', legs: movement(budgetId, 'available', 'reserved', 1) }),
    ),
  );
  expect(await check()).toEqual([]);
});
