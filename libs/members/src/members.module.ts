import { Module } from '@nestjs/common';
import { AnalyticsModule } from '@app/analytics';
import { StaffModule } from '@app/staff';
import { AudienceCatalog } from './audiences/audience-catalog';
import { AudienceDirectory } from './audiences/audience-directory';
import { AudiencesRepository } from './audiences/audiences.repository';
import { ChangeAudience } from './audiences/change-audience';
import { CreateAudience } from './audiences/create-audience';
import { FillAudience } from './audiences/fill-audience';
import { EraseMember } from './erasure/erase-member';
import { ErasedMembers } from './erasure/erased-members';
import { ErasureHolders } from './erasure/erasure-holders';
import { MemberPresence } from './erasure/member-presence';
import { Newcomers } from './erasure/newcomers';
import { FoldScans } from './fold-scans';
import { MemberDirectory } from './member-directory';
import { MemberEventsRepository } from './member-events.repository';
import { MemberIdentitiesRepository } from './member-identities.repository';
import { MemberMarks } from './member-marks';
import { MemberMoney } from './member-money';
import { MembersForScan } from './members-for-scan';
import { MembersRepository } from './members.repository';
import { MergeFollowers } from './merge-followers';
import { MergeMembers } from './merge-members';
import { MyTier } from './my-tier';
import { MemberNickname } from './nickname/member-nickname';
import { NicknamesRepository } from './nickname/nicknames.repository';
import { OpenIds } from './open-ids';
import { ReadOwnRecords } from './own-records';
import { MembersPayoutSettledHandler } from './payout-settled.handler';
import { BindPhone } from './phone/bind-phone';
import { MemberPhone } from './phone/member-phone';
import { PhoneChallengesRepository } from './phone/phone-challenges.repository';
import { PhoneCodes } from './phone/phone-codes';
import { RequestPhoneCode } from './phone/request-phone-code';
import { TextMember } from './phone/text-member';
import { SendPhoneCodeHandler } from './phone/send-phone-code.handler';
import { SmsSender } from './phone/sms-sender';
import { SmsGateway } from './phone/sms.gateway';
import { RebuildMember } from './rebuild-member';
import { ScanHistory } from './scan-history';
import { MembersScansRecordedHandler } from './scans-recorded.handler';
import { SignIn } from './sign-in';
import { SpendWindow } from './spend-window';
import { MemberTagsRepository } from './tags/member-tags.repository';
import { TagDirectory } from './tags/tag-directory';
import { TagMembers } from './tags/tag-members';
import { TierKeeper } from './tier-keeper';

const ROWS = [
  AudiencesRepository,
  MemberEventsRepository,
  MemberIdentitiesRepository,
  MemberMarks,
  MemberTagsRepository,
  MembersRepository,
  NicknamesRepository,
  PhoneChallengesRepository,
];
const HANDLERS = [MembersPayoutSettledHandler, MembersScansRecordedHandler, SendPhoneCodeHandler];
const AUDIENCES = [AudienceDirectory, ChangeAudience, CreateAudience, FillAudience, TagDirectory, TagMembers];
const PHONES = [BindPhone, MemberPhone, RequestPhoneCode, TextMember];
const ERASURE = [EraseMember, ErasedMembers, ErasureHolders, MemberPresence, Newcomers];
const MEMBERS = [
  MemberDirectory,
  MemberMoney,
  MemberNickname,
  MembersForScan,
  MergeFollowers,
  MyTier,
  OpenIds,
  ReadOwnRecords,
  RebuildMember,
  ScanHistory,
  SignIn,
  SpendWindow,
  TierKeeper,
];

@Module({
  imports: [AnalyticsModule, StaffModule],
  providers: [
    ...ROWS,
    ...HANDLERS,
    ...AUDIENCES,
    ...PHONES,
    ...ERASURE,
    ...MEMBERS,
    AudienceCatalog,
    FoldScans,
    MergeMembers,
    PhoneCodes,
    { provide: SmsSender, useClass: SmsGateway },
  ],
  exports: [...AUDIENCES, ...PHONES, ...ERASURE, ...MEMBERS, SmsSender],
})
export class MembersModule {}
