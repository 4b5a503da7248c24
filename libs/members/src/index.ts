export {
  MAX_AUDIENCES,
  MAX_LISTED,
  MAX_LISTED_AT_ONCE,
  type Audience,
  type AudienceKind,
  type AudienceWish,
} from './audiences/audience';
export { AudienceDirectory, type AudienceSize } from './audiences/audience-directory';
export { ChangeAudience } from './audiences/change-audience';
export { CreateAudience } from './audiences/create-audience';
export { FillAudience } from './audiences/fill-audience';
export { MEMBER_FIELDS, type AudienceFacts } from './audiences/member-fields';
export { EraseMember, type ErasureOutlook } from './erasure/erase-member';
export { ErasedMembers } from './erasure/erased-members';
export {
  ERASURE_ROOMS,
  ErasureHolders,
  type Erasure,
  type ErasureBlock,
  type ErasureHolder,
  type ErasureLoss,
  type ErasureRoom,
} from './erasure/erasure-holders';
export { MemberPresence } from './erasure/member-presence';
export { Newcomers } from './erasure/newcomers';
export { MemberDirectory, type MemberOrder, type TimelineEntry } from './member-directory';
export { MembersPayoutSettled, MembersScansRecorded } from './member-jobs';
export { MemberMoney, type MoneyMoved } from './member-money';
export type { MemberProfile } from './member-profile';
export type { MemberTotals } from './member-totals';
export { MembersForScan, type MemberFacts } from './members-for-scan';
export { MembersModule } from './members.module';
export { MergeFollowers } from './merge-followers';
export { MyTier, type MyTierView } from './my-tier';
export { MemberNickname } from './nickname/member-nickname';
export { MOST_NICKNAME_CHARACTERS } from './nickname/nickname-text';
export { OpenIds } from './open-ids';
export { ReadOwnRecords, type OwnName, type OwnRecords } from './own-records';
export { BindPhone, type PhoneBound } from './phone/bind-phone';
export { MemberPhone } from './phone/member-phone';
export { PHONE_CODE } from './phone/phone-challenges.repository';
export { PHONE_CONSENT } from './phone/phone-consent';
export { PHONE_PATTERN } from './phone/phone-number';
export { RequestPhoneCode, type PhoneCodeAsked, type PhoneCodeWish } from './phone/request-phone-code';
export { SendPhoneCode } from './phone/send-phone-code.job';
export { SmsSender, type SmsMessage, type SmsVerdict } from './phone/sms-sender';
export { TextMember, type Texted } from './phone/text-member';
export type { ConsentAct } from './phone/phone-challenges.repository';
export { RebuildMember } from './rebuild-member';
export { ScanHistory, type PastScan } from './scan-history';
export { SignIn, type WechatIdentity } from './sign-in';
export { SpendWindow } from './spend-window';
export { MAX_TAG_BYTES, MAX_TAGGED_AT_ONCE, MAX_TAGS_OF_MEMBER } from './tags/tag';
export { TagDirectory } from './tags/tag-directory';
export { TagMembers } from './tags/tag-members';
export type { KnownTag } from './tags/member-tags.repository';
export { isTier, tierName, TIERS, type TierKey, type TierThresholds } from './tier';
export { TierKeeper } from './tier-keeper';
