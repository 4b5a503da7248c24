import { randomUUID } from 'node:crypto';
import { Test, type TestingModule } from '@nestjs/testing';
import { ConfigModule } from '@app/config';
import { DatabaseModule } from '@app/database';
import { JobsModule } from '@app/jobs';
import { createLogger, ObservabilityModule } from '@app/observability';
import { openTestDatabase, testConfig, type TestDatabase } from '@app/testing';
import {
  AccountDirectory,
  AuditLog,
  hasRight,
  Login,
  ManageOperators,
  scopeOf,
  Sessions,
  StaffModule,
  WORKING_ROLES,
  type NewOperator,
  type Operator,
} from './index';

const PASSWORD = 'correct horse 92';
const REFUSED = { code: 'login_failed', status: 401 };

let db: TestDatabase;
const nodes: TestingModule[] = [];
const [node, otherNode] = [() => nodes[0]!, () => nodes[1]!];
/** Of headquarters. */
let boss: Operator;
let owner: Operator;

beforeAll(async () => {
  db = await openTestDatabase();
  for (let n = 0; n < 2; n++) {
    nodes.push(
      await Test.createTestingModule({
        imports: [
          ConfigModule.forRoot(testConfig({ database: { url: db.url, poolSize: 10 } })),
          ObservabilityModule.forRoot(createLogger('staff', 'silent')),
          DatabaseModule.forRoot([]),
          JobsModule.forRoot({ run: false }),
          StaffModule,
        ],
      }).compile(),
    );
  }
  owner = await create({ roles: ['owner'] });
  boss = await create({});
});
afterAll(async () => {
  for (const opened of nodes) await opened.close();
  await db.close();
});

const newLogin = () => `op-${randomUUID().slice(0, 12)}`;
const create = (change: Partial<NewOperator> = {}) =>
  node()
    .get(ManageOperators)
    .create(null, { login: newLogin(), name: '王敏', password: PASSWORD, roles: WORKING_ROLES, ...change });
const login = (name: string, password = PASSWORD, at = node()) =>
  at.get(Login).run({ login: name, password, ip: '10.0.0.1', userAgent: 'spec' });
const actsOn = async (object: string) =>
  (await node().get(AuditLog).list({ limit: 50, object })).items.map((entry) => entry.act).reverse();
const distributor = async () => {
  const [row] = await db.unitOfWork.run(async (tx) => {
    await tx.execute("INSERT INTO distributors (name, created_at) VALUES ('spec', UTC_TIMESTAMP(6))");
    return tx.query<{ id: number }>('SELECT LAST_INSERT_ID() AS id');
  });
  return Number(row!.id);
};

describe('login', () => {
  it('opens a session that every node knows, and stores neither token nor password', async () => {
    const operator = await create({});
    const { token, operator: who } = await login(` ${operator.login.toUpperCase()} `);
    expect(who).toEqual(operator);
    expect(await node().get(Sessions).authenticate(token)).toEqual(operator);
    expect(await otherNode().get(Sessions).authenticate(token)).toEqual(operator);
    const rows = await db.database.query(
      'SELECT o.*, s.* FROM operators o JOIN operator_sessions s ON s.operator_id = o.id WHERE o.id = ?',
      [operator.id],
    );
    const everything = Buffer.from(
      JSON.stringify(rows, (_, value: unknown) =>
        isBytes(value) ? Buffer.from(value.data).toString('latin1') : value,
      ),
    );
    for (const secret of [token, PASSWORD]) expect(everything.includes(secret)).toBe(false);
    expect(everything.includes('$argon2id$')).toBe(true);
    expect(await actsOn(`operator:${operator.id}`)).toEqual(['staff.create', 'staff.login']);
  });

  it('answers every failure alike', async () => {
    const operator = await create({});
    const disabled = await create({});
    await node().get(ManageOperators).disable(owner, disabled.id, 'left');
    const failures = await Promise.all(
      [
        login('nobody-here'),
        login(operator.login, 'wrong password'),
        login(disabled.login),
        login(''),
        login("' OR 1=1 --"),
      ].map((attempt) => attempt.catch((error: unknown) => error as Error)),
    );
    for (const failure of failures) expect(failure).toMatchObject(REFUSED);
    expect(new Set(failures.map((failure) => (failure as Error).message)).size).toBe(1);
  });

  it('works as long for nobody as for somebody', async () => {
    const operator = await create({});
    const times: Record<string, number[]> = { known: [], unknown: [] };
    for (let n = 0; n < 4; n++) {
      for (const [kind, name] of [
        ['known', operator.login],
        ['unknown', newLogin()],
      ] as const) {
        const from = performance.now();
        await login(name, 'wrong password').catch(() => undefined);
        times[kind]!.push(performance.now() - from);
      }
    }
    const fastest = (kind: string) => Math.min(...times[kind]!);
    expect(fastest('unknown')).toBeGreaterThan(fastest('known') / 3);
  });

  it('locks after five wrong passwords, also when forty come at once, and opens again with time', async () => {
    const operator = await create({});
    const guesses = Array.from({ length: 40 }, (_, n) =>
      login(operator.login, `guess number ${n}`, n % 2 ? node() : otherNode()),
    );
    const results = await Promise.allSettled([...guesses]);
    expect(results.every((result) => result.status === 'rejected')).toBe(true);
    await expect(login(operator.login)).rejects.toMatchObject(REFUSED);
    expect(await actsOn(`operator:${operator.id}`)).toEqual(['staff.create', 'staff.locked']);
    const [row] = await db.database.query<{ failed_logins: number }>(
      'SELECT failed_logins FROM operators WHERE id = ?',
      [operator.id],
    );
    expect(row!.failed_logins).toBe(5);
    await db.asOwner.query('UPDATE operators SET locked_until = UTC_TIMESTAMP(6) - INTERVAL 1 SECOND WHERE id = ?', [
      operator.id,
    ]);
    await expect(login(operator.login, 'wrong password')).rejects.toMatchObject(REFUSED);
    expect((await login(operator.login)).operator.id).toBe(operator.id);
    const [clear] = await db.database.query('SELECT failed_logins, locked_until FROM operators WHERE id = ?', [
      operator.id,
    ]);
    expect(clear).toEqual({ failed_logins: 0, locked_until: null });
  });

  it('does not lock somebody who gets it right at the fifth attempt', async () => {
    const operator = await create({});
    for (let n = 0; n < 4; n++) await login(operator.login, 'wrong password').catch(() => undefined);
    await login(operator.login);
    await login(operator.login, 'wrong password').catch(() => undefined);
    expect((await login(operator.login)).operator.id).toBe(operator.id);
  });
});

describe('session', () => {
  it('ends at logout here at once, and elsewhere within seconds', async () => {
    const operator = await create({});
    const { token } = await login(operator.login);
    await node().get(Sessions).logout(token);
    expect(await node().get(Sessions).authenticate(token)).toBeNull();
    expect(await otherNode().get(Sessions).authenticate(token)).toBeNull();
    await node().get(Sessions).logout(token);
    expect(await actsOn(`operator:${operator.id}`)).toEqual(['staff.create', 'staff.login', 'staff.logout']);
  });

  it.each([
    ['over', 'expires_at = UTC_TIMESTAMP(6) - INTERVAL 1 SECOND'],
    ['idle', 'last_seen_at = UTC_TIMESTAMP(6) - INTERVAL 61 MINUTE'],
    ['revoked', 'revoked_at = UTC_TIMESTAMP(6)'],
  ])('is not accepted when it is %s', async (_, change) => {
    const operator = await create({});
    const { token } = await login(operator.login);
    await db.asOwner.query(`UPDATE operator_sessions SET ${change} WHERE operator_id = ?`, [operator.id]);
    expect(await otherNode().get(Sessions).authenticate(token)).toBeNull();
  });

  it('is noted as used, so that it does not go idle', async () => {
    const operator = await create({});
    const { token } = await login(operator.login);
    await db.asOwner.query(
      'UPDATE operator_sessions SET last_seen_at = UTC_TIMESTAMP(6) - INTERVAL 30 MINUTE WHERE operator_id = ?',
      [operator.id],
    );
    expect(await node().get(Sessions).authenticate(token)).not.toBeNull();
    const [row] = await db.database.query<{ idle: number }>(
      'SELECT TIMESTAMPDIFF(SECOND, last_seen_at, UTC_TIMESTAMP(6)) AS idle FROM operator_sessions WHERE operator_id = ?',
      [operator.id],
    );
    expect(Number(row!.idle)).toBeLessThan(30);
  });

  it.each(['', 'x', 'A'.repeat(43), `${'A'.repeat(42)}'`, 'A'.repeat(10_000)])(
    'does not accept a made-up token',
    async (token) => {
      expect(await node().get(Sessions).authenticate(token)).toBeNull();
    },
  );

  it('of a disabled operator ends', async () => {
    const operator = await create({});
    const { token } = await login(operator.login);
    await node().get(Sessions).authenticate(token);
    await node().get(ManageOperators).disable(owner, operator.id, 'left');
    expect(await node().get(Sessions).authenticate(token)).toBeNull();
  });

  it('opens again for an operator who was let back in, with the roles and the password of before', async () => {
    const operator = await create({});
    const manage = node().get(ManageOperators);
    await expect(manage.enable(owner, operator.id, '没有停用')).rejects.toMatchObject({ code: 'not_disabled' });
    await manage.disable(owner, operator.id, '离职');
    await expect(login(operator.login)).rejects.toMatchObject(REFUSED);
    await expect(manage.enable(operator, owner.id, '互相')).rejects.toMatchObject({ status: 403 });
    await manage.enable(owner, operator.id, '回来了');
    const { token } = await login(operator.login);
    expect(await node().get(Sessions).authenticate(token)).toMatchObject({ id: operator.id, roles: operator.roles });
    await expect(manage.enable(owner, owner.id, '自己')).rejects.toMatchObject({ code: 'own_account' });
  });

  it('ends when the password changes, and the old password no longer opens one', async () => {
    const operator = await create({});
    const { token } = await login(operator.login);
    const manage = node().get(ManageOperators);
    await expect(manage.changePassword(operator, 'wrong password', 'a new password 1')).rejects.toMatchObject({
      status: 403,
    });
    await manage.changePassword(operator, PASSWORD, 'a new password 1');
    expect(await node().get(Sessions).authenticate(token)).toBeNull();
    await expect(login(operator.login)).rejects.toMatchObject(REFUSED);
    expect((await login(operator.login, 'a new password 1')).operator.id).toBe(operator.id);
  });
});

describe('operators', () => {
  it.each([
    [{ password: 'short1' }, 'weak_password'],
    [{ password: 'aaaaaaaaaaaaaaaa' }, 'weak_password'],
    [{ login: 'a' }, 'bad_login'],
    [{ login: 'two words' }, 'bad_login'],
    [{ name: ' ' }, 'bad_name'],
    [{ roles: ['distributor'] as const }, 'bad_role'],
    [{ distributorId: 1 }, 'bad_role'],
    [{ roles: ['distributor'] as const, distributorId: 4_000_000_000 }, 'no_distributor'],
  ])('are not made from %j', async (change, code) => {
    await expect(create(change)).rejects.toMatchObject({ code, status: 422 });
  });

  it('have a login of their own', async () => {
    const operator = await create({});
    await expect(create({ login: operator.login.toUpperCase() })).rejects.toMatchObject({
      code: 'login_taken',
      status: 409,
    });
  });

  it('of a distributor see its scope, and manage nobody', async () => {
    const distributorId = await distributor();
    const operator = await create({ roles: ['distributor'], distributorId });
    expect(scopeOf(operator)).toEqual({ kind: 'distributor', distributorId });
    expect(scopeOf(boss)).toEqual({ kind: 'national' });
    const manage = node().get(ManageOperators);
    await expect(manage.disable(operator, boss.id, '')).rejects.toMatchObject({ code: 'no_operator', status: 404 });
    const { items } = await node().get(AccountDirectory).list(operator, { limit: 50 });
    expect(items.map(({ id }) => id)).toEqual([operator.id]);
    await expect(manage.disable(owner, owner.id, '')).rejects.toMatchObject({ code: 'own_account' });
    await expect(manage.disable(owner, 4_000_000_000, '')).rejects.toMatchObject({ status: 404 });
  });

  it('get their rights, and headquarters is looked after, by an owner alone', async () => {
    const manage = node().get(ManageOperators);
    expect(scopeOf(owner)).toEqual({ kind: 'national' });
    const forbidden = { code: 'forbidden', status: 403 };
    await expect(manage.setRights(boss, boss.id, ['start-burst'], '自己给自己')).rejects.toMatchObject(forbidden);
    await expect(manage.disable(boss, owner.id, '')).rejects.toMatchObject(forbidden);
    await expect(manage.setRights(owner, owner.id, [], '')).rejects.toMatchObject({ code: 'bad_role' });
    await expect(create({ roles: ['owner'], rights: ['start-burst'] })).rejects.toMatchObject({ code: 'bad_role' });

    const operator = await create({ rights: ['export-serials'] });
    const { token } = await login(operator.login);
    const sees = async () => (await node().get(Sessions).authenticate(token))!;
    expect(await sees()).toMatchObject({ roles: WORKING_ROLES, rights: ['export-serials'] });
    await manage.setRights(owner, operator.id, ['start-burst'], '区域加码值守');
    const who = await sees();
    expect([hasRight(who, 'start-burst'), hasRight(who, 'export-serials')]).toEqual([true, false]);
    expect([hasRight(owner, 'export-serials'), hasRight(boss, 'start-burst')]).toEqual([true, false]);
    expect(await actsOn(`operator:${operator.id}`)).toEqual(['staff.create', 'staff.login', 'staff.rights']);
    await manage.disable(owner, (await create({ roles: ['owner'] })).id, '交接');
  });

  it('are listed once each, without their hashes', async () => {
    const seen: Operator[] = [];
    for (let cursor: string | null = null, pages = 0; pages < 200; pages++) {
      const page = await node().get(AccountDirectory).list(boss, { limit: 10, cursor });
      seen.push(...page.items);
      cursor = page.nextCursor;
      if (!cursor) break;
    }
    expect(new Set(seen.map((item) => item.id)).size).toBe(seen.length);
    expect(seen.map((item) => item.id)).toContain(boss.id);
    expect(JSON.stringify(seen)).not.toContain('argon2');
  });
});

describe('audit chain', () => {
  const audit = () => node().get(AuditLog);
  const append = (object: string) =>
    db.unitOfWork.run((tx) =>
      audit().append(tx, {
        actorId: boss.id,
        act: 'spec.act',
        object,
        before: { a: 1 },
        after: { a: '二' },
        reason: '测试',
      }),
    );
  const last = async () =>
    Number((await db.database.query<{ id: string }>('SELECT MAX(id) AS id FROM audit_log'))[0]!.id);

  it('holds under parallel acts, without gaps', async () => {
    const before = await last();
    await Promise.all(Array.from({ length: 25 }, (_, n) => append(`spec:${n}`)));
    expect(await last()).toBe(before + 25);
    expect(await audit().verify()).toEqual({ intact: true, entries: before + 25 });
  });

  it('keeps nothing of an act that was undone', async () => {
    const before = await last();
    const undone = db.unitOfWork.run(async (tx) => {
      await audit().append(tx, { actorId: null, act: 'spec.act', object: 'spec:undone' });
      throw new Error('undone');
    });
    await expect(undone).rejects.toThrow('undone');
    expect(await last()).toBe(before);
    expect((await audit().verify()).intact).toBe(true);
  });

  /** Breaks the chain as somebody with the owner's rights could, looks, and puts everything back. */
  async function tampered(id: number, ...statements: string[]) {
    const rows = (await db.asOwner.query('SELECT * FROM audit_log WHERE id >= ?', [id - 1])) as Record<
      string,
      unknown
    >[];
    try {
      for (const statement of statements) await db.asOwner.query(statement);
      return await audit().verify();
    } finally {
      await db.asOwner.query('DELETE FROM audit_log WHERE id >= ?', [id - 1]);
      for (const row of rows)
        await db.asOwner.query(
          `INSERT INTO audit_log SET ${Object.keys(row)
            .map((name) => `${name} = ?`)
            .join(', ')}`,
          Object.values(row),
        );
      expect((await audit().verify()).intact).toBe(true);
    }
  }

  it('shows what was changed, removed, moved or cut off', async () => {
    await append('spec:1');
    await append('spec:2');
    await append('spec:3');
    const end = await last();
    const id = end - 1;
    const broken = { intact: false, brokenAt: id };
    expect(await tampered(id, `UPDATE audit_log SET details = '{}' WHERE id = ${id}`)).toMatchObject({
      ...broken,
      why: 'changed',
    });
    expect(await tampered(id, `UPDATE audit_log SET actor_id = NULL WHERE id = ${id}`)).toMatchObject(broken);
    expect(await tampered(id, `UPDATE audit_log SET at = at + INTERVAL 1 SECOND WHERE id = ${id}`)).toMatchObject(
      broken,
    );
    expect(await tampered(id, `DELETE FROM audit_log WHERE id = ${id}`)).toMatchObject({ ...broken, why: 'missing' });
    expect(
      await tampered(id, `DELETE FROM audit_log WHERE id = ${id}`, `UPDATE audit_log SET id = ${id} WHERE id = ${end}`),
    ).toMatchObject(broken);
    expect(await tampered(end, `DELETE FROM audit_log WHERE id = ${end}`)).toMatchObject({
      brokenAt: end,
      why: 'cut_off',
    });
  });

  it('cannot be changed by the app itself', async () => {
    await expect(db.database.query("UPDATE audit_log SET details = '{}'")).rejects.toThrow(/denied/i);
    await expect(db.database.query('DELETE FROM audit_log')).rejects.toThrow(/denied/i);
  });

  it('is read latest first, page by page, with what was done and why', async () => {
    const object = `spec:${randomUUID()}`;
    for (let n = 0; n < 3; n++) await append(object);
    const first = await audit().list({ limit: 2, object });
    const rest = await audit().list({ limit: 2, object, cursor: first.nextCursor });
    const ids = [...first.items, ...rest.items].map((entry) => entry.id);
    expect(ids).toEqual([...ids].sort((a, b) => b - a));
    expect(ids).toHaveLength(3);
    expect(rest.nextCursor).toBeNull();
    expect(first.items[0]).toMatchObject({
      actorId: boss.id,
      details: { before: { a: 1 }, after: { a: '二' }, reason: '测试' },
    });
  });
});

function isBytes(value: unknown): value is { data: number[] } {
  return typeof value === 'object' && value !== null && (value as { type?: unknown }).type === 'Buffer';
}
