import { randomUUID } from 'node:crypto';
import { Test, type TestingModule } from '@nestjs/testing';
import { issueScope } from '@app/analytics';
import { ConfigModule } from '@app/config';
import { DatabaseModule } from '@app/database';
import { JobsModule } from '@app/jobs';
import { fen, Rejected, type MemberId } from '@app/kernel';
import { createLogger, ObservabilityModule } from '@app/observability';
import { openTestDatabase, plantScans, testConfig, type PlantedScan, type TestDatabase } from '@app/testing';
import { FoldScans } from './fold-scans';
import { MemberDirectory, MemberMoney, MembersModule, RebuildMember, SignIn, SpendWindow } from './index';
import { MembersScansRecordedHandler } from './scans-recorded.handler';

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

const national = issueScope({ kind: 'national' });
const visitor = () => app.get(SignIn).run({ openid: `o${randomUUID()}` });
const fold = (scans: [number, string][]) => db.unitOfWork.run((tx) => app.get(FoldScans).run(tx, scans));
const totalsOf = async (ids: readonly MemberId[]) =>
  db.database.query(
    `SELECT id, scans, codes, wins, awarded_fen, received_fen, spend_fen, last_adcode, last_place_at, last_scan_at
       FROM members WHERE id IN (${ids.map(() => '?').join(',')}) ORDER BY id`,
    ids,
  );

/** Deterministic pseudo-random numbers below `bound`: the shuffles of a failed run can be repeated. */
function dice(seed: number): (bound: number) => number {
  let state = seed;
  return (bound) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * bound);
  };
}

function someScans(members: readonly MemberId[], count: number, roll: (bound: number) => number): PlantedScan[] {
  return Array.from({ length: count }, () => {
    const counted = roll(3) > 0;
    return {
      memberId: members[roll(members.length)]!,
      at: new Date(Date.UTC(2026, 10, 1 + roll(20), roll(24), roll(60))),
      counted,
      amountFen: counted ? roll(2) * 188 : 0,
      priceFen: counted ? 500 : 0,
      adcode: [null, 340104, 310115, 110101][roll(4)]!,
    };
  });
}

it.each([1, 2, 3])(
  'every event told 1 to 5 times in any order, at the same time, ends in the same totals (seed %d)',
  async (seed) => {
    const roll = dice(seed);
    const members = await Promise.all(Array.from({ length: 6 }, visitor));
    const scans = await plantScans(db.unitOfWork, someScans(members, 60, roll));
    const money = scans.slice(0, 20).map(([memberId], index) => ({
      memberId: memberId as MemberId,
      payoutKey: `s${seed}:${memberId}:${index}`,
      amountFen: fen(188),
      at: new Date(Date.UTC(2026, 10, 21)),
    }));
    await db.unitOfWork.run(async (tx) => {
      for (const moved of [...money, ...money]) await app.get(MemberMoney).recordMoneyReceived(tx, moved);
      await app.get(MemberMoney).recordMoneyReturned(tx, money[0]!);
    });
    const tellings = [
      ...groups(repeated(scans, roll), roll).map((group) => () => fold(group)),
      ...repeated(money, roll).map(
        ({ memberId, payoutKey }) =>
          () =>
            db.unitOfWork.run((tx) => app.get(MemberMoney).fold(tx, memberId, `paid:${payoutKey}:1`)),
      ),
      ...repeated([money[0]!], roll).map(
        ({ memberId, payoutKey }) =>
          () =>
            db.unitOfWork.run((tx) => app.get(MemberMoney).fold(tx, memberId, `returned:${payoutKey}:1`)),
      ),
    ];
    await Promise.all(shuffled(tellings, roll).map((tell) => tell()));
    const folded = await totalsOf(members);
    for (const member of members) await app.get(RebuildMember).run(member);
    expect(await totalsOf(members)).toEqual(folded);
    const sum = (rows: unknown[], name: string) =>
      rows.reduce<number>((n, row) => n + Number((row as Record<string, unknown>)[name]), 0);
    expect(sum(folded, 'scans')).toBe(60);
    expect(sum(folded, 'received_fen')).toBe(19 * 188);
  },
);

function repeated<T>(items: readonly T[], roll: (bound: number) => number): T[] {
  return items.flatMap((item) => Array<T>(1 + roll(5)).fill(item));
}

function shuffled<T>(items: readonly T[], roll: (bound: number) => number): T[] {
  return items
    .map((item) => ({ item, place: roll(2 ** 30) }))
    .sort((a, b) => a.place - b.place)
    .map(({ item }) => item);
}

function groups<T>(items: readonly T[], roll: (bound: number) => number): T[][] {
  const rest = shuffled(items, roll);
  const parts: T[][] = [];
  while (rest.length > 0) parts.push(rest.splice(0, 1 + roll(15)));
  return parts;
}

it('a delivery whose work is done changes nothing', async () => {
  const member = await visitor();
  const scans = await plantScans(db.unitOfWork, [{ memberId: member }]);
  const handler = app.get(MembersScansRecordedHandler);
  const delivery = { outboxId: '1', delivery: 2 };
  await handler.handle({ scans }, { ...delivery, completeIn: () => Promise.resolve(false) });
  expect(await totalsOf([member])).toMatchObject([{ scans: 0 }]);
  await handler.handle({ scans }, { ...delivery, completeIn: () => Promise.resolve(true) });
  expect(await totalsOf([member])).toMatchObject([{ scans: 1 }]);
});

it('passes over a scan whose member is not there, and counts the others', async () => {
  const member = await visitor();
  await fold(await plantScans(db.unitOfWork, [{ memberId: 12345 }, { memberId: member }]));
  expect(await totalsOf([member])).toMatchObject([{ scans: 1 }]);
  expect(await totalsOf([12345 as MemberId])).toEqual([]);
});

it('folds 500 scans of 500 members with one connection', async () => {
  const narrow = await openTestDatabase({ poolSize: 1 });
  const members = await Promise.all(Array.from({ length: 20 }, visitor));
  const scans = await plantScans(
    db.unitOfWork,
    Array.from({ length: 500 }, (_, n) => ({ memberId: members[n % 20]! })),
  );
  await narrow.unitOfWork.run((tx) => app.get(FoldScans).run(tx, scans));
  expect(await totalsOf(members)).toEqual(members.map(() => expect.objectContaining({ scans: 25 }) as unknown));
  await narrow.close();
});

describe('screens', () => {
  it('show a profile and a timeline, latest first, page by page, and no openid', async () => {
    const member = await visitor();
    const at = (minute: number) => new Date(Date.UTC(2026, 10, 5, 12, minute));
    await fold(
      await plantScans(
        db.unitOfWork,
        [1, 2, 3, 4, 5].map((minute) => ({
          memberId: member,
          at: at(minute),
          amountFen: minute,
          counted: true,
          priceFen: 100,
        })),
      ),
    );
    const directory = app.get(MemberDirectory);
    const profile = await directory.profile(national, member);
    expect(profile).toMatchObject({
      memberId: member,
      tier: { key: 'regular', name: '普卡' },
      scans: 5,
      awardedFen: 15,
      spendFen: 500,
    });
    const seen: number[] = [];
    for (let cursor: string | null = null, pages = 0; pages < 9; pages++) {
      const page = await directory.timeline(national, member, { limit: 2, cursor });
      seen.push(...page.items.map((entry) => entry.amountFen));
      cursor = page.nextCursor;
      if (!cursor) break;
    }
    expect(seen).toEqual([5, 4, 3, 2, 1]);
    expect(Object.keys(profile!)).not.toContain('openid');
  });

  it.each(['recent', 'spend'] as const)('list every member once in pages, by %s', async (order) => {
    const members = await Promise.all(Array.from({ length: 7 }, visitor));
    const when = new Date(Date.UTC(2026, 11, 1));
    await fold(
      await plantScans(
        db.unitOfWork,
        members.map((memberId) => ({ memberId, at: when, counted: true, priceFen: 900_000 })),
      ),
    );
    const listed: MemberId[] = [];
    for (let cursor: string | null = null, pages = 0; pages < 400; pages++) {
      const page = await app.get(MemberDirectory).list(national, { limit: 5, cursor, order });
      listed.push(...page.items.map((item) => item.memberId));
      cursor = page.nextCursor;
      if (!cursor) break;
    }
    expect(new Set(listed).size).toBe(listed.length);
    expect(listed).toEqual(expect.arrayContaining(members));
  });

  it('are headquarters alone, and refuse a made-up cursor or limit', async () => {
    const directory = app.get(MemberDirectory);
    const distributor = issueScope({ kind: 'distributor', distributorId: 1 });
    await expect(directory.list(distributor, { limit: 10 })).rejects.toMatchObject({ status: 403 });
    await expect(directory.profile(distributor, 1 as MemberId)).rejects.toMatchObject({ status: 403 });
    await expect(directory.timeline(distributor, 1 as MemberId, { limit: 1 })).rejects.toMatchObject({ status: 403 });
    await expect(directory.list(national, { limit: 101 })).rejects.toThrow(Rejected);
    for (const cursor of [
      'x',
      Buffer.from('[{},1]').toString('base64url'),
      Buffer.from('["no date",1]').toString('base64url'),
    ]) {
      await expect(directory.list(national, { limit: 1, cursor })).rejects.toMatchObject({ code: 'bad_cursor' });
    }
  });
});

it('takes out of 消费值 what is older than 365 days, and a rebuild agrees', async () => {
  await db.asOwner.query("DELETE FROM member_marks WHERE name LIKE 'spend-%'");
  const [member, other] = [await visitor(), await visitor()];
  await fold(
    await plantScans(db.unitOfWork, [
      { memberId: member, at: new Date('2026-03-01T04:00:00Z'), counted: true, priceFen: 700 },
      { memberId: member, at: new Date('2026-03-02T04:00:00Z'), counted: true, priceFen: 50 },
      { memberId: other, at: new Date('2026-03-02T04:00:00Z'), counted: true, priceFen: 60 },
    ]),
  );
  const spends = async () =>
    (await totalsOf([member, other]))
      .map((row) => Number((row as { spend_fen: string }).spend_fen))
      .sort((a, b) => a - b);
  expect(await spends()).toEqual([60, 750]);
  const spend = app.get(SpendWindow);
  await spend.rollTo('2027-03-01');
  expect(await spends()).toEqual([60, 750]);
  await spend.rollTo('2027-03-02');
  expect(await spends()).toEqual([50, 60]);
  await app.get(RebuildMember).run(member);
  expect(await spends()).toEqual([50, 60]);
  await fold(
    await plantScans(db.unitOfWork, [
      { memberId: other, at: new Date('2026-03-01T05:00:00Z'), counted: true, priceFen: 9 },
    ]),
  );
  expect(await spends()).toEqual([50, 60]);
});
