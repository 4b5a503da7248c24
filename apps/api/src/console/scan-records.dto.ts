import { ApiProperty } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsInt, IsOptional, IsString, Max, MaxLength, Min } from 'class-validator';
import { PageQuery } from '../edge/page.dto';
import { ScanAnswerDto } from '../h5/scan-answer.dto';
import { IsInstant } from '../edge/instant';

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
}

export class ScanRowDto {
  /** `memberId-scanId`. */
  id: string;
  memberId: number;
  at: string;
  code: string;
  verdict: 'first' | 'repeat' | 'not_active' | 'frozen' | 'void' | 'expired' | 'unknown';
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
