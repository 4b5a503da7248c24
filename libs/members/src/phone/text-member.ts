import { Injectable } from '@nestjs/common';
import { Database } from '@app/database';
import type { MemberId } from '@app/kernel';
import { MemberIdentitiesRepository } from '../member-identities.repository';
import { MembersRepository } from '../members.repository';
import { PhoneChallengesRepository } from './phone-challenges.repository';
import { CONSENTS_TO_REMINDERS } from './phone-consent';
import type { PhoneNumber } from './phone-number';
import { SmsSender, type SmsVerdict } from './sms-sender';

/** `unreachable`: no number, or none that its owner agreed to be reminded on, or no gateway. */
export type Texted = SmsVerdict | { readonly kind: 'unreachable' };

/** Writes to a member about prizes of his own. Knows the number; the caller does not. */
@Injectable()
export class TextMember {
  constructor(
    private readonly database: Database,
    private readonly members: MembersRepository,
    private readonly identities: MemberIdentitiesRepository,
    private readonly challenges: PhoneChallengesRepository,
    private readonly sender: SmsSender,
  ) {}

  /** Asking again with the same `messageId` is safe: the gateway sends it once. */
  async send(member: MemberId, { messageId, text }: { messageId: string; text: string }): Promise<Texted> {
    if (!this.sender.available) return { kind: 'unreachable' };
    const [row] = await this.members.find(this.database, [member]);
    if (!row) return { kind: 'unreachable' };
    const consent = await this.challenges.consentOf(this.database, row.mergedInto ?? row.id);
    if (consent === null || !CONSENTS_TO_REMINDERS.includes(consent)) return { kind: 'unreachable' };
    const phone = await this.identities.valueOf(this.database, member, 'phone');
    if (phone === null) return { kind: 'unreachable' };
    return this.sender.send({ messageId, to: phone as PhoneNumber, text });
  }
}
