import type { MemberId } from '@app/kernel';
import { openTestSandbox, plantScans, type TestSandbox } from '@app/testing';
import { FoldScans } from '../fold-scans';
import {
  BindPhone,
  MemberPhone,
  MembersForScan,
  PHONE_CODE,
  PHONE_CONSENT,
  RebuildMember,
  RequestPhoneCode,
} from '../index';
import { MembersStage, openid } from '../members-stage.contract';
import { PhoneChallengesRepository } from './phone-challenges.repository';

let sandbox: TestSandbox;
let stage: MembersStage;
beforeAll(async () => {
  sandbox = await openTestSandbox();
  stage = await MembersStage.open((url) => sandbox.config({ database: { url, poolSize: 10 } }));
});
afterAll(async () => {
  await stage.close();
  await sandbox.stop();
});
afterEach(() => sandbox.noFaults());

let lastNumber = Date.now() % 10 ** 8;
/** A number that nobody has used here, also not in an earlier run. */
function newNumber(): string {
  lastNumber += 1;
  const digits = `139${String(lastNumber % 10 ** 8).padStart(8, '0')}`;
  return digits.endsWith('0000') ? newNumber() : digits;
}
const consentVersion = PHONE_CONSENT.version;
const ask = (member: MemberId, phone: string) => stage.app.get(RequestPhoneCode).run(member, { phone, consentVersion });
const bind = (member: MemberId, phone: string, code: string) => stage.app.get(BindPhone).run(member, { phone, code });
const masked = (member: MemberId) => stage.app.get(MemberPhone).masked(member);
const inbox = async (phone: string): Promise<string[]> => {
  const { messages } = await sandbox.admin<{ messages: { text: string }[] }>('GET', `/sms?to=%2B86${phone}`);
  return messages.map(({ text }) => text);
};
const codeIn = (text: string): string => /验证码 (\d{6})/.exec(text)![1]!;
const facts = async (member: MemberId) =>
  (await stage.app.get(MembersForScan).readMembersForScan(stage.db.database, [member])).get(member)!;

/** Asks for a code and reads it off the phone. */
async function received(member: MemberId, phone: string): Promise<string> {
  await ask(member, phone);
  await stage.deliverCodes();
  const [text] = await inbox(phone);
  return codeIn(text!);
}

/** Another minute: lets the next code be asked for. */
async function aMinuteLater(): Promise<void> {
  await stage.db.asOwner.query('UPDATE phone_code_limits SET last_at = last_at - INTERVAL 61 SECOND');
}

async function bound(phone: string, member?: MemberId): Promise<MemberId> {
  const holder = member ?? (await stage.signIn());
  await bind(holder, phone, await received(holder, phone));
  return holder;
}

describe('binding', () => {
  it('a number whose code was read off the phone; the same tap again gives the same answer', async () => {
    const [member, phone] = [await stage.signIn(), newNumber()];
    expect(await facts(member)).toMatchObject({ phoneBound: false });
    const code = await received(member, phone);
    const answer = { kind: 'bound', member, masked: `139****${phone.slice(-4)}` };
    expect(await bind(member, phone, code)).toEqual(answer);
    expect(await bind(member, phone, code)).toEqual(answer);
    expect(await masked(member)).toBe(answer.masked);
    expect(await facts(member)).toMatchObject({ phoneBound: true });
    expect(
      await stage.count('member_consents WHERE member_id = ? AND text_version = ?', [member, consentVersion]),
    ).toBe(1);
  });

  it('happens once when the same code comes many times at once', async () => {
    const [member, phone] = [await stage.signIn(), newNumber()];
    const code = await received(member, phone);
    const results = await Promise.allSettled(Array.from({ length: PHONE_CODE.tries }, () => bind(member, phone, code)));
    expect(results.some(({ status }) => status === 'fulfilled')).toBe(true);
    for (const result of results)
      if (result.status === 'rejected') expect(result.reason).toMatchObject({ code: 'bad_code' });
    expect(await stage.count("member_identities WHERE kind = 'phone' AND member_id = ?", [member])).toBe(1);
  });

  it('a new number takes the place of the old one', async () => {
    const [old, fresh] = [newNumber(), newNumber()];
    const member = await bound(old);
    await aMinuteLater();
    await bound(fresh, member);
    expect(await masked(member)).toBe(`139****${fresh.slice(-4)}`);
    const stranger = await stage.signIn();
    expect(await bind(stranger, old, await received(stranger, old))).toMatchObject({ kind: 'bound' });
  });

  it('stores neither number nor code in clear, and queues neither', async () => {
    const [member, phone] = [await stage.signIn(), newNumber()];
    const code = await received(member, phone);
    await bind(member, phone, code);
    await aMinuteLater();
    await ask(member, newNumber());
    const tables = [
      'phone_challenges',
      'phone_code_limits',
      'member_identities',
      'member_consents',
      'outbox',
      'members',
    ];
    for (const table of tables) {
      const rows = await stage.db.database.query<Record<string, unknown>>(`SELECT * FROM ${table}`);
      for (const value of rows.flatMap((row) => Object.values(row))) {
        const bytes = Buffer.isBuffer(value) ? value : Buffer.from(String(value));
        expect(bytes.includes(phone)).toBe(false);
        if (table.startsWith('phone')) expect(bytes.includes(code)).toBe(false);
      }
    }
  });

  it('is given up with the consent, and a code on its way is worth nothing then', async () => {
    const phone = newNumber();
    const member = await bound(phone);
    await aMinuteLater();
    const other = newNumber();
    const code = await received(member, other);
    await Promise.all([1, 2].map(() => stage.app.get(MemberPhone).giveUp(member)));
    expect(await masked(member)).toBeNull();
    expect(await facts(member)).toMatchObject({ phoneBound: false });
    expect(await stage.app.get(PhoneChallengesRepository).consentOf(stage.db.database, member)).toBeNull();
    await expect(bind(member, other, code)).rejects.toMatchObject({ code: 'bad_code' });
    expect(await stage.count("member_identities WHERE kind = 'phone' AND member_id = ?", [member])).toBe(0);
  });
});

describe('codes', () => {
  it('are refused alike when wrong, never asked for, over, or tried too often', async () => {
    const [member, phone] = [await stage.signIn(), newNumber()];
    const refused = (code: string, number = phone) =>
      expect(bind(member, number, code)).rejects.toMatchObject({
        code: 'bad_code',
        status: 422,
        message: '验证码不对或已过期，请核对后重填，或重新获取',
      });
    await refused('123456', newNumber());
    const right = await received(member, phone);
    const wrong = right === '000000' ? '000001' : '000000';
    for (let n = 0; n < PHONE_CODE.tries; n++) await refused(wrong);
    await refused(right);
    await aMinuteLater();
    const second = await received(member, phone);
    await stage.db.asOwner.query('UPDATE phone_challenges SET expires_at = UTC_TIMESTAMP(6) WHERE member_id = ?', [
      member,
    ]);
    await refused(second);
    // Many wrong codes at once do not get more than their tries either.
    await aMinuteLater();
    const third = await received(member, phone);
    await Promise.all(Array.from({ length: 20 }, () => refused(third === wrong ? '000002' : wrong)));
    const [row] = await stage.db.database.query<{ tries: number }>(
      'SELECT tries FROM phone_challenges WHERE member_id = ?',
      [member],
    );
    expect(row!.tries).toBe(PHONE_CODE.tries);
  });

  it('of one member do not open the number for another', async () => {
    const [holder, thief, phone] = [await stage.signIn(), await stage.signIn(), newNumber()];
    const code = await received(holder, phone);
    await expect(bind(thief, phone, code)).rejects.toMatchObject({ code: 'bad_code' });
  });

  it('come once a minute and ten times a day for a member, told with the wait', async () => {
    const member = await stage.signIn();
    const tooFast = async () => {
      const error: unknown = await ask(member, newNumber()).catch((reason: unknown) => reason);
      expect(error).toMatchObject({ code: 'too_fast', status: 429 });
      return (error as { details: { retryAfterSeconds: number } }).details.retryAfterSeconds;
    };
    await ask(member, newNumber());
    const wait = await tooFast();
    expect(wait).toBeGreaterThan(50);
    expect(wait).toBeLessThanOrEqual(60);
    for (let n = 1; n < PHONE_CODE.aDay; n++) {
      await aMinuteLater();
      await ask(member, newNumber());
    }
    await aMinuteLater();
    expect(await tooFast()).toBeGreaterThan(0);
    expect(await stage.count('phone_challenges WHERE member_id = ?', [member])).toBe(PHONE_CODE.aDay);
    await stage.db.asOwner.query("UPDATE phone_code_limits SET day = '2026-01-01'");
    expect(await ask(member, newNumber())).toMatchObject({ expiresInSeconds: 300 });
  });

  it('at most one of many asked for at once', async () => {
    const [member, phone] = [await stage.signIn(), newNumber()];
    const results = await Promise.allSettled(Array.from({ length: 8 }, () => ask(member, phone)));
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    await stage.deliverCodes();
    expect(await inbox(phone)).toHaveLength(1);
  });

  it('a number others ask for tells nothing: same answer, no message, no stored number, no consent', async () => {
    const [first, second, phone] = [await stage.signIn(), await stage.signIn(), newNumber()];
    const answer = await ask(first, phone);
    expect(await ask(second, phone)).toEqual(answer);
    await stage.deliverCodes();
    expect(await inbox(phone)).toHaveLength(1);
    expect(await stage.count('phone_challenges WHERE member_id = ?', [second])).toBe(0);
    expect(await stage.count('member_consents WHERE member_id = ?', [second])).toBe(0);
    const [free, taken] = [newNumber(), newNumber()];
    await bound(taken);
    await aMinuteLater();
    expect(await ask(await stage.signIn(), taken)).toEqual(await ask(await stage.signIn(), free));
  });

  it.each(['1380013800', '138001380011', '12800138000', '+8613800138001', '１３８００１３８００１', '13800138001 '])(
    '%s is no number',
    async (phone) => {
      await expect(ask(await stage.signIn(), phone)).rejects.toMatchObject({ code: 'bad_phone', status: 422 });
    },
  );

  it('need consent to the text of today', async () => {
    const member = await stage.signIn();
    const old = { phone: newNumber(), consentVersion: 'phone-2020-01' };
    await expect(stage.app.get(RequestPhoneCode).run(member, old)).rejects.toMatchObject({
      code: 'consent_outdated',
      details: { version: consentVersion },
    });
    expect(await stage.count('member_consents WHERE member_id = ?', [member])).toBe(0);
  });
});

describe('messages', () => {
  it('go out once, however often the order is delivered', async () => {
    const [member, phone] = [await stage.signIn(), newNumber()];
    await ask(member, phone);
    await stage.deliverCodes(4);
    await stage.deliverCodes(2);
    expect(await inbox(phone)).toHaveLength(1);
  });

  it('are sent again under the same name when the gateway gave no answer, and arrive once', async () => {
    const [member, phone] = [await stage.signIn(), newNumber()];
    await ask(member, phone);
    await sandbox.fault({ scope: 'sms', kind: 'system_error', next: 1 });
    const [first] = await stage.deliverCodes();
    expect(first).toMatchObject({ status: 'rejected', reason: { name: 'Transient' } });
    await stage.db.asOwner.query(
      "UPDATE outbox SET due = UTC_TIMESTAMP(6) WHERE job = 'members.send-phone-code' AND status = 0",
    );
    await stage.deliverCodes();
    const texts = await inbox(phone);
    expect(texts).toHaveLength(1);
    expect(await bind(member, phone, codeIn(texts[0]!))).toMatchObject({ kind: 'bound' });
  });

  it('to a dead number end there', async () => {
    const [member, phone] = [await stage.signIn(), `${newNumber().slice(0, 7)}0000`];
    await ask(member, phone);
    expect(await stage.deliverCodes()).toEqual([{ status: 'fulfilled', value: undefined }]);
    expect(await stage.deliverCodes()).toEqual([]);
  });

  it('of a code that was replaced are not sent any more', async () => {
    const [member, phone] = [await stage.signIn(), newNumber()];
    await ask(member, phone);
    await aMinuteLater();
    await ask(member, phone);
    expect(await stage.deliverCodes()).toHaveLength(2);
    expect(await inbox(phone)).toHaveLength(1);
  });
});

describe('a number that another member has', () => {
  const scans = (memberId: MemberId, amountFen: number) =>
    plantScans(stage.db.unitOfWork, [{ memberId, amountFen, counted: true, priceFen: 500 }]);
  const fold = (planted: [number, string][]) =>
    stage.db.unitOfWork.run((tx) => stage.app.get(FoldScans).run(tx, planted));

  it('shows that they are one person: the older is left with both sums, the number and both openids', async () => {
    const phone = newNumber();
    const [mine, theirs] = [openid(), openid()];
    const older = await stage.signIn({ openid: mine });
    const younger = await stage.signIn({ openid: theirs });
    await fold([...(await scans(older, 100)), ...(await scans(younger, 200))]);
    await bound(phone, older);
    await aMinuteLater();
    const outcome = await bind(younger, phone, await received(younger, phone));
    expect(outcome).toMatchObject({ kind: 'merged', member: older });
    expect(await stage.row(older)).toMatchObject({ awarded_fen: '300', spend_fen: '1000', codes: 2, phone_bound: 1 });
    expect(await stage.row(younger)).toMatchObject({ merged_into: String(older), awarded_fen: '0', phone_bound: 0 });
    const left = await stage.row(older);
    await stage.app.get(RebuildMember).run(older);
    expect(await stage.row(older)).toEqual(left);
    expect(await stage.signIn({ openid: theirs })).toBe(older);
    expect(await masked(younger)).toBe(`139****${phone.slice(-4)}`);
    expect(await facts(younger)).toMatchObject({ mergedInto: older, phoneBound: true });
    expect(await stage.app.get(PhoneChallengesRepository).consentOf(stage.db.database, older)).toBe(consentVersion);
  });

  it('moves alone when it was verified more than 90 days ago: its owner may be another person by now', async () => {
    const phone = newNumber();
    const before = await bound(phone);
    await stage.db.asOwner.query(
      "UPDATE member_identities SET created_at = UTC_TIMESTAMP(6) - INTERVAL 91 DAY WHERE kind = 'phone' AND member_id = ?",
      [before],
    );
    await aMinuteLater();
    const after = await stage.signIn();
    expect(await bind(after, phone, await received(after, phone))).toMatchObject({ kind: 'moved', member: after });
    expect(await stage.row(before)).toMatchObject({ merged_into: null, phone_bound: 0 });
    expect(await masked(before)).toBeNull();
    expect(await masked(after)).not.toBeNull();
  });

  it('is bound by two at the same moment and ends with one', async () => {
    const phone = newNumber();
    const people = [await stage.signIn(), await stage.signIn()];
    const codes: string[] = [];
    for (const person of people) {
      codes.push(await received(person, phone));
      await aMinuteLater();
    }
    const outcomes = await Promise.all(people.map((person, index) => bind(person, phone, codes[index]!)));
    expect(outcomes.map(({ kind }) => kind).sort()).toEqual(['bound', 'merged']);
    expect(await stage.count("member_identities WHERE kind = 'phone' AND member_id IN (?,?)", people)).toBe(1);
  });
});

describe('following the official account', () => {
  it('is what WeChat told last, unknown until then, and of a merged person true when one of both follows', async () => {
    const visitor = openid();
    const member = await stage.signIn({ openid: visitor });
    expect((await facts(member)).follows).toBeNull();
    await stage.signIn({ openid: visitor, follows: true });
    expect((await facts(member)).follows).toBe(true);
    await stage.signIn({ openid: visitor });
    expect((await facts(member)).follows).toBe(true);
    await stage.signIn({ openid: visitor, follows: false });
    expect((await facts(member)).follows).toBe(false);
    const { older, younger, merge } = await stage.twoVisitors();
    await stage.set(younger, { follows: 1 });
    await merge();
    expect((await facts(older)).follows).toBe(true);
  });
});

it('codes and counts that are over are cleared away', async () => {
  const member = await stage.signIn();
  await ask(member, newNumber());
  await stage.db.asOwner.query(
    'UPDATE phone_challenges SET expires_at = UTC_TIMESTAMP(6) - INTERVAL 2 HOUR WHERE member_id = ?',
    [member],
  );
  await stage.db.unitOfWork.run((tx) => stage.app.get(PhoneChallengesRepository).purge(tx, 10_000));
  expect(await stage.count('phone_challenges WHERE member_id = ?', [member])).toBe(0);
});
