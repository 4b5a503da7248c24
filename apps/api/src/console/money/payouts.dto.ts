import { ApiProperty } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsIn, IsInt, IsOptional, Min } from 'class-validator';
import { PAYOUT_STATES, type PayoutState } from '@app/payouts';
import { PageQuery } from '../../edge/page.dto';

export class PayoutQuery extends PageQuery {
  @ApiProperty({ enum: PAYOUT_STATES, required: false })
  @IsOptional()
  @IsIn(PAYOUT_STATES)
  state?: PayoutState;

  @ApiProperty({ type: 'integer', required: false })
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  memberId?: number;
}

export class PayoutDto {
  /** `batch:layer:serial:slot`. */
  payoutKey: string;
  memberId: number;
  campaignId: number;
  budgetId: number;
  amountFen: number;
  channel: string;
  @ApiProperty({ enum: PAYOUT_STATES })
  state: PayoutState;
  offerNo: number;
  billNo: string | null;
  failReason: string | null;
  offeredAt: Date;
  settledAt: Date | null;
}

export class PayoutPageDto {
  @ApiProperty({ type: [PayoutDto] })
  items: readonly PayoutDto[];
  nextCursor: string | null;
}

export class StateSumDto {
  count: number;
  fen: number;
}

export class UnresolvedPayoutDto {
  payoutKey: string;
  @ApiProperty({ enum: PAYOUT_STATES })
  state: PayoutState;
  amountFen: number;
  billNo: string | null;
  nextAt: Date | null;
}

export class IncidentCountDto {
  kind: string;
  count: number;
}

export class LedgerFaultDto {
  /** Which invariant does not hold. */
  invariant: string;
  detail: string;
}

export class LedgerSummaryQuery {
  /** Adds up every journal, now. Otherwise `faults` are those that the nightly recount found, and counters that contradict each other. */
  @ApiProperty({ enum: ['true', 'false'], required: false })
  @IsOptional()
  @IsIn(['true', 'false'])
  recount?: 'true' | 'false';
}

export class LedgerSummaryDto {
  grantedFen: number;
  availableFen: number;
  reservedFen: number;
  settledFen: number;
  /** All that was ever reserved for prizes, less what was released. */
  awardedFen: number;
  /** By payout state. */
  @ApiProperty({ type: 'object', additionalProperties: { $ref: '#/components/schemas/StateSumDto' } })
  byState: Readonly<Record<PayoutState, StateSumDto>>;
  /** Payouts that are neither settled nor failed, oldest first, at most 100. */
  @ApiProperty({ type: [UnresolvedPayoutDto] })
  unresolved: readonly UnresolvedPayoutDto[];
  @ApiProperty({ type: [IncidentCountDto] })
  openIncidents: readonly IncidentCountDto[];
  /** Journals before it were recounted one by one; null before the first night. */
  checkedTo: Date | null;
  /** Everything was recounted for this answer. */
  recounted: boolean;
  /** Differences between what is booked and what is counted; empty when the ledger is sound. */
  @ApiProperty({ type: [LedgerFaultDto] })
  faults: readonly LedgerFaultDto[];
}
