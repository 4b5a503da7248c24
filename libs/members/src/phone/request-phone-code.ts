import { Injectable } from '@nestjs/common';
import { databaseNow, sealedAt, UnitOfWork, type Tx } from '@app/database';
import { Outbox } from '@app/jobs';
import { addDays, Rejected, shanghaiDay, shanghaiDayStart, type MemberId } from '@app/kernel';
import { counter } from '@app/observability';
import { MemberIdentitiesRepository } from '../member-identities.repository';
import { MembersRepository } from '../members.repository';
import { PHONE_CODE, PhoneChallengesRepository } from './phone-challenges.repository';
import { PhoneCodes } from './phone-codes';
import { PHONE_CONSENT } from './phone-consent';
import { phoneNumber, type PhoneNumber } from './phone-number';
import { SendPhoneCode } from './send-phone-code.job';
import { SmsSender } from './sms-sender';

const asked = counter('phone_codes_total', 'Phone codes asked for, by outcome', ['outcome'] as const);

export interface PhoneCodeWish {
  /** Eleven digits, as typed. */
  readonly phone: string;
  /** The version of the text that the member saw and agreed to. */
  readonly consentVersion: string;
}

/** What is answered, whatever the number: the answer tells nothing about whose it is or who else asked for it. */
export interface PhoneCodeAsked {
  readonly expiresInSeconds: number;
  readonly retryAfterSeconds: number;
}

const ANSWER: PhoneCodeAsked = { expiresInSeconds: PHONE_CODE.lifeSeconds, retryAfterSeconds: PHONE_CODE.everySeconds };

/** Consent, a challenge and the order to send its code, in one commit; a worker sends the message. */
@Injectable()
export class RequestPhoneCode {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly members: MembersRepository,
    private readonly identities: MemberIdentitiesRepository,
    private readonly challenges: PhoneChallengesRepository,
    private readonly codes: PhoneCodes,
    private readonly outbox: Outbox,
    private readonly sender: SmsSender,
  ) {}

  /**
   * A number that had its messages of the minute or the day gets none, and the answer is the same: else it would tell that somebody
   * else is asking. Throws Rejected 422 for what is no number, 409 for an old text of consent and when there is no gateway, 429 with
   * the seconds to wait when the member himself asks too often.
   */
  async run(member: MemberId, wish: PhoneCodeWish): Promise<PhoneCodeAsked> {
    const phone = phoneNumber(wish.phone);
    if (!this.sender.available) throw new Rejected('phone_unavailable', '手机绑定暂未开通，请稍后再来', 409);
    const { version } = PHONE_CONSENT;
    if (wish.consentVersion !== version) {
      throw new Rejected('consent_outdated', '授权说明已更新，请阅读后重新同意', 409, { version });
    }
    const outcome = await this.unitOfWork.run((tx) => this.challenge(tx, member, phone));
    asked.inc({ outcome });
    return ANSWER;
  }

  private async challenge(tx: Tx, member: MemberId, phone: PhoneNumber): Promise<'ordered' | 'silent'> {
    const row = (await this.members.lockEffective(tx, [member])).get(member);
    if (!row || row.erasedAt !== null) throw new Rejected('no_session', '请先在微信里登录', 401);
    const me = row.id;
    const now = await databaseNow(tx);
    if (!(await this.challenges.takeAllowance(tx, this.codes.memberSubject(me), now))) await this.tooFast(tx, me, now);
    if (!(await this.challenges.takeAllowance(tx, this.codes.phoneSubject(phone), now))) return 'silent';
    if ((await this.challenges.consentOf(tx, me)) !== PHONE_CONSENT.version) {
      await this.challenges.recordConsent(tx, me, 'given', PHONE_CONSENT.version, now);
    }
    const nonce = this.codes.newNonce();
    const { sealer } = await this.identities.keyOf(tx, me);
    const { blind } = this.identities.claim('phone', phone);
    const sealed = sealer.seal(phone, challengePlace(nonce));
    await this.challenges.put(tx, { member: me, nonce, blind, sealed }, now);
    await this.outbox.append(tx, SendPhoneCode, { nonce: nonce.toString('hex') });
    return 'ordered';
  }

  private async tooFast(tx: Tx, me: MemberId, now: Date): Promise<never> {
    const used = await this.challenges.allowance(tx, this.codes.memberSubject(me));
    const today = shanghaiDay(now);
    const dayIsOver = used !== null && used.day === today && used.sent >= PHONE_CODE.aDay;
    const again = dayIsOver
      ? shanghaiDayStart(addDays(today, 1)).getTime()
      : (used?.lastAt ?? now).getTime() + PHONE_CODE.everySeconds * 1000;
    const retryAfterSeconds = Math.max(1, Math.ceil((again - now.getTime()) / 1000));
    const words = dayIsOver
      ? '今天获取验证码的次数已用完，请明天再来'
      : `验证码已发出，请 ${retryAfterSeconds} 秒后再获取`;
    throw new Rejected('too_fast', words, 429, { retryAfterSeconds });
  }
}

/** Where a sealed number belongs: to one challenge. */
export function challengePlace(nonce: Buffer): string {
  return sealedAt('phone_challenges', 'phone_sealed', nonce.toString('hex'));
}
