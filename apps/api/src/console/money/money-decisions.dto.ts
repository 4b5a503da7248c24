import { ApiProperty } from '@nestjs/swagger';
import { IsIn, IsOptional, IsString, Matches, MaxLength, MinLength } from 'class-validator';
import {
  DECISION_KINDS,
  DECISION_STATES,
  PAYOUT_STATES,
  type DecisionKind,
  type DecisionState,
  type PayoutState,
} from '@app/payouts';
import { PageQuery } from '../../edge/page.dto';
import { MoneyPersonDto } from './money-cases.dto';

export class MoneyDecisionQuery extends PageQuery {
  /** `pending` when absent. */
  @ApiProperty({ enum: DECISION_STATES, required: false })
  @IsOptional()
  @IsIn(DECISION_STATES)
  state?: DecisionState;
}

class DecisionWordsDto {
  @IsString()
  @MinLength(4)
  @MaxLength(1000)
  reason: string;

  /** What was seen at WeChat; without personal data. Of a failure, and of an arrival after a failure, at least 10 characters. */
  @IsOptional()
  @IsString()
  @MaxLength(4000)
  evidence?: string;
}

export class AskDecisionDto extends DecisionWordsDto {
  /** `settle`: the money did arrive. `fail`: WeChat shows no success. */
  @ApiProperty({ enum: ['settle', 'fail'] })
  @IsIn(['settle', 'fail'])
  outcome: 'settle' | 'fail';
}

export class ReviseDecisionDto extends DecisionWordsDto {}

export class DecisionAskedDto {
  decisionId: number;
  /** What the second person's yes must name: 64 hex characters. */
  contentHash: string;
}

export class ApproveDecisionDto {
  /** Of what the approver looked at: 64 hex characters. */
  @Matches(/^[0-9a-f]{64}$/)
  contentHash: string;

  @IsOptional()
  @IsString()
  @MaxLength(1000)
  note?: string;
}

export class EndDecisionDto {
  @IsString()
  @MinLength(1)
  @MaxLength(1000)
  reason: string;
}

export class DecidedDto {
  decisionId: number;
  /** Of the payout afterwards; null where a case was closed. */
  state: 'SETTLED' | 'FAILED' | 'REFUNDED' | null;
}

export class MoneyDecisionDto {
  id: number;
  @ApiProperty({ enum: DECISION_KINDS })
  kind: DecisionKind;
  @ApiProperty({ enum: DECISION_STATES })
  state: DecisionState;
  contentHash: string;
  revision: number;
  payoutKey: string | null;
  caseId: number | null;
  caseTitle: string | null;
  billNo: string | null;
  offerNo: number | null;
  amountFen: number | null;
  @ApiProperty({ enum: PAYOUT_STATES, nullable: true })
  payoutState: PayoutState | null;
  /** The payout moved since: it can only be withdrawn or refused. */
  outdated: boolean;
  reason: string;
  evidence: string;
  askedBy: MoneyPersonDto;
  askedAt: Date;
  decidedBy: MoneyPersonDto | null;
  decidedAt: Date | null;
  decisionNote: string | null;
}

export class MoneyDecisionPageDto {
  @ApiProperty({ type: [MoneyDecisionDto] })
  items: readonly MoneyDecisionDto[];
  nextCursor: string | null;
}
