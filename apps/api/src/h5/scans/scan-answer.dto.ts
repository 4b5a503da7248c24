import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { CampaignLookDto } from './campaign-look.dto';

/** Somebody queried this code before. Of other people only minute and city. */
export class RepeatDto {
  mine: boolean;
  /** ISO 8601, UTC. */
  firstAt: string;
  city: string | null;
  times: number;
}

/** 溯源: one thing that happened to a lot on its way. */
export class ScannedStageDto {
  name: string;
  /** Shanghai day, `YYYY-MM-DD`. */
  at: string;
  place: string;
  detail: string | null;
}

export class LotDto {
  lotNo: string;
  plant: string;
  /** Shanghai day, `YYYY-MM-DD`. */
  producedOn: string;
  expiresOn: string | null;
  /** In the order in which it happened; empty when nothing is told. */
  @ApiProperty({ type: [ScannedStageDto] })
  stages: readonly ScannedStageDto[];
}

export class ScannedProductDto {
  name: string;
  spec: string;
  line: string;
  imageUrl: string | null;
  batchName: string;
  lot: LotDto | null;
}

export class RewardDto {
  awardId: string;
  kind: 'cash' | 'locked' | 'coupon' | 'goods' | 'redeem' | 'nothing';
  prizeName: string;
  amountFen: number | null;
  /** Of its public notice. */
  campaignId: number;
  campaignName: string;
  /** Laid out beforehand: the campaign has a proof to check. */
  dealt: boolean;
  state:
    | 'ready'
    | 'preparing'
    | 'confirm'
    | 'processing'
    | 'settled'
    | 'expired'
    | 'failed'
    | 'gathering'
    | 'held'
    | 'none'
    | 'locked'
    | 'usable'
    | 'address'
    | 'packing'
    | 'shipped'
    | 'redeem'
    | 'redeemed'
    | 'lapsed';
  stateText: string;
  hint: string;
}

export class OpenedDto {
  awardId: string;
  prizeName: string;
  amountFen: number;
}

/** One task before the prize. */
export class StepDto {
  action: 'phone' | 'follow' | 'share';
  done: boolean;
}

export class CureDto {
  action: 'location' | 'wait' | 'phone' | 'follow' | 'share' | 'none';
  at?: string;
  /** A nationwide prize may be taken without a location: send `withoutLocation: true`. */
  nationwide?: boolean;
  /** `gate_open`: every task in its order; `action` is the first that is not done. */
  @ApiPropertyOptional({ type: [StepDto] })
  steps?: readonly StepDto[];
  /** The code is kept for this member until then. ISO 8601, UTC. */
  heldUntil?: string;
}

export class RefusalDto {
  reason:
    | 'not_active'
    | 'cap_reached'
    | 'place_needed'
    | 'not_started'
    | 'paused'
    | 'gate_open'
    | 'budget_short'
    | 'no_rule'
    | 'held';
  message: string;
  /** The campaign that refused, null when none did. */
  campaignId: number | null;
  cure: CureDto | null;
}

/** What the phone shows. Verdict and reward are separate: a repeat may still win, a first query may win nothing. */
export class ScanAnswerDto {
  scanId: string;
  /** `A-XXXX-XXXX-XXXX-XXXX`. */
  code: string;
  /** `recalled`: not to be drunk. */
  verdict: 'first' | 'repeat' | 'not_active' | 'frozen' | 'void' | 'expired' | 'recalled' | 'unknown';
  repeat: RepeatDto | null;
  product: ScannedProductDto | null;
  reward: RewardDto | null;
  /** Locked packets that this scan opened. */
  @ApiProperty({ type: [OpenedDto] })
  opened: readonly OpenedDto[];
  refusal: RefusalDto | null;
  /** ISO 8601, UTC. */
  scannedAt: string;
  /** Of the version that decided, refused, or gave the reward that is shown; null = as the brand looks. */
  look: CampaignLookDto | null;
}
