import { ApiProperty } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsIn, IsInt, IsOptional, IsString, Max, MaxLength, Min } from 'class-validator';
import { VERDICTS, type Verdict } from '@app/scans';
import { PageQuery } from '../../edge/page.dto';
import { ScanAnswerDto } from '../../h5/scans/scan-answer.dto';
import { IsInstant } from '../../edge/instant';

export class DecisionCheckQuery extends PageQuery {
  /** First instant, ISO 8601. */
  @IsOptional()
  @IsInstant()
  from?: string;

  /** Half-open. */
  @IsOptional()
  @IsInstant()
  to?: string;
}

export class ScanQuery extends DecisionCheckQuery {
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(Number.MAX_SAFE_INTEGER)
  memberId?: number;

  /** As printed or typed. */
  @IsOptional()
  @IsString()
  @MaxLength(512)
  code?: string;

  /** A division of GB/T 2260 with all that lies in it; 0 = unknown place. */
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(0)
  @Max(999_999)
  adcode?: number;

  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  productId?: number;

  /** Code batch. */
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  batchId?: number;

  @IsOptional()
  @IsIn(VERDICTS)
  verdict?: Verdict;
}

export class ScanRowDto {
  /** `memberId-scanId`. */
  id: string;
  /** Null for a distributor. */
  memberId: number | null;
  at: string;
  /** For a distributor only its ends. */
  code: string;
  verdict: 'first' | 'repeat' | 'not_active' | 'frozen' | 'void' | 'expired' | 'recalled' | 'unknown';
  place: string;
  trust: 'agreed' | 'ip' | 'claimed' | 'disputed' | 'unknown';
  campaignId: number | null;
  amountFen: number;
  refusal: string | null;
}

export class ScanRowPageDto {
  @ApiProperty({ type: [ScanRowDto] })
  items: readonly ScanRowDto[];
  nextCursor: string | null;
}

export class ScanPayoutDto {
  /** Names its evidence, `GET /v1/console/payouts/{payoutKey}/evidence`. */
  payoutKey: string;
  state: string;
  amountFen: number;
  /** Paid together with other small amounts. */
  pooled: boolean;
  offerNo: number;
  failReason: string | null;
  settledAt: Date | null;
}

export class ScanWonDto {
  prizeName: string;
  kind: 'cash' | 'locked' | 'coupon' | 'goods' | 'redeem' | 'nothing';
  /** 0 unless the prize is money. */
  amountFen: number;
  campaignName: string;
  wonAt: Date;
  stateText: string;
  hint: string | null;
  /** Null while nobody asked for the money. */
  payout: ScanPayoutDto | null;
}

export class ScanMoneyDto {
  /** Null = this scan won nothing. */
  won: ScanWonDto | null;
}

export class ScanExplanationDto {
  scan: ScanRowDto;
  answer: ScanAnswerDto;
  /** Null when there was nothing to decide. */
  @ApiProperty({ type: 'object', additionalProperties: true, nullable: true })
  decision: object | null;
  @ApiProperty({ type: 'object', additionalProperties: true, nullable: true })
  trace: object | null;
  /** Chinese, to be read aloud by somebody on the phone. */
  @ApiProperty({ type: [String] })
  sentences: readonly string[];
}

export class DifferingDecisionDto {
  /** `memberId-scanId`. */
  id: string;
  recorded: string;
  again: string;
}

export class DecisionCheckDto {
  /** Scans of this page that had something to decide. */
  checked: number;
  @ApiProperty({ type: [DifferingDecisionDto] })
  differing: readonly DifferingDecisionDto[];
  nextCursor: string | null;
}
