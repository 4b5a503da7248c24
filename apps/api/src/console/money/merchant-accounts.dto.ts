import { ApiProperty } from '@nestjs/swagger';
import { PAYOUT_CHANNELS, type ChannelName } from '@app/payouts';

/** A merchant account without anything that signs. */
export class MerchantAccountDto {
  mchId: string;
  name: string;
  /** false: gets no new payouts; those it has go on, and keep this account. */
  enabled: boolean;
  /** Of new payouts, 0 to 1. */
  share: number;
  /** The first is the one of new payouts. */
  @ApiProperty({ enum: PAYOUT_CHANNELS, isArray: true })
  channels: readonly ChannelName[];
  /** Null = no ceiling of ours. */
  dailyCeilingFen: number | null;
  redpackScene: string | null;
  /** Serial of the API certificate in use. */
  serialNo: string;
  /** When sending stops for want of a new certificate. ISO 8601, UTC. */
  certificateUntil: string | null;
}

export class MerchantAccountListDto {
  items: MerchantAccountDto[];
}

/** What one answer of WeChat leads to. */
export class ChannelErrorDto {
  @ApiProperty({ enum: PAYOUT_CHANNELS })
  channel: ChannelName;
  /** send, query, cancel; ask, look, close are about an agreement to be paid silently. */
  call: string;
  code: string;
  /** unknown, unknown_alarm, not_found, retry_soon, retry_tomorrow, blocked, refused, failed. */
  reaction: string;
  /** What happened and what to do. */
  words: string;
}

/** Why a bill is proven to have failed. */
export class FailReasonDto {
  code: string;
  @ApiProperty({ enum: ['person', 'ours', 'nobody'] })
  whose: 'person' | 'ours' | 'nobody';
  /** It hits every bill of the channel, so the channel pauses. */
  pausesChannel: boolean;
  /** Trying again before midnight in Beijing is in vain. */
  untilTomorrow: boolean;
  /** For finance. */
  finance: string;
  /** What the person reads. */
  consumer: string;
}

export class ChannelAnswersDto {
  errors: ChannelErrorDto[];
  failReasons: FailReasonDto[];
}
