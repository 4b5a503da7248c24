import { Injectable } from '@nestjs/common';
import { ClerkDirectory } from '@app/channel';
import { Rejected, type MemberId } from '@app/kernel';
import { MemberDirectory, ReadOwnRecords } from '@app/members';
import { AuthorisationViews } from '@app/payouts';
import { AgreeToReminders, maskAddress, OwnAddresses } from '@app/rewards';
import { MyComplaints } from '@app/service';
import type { PrivacyDto } from './my-records.dto';

/** The answer of each library to: what do you keep of this person, and why may you? */
@Injectable()
export class MyPrivacy {
  constructor(
    private readonly members: MemberDirectory,
    private readonly records: ReadOwnRecords,
    private readonly addresses: OwnAddresses,
    private readonly reminders: AgreeToReminders,
    private readonly authorisations: AuthorisationViews,
    private readonly complaints: MyComplaints,
    private readonly clerks: ClerkDirectory,
  ) {}

  async of(member: MemberId): Promise<PrivacyDto> {
    const profile = await this.members.own(member);
    if (!profile) throw new Rejected('no_session', '请先在微信里登录', 401);
    const { nickname, names, consents } = await this.records.of(member);
    const phone = names.find(({ kind }) => kind === 'phone');
    const given = consents.findLast(({ kind, act }) => kind === 'phone' && act === 'given');
    const { complaints, photos } = await this.complaints.counts(member);
    const { left, at } = await this.reminders.given(member);
    const authorisation = await this.authorisations.of(member);
    const posts = await this.clerks.posts(await this.members.numbersOf(member));
    return {
      since: profile.createdAt.toISOString(),
      nickname,
      wechat: names.find(({ kind }) => kind === 'openid')?.masked ?? null,
      counts: { scans: profile.scans, wins: profile.wins, complaints, photos },
      phone: phone ? { masked: phone.masked, since: phone.since.toISOString(), consent: given?.version ?? null } : null,
      addresses: (await this.addresses.of(member)).map((one) => ({
        prizeName: one.prizeName,
        masked: maskAddress(one.address),
        consent: one.consent,
        at: one.consentedAt.toISOString(),
        state: one.state,
      })),
      reminders: { left, at: at?.toISOString() ?? null },
      authorisation: { state: authorisation.state, at: authorisation.agreedAt?.toISOString() ?? null },
      posts: posts
        .filter(({ state }) => state === 'active' || state === 'waiting')
        .map(({ storeName, name, askedAt }) => ({ storeName, name, at: askedAt.toISOString() })),
    };
  }
}
