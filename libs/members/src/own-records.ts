import { Injectable } from '@nestjs/common';
import { Database } from '@app/database';
import type { MemberId } from '@app/kernel';
import { MemberIdentitiesRepository, type IdentityKind } from './member-identities.repository';
import { MembersRepository } from './members.repository';
import { NicknamesRepository } from './nickname/nicknames.repository';
import { maskedPhone } from './phone/phone-number';
import { PhoneChallengesRepository, type ConsentAct } from './phone/phone-challenges.repository';
import { MemberTagsRepository } from './tags/member-tags.repository';

/** A name of a person, enough of it to recognise one's own. */
export interface OwnName {
  readonly kind: IdentityKind;
  readonly masked: string;
  readonly since: Date;
}

/** What this library keeps of a person, read for that person. */
export interface OwnRecords {
  /** Null when the person gave none. */
  readonly nickname: string | null;
  readonly names: readonly OwnName[];
  /** Oldest first; also those that were taken back, because that is what they prove. */
  readonly consents: readonly ConsentAct[];
  readonly tags: readonly string[];
}

/** A person asks what we know of them. */
@Injectable()
export class ReadOwnRecords {
  constructor(
    private readonly database: Database,
    private readonly members: MembersRepository,
    private readonly identities: MemberIdentitiesRepository,
    private readonly nicknames: NicknamesRepository,
    private readonly challenges: PhoneChallengesRepository,
    private readonly tags: MemberTagsRepository,
  ) {}

  async of(member: MemberId): Promise<OwnRecords> {
    const [row] = await this.members.find(this.database, [member]);
    const left = row?.mergedInto ?? member;
    const names = await this.identities.namesOf(this.database, left);
    return {
      nickname: await this.nicknames.read(this.database, left),
      names: names.map(({ kind, value, since }) => ({ kind, masked: masked(kind, value), since })),
      consents: await this.challenges.consentsOf(this.database, left),
      tags: await this.tags.of(this.database, left),
    };
  }
}

function masked(kind: IdentityKind, value: string): string {
  return kind === 'phone' ? maskedPhone(value) : `${value.slice(0, 4)}****${value.slice(-4)}`;
}
