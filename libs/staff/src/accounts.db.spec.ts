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
  ChangeRoles,
  codeAt,
  DecideRoles,
  GiveAccountLinks,
  Login,
  ManageOperators,
  OpenAccountLink,
  SecondFactor,
  Sessions,
  StaffModule,
  WORKING_ROLES,
  type NewOperator,
  type Operator,
} from './index';

const PASSWORD = 'correct horse 92';
const REFUSED = { code: 'login_failed', status: 401 };

let db: TestDatabase;
let node: TestingModule;
let owner: Operator;
let approver: Operator;

beforeAll(async () => {
  db = await openTestDatabase();
  node = await Test.createTestingModule({
    imports: [
      ConfigModule.forRoot(testConfig({ database: { url: db.url, poolSize: 10 }, secondFactor: 'required' })),
      ObservabilityModule.forRoot(createLogger('staff', 'silent')),
      DatabaseModule.forRoot([]),
      JobsModule.forRoot({ run: false }),
      StaffModule,
    ],
  }).compile();
  owner = await create({ roles: ['owner'] });
  approver = await create({ roles: ['approver'] });
});
afterAll(async () => {
  await node.close();
  await db.close();
});

const newLogin = (): string => `op-${randomUUID().slice(0, 12)}`;
const create = (change: Partial<NewOperator> = {}): Promise<Operator> =>
  node
    .get(ManageOperators)
    .create(null, { login: newLogin(), name: '王敏', password: PASSWORD, roles: WORKING_ROLES, ...change });
const signIn = (login: string, password = PASSWORD, code?: string) =>
  node.get(Login).run({ login, password, code, ip: null, userAgent: 'spec' });
const actsOn = async ({ id }: Pick<Operator, 'id'>): Promise<string[]> =>
  (await node.get(AuditLog).list({ limit: 50, object: `operator:${id}` })).items.map(({ act }) => act).reverse();
const invite = (change: Partial<NewOperator> = {}, by = owner) =>
  node
    .get(GiveAccountLinks)
    .invite(by, { login: newLogin(), name: '沈青', roles: ['finance'], reason: '新同事', ...change });

/** Enrols a phone whose every code is still unused: the confirming one is of the step before. */
async function enrol(operator: Operator): Promise<{ secret: string; recovery: string[] }> {
  const factor = node.get(SecondFactor);
  const { secret } = await factor.propose(operator, PASSWORD);
  const recovery = await factor.confirm(operator, codeAt(secret, new Date(Date.now() - 30_000)));
  return { secret, recovery };
}

describe('a second factor', () => {
  it('is asked for after the password, and each code opens one session only', async () => {
    const operator = await create();
    const { secret } = await enrol(operator);
    await expect(signIn(operator.login)).rejects.toMatchObject({ code: 'code_needed', status: 401 });
    await expect(signIn(operator.login, 'wrong password')).rejects.toMatchObject(REFUSED);
    const code = codeAt(secret, new Date());
    const results = await Promise.allSettled(Array.from({ length: 4 }, () => signIn(operator.login, PASSWORD, code)));
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    await expect(signIn(operator.login, PASSWORD, code)).rejects.toMatchObject({ code: 'code_wrong' });
    const next = await signIn(operator.login, PASSWORD, codeAt(secret, new Date(Date.now() + 30_000)));
    expect(next.operator.secondFactor).toBe(true);
  });

  it('counts wrong codes towards the lock, but not asking for one', async () => {
    const operator = await create();
    const { secret } = await enrol(operator);
    for (let n = 0; n < 8; n++) await expect(signIn(operator.login)).rejects.toMatchObject({ code: 'code_needed' });
    for (let n = 0; n < 5; n++) {
      await expect(signIn(operator.login, PASSWORD, '000000')).rejects.toMatchObject({ code: 'code_wrong' });
      if (n < 4) await expect(signIn(operator.login)).rejects.toMatchObject({ code: 'code_needed' });
    }
    await expect(signIn(operator.login, PASSWORD, codeAt(secret, new Date()))).rejects.toMatchObject(REFUSED);
    await node.get(ManageOperators).unlock(owner, operator.id);
    await signIn(operator.login, PASSWORD, codeAt(secret, new Date()));
    expect(await actsOn(operator)).toEqual([
      ...['staff.create', 'staff.second-factor', 'staff.locked', 'staff.unlock', 'staff.login'],
    ]);
  });

  it('lets each recovery code in once, and none from before new ones were made', async () => {
    const operator = await create();
    const { secret, recovery } = await enrol(operator);
    await signIn(operator.login, PASSWORD, recovery[0]!.toLowerCase());
    await expect(signIn(operator.login, PASSWORD, recovery[0])).rejects.toMatchObject({ code: 'code_wrong' });
    expect(await node.get(SecondFactor).recoveryLeft(operator.id)).toBe(9);
    await node.get(SecondFactor).renewRecovery(operator, codeAt(secret, new Date()));
    await expect(signIn(operator.login, PASSWORD, recovery[1])).rejects.toMatchObject({ code: 'code_wrong' });
    expect(await node.get(SecondFactor).recoveryLeft(operator.id)).toBe(10);
  });

  it('is demanded of owner, approver and finance, who cannot drop it; its secret is stored sealed', async () => {
    const factor = node.get(SecondFactor);
    const [finance, marketer] = [await create({ roles: ['finance'] }), await create({ roles: ['marketer'] })];
    expect([owner, approver, finance, marketer].map((one) => factor.mustEnrol(one))).toEqual([true, true, true, false]);
    const { secret } = await enrol(finance);
    const { token } = await signIn(finance.login, PASSWORD, codeAt(secret, new Date()));
    const seen = (await node.get(Sessions).authenticate(token))!;
    expect(factor.mustEnrol(seen)).toBe(false);
    await expect(factor.remove(seen, codeAt(secret, new Date(Date.now() + 30_000)))).rejects.toMatchObject({
      code: 'second_factor_needed',
    });
    const [row] = await db.database.query<{ totp_sealed: Buffer }>('SELECT totp_sealed FROM operators WHERE id = ?', [
      finance.id,
    ]);
    expect(row!.totp_sealed.includes(secret)).toBe(false);
    await expect(factor.propose(seen, 'wrong password')).rejects.toMatchObject({ code: 'wrong_password' });
    await expect(factor.confirm(seen, '000000')).rejects.toMatchObject({ code: 'no_enrolment' });
  });
});

describe('an invitation', () => {
  it('lets its receiver alone choose a password, once; roles of headquarters wait for a second person', async () => {
    const given = await invite();
    const [account] = (await node.get(AccountDirectory).list(owner, { limit: 1, cursor: null, status: 'invited' }))
      .items;
    expect(account).toMatchObject({ status: 'invited', roles: [] });
    const links = node.get(OpenAccountLink);
    const { login } = await links.read(given.token);
    await expect(signIn(login)).rejects.toMatchObject(REFUSED);
    await expect(links.use(given.token, 'short')).rejects.toMatchObject({ code: 'weak_password' });
    const uses = await Promise.allSettled([PASSWORD, 'another word 7'].map((word) => links.use(given.token, word)));
    expect(uses.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    await expect(links.read(given.token)).rejects.toMatchObject({ code: 'link_gone', status: 410 });
    const word = uses[0]!.status === 'fulfilled' ? PASSWORD : 'another word 7';
    const { operator, token } = await signIn(login, word);
    expect(operator.roles).toEqual([]);

    const decide = node.get(DecideRoles);
    await expect(decide.approve(owner, given.roleRequestId!)).rejects.toMatchObject({ code: 'same_person' });
    await expect(decide.approve(operator, given.roleRequestId!)).rejects.toMatchObject({ code: 'same_person' });
    await decide.approve(approver, given.roleRequestId!);
    expect((await node.get(Sessions).authenticate(token))!.roles).toEqual(['finance']);
    await expect(decide.approve(approver, given.roleRequestId!)).rejects.toMatchObject({ code: 'not_pending' });
    expect(await actsOn(operator)).toEqual(['staff.invite', 'staff.join', 'staff.login', 'staff.grant-roles']);
  });

  it('is over after its time, or when a new one is given', async () => {
    const given = await invite();
    const again = await node.get(GiveAccountLinks).inviteAgain(owner, given.operatorId);
    const links = node.get(OpenAccountLink);
    await expect(links.read(given.token)).rejects.toMatchObject({ code: 'link_gone' });
    await links.read(again.token);
    await db.asOwner.query('UPDATE operator_links SET expires_at = UTC_TIMESTAMP(6) WHERE operator_id = ?', [
      given.operatorId,
    ]);
    await expect(links.use(again.token, PASSWORD)).rejects.toMatchObject({ code: 'link_gone' });
    await expect(links.read('x')).rejects.toMatchObject({ code: 'link_gone' });
  });

  it('comes from an owner for headquarters, from marketing for dealers, from a dealer for its own staff', async () => {
    const { insertId: dealer } = await db.unitOfWork.run((tx) =>
      tx.execute("INSERT INTO distributors (name, created_at) VALUES ('spec', UTC_TIMESTAMP(6))"),
    );
    const marketer = await create({ roles: ['marketer'] });
    const finance = await create({ roles: ['finance'] });
    const boss = await create({ roles: ['distributor'], distributorId: dealer });
    const staff = { roles: ['distributor_staff'] as const, distributorId: dealer };
    const forbidden = { code: 'forbidden', status: 403 };
    await expect(invite({}, marketer)).rejects.toMatchObject(forbidden);
    await expect(invite(staff, finance)).rejects.toMatchObject(forbidden);
    await expect(invite({ roles: ['distributor'], distributorId: dealer }, boss)).rejects.toMatchObject(forbidden);
    await expect(invite({ ...staff, distributorId: dealer + 1 }, boss)).rejects.toMatchObject(forbidden);
    await expect(invite({}, boss)).rejects.toMatchObject(forbidden);
    await expect(invite({ rights: ['export-serials'], roles: ['marketer'] }, boss)).rejects.toMatchObject(forbidden);
    expect(await invite({ roles: ['distributor'], distributorId: dealer }, marketer)).toMatchObject({
      roleRequestId: null,
    });
    const { operatorId } = await invite(staff, boss);
    const seen = (await node.get(AccountDirectory).list(boss, { limit: 50, cursor: null })).items;
    expect(seen.map(({ id }) => id)).toContain(operatorId);
    expect(seen.every(({ distributorId }) => distributorId === dealer)).toBe(true);
    await expect(node.get(AccountDirectory).sessionsOf(boss, owner.id)).rejects.toMatchObject({ status: 404 });
  });
});

describe('a reset by an administrator', () => {
  it('ends password, sessions and, when asked, the phone', async () => {
    const operator = await create();
    const { secret } = await enrol(operator);
    const { token } = await signIn(operator.login, PASSWORD, codeAt(secret, new Date()));
    const give = node.get(GiveAccountLinks);
    await expect(give.reset(owner, owner.id, { reason: 'x', secondFactor: false })).rejects.toMatchObject({
      code: 'own_account',
    });
    const given = await give.reset(owner, operator.id, { reason: '手机丢了', secondFactor: true });
    expect(await node.get(Sessions).authenticate(token)).toBeNull();
    await expect(signIn(operator.login)).rejects.toMatchObject(REFUSED);
    await node.get(OpenAccountLink).use(given.token, 'brand new word 3');
    expect((await signIn(operator.login, 'brand new word 3')).operator.secondFactor).toBe(false);
    expect((await actsOn(operator)).slice(-3)).toEqual(['staff.reset', 'staff.new-password', 'staff.login']);
  });

  it('makes nobody who may at once agree to what the administrator asks for', async () => {
    const second = await create({ roles: ['approver'] });
    const given = await node.get(GiveAccountLinks).reset(owner, second.id, { reason: '忘记密码', secondFactor: false });
    await node.get(OpenAccountLink).use(given.token, PASSWORD);
    const { roleRequestId } = await invite();
    await expect(node.get(DecideRoles).approve(second, roleRequestId!)).rejects.toMatchObject({ code: 'same_hand' });
    await enrol(second);
    await node.get(DecideRoles).approve(second, roleRequestId!);
  });
});

describe('roles', () => {
  const change = (operator: Operator, roles: Operator['roles'], by = owner) =>
    node.get(ChangeRoles).run(by, operator.id, roles, '岗位调整');

  it('are taken away at once and given by two people', async () => {
    const operator = await create({ roles: ['marketer', 'service'] });
    expect(await change(operator, ['service'])).toEqual({ outcome: 'changed', roleRequestId: null });
    const asked = await change(operator, ['finance', 'service']);
    expect(asked.outcome).toBe('asked');
    await expect(change(operator, ['risk'])).rejects.toMatchObject({ code: 'already_asked' });
    await expect(node.get(DecideRoles).approve(owner, asked.roleRequestId!)).rejects.toMatchObject({
      code: 'same_person',
    });
    await node.get(DecideRoles).reject(approver, asked.roleRequestId!, '不需要');
    const again = await change(operator, ['finance', 'service']);
    await change(operator, []).catch(() => undefined);
    await node.get(DecideRoles).approve(approver, again.roleRequestId!);
    const { items } = await node.get(AccountDirectory).list(owner, { limit: 100, cursor: null, text: operator.login });
    expect(items).toMatchObject([{ roles: ['finance', 'service'], asked: null }]);
  });

  it('are never one’s own, mixed, none or unchanged, nor granted after they moved', async () => {
    const operator = await create({ roles: ['marketer', 'service'] });
    await expect(change(owner, ['owner', 'finance'])).rejects.toMatchObject({ code: 'own_account' });
    await expect(change(operator, ['marketer', 'distributor'])).rejects.toMatchObject({ code: 'bad_role' });
    await expect(change(operator, [])).rejects.toMatchObject({ code: 'bad_role' });
    await expect(change(operator, ['service', 'marketer'])).rejects.toMatchObject({ code: 'same_roles' });
    await expect(change(operator, ['risk'], approver)).rejects.toMatchObject({ code: 'forbidden' });
    const { roleRequestId } = await change(operator, ['marketer', 'service', 'risk']);
    await change(operator, ['service']);
    await expect(node.get(DecideRoles).approve(approver, roleRequestId!)).rejects.toMatchObject({
      code: 'roles_moved',
    });
  });
});

it('signs one browser out, and others not', async () => {
  const operator = await create({ roles: ['marketer'] });
  const [here, there] = [await signIn(operator.login), await signIn(operator.login)];
  const sessions = node.get(Sessions);
  const open = await sessions.listOf(operator.id, here.token);
  expect(open).toHaveLength(2);
  const other = open.find(({ current }) => !current)!;
  await expect(sessions.revokeOwn(owner, other.id)).rejects.toMatchObject({ status: 404 });
  await sessions.revokeOwn(operator, other.id);
  expect(await sessions.authenticate(there.token)).toBeNull();
  expect(await sessions.authenticate(here.token)).not.toBeNull();
  await node.get(ManageOperators).endSessions(owner, operator.id);
  expect(await sessions.authenticate(here.token)).toBeNull();
});
