import { randomUUID } from 'node:crypto';
import { openTestDatabase, type TestDatabase } from '@app/testing';
import { AuditLog } from './audit-log';
import { assertTwoPeople } from './two-people';

let db: TestDatabase;
let audit: AuditLog;
beforeAll(async () => {
  db = await openTestDatabase();
  audit = new AuditLog(db.database);
}, 120_000);
afterAll(() => db?.close());

async function account(madeBy: number | null = null): Promise<number> {
  return db.unitOfWork.run(async (tx) => {
    const { insertId } = await tx.execute(
      `INSERT INTO operators (login, name, password_hash, roles, made_by, created_at)
       VALUES (?, '同事', 'x', 'approver', ?, UTC_TIMESTAMP(6))`,
      [`p-${randomUUID()}`, madeBy],
    );
    return insertId;
  });
}
const run = (sql: string, params: (string | number)[]) => db.unitOfWork.run((tx) => tx.execute(sql, params));
const takesPhone = (id: number) => run("UPDATE operators SET totp_sealed = 'sealed' WHERE id = ?", [id]);
const changesPassword = (id: number) =>
  db.unitOfWork.run((tx) => audit.append(tx, { actorId: id, act: 'staff.password', object: `operator:${id}` }));
const link = (id: number, kind: 'invite' | 'reset', by: number) =>
  run(
    `INSERT INTO operator_links (token_hash, operator_id, kind, made_by, made_at, expires_at)
     VALUES (UNHEX(SHA2(?, 256)), ?, ?, ?, UTC_TIMESTAMP(6), UTC_TIMESTAMP(6) + INTERVAL 1 DAY)`,
    [randomUUID(), id, kind, by],
  );
const opensLink = (id: number) =>
  run('UPDATE operator_links SET used_at = UTC_TIMESTAMP(6) WHERE operator_id = ? AND used_at IS NULL', [id]);
const verdict = (asker: number, approver: number): Promise<string> =>
  assertTwoPeople(db.database, asker, approver).then(
    () => 'two',
    (error: { code?: string }) => error.code ?? 'broken',
  );

it('two accounts that neither made are two people, an account alone is one', async () => {
  const [one, other] = [await account(), await account()];
  expect(await verdict(one, other)).toBe('two');
  expect(await verdict(one, one)).toBe('same_person');
  expect(await verdict(4_000_000_001, one)).toBe('two');
});

it('whoever makes an account does not get its yes, nor gives it one, before its own person has taken it over', async () => {
  const owner = await account();
  const made = await account(owner);
  expect([await verdict(owner, made), await verdict(made, owner)]).toEqual(['same_hand', 'same_hand']);
  await takesPhone(made);
  expect([await verdict(owner, made), await verdict(made, owner)]).toEqual(['same_hand', 'same_hand']);
  await link(made, 'invite', owner);
  await opensLink(made);
  expect([await verdict(owner, made), await verdict(made, owner)]).toEqual(['two', 'two']);
  const third = await account();
  expect([await verdict(third, made), await verdict(made, third)]).toEqual(['two', 'two']);
});

it('a password of one’s own is enough to ask one’s maker, and not to approve the maker’s wishes', async () => {
  const owner = await account();
  const made = await account(owner);
  await changesPassword(made);
  expect([await verdict(owner, made), await verdict(made, owner)]).toEqual(['same_hand', 'two']);
});

it('a new password that somebody else gave out puts the account back into that hand, until it is used', async () => {
  const owner = await account();
  const other = await account();
  await changesPassword(other);
  await takesPhone(other);
  expect(await verdict(owner, other)).toBe('two');
  await run('UPDATE operators SET reset_by = ? WHERE id = ?', [owner, other]);
  await link(other, 'reset', owner);
  expect([await verdict(owner, other), await verdict(other, owner)]).toEqual(['same_hand', 'same_hand']);
  await opensLink(other);
  expect([await verdict(owner, other), await verdict(other, owner)]).toEqual(['two', 'two']);
});

it('accounts of earlier releases are known by the audit log', async () => {
  const [owner, made] = [await account(), await account()];
  await db.unitOfWork.run((tx) =>
    audit.append(tx, { actorId: owner, act: 'staff.create', object: `operator:${made}` }),
  );
  expect(await verdict(owner, made)).toBe('same_hand');
});
