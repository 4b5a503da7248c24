import { randomUUID } from 'node:crypto';
import { UnitOfWork } from '@app/database';
import { createLogger } from '@app/observability';
import { openTestDatabase, type TestDatabase } from '@app/testing';
import { Incidents } from '../cases/incidents';
import { BookOldSettlements } from './book-old-settlements';
import { Budgets } from './budgets';
import { CheckByNight } from './check-by-night';
import { ApproveGrant, CreateBudget, RequestGrant } from './grants';
import { GrantUses } from './grant-uses';
import { LedgerCheck } from './ledger-check';

let db: TestDatabase;
let unitOfWork: UnitOfWork;
const budgets = new Budgets();
jest.setTimeout(60_000);
beforeAll(async () => {
  db = await openTestDatabase();
  unitOfWork = db.unitOfWork;
}, 60_000);
beforeEach(() => db.asOwner.query('DELETE FROM ledger_nights'));
afterAll(() => db.close());

const logger = createLogger('spec', 'silent');
/** Another process, as far as anything is kept in memory. */
const worker = () =>
  new CheckByNight(
    db.database,
    unitOfWork,
    new LedgerCheck(unitOfWork),
    new Incidents(logger),
    new BookOldSettlements(db.database, unitOfWork, new GrantUses(), logger),
    logger,
  );
const soon = () => performance.now() + 30_000;

async function budget(): Promise<number> {
  return unitOfWork.run(async (tx) => {
    const budgetId = await new CreateBudget().run(tx, { name: '夜间核对' });
    const words = {
      applicationNo: randomUUID(),
      expenseAccount: '促销费',
      costCenter: '市场部',
      bearer: 'hq' as const,
    };
    const grantId = await new RequestGrant().run(tx, { budgetId, amountFen: 1000, ...words, requestedBy: 1 });
    await new ApproveGrant().run(tx, { grantId, approvedBy: 2 });
    await budgets.reserve(tx, [{ budgetId, fen: 100, journalKey: randomUUID() }]);
    return budgetId;
  });
}
const night = async () => {
  const [row] = await db.database.query<{ next_budget_id: number; faults: number; finished_at: Date | null }>(
    'SELECT next_budget_id, faults, finished_at FROM ledger_nights ORDER BY day DESC LIMIT 1',
  );
  return row!;
};
const incidents = async (text: string) => {
  const rows = await db.database.query<{ incident_key: Buffer }>(
    "SELECT incident_key FROM payout_incidents WHERE kind = 'ledger' AND LOCATE(?, detail) > 0 AND resolved_at IS NULL",
    [text],
  );
  return rows.map((row) => row.incident_key.toString());
};

it('goes through every budget and what was booked, once a night, from wherever it was stopped', async () => {
  for (let made = 0; made < 25; made++) await budget();
  expect(await worker().runUntil(performance.now())).toBe(false);
  expect(await night()).toMatchObject({ finished_at: null, next_budget_id: 1 });
  let stops = 0;
  while (!(await worker().runUntil(performance.now() + 1))) stops++;
  expect(stops).toBeGreaterThan(0);
  const done = await night();
  expect(done.finished_at).not.toBeNull();
  expect(done.faults).toBe(0);
  expect(await worker().runUntil(soon())).toBe(true);
  expect(await night()).toEqual(done);
});

it('I3 finds a counter that was moved past the journals, and raises one case however many workers and nights see it', async () => {
  const budgetId = await budget();
  const shift = (fen: number) =>
    db.asOwner.query(
      'UPDATE budgets SET available_fen = available_fen + ?, reserved_fen = reserved_fen - ? WHERE id = ?',
      [fen, fen, budgetId],
    );
  await shift(1);
  await Promise.all([worker().runUntil(soon()), worker().runUntil(soon()), worker().runUntil(soon())]);
  expect(await night()).toMatchObject({ faults: 1 });
  expect(await incidents(`budget ${budgetId}:`)).toHaveLength(1);
  await shift(1);
  await db.asOwner.query('DELETE FROM ledger_nights');
  await worker().runUntil(soon());
  expect(await incidents(`budget ${budgetId}:`)).toHaveLength(1);
  await shift(-2);
});

it('I2 finds a journal whose legs were changed by hand, of those booked since the night before', async () => {
  const key = `spec-${randomUUID()}`;
  const budgetId = await budget();
  await unitOfWork.run((tx) => budgets.reserve(tx, [{ budgetId, fen: 7, journalKey: key }]));
  await db.asOwner.query('UPDATE ledger_journals SET at = UTC_TIMESTAMP(6) - INTERVAL 1 HOUR WHERE journal_key = ?', [
    key,
  ]);
  await db.asOwner.query('UPDATE ledger_legs SET amount_fen = amount_fen + 1 WHERE journal_key = ? AND leg = 0', [key]);
  await worker().runUntil(soon());
  expect(await incidents(key)).toHaveLength(1);
  await db.asOwner.query('UPDATE ledger_legs SET amount_fen = amount_fen - 1 WHERE journal_key = ? AND leg = 0', [key]);
});

it('I3 finds a grant whose use does not follow from what was charged to it', async () => {
  const budgetId = await budget();
  await db.asOwner.query('UPDATE budget_grants SET used_fen = used_fen + 5 WHERE budget_id = ?', [budgetId]);
  await worker().runUntil(soon());
  expect(await night()).toMatchObject({ faults: 2 });
  expect(await incidents(`budget ${budgetId} settled`)).toHaveLength(1);
  await db.asOwner.query('UPDATE budget_grants SET used_fen = used_fen - 5 WHERE budget_id = ?', [budgetId]);
});
