import { ApiProperty } from '@nestjs/swagger';
import { AWARD_STATES, TransferConfirmDto } from './awards.dto';
import type { AwardState } from '@app/rewards';

/** Fen; each fen of a person is in exactly one of these. */
export class MoneyTotalsDto {
  /** 已到账 */
  receivedFen: number;
  /** 待领取: a tap is needed. */
  waitingFen: number;
  /** 到账中: no tap is needed. */
  onTheWayFen: number;
  /** 累计中: too little to be paid yet. */
  gatheringFen: number;
}

/** Small amounts that are paid together. */
export class PoolDto {
  poolId: string;
  campaignName: string;
  amountFen: number;
  /** Reaching this makes it claimable; null once it was asked for. */
  untilFen: number | null;
  /** How many wins are in it. */
  awards: number;
  @ApiProperty({ enum: AWARD_STATES })
  state: AwardState;
  /** Two to four characters for a badge. */
  stateText: string;
  /** One sentence: where it is, what to do. */
  hint: string;
  confirm: TransferConfirmDto | null;
  /** When WeChat closes what waits for a tap. ISO 8601, UTC. */
  expiresAt: string | null;
}

export class MoneyDto {
  totals: MoneyTotalsDto;
  /** What gathers now, then what was paid out lately, newest first. Single wins: `GET /v1/h5/awards`. */
  @ApiProperty({ type: [PoolDto] })
  pools: readonly PoolDto[];
}
