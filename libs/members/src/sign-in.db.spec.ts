import { randomUUID } from 'node:crypto';
import { Test, type TestingModule } from '@nestjs/testing';
import { ConfigModule } from '@app/config';
import { DatabaseModule } from '@app/database';
import { JobsModule } from '@app/jobs';
import { fen, type MemberId } from '@app/kernel';
import { createLogger, ObservabilityModule } from '@app/observability';
import { openTestDatabase, plantScans, testConfig, type TestDatabase } from '@app/testing';
import { FoldScans } from './fold-scans';
import { MembersForScan, MemberMoney, MembersModule, OpenIds, RebuildMember, SignIn } from './index';

let db: TestDatabase;
let app: TestingModule;
beforeAll(async () => {
  db = await openTestDatabase();
  app = await Test.createTestingModule({
    imports: [
      ConfigModule.forRoot(testConfig({ database: { url: db.url, poolSize: 10 } })),
      ObservabilityModule.forRoot(createLogger('members', 'silent')),
      DatabaseModule.forRoot([]),
      JobsModule.forRoot({ run: false }),
      MembersModule,
    ],
  }).compile();
});
afterAll(async () => {
  await app.close();
  await db.close();
});

const openid = () => `o${randomUUID().replaceAll('-', '')}`;
const signIn = (identity: { openid: string; unionid?: string }) => app.get(SignIn).run(identity);
const openidOf = (id: MemberId) => app.get(OpenIds).openidOf(db.database, id);
const memberOf = async (id: MemberId) => {
  const [row] = await db.database.query<Record<string, unknown>>('SELECT * FROM members WHERE id = ?', [id]);
  return row!;
};
const count = async (sql: string, params: (string | number)[] = []) =>
  Number((await db.database.query<{ n: string }>(`SELECT COUNT(*) AS n FROM ${sql}`, params))[0]!.n);

it('makes a member at the first visit and finds it at every later one', async () => {
  const person = openid();
  const id = await signIn({ openid: person });
  expect(await signIn({ openid: person })).toBe(id);
  expect(await openidOf(id)).toBe(person);
  expect(id).toBeLessThan(2 ** 52);
});

it('ends thirty first visits at the same moment in one member, without leftovers', async () => {
  const before = await count('members');
  const person = { openid: openid(), unionid: openid() };
  const ids = await Promise.all(Array.from({ length: 30 }, () => signIn(person)));
  expect(new Set(ids).size).toBe(1);
  expect(await count('members')).toBe(before + 1);
  expect(await count('member_identities WHERE member_id = ?', [ids[0]!])).toBe(2);
});

it('ends first visits of one person under two openids in one member', async () => {
  const unionid = openid();
  const before = await count('members');
  const ids = await Promise.all(
    Array.from({ length: 20 }, (_, n) => signIn({ openid: `${unionid}${n % 2}`, unionid })),
  );
  expect(new Set(ids).size).toBe(1);
  expect(await count('members')).toBe(before + 1);
});

it('stores no openid and no unionid in clear', async () => {
  const person = { openid: openid(), unionid: openid() };
  const id = await signIn(person);
  const rows = await db.database.query<{ value_sealed: Buffer; blind: Buffer }>(
    'SELECT value_sealed, blind FROM member_identities WHERE member_id = ?',
    [id],
  );
  expect(rows).toHaveLength(2);
  for (const { value_sealed, blind } of rows) {
    for (const secret of Object.values(person)) {
      expect(value_sealed.includes(secret)).toBe(false);
      expect(blind.includes(secret)).toBe(false);
    }
  }
});

it('an identity moved to another row does not open', async () => {
  const [mine, theirs] = [await signIn({ openid: openid() }), await signIn({ openid: openid() })];
  await db.asOwner.query(
    `UPDATE member_identities a JOIN member_identities b ON b.member_id = ? SET a.value_sealed = b.value_sealed WHERE a.member_id = ?`,
    [theirs, mine],
  );
  await expect(openidOf(mine)).rejects.toThrow('does not belong');
});

it('knows no openid of a stranger, nor of a person whose key was shredded', async () => {
  const id = await signIn({ openid: openid() });
  await db.asOwner.query('UPDATE members SET person_key_sealed = NULL WHERE id = ?', [id]);
  expect(await openidOf(id)).toBeNull();
  expect(await openidOf(1 as MemberId)).toBeNull();
});

describe('two members turn out to be one person', () => {
  async function twoVisitors() {
    const [first, second] = [openid(), openid()];
    const older = await signIn({ openid: first });
    const unionid = openid();
    const younger = await signIn({ openid: second, unionid });
    return { first, second, unionid, older, younger };
  }
  const fold = (scans: [number, string][]) => db.unitOfWork.run((tx) => app.get(FoldScans).run(tx, scans));

  it('keeps both sums, points the younger to the older, and moves the identities', async () => {
    const { first, second, unionid, older, younger } = await twoVisitors();
    const price = { counted: true, priceFen: 600 };
    await fold(await plantScans(db.unitOfWork, [{ memberId: older, amountFen: 188, adcode: 340104, ...price }]));
    await fold(
      await plantScans(db.unitOfWork, [{ memberId: younger, amountFen: 200, ...price }, { memberId: younger }]),
    );
    const ids = await Promise.all(Array.from({ length: 8 }, () => signIn({ openid: first, unionid })));
    expect(new Set(ids)).toEqual(new Set([older]));
    const left = await memberOf(older);
    expect(left).toMatchObject({
      scans: 3,
      codes: 2,
      wins: 2,
      awarded_fen: '388',
      spend_fen: '1200',
      last_adcode: 340104,
    });
    expect(await memberOf(younger)).toMatchObject({
      merged_into: String(older),
      scans: 0,
      awarded_fen: '0',
      spend_fen: '0',
    });
    expect(await signIn({ openid: second })).toBe(older);
    expect(await count("member_events WHERE member_id = ? AND kind = 'merged'", [older])).toBe(1);
  });

  it('adds what arrives later under the old number, and a rebuild agrees', async () => {
    const { first, second, unionid, older, younger } = await twoVisitors();
    const late = await plantScans(db.unitOfWork, [{ memberId: younger, amountFen: 100, counted: true, priceFen: 500 }]);
    await db.unitOfWork.run((tx) =>
      app
        .get(MemberMoney)
        .recordMoneyReceived(tx, { memberId: younger, payoutKey: `m${younger}`, amountFen: fen(100), at: new Date() }),
    );
    await signIn({ openid: first, unionid });
    await fold(late);
    await db.unitOfWork.run((tx) => app.get(MemberMoney).fold(tx, younger, `paid:m${younger}:1`));
    const folded = await memberOf(older);
    expect(folded).toMatchObject({ scans: 1, awarded_fen: '100', received_fen: '100', spend_fen: '500' });
    expect(await app.get(RebuildMember).run(younger)).toMatchObject({ scans: 1, receivedFen: 100, spendFen: 500 });
    expect(await memberOf(older)).toEqual(folded);
    expect(await openidOf(younger)).toBe(second);
    expect(await openidOf(older)).toBe(first);
  });

  it('gives the decision the facts of the member that is left', async () => {
    const { first, unionid, older, younger } = await twoVisitors();
    await fold(await plantScans(db.unitOfWork, [{ memberId: older, counted: true, priceFen: 100 }]));
    await signIn({ openid: first, unionid });
    const facts = await app.get(MembersForScan).readMembersForScan(db.database, [older, younger, 5 as MemberId]);
    expect(facts.get(younger)).toMatchObject({ tier: 'regular', isNew: false, mergedInto: older });
    expect(facts.get(older)).toMatchObject({ isNew: false, mergedInto: null });
    expect(facts.size).toBe(2);
  });
});
