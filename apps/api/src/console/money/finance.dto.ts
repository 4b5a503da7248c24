import { ApiProperty } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsIn, IsInt, IsOptional, Max, Min } from 'class-validator';
import { OPEN_STATES, type PayoutState } from '@app/payouts';
import { PageQuery } from '../../edge/page.dto';
import { CaseCountsDto } from './money-cases.dto';

export class BudgetSumsDto {
  grantedFen: number;
  availableFen: number;
  /** 已冻结: won and not yet paid. */
  reservedFen: number;
  settledFen: number;
}

export class BudgetBalanceDto extends BudgetSumsDto {
  id: number;
  name: string;
}

export class ClearingDto {
  channel: string;
  /** Paid by our word and not yet found in the bill file; 0 after a clean day. */
  unconfirmedFen: number;
}

export class MerchantBalanceDto {
  mchId: string;
  name: string;
  enabled: boolean;
  /** Our copy, as the bill files tell it. */
  balanceFen: number;
  @ApiProperty({ type: [ClearingDto] })
  clearing: readonly ClearingDto[];
  /** Null: no ceiling. */
  ceilingFen: number | null;
  usedTodayFen: number;
}

export class CountAndFenDto {
  count: number;
  fen: number;
}

export class TodayDto {
  /** Prizes of every kind and the fen reserved for them; some seconds behind. */
  won: CountAndFenDto;
  claimed: CountAndFenDto;
  settled: CountAndFenDto;
  failed: CountAndFenDto;
  refunded: CountAndFenDto;
}

export class StateInFlightDto extends CountAndFenDto {
  @ApiProperty({ enum: OPEN_STATES })
  state: PayoutState;
  oldestAt: Date;
}

export class InFlightDto extends CountAndFenDto {
  @ApiProperty({ type: [StateInFlightDto] })
  byState: readonly StateInFlightDto[];
}

export class ChannelBreakerDto {
  mchId: string;
  channel: string;
  /** `probing`: the next send finds out whether WeChat still refuses. */
  state: 'open' | 'shut' | 'probing';
  /** WeChat's code, e.g. NOT_ENOUGH. */
  reason: string | null;
  since: Date | null;
  nextTryAt: Date | null;
  /** How often it was found shut again. */
  trips: number;
}

export class ReconciledDayDto {
  mchId: string;
  day: string;
  state: string;
  differences: number;
}

export class ExceptionsDto extends CaseCountsDto {
  deadJobs: number;
  /** The database was set back: nothing is sent until open bills were asked about. */
  recovering: boolean;
  /** The latest day per merchant account. */
  @ApiProperty({ type: [ReconciledDayDto] })
  reconciled: readonly ReconciledDayDto[];
}

export class FinanceOverviewDto {
  at: Date;
  /** The Beijing day that `today` counts. */
  day: string;
  totals: BudgetSumsDto;
  /** Newest first, at most 200. */
  @ApiProperty({ type: [BudgetBalanceDto] })
  budgets: readonly BudgetBalanceDto[];
  @ApiProperty({ type: [MerchantBalanceDto] })
  merchants: readonly MerchantBalanceDto[];
  /** All that members got and kept. */
  membersFen: number;
  today: TodayDto;
  inFlight: InFlightDto;
  @ApiProperty({ type: [ChannelBreakerDto] })
  channels: readonly ChannelBreakerDto[];
  exceptions: ExceptionsDto;
}

export class StuckQuery extends PageQuery {
  /** All but WAIT_USER when absent: a person who takes their time is not a stuck payout. */
  @ApiProperty({ enum: OPEN_STATES, required: false })
  @IsOptional()
  @IsIn(OPEN_STATES)
  state?: PayoutState;

  /** 10 when absent. */
  @ApiProperty({ type: 'integer', required: false, minimum: 0 })
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(0)
  @Max(5_000_000)
  olderThanMinutes?: number;
}

export class StuckPayoutDto {
  payoutKey: string;
  memberId: number;
  amountFen: number;
  channel: string;
  mchId: string;
  @ApiProperty({ enum: OPEN_STATES })
  state: PayoutState;
  offerNo: number;
  billNo: string | null;
  /** When the running offer began. */
  offeredAt: Date;
  frozen: boolean;
  /** Why it stands where it stands. */
  reason: string;
  /** What happens next by itself. */
  next: string;
  /** When; null = nothing without a person. */
  at: Date | null;
}

export class StuckPageDto {
  @ApiProperty({ type: [StuckPayoutDto] })
  items: readonly StuckPayoutDto[];
  nextCursor: string | null;
}
