import { ApiProperty } from '@nestjs/swagger';
import { Matches } from 'class-validator';

export class TierLineDto {
  key: string;
  name: string;
  leastFen: number;
  /** Of a hundred members with 消费值, how many stand at or above this line at most. */
  percent: number;
}

export class NextTierDto {
  name: string;
  leastFen: number;
  /** 0: reached, and given at the next review. */
  missingFen: number;
}

export class TierBenefitDto {
  campaignId: number;
  campaign: string;
  rule: string;
  /** Everything the rule asks for, as its public notice tells it. */
  condition: string;
  @ApiProperty({ type: [String] })
  prizes: readonly string[];
  /** Names of the tiers that get it. */
  @ApiProperty({ type: [String] })
  tiers: readonly string[];
  /** The member's tier is among them. */
  mine: boolean;
  /** Not included. ISO 8601, UTC. */
  until: string;
}

export class MyTierDto {
  key: string;
  name: string;
  /** First Shanghai day (`YYYY-MM-DD`) on which it no longer holds; null for 普卡. */
  until: string | null;
  /** 估算消费 of the last 365 days. */
  spendFen: number;
  /** `YYYY-MM`, of the lines. */
  month: string;
  /** Shanghai day on which tiers are set next. */
  nextReview: string;
  /** Lowest first; empty while too few people bought something. */
  @ApiProperty({ type: [TierLineDto] })
  lines: readonly TierLineDto[];
  @ApiProperty({ type: NextTierDto, nullable: true })
  next: NextTierDto | null;
  /** What running campaigns give to some tiers only. */
  @ApiProperty({ type: [TierBenefitDto] })
  benefits: readonly TierBenefitDto[];
}

export class PastRewardDto {
  awardId: string;
  kind: string;
  prizeName: string;
  amountFen: number | null;
}

export class PastScanDto {
  scanId: string;
  /** `A-XXXX-XXXX-XXXX-XXXX`. */
  code: string;
  /** ISO 8601, UTC. */
  at: string;
  /** As it was told then. */
  verdict: string;
  productName: string | null;
  spec: string | null;
  /** Null = unknown place. */
  city: string | null;
  @ApiProperty({ type: PastRewardDto, nullable: true })
  reward: PastRewardDto | null;
}

export class PastScanPageDto {
  @ApiProperty({ type: [PastScanDto] })
  items: readonly PastScanDto[];
  nextCursor: string | null;
}

export class PhoneKeptDto {
  masked: string;
  /** ISO 8601, UTC. */
  since: string;
  /** Version of the text that was agreed to; null when it is not known. */
  consent: string | null;
}

export class AddressKeptDto {
  prizeName: string;
  masked: string;
  consent: string;
  /** ISO 8601, UTC. */
  at: string;
  /** `packing`: a parcel is being made, it cannot be taken back now. */
  state: 'waiting' | 'packing' | 'sent';
}

export class RemindersKeptDto {
  /** Messages that may still be sent. */
  left: number;
  /** ISO 8601, UTC; null when there is none. */
  at: string | null;
}

export class AuthorisationKeptDto {
  state: 'off' | 'preparing' | 'confirm' | 'on' | 'ending' | 'unavailable';
  /** ISO 8601, UTC. */
  at: string | null;
}

export class PostKeptDto {
  storeName: string;
  name: string | null;
  /** ISO 8601, UTC. */
  at: string;
}

export class KeptCountsDto {
  scans: number;
  wins: number;
  complaints: number;
  photos: number;
}

/** What is kept of a member and on what consent. */
export class PrivacyDto {
  /** ISO 8601, UTC. */
  since: string;
  /** What the member gave; null = none. */
  nickname: string | null;
  /** Enough of the WeChat account's id to recognise it. */
  wechat: string | null;
  counts: KeptCountsDto;
  @ApiProperty({ type: PhoneKeptDto, nullable: true })
  phone: PhoneKeptDto | null;
  @ApiProperty({ type: [AddressKeptDto] })
  addresses: readonly AddressKeptDto[];
  reminders: RemindersKeptDto;
  authorisation: AuthorisationKeptDto;
  @ApiProperty({ type: [PostKeptDto] })
  posts: readonly PostKeptDto[];
}

export class ErasureLossDto {
  what: string;
  /** In a sentence for the member. */
  words: string;
}

export class ErasureOutlookDto {
  /** What would be lost now. */
  @ApiProperty({ type: [ErasureLossDto] })
  losses: readonly ErasureLossDto[];
  /** Why it cannot be done now; empty when it can. */
  @ApiProperty({ type: [ErasureLossDto] })
  blocks: readonly ErasureLossDto[];
  /** To be sent back with the confirmation. */
  seen: string;
}

export class EraseDto {
  /** `seen` of the outlook that the member read. */
  @Matches(/^[0-9a-f]{16}$/)
  seen: string;
}
