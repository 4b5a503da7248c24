import { Test, type TestingModule } from '@nestjs/testing';
import { ConfigModule } from '@app/config';
import { DatabaseModule } from '@app/database';
import { JobsModule } from '@app/jobs';
import { fen, type MemberId } from '@app/kernel';
import { createLogger, ObservabilityModule } from '@app/observability';
import { plantScans, testConfig, until } from '@app/testing';
import { FoldScans } from '../fold-scans';
import {
  CreateAudience,
  EraseMember,
  ErasedMembers,
  ERASURE_ROOMS,
  ErasureHolders,
  FillAudience,
  MemberDirectory,
  MemberMoney,
  MemberNickname,
  MemberPresence,
  MembersModule,
  Newcomers,
  OpenIds,
  ReadOwnRecords,
  RebuildMember,
  ScanHistory,
  TagMembers,
  type Erasure,
  type ErasureBlock,
  type ErasureHolder,
  type ErasureLoss,
} from '../index';
import { HQ, MembersStage, NATIONAL, openid } from '../members-stage.contract';

/** What the rooms of other libraries say and hear. */
class Room implements ErasureHolder {
  told: ErasureLoss[] = [];
  held: ErasureBlock[] = [];
  readonly heard: Erasure[] = [];
  fails = false;

  constructor(readonly room: ErasureHolder['room']) {}

  losses = () => Promise.resolve(this.told);
  blocks = () => Promise.resolve(this.held);
  forget = (_tx: unknown, erasure: Erasure): Promise<void> => {
    if (this.fails) return Promise.reject(new Error('a room could not forget'));
    this.heard.push(erasure);
    return Promise.resolve();
  };
}

let stage: MembersStage;
let rooms: Room[];
beforeAll(async () => {
  stage = await MembersStage.open();
  rooms = ERASURE_ROOMS.map((room) => new Room(room));
  for (const room of rooms) stage.app.get(ErasureHolders).add(room);
});
afterAll(() => stage.close());
beforeEach(() => {
  for (const room of rooms) Object.assign(room, { told: [], held: [], fails: false });
});

const erasing = () => stage.app.get(EraseMember);
const erase = async (member: MemberId) => erasing().run(member, (await erasing().outlook(member)).seen);
const fold = (scans: [number, string][]) => stage.db.unitOfWork.run((tx) => stage.app.get(FoldScans).run(tx, scans));

/** Somebody who has everything this library keeps. */
async function somebody(): Promise<{ member: MemberId; name: string; unionid: string }> {
  const [name, unionid] = [openid(), openid()];
  const member = await stage.signIn({ openid: name, unionid, follows: true });
  await fold(
    await plantScans(stage.db.unitOfWork, [{ memberId: member, counted: true, priceFen: 600, amountFen: 188 }]),
  );
  await stage.app.get(TagMembers).add(HQ, '老顾客', [member]);
  const list = await stage.app.get(CreateAudience).run(HQ, { name: `名单 ${name.slice(0, 12)}` });
  await stage.app.get(FillAudience).add(HQ, list, [member]);
  await stage.db.asOwner.query(
    "INSERT INTO member_consents (member_id, kind, at, act, text_version) VALUES (?, 'phone', UTC_TIMESTAMP(6), 'given', 'v1')",
    [member],
  );
  await stage.app.get(MemberNickname).change(member, '小禾');
  await stage.set(member, { tier: 'gold', tier_until: '2099-01-01', phone_bound: 1 });
  return { member, name, unionid };
}

describe('who asks to be forgotten', () => {
  it('is nobody any more: no key, no name, no tag, no list, no tier, and the sums as they were', async () => {
    const { member, name, unionid } = await somebody();
    const before = await stage.row(member);
    expect(before['nickname_sealed']).not.toBeNull();
    await erase(member);
    expect(await stage.app.get(MemberNickname).of(member)).toBeNull();
    expect(await stage.row(member)).toMatchObject({
      ...{ person_key_sealed: null, nickname_sealed: null, tags: null, phone_bound: 0, follows: null },
      ...{ tier: Buffer.from('regular'), tier_until: null, erased_at: expect.any(Date) },
      ...{ scans: before['scans'], spend_fen: before['spend_fen'], awarded_fen: before['awarded_fen'] },
    });
    for (const table of ['member_identities', 'member_tags', 'audience_members', 'phone_challenges']) {
      expect(await stage.count(`${table} WHERE member_id = ?`, [member])).toBe(0);
    }
    expect(await stage.app.get(OpenIds).openidOf(stage.db.database, member)).toBeNull();
    const again = await stage.signIn({ openid: name, unionid });
    expect(again).not.toBe(member);
    expect(await stage.row(again)).toMatchObject({ scans: 0, spend_fen: '0', erased_at: null });
    expect((await stage.app.get(ScanHistory).page(again, { limit: 10 })).items).toEqual([]);
  });

  it('leaves what can be counted: events, a log line without a name, and totals that a rebuild agrees with', async () => {
    const { member } = await somebody();
    await erase(member);
    const rebuilt = await stage.app.get(RebuildMember).run(member);
    expect(rebuilt).toMatchObject({ scans: 1, codes: 1, awardedFen: 188, spendFen: 600 });
    const audited = "audit_log WHERE act = 'members.erase' AND object = ?";
    expect(await stage.count(audited, [`member:${member}`])).toBe(1);
    const line = await stage.app.get(MemberDirectory).timeline(NATIONAL, member, { limit: 5 });
    expect(line.items[0]).toMatchObject({ kind: 'erased' });
    const consents = "member_consents WHERE member_id = ? AND act = 'ended'";
    expect(await stage.count(consents, [member])).toBe(1);
    const late = { memberId: member, payoutKey: `late${member}`, amountFen: fen(100), at: new Date() };
    await stage.db.unitOfWork.run((tx) => stage.app.get(MemberMoney).recordMoneyReceived(tx, late));
    await stage.db.unitOfWork.run((tx) => stage.app.get(MemberMoney).fold(tx, member, `paid:late${member}:1`));
    expect(await stage.row(member)).toMatchObject({ received_fen: '100' });
  });

  it('is forgotten once, however often and by however many taps', async () => {
    const { member } = await somebody();
    const { seen } = await erasing().outlook(member);
    const heard = rooms[0]!.heard.length;
    await Promise.all(Array.from({ length: 8 }, () => erasing().run(member, seen)));
    await erasing().run(member, seen);
    expect(rooms[0]!.heard.length).toBe(heard + 1);
    expect(await stage.count("member_events WHERE member_id = ? AND kind = 'erased'", [member])).toBe(1);
    await expect(erasing().outlook(member)).rejects.toMatchObject({ code: 'no_session' });
  });

  it('is refused while something is under way, and nothing changes', async () => {
    const { member, name } = await somebody();
    const { seen } = await erasing().outlook(member);
    rooms[2]!.held = [{ what: 'parcel', words: '有 1 件奖品正在配货' }];
    await expect(erasing().run(member, seen)).rejects.toMatchObject({ code: 'erasure_waits', status: 409 });
    expect(await stage.signIn({ openid: name })).toBe(member);
  });

  it('has read what it loses: other losses are read again first', async () => {
    const { member } = await somebody();
    rooms[2]!.told = [{ what: 'money', words: '1.00 元待领取的红包' }];
    const { seen } = await erasing().outlook(member);
    rooms[2]!.told = [{ what: 'money', words: '2.00 元待领取的红包' }];
    await expect(erasing().run(member, seen)).rejects.toMatchObject({ code: 'erasure_changed' });
    expect((await stage.row(member))['erased_at']).toBeNull();
  });

  it('is forgotten everywhere or nowhere', async () => {
    const { member, name } = await somebody();
    rooms[3]!.fails = true;
    await expect(erase(member)).rejects.toThrow('could not forget');
    expect(await stage.signIn({ openid: name })).toBe(member);
    expect(await stage.count('member_tags WHERE member_id = ?', [member])).toBe(1);
    rooms[3]!.fails = false;
    await erase(member);
    expect(await stage.signIn({ openid: name })).not.toBe(member);
  });

  it('goes under every number that was merged into one', async () => {
    const { older, younger, merge } = await stage.twoVisitors();
    await merge();
    await erase(younger);
    for (const number of [older, younger]) {
      expect(await stage.row(number)).toMatchObject({ person_key_sealed: null, erased_at: expect.any(Date) });
      expect(stage.app.get(ErasedMembers).has(number)).toBe(true);
    }
    expect(rooms[0]!.heard.at(-1)!.numbers).toEqual([older, younger]);
  });
});

it('a process that lacks a room forgets nobody', () => {
  const holders = new ErasureHolders();
  holders.add(new Room('payouts'));
  expect(() => holders.all()).toThrow('nobody forgets for channel');
});

it('who comes back is heard of by the mark under which the limits were kept, one for each account', async () => {
  const [first, second, unionid] = [openid(), openid(), openid()];
  const member = await stage.signIn({ openid: first, unionid });
  expect(await stage.signIn({ openid: second, unionid })).toBe(member);
  await erase(member);
  const { marks } = rooms[0]!.heard.at(-1)!;
  expect(marks).toHaveLength(2);
  const heard: [MemberId, Buffer][] = [];
  stage.app.get(Newcomers).add((_tx, newcomer, mark) => Promise.resolve(void heard.push([newcomer, mark])));
  const again = await stage.signIn({ openid: second });
  expect(heard.map(([newcomer]) => newcomer)).toEqual([again]);
  expect(marks.some((mark) => mark.equals(heard[0]![1]))).toBe(true);
  const blind = await stage.db.database.query<{ blind: Buffer }>(
    'SELECT blind FROM member_identities WHERE member_id = ?',
    [again],
  );
  expect(blind.some((row) => row.blind.equals(heard[0]![1]))).toBe(false);
});

it('whoever asks for something comes before or after an erasure, never between', async () => {
  for (let round = 0; round < 6; round++) {
    const { member } = await somebody();
    const { seen } = await erasing().outlook(member);
    let inside = false;
    const asks = stage.db.unitOfWork.run(async (tx) => {
      await stage.app.get(MemberPresence).require(tx, member);
      inside = true;
      await new Promise((resolve) => setTimeout(resolve, 20));
      const [row] = await tx.query<{ gone: Date | null }>('SELECT erased_at AS gone FROM members WHERE id = ?', [
        member,
      ]);
      inside = false;
      return row!.gone;
    });
    const goes = erasing()
      .run(member, seen)
      .then(() => inside);
    const [asked, went] = await Promise.allSettled([asks, goes]);
    expect(went).toEqual({ status: 'fulfilled', value: false });
    if (asked.status === 'fulfilled') expect(asked.value).toBeNull();
    else expect(asked.reason).toMatchObject({ code: 'no_session' });
  }
});

describe('another process', () => {
  let other: TestingModule;
  beforeAll(async () => {
    other = await Test.createTestingModule({
      imports: [
        ConfigModule.forRoot(testConfig({ database: { url: stage.db.url, poolSize: 4 } })),
        ObservabilityModule.forRoot(createLogger('members', 'silent')),
        DatabaseModule.forRoot([]),
        JobsModule.forRoot({ run: false }),
        MembersModule,
      ],
    }).compile();
    await other.init();
  });
  afterAll(() => other.close());

  it('believes no session of an erased member two seconds later', async () => {
    const { member } = await somebody();
    expect(other.get(ErasedMembers).has(member)).toBe(false);
    await erase(member);
    await until('the other process knows', () => Promise.resolve(other.get(ErasedMembers).has(member) || null));
  });
});

it('a person reads names enough to recognise them, consents and tags', async () => {
  const { member, name } = await somebody();
  const records = await stage.app.get(ReadOwnRecords).of(member);
  expect(records.tags).toEqual(['老顾客']);
  expect(records.consents).toMatchObject([{ kind: 'phone', act: 'given', version: 'v1' }]);
  expect(records.names.map(({ kind }) => kind).sort()).toEqual(['openid', 'unionid']);
  const { masked } = records.names.find(({ kind }) => kind === 'openid')!;
  expect(masked).toBe(`${name.slice(0, 4)}****${name.slice(-4)}`);
});
