import { Injectable } from '@nestjs/common';
import { Database, databaseNow, UnitOfWork } from '@app/database';
import type { MemberId } from '@app/kernel';
import { MemberIdentitiesRepository } from '../member-identities.repository';
import { MembersRepository } from '../members.repository';
import { PhoneChallengesRepository } from './phone-challenges.repository';
import { PHONE_CONSENT } from './phone-consent';
import { maskedPhone } from './phone-number';

/** A member's own number: which one it is, and giving it up. */
@Injectable()
export class MemberPhone {
  constructor(
    private readonly database: Database,
    private readonly unitOfWork: UnitOfWork,
    private readonly members: MembersRepository,
    private readonly identities: MemberIdentitiesRepository,
    private readonly challenges: PhoneChallengesRepository,
  ) {}

  /** `138****8000`; null when there is none. */
  async masked(member: MemberId): Promise<string | null> {
    const phone = await this.identities.valueOf(this.database, member, 'phone');
    return phone === null ? null : maskedPhone(phone);
  }

  /** Takes the consent back: the number and every code on its way are deleted. A second time changes nothing. */
  async giveUp(member: MemberId): Promise<void> {
    await this.unitOfWork.run(async (tx) => {
      const me = (await this.members.lockEffective(tx, [member])).get(member)?.id;
      if (me === undefined) return;
      await this.challenges.dropAll(tx, me);
      await this.identities.removeAll(tx, me, 'phone');
      await tx.execute('UPDATE members SET phone_bound = 0 WHERE id = ?', [me]);
      if ((await this.challenges.consentOf(tx, me)) === null) return;
      await this.challenges.recordConsent(tx, me, 'ended', PHONE_CONSENT.version, await databaseNow(tx));
    });
  }
}
