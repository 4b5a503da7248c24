import { ApiProperty } from '@nestjs/swagger';
import { IsIn, IsInt, IsString, MaxLength, Min, MinLength } from 'class-validator';

export class NewBudgetDto {
  @IsString()
  @MinLength(1)
  @MaxLength(64)
  name: string;
}

/** 费用申请. */
export class NewGrantDto {
  @IsInt()
  @Min(1)
  amountFen: number;

  /** 费用申请单号 */
  @IsString()
  @MaxLength(64)
  applicationNo: string;

  /** 费用科目 */
  @IsString()
  @MaxLength(64)
  expenseAccount: string;

  /** 成本中心 */
  @IsString()
  @MaxLength(64)
  costCenter: string;

  /** 承担方 */
  @IsIn(['hq', 'distributor', 'shared'])
  bearer: 'hq' | 'distributor' | 'shared';
}

export class ApprovedDto {
  outcome: 'approved' | 'already';
}

export class GrantDto {
  id: number;
  budgetId: number;
  amountFen: number;
  /** Settled prizes that were charged to it, oldest grant first. */
  usedFen: number;
  /** Given back unspent when it was written off for good. */
  returnedFen: number;
  applicationNo: string;
  expenseAccount: string;
  costCenter: string;
  bearer: string;
  status: string;
  requestedBy: number;
  approvedBy: number | null;
  /** Who rejected it or took it back, when, and why. */
  decidedBy: number | null;
  decidedAt: Date | null;
  note: string | null;
  createdAt: Date;
  approvedAt: Date | null;
}

export class BudgetDto {
  id: number;
  name: string;
  grantedFen: number;
  availableFen: number;
  /** 已冻结: won and not yet paid. */
  reservedFen: number;
  settledFen: number;
  createdAt: Date;
  /** Latest first. */
  @ApiProperty({ type: [GrantDto] })
  grants: readonly GrantDto[];
}

export class BudgetPageDto {
  @ApiProperty({ type: [BudgetDto] })
  items: readonly BudgetDto[];
  nextCursor: string | null;
}
