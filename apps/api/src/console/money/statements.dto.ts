import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsIn, IsInt, IsOptional, IsString, Max, MaxLength, Min } from 'class-validator';

export class StatementQuery {
  /** First Shanghai day, `YYYY-MM-DD`. */
  @IsString()
  @MaxLength(10)
  from: string;

  /** Half-open: the day after the last one; at most 366 days. */
  @IsString()
  @MaxLength(10)
  to: string;

  @ApiPropertyOptional({ enum: ['province', 'city'], default: 'province' })
  @IsOptional()
  @IsIn(['province', 'city'])
  level: 'province' | 'city' = 'province';

  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  campaignId?: number;

  /** Adcode of a province: only it and what lies in it; 0 = unknown place. */
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(0)
  province?: number;
}

export class StatementPageQuery extends StatementQuery {
  @ApiPropertyOptional({ type: 'integer', minimum: 1, maximum: 100, default: 50 })
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(100)
  limit: number = 50;

  /** `nextCursor` of the page before. */
  @IsOptional()
  @IsString()
  @MaxLength(512)
  cursor?: string;
}

export class StatementFiguresDto {
  /** 中奖 */
  awardedFen: number;
  /** 到账 */
  settledFen: number;
  /** 退款：曾到账，已退回，待领取 */
  refundedFen: number;
  /** 过期退回预算 */
  releasedFen: number;
  /** 未了：日终时已中奖，未到账也未退回 */
  openFen: number;
}

export class StatementRowDto extends StatementFiguresDto {
  /** Shanghai day. */
  day: string;
  campaignId: number;
  campaignName: string;
  /** Where the bottle was scanned; null = unknown place, a row of its own. */
  adcode: number | null;
  /** As people read it. */
  regionName: string;
}

export class StatementTotalDto extends StatementFiguresDto {
  /** Open when the first day began. */
  openingFen: number;
  /** What two people corrected of what is reserved; 0 when one campaign or province is asked for. */
  correctedFen: number;
}

export class StatementPageDto {
  /** 到账 and the others by the day they happened, 中奖 by the day of the scan; regions by the place of the scan. */
  basis: string;
  /** Of the whole question; only on the first page. */
  @ApiProperty({ type: StatementTotalDto, nullable: true })
  total: StatementTotalDto | null;
  @ApiProperty({ type: [StatementRowDto] })
  items: readonly StatementRowDto[];
  nextCursor: string | null;
}
