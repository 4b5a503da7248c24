import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsIn, IsInt, IsOptional, IsString, MaxLength, Min, MinLength } from 'class-validator';
import { GRANT_STATES, type GrantState } from '@app/payouts';
import { PageQuery } from '../../edge/page.dto';
import { GrantDto } from './budgets.dto';

export class GrantQuery extends PageQuery {
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  budgetId?: number;

  @ApiPropertyOptional({ enum: GRANT_STATES })
  @IsOptional()
  @IsIn(GRANT_STATES)
  status?: GrantState;
}

export class GrantPageDto {
  @ApiProperty({ type: [GrantDto] })
  items: readonly GrantDto[];
  nextCursor: string | null;
}

export class GrantNoteDto {
  /** Why. */
  @IsString()
  @MinLength(1)
  @MaxLength(200)
  note: string;
}

export class BudgetStatementQuery {
  /** First Shanghai day, `YYYY-MM-DD`. */
  @IsString()
  @MaxLength(10)
  from: string;

  /** Half-open: the day after the last one; at most 366 days. */
  @IsString()
  @MaxLength(10)
  to: string;
}

export class BudgetPartsDto {
  grantedFen: number;
  availableFen: number;
  reservedFen: number;
  settledFen: number;
}

export class BudgetStatementLineDto extends BudgetPartsDto {
  /** Shanghai day. */
  day: string;
  /** Kind of journal: grant, reserve, settle, refund, release, return, correction. */
  kind: string;
  journals: number;
}

/** A budget's own pages of the ledger. */
export class BudgetStatementDto {
  budgetId: number;
  name: string;
  from: string;
  to: string;
  opening: BudgetPartsDto;
  @ApiProperty({ type: [BudgetStatementLineDto] })
  lines: readonly BudgetStatementLineDto[];
  closing: BudgetPartsDto;
}
