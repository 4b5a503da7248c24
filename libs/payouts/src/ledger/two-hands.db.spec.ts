import { randomUUID } from 'node:crypto';
import { openTestDatabase, type TestDatabase } from '@app/testing';
import { ApproveGrant, CreateBudget, RequestGrant } from './grants';

let db: TestDatabase;
beforeAll(async () => {
  db = await openTestDatabase();
}, 120_000);
afterAll(() => db?.close());

const account = (madeBy: number | null): Promise<number> =>
  db.unitOfWork.run(async (tx) => {
    const { insertId } = await tx.execute(
      `INSERT INTO operators (login, name, password_hash, roles, made_by, created_at)
       VALUES (?, '财务', 'x', 'finance', ?, UTC_TIMESTAMP(6))`,
      [`h-${randomUUID()}`, madeBy],
    );
    return insertId;
  });

it('a grant is not approved by an account that its author made and nobody has taken over', async () => {
  const owner = await account(null);
  const [made, colleague] = [await account(owner), await account(null)];
  const budgetId = await db.unitOfWork.run((tx) => new CreateBudget().run(tx, { name: `两只手 ${randomUUID()}` }));
  const words = { applicationNo: `FY-${randomUUID()}`, expenseAccount: '促销费', costCenter: '市场部' };
  const wish = { budgetId, amountFen: 1_000, ...words, bearer: 'hq' as const, requestedBy: owner };
  const grantId = await db.unitOfWork.run((tx) => new RequestGrant().run(tx, wish));
  const approve = (approvedBy: number) =>
    db.unitOfWork.run((tx) => new ApproveGrant().run(tx, { grantId, approvedBy }));
  await expect(approve(owner)).rejects.toMatchObject({ code: 'same_person', status: 403 });
  await expect(approve(made)).rejects.toMatchObject({ code: 'same_hand', status: 403 });
  const [before] = await db.database.query<{ status: Buffer }>('SELECT status FROM budget_grants WHERE id = ?', [
    grantId,
  ]);
  expect(before!.status.toString()).toBe('requested');
  expect(await approve(colleague)).toBe('approved');
});
