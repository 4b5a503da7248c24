import { ApiProperty } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsInt, IsOptional, Matches, Max, Min } from 'class-validator';
import { MAX_PAGE } from '@app/kernel';

const MOST_ID = 4_294_967_295;
const DAY = /^20\d\d-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/;

export class RedemptionsQuery {
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(MOST_ID)
  distributorId?: number;

  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(MOST_ID)
  storeId?: number;

  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(MOST_ID)
  productId?: number;

  /** Shanghai days, half-open. */
  @IsOptional()
  @Matches(DAY)
  from?: string;

  @IsOptional()
  @Matches(DAY)
  to?: string;
}

export class RedemptionPageQuery extends RedemptionsQuery {
  /** 1 to 100. */
  @ApiProperty({ type: 'integer', minimum: 1, maximum: MAX_PAGE, default: 20, required: false })
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(MAX_PAGE)
  limit: number = 20;

  /** `nextCursor` of the page before. */
  @IsOptional()
  @Matches(/^[\w-]{1,512}$/)
  cursor?: string;
}

export class RedemptionDto {
  storeId: number;
  storeName: string;
  distributorId: number;
  productId: number;
  productName: string;
  prizeName: string;
  campaignId: number;
  /** What the prize costs the brand. */
  valueFen: number;
  /** What the store collected. */
  coPayFen: number;
  redeemedAt: Date;
}

export class RedemptionPageDto {
  @ApiProperty({ type: [RedemptionDto] })
  items: readonly RedemptionDto[];
  nextCursor: string | null;
}
