import { ApiProperty } from '@nestjs/swagger';

/** Somebody queried this code before. Of other people only minute and city. */
export class RepeatDto {
  mine: boolean;
  /** ISO 8601, UTC. */
  firstAt: string;
  city: string | null;
  times: number;
}

export class LotDto {
  lotNo: string;
  plant: string;
  /** Shanghai day, `YYYY-MM-DD`. */
  producedOn: string;
  expiresOn: string | null;
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
  campaignName: string;
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

export class CureDto {
  action: 'location' | 'wait' | 'phone' | 'follow' | 'share' | 'none';
  at?: string;
  /** A nationwide prize may be taken without a location: send `withoutLocation: true`. */
  nationwide?: boolean;
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
  cure: CureDto | null;
}

/** What the phone shows. Verdict and reward are separate: a repeat may still win, a first query may win nothing. */
export class ScanAnswerDto {
  scanId: string;
  /** `A-XXXX-XXXX-XXXX-XXXX`. */
  code: string;
  verdict: 'first' | 'repeat' | 'not_active' | 'frozen' | 'void' | 'expired' | 'unknown';
  repeat: RepeatDto | null;
  product: ScannedProductDto | null;
  reward: RewardDto | null;
  /** Locked packets that this scan opened. */
  @ApiProperty({ type: [OpenedDto] })
  opened: readonly OpenedDto[];
  refusal: RefusalDto | null;
  /** ISO 8601, UTC. */
  scannedAt: string;
}
