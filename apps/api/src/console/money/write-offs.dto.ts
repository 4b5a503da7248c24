import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsBoolean, IsIn, IsInt, IsOptional, IsString, Matches, MaxLength, Min, MinLength } from 'class-validator';
import { WRITE_OFF_STATES, type WriteOffState } from '@app/payouts';
import { PageQuery } from '../../edge/page.dto';

export class WriteOffQuery extends PageQuery {
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  grantId?: number;

  @ApiPropertyOptional({ enum: WRITE_OFF_STATES })
  @IsOptional()
  @IsIn(WRITE_OFF_STATES)
  status?: WriteOffState;
}

/** What its author chooses; all else follows from the ledger. */
export class WriteOffWishDto {
  /** First Shanghai day, `YYYY-MM-DD`. */
  @IsString()
  @MaxLength(10)
  from: string;

  /** Half-open: the day after the last one, which must be over; at most 366 days. */
  @IsString()
  @MaxLength(10)
  to: string;

  /** The last sheet of this application: with the second signature what is unspent leaves the budget. */
  @IsBoolean()
  final: boolean;

  /** 说明 */
  @IsString()
  @MaxLength(500)
  memo: string;
}

export class NewWriteOffDto extends WriteOffWishDto {
  /** The grant (费用申请) it writes off. */
  @IsInt()
  @Min(1)
  grantId: number;
}

export class SignatureDto {
  /** `contentHash` of the sheet as the signer has read it. */
  @Matches(/^[0-9a-f]{64}$/)
  contentHash: string;
}

export class WriteOffVoidDto {
  /** Why. */
  @IsString()
  @MinLength(1)
  @MaxLength(200)
  reason: string;
}

export class WriteOffExportQuery {
  /** First Shanghai day on which sheets were closed, `YYYY-MM-DD`. */
  @IsString()
  @MaxLength(10)
  from: string;

  /** Half-open; at most 366 days. */
  @IsString()
  @MaxLength(10)
  to: string;

  /** 费用科目; all when left out. */
  @IsOptional()
  @IsString()
  @MaxLength(64)
  expenseAccount?: string;
}

export class SignedDto {
  outcome: 'signed' | 'already';
}

export class WriteOffGrantDto {
  id: number;
  budgetId: number;
  /** 费用申请单号 */
  applicationNo: string;
  /** 费用科目 */
  expenseAccount: string;
  /** 成本中心 */
  costCenter: string;
  /** 承担方 */
  bearer: string;
  amountFen: number;
}

/** 核销单. */
export class WriteOffContentDto {
  schema: number;
  grant: WriteOffGrantDto;
  from: string;
  to: string;
  /** Charged to the grant before the period. */
  beforeFen: number;
  settledFen: number;
  refundedFen: number;
  /** What this sheet writes off: settled less refunded. */
  netFen: number;
  /** Of the grant's amount nobody has used this by the end of the period. */
  unspentFen: number;
  final: boolean;
  memo: string;
  /** How many lines of evidence, and their hash. */
  lines: number;
  linesHash: string;
}

export class WriteOffDto {
  id: number;
  @ApiProperty({ enum: WRITE_OFF_STATES })
  status: WriteOffState;
  revision: number;
  contentHash: string;
  content: WriteOffContentDto;
  authorId: number;
  createdAt: Date;
  closedAt: Date | null;
  /** Unspent fen that left the budget with it. */
  returnedFen: number;
}

export class WriteOffPageDto {
  @ApiProperty({ type: [WriteOffDto] })
  items: readonly WriteOffDto[];
  nextCursor: string | null;
}

export class WriteOffSignatureDto {
  @ApiProperty({ enum: ['author', 'approver'] })
  role: 'author' | 'approver';
  operatorId: number;
  operatorName: string;
  at: Date;
}

export class WriteOffDetailDto extends WriteOffDto {
  /** On the present revision. */
  @ApiProperty({ type: [WriteOffSignatureDto] })
  signatures: readonly WriteOffSignatureDto[];
}

export class WriteOffAwardDto {
  /** `batch:layer:serial:slot` */
  awardKey: string;
  scanId: string;
  memberId: number;
  wonAt: Date;
  adcode: number | null;
  fen: number;
}

export class WriteOffLineDto {
  @ApiProperty({ enum: ['settle', 'refund'] })
  act: 'settle' | 'refund';
  at: Date;
  payoutKey: string;
  offerNo: number;
  /** Charged to this grant; below zero for a refund. */
  fen: number;
  /** The whole payment. */
  payoutFen: number;
  campaignId: number;
  memberId: number;
  billNo: string | null;
  mchId: string;
  @ApiProperty({ type: [WriteOffAwardDto] })
  awards: readonly WriteOffAwardDto[];
}

export class WriteOffLinePageDto {
  @ApiProperty({ type: [WriteOffLineDto] })
  items: readonly WriteOffLineDto[];
  nextCursor: string | null;
}
