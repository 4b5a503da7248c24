import { randomUUID } from 'node:crypto';
import { memberId } from '@app/kernel';
import { openTestSandbox, type TestSandbox } from '@app/testing';
import { MembersStage } from '../members-stage.contract';
import { SignIn } from '../sign-in';
import { BindPhone } from './bind-phone';
import { MemberPhone } from './member-phone';
import { PHONE_CONSENT } from './phone-consent';
import { RequestPhoneCode } from './request-phone-code';
import { TextMember } from './text-member';

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

/** The texts on a phone, newest first. */
const textsOn = async (phone: string): Promise<string[]> => {
  const to = encodeURIComponent(`+86${phone}`);
  const { messages } = await sandbox.admin<{ messages: { text: string }[] }>('GET', `/sms?to=${to}`);
  return messages.map(({ text }) => text);
};

it('writes once to a number whose owner agreed to that, and to nobody else', async () => {
  const member = await stage.app.get(SignIn).run({ openid: `o-${randomUUID()}` });
  const say = (messageId: string) => stage.app.get(TextMember).send(member, { messageId, text: '【青禾】提醒' });
  expect(await say('none')).toEqual({ kind: 'unreachable' });
  const phone = `137${String(Date.now() % 10 ** 8)
    .padStart(8, '0')
    .replace(/0000$/, '0001')}`;
  await stage.app.get(RequestPhoneCode).run(member, { phone, consentVersion: PHONE_CONSENT.version });
  await stage.deliverCodes();
  const code = /验证码 (\d{6})/.exec((await textsOn(phone))[0]!)![1]!;
  await stage.app.get(BindPhone).run(member, { phone, code });
  expect((await say('first')).kind).toBe('accepted');
  expect((await say('first')).kind).toBe('accepted');
  expect((await textsOn(phone)).filter((text) => text === '【青禾】提醒')).toHaveLength(1);

  await stage.db.asOwner.query("UPDATE member_consents SET text_version = 'phone-2026-11' WHERE member_id = ?", [
    member,
  ]);
  expect(await say('second')).toEqual({ kind: 'unreachable' });
  await stage.app.get(MemberPhone).giveUp(member);
  expect(await say('third')).toEqual({ kind: 'unreachable' });
  expect(await stage.app.get(TextMember).send(memberId(1), { messageId: 'x', text: 'x' })).toEqual({
    kind: 'unreachable',
  });
});
