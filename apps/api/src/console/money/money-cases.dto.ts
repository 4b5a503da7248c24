import { ApiProperty } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsBoolean, IsIn, IsInt, IsOptional, IsString, Matches, Max, MaxLength, Min, MinLength } from 'class-validator';
import { CASE_STATES, INCIDENT_KIND_NAMES, PAYOUT_STATES, type CaseState, type PayoutState } from '@app/payouts';
import { PageQuery } from '../../edge/page.dto';

export class MoneyCaseQuery extends PageQuery {
  @ApiProperty({ enum: INCIDENT_KIND_NAMES, required: false })
  @IsOptional()
  @IsIn(INCIDENT_KIND_NAMES)
  kind?: string;

  /** Those that are not closed when absent. */
  @ApiProperty({ enum: CASE_STATES, required: false })
  @IsOptional()
  @IsIn(CASE_STATES)
  state?: CaseState;

  /** `me`, `none`, or an operator's number. */
  @IsOptional()
  @Matches(/^(me|none|[1-9]\d{0,9})$/)
  owner?: string;

  @ApiProperty({ type: 'integer', required: false, minimum: 0 })
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(0)
  @Max(5_000_000)
  olderThanMinutes?: number;
}

export class MoneyPersonDto {
  id: number;
  name: string;
}

export class CasePayoutDto {
  @ApiProperty({ enum: PAYOUT_STATES })
  state: PayoutState;
  amountFen: number;
  memberId: number;
}

export class MoneyCaseDto {
  id: number;
  kind: string;
  title: string;
  @ApiProperty({ enum: CASE_STATES })
  state: CaseState;
  /** No new offer of its payout begins while it is not closed. */
  freezes: boolean;
  /** How many people it takes to close it. */
  closedBy: 'one' | 'two';
  detail: string;
  owner: MoneyPersonDto | null;
  raisedAt: Date;
  closedAt: Date | null;
  payoutKey: string | null;
  billNo: string | null;
  /** As it stands now. */
  payout: CasePayoutDto | null;
  /** A closing that waits for its second person. */
  pendingDecisionId: number | null;
}

export class MoneyCasePageDto {
  @ApiProperty({ type: [MoneyCaseDto] })
  items: readonly MoneyCaseDto[];
  nextCursor: string | null;
}

export class CaseTrailDto {
  at: Date;
  /** Null: the system. */
  by: MoneyPersonDto | null;
  act: string;
  /** Of `assigned`: who has it now; null = nobody. */
  owner: MoneyPersonDto | null;
  decisionId: number | null;
  note: string;
}

export class MoneyCaseDetailDto extends MoneyCaseDto {
  /** Oldest first. */
  @ApiProperty({ type: [CaseTrailDto] })
  trail: readonly CaseTrailDto[];
}

export class CaseKindCountDto {
  kind: string;
  title: string;
  count: number;
  oldestAt: Date;
}

/** What a badge shows. */
export class CaseCountsDto {
  open: number;
  working: number;
  mine: number;
  /** Decisions of others that wait for a second person. */
  toDecide: number;
  @ApiProperty({ type: [CaseKindCountDto] })
  byKind: readonly CaseKindCountDto[];
}

export class AssignCaseDto {
  /** Whoever asks when absent; null gives it back. */
  @ApiProperty({ type: 'integer', nullable: true, required: false })
  @IsOptional()
  @IsInt()
  @Min(1)
  ownerId?: number | null;

  /** Takes it although a colleague has it. */
  @IsOptional()
  @IsBoolean()
  takeOver?: boolean;

  @IsOptional()
  @IsString()
  @MaxLength(1000)
  note?: string;
}

export class CaseNoteDto {
  /** Without personal data. */
  @IsString()
  @MinLength(1)
  @MaxLength(1000)
  text: string;
}

export class AskedWechatDto {
  billNo: string;
}

export class CloseCaseDto {
  @IsString()
  @MinLength(4)
  @MaxLength(1000)
  reason: string;
}

export class CaseClosingDto {
  /** `asked`: a second person must say yes. */
  outcome: 'closed' | 'asked';
  decisionId: number | null;
  contentHash: string | null;
}
