import { ApiProperty } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsIn, IsInt, IsOptional, IsString, Max, MaxLength, Min, MinLength } from 'class-validator';
import { IsInstant } from '../../edge/instant';
import { PageQuery } from '../../edge/page.dto';

const MOST_ID = 4_294_967_295;

export class NewDistributorDto {
  @IsString()
  @MinLength(1)
  @MaxLength(64)
  name: string;

  /** The distributor above a sub-distributor. */
  @IsOptional()
  @IsInt()
  @Min(1)
  parentId?: number | null;
}

/** Both are set: what is left out as parent is none. */
export class DistributorWishDto extends NewDistributorDto {}

export class DistributorStatusDto {
  @IsIn(['active', 'ended'])
  status: 'active' | 'ended';

  @IsOptional()
  @IsString()
  @MaxLength(255)
  reason?: string;
}

export class DistributorListQuery extends PageQuery {
  /** Only those directly below this distributor; 0 = those at the top. Left out = all. */
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(0)
  @Max(MOST_ID)
  below?: number;

  /** Part of the name. */
  @IsOptional()
  @IsString()
  @MinLength(1)
  @MaxLength(64)
  name?: string;
}

export class NewTerritoryDto {
  /** GB/T 2260 at any level; 100000 = the whole country. */
  @IsInt()
  @Min(100_000)
  @Max(999_999)
  adcode: number;

  /** Left out = every product line. */
  @IsOptional()
  @IsString()
  @MinLength(1)
  @MaxLength(32)
  productLine?: string | null;

  /** ISO 8601. */
  @IsInstant()
  from: string;

  /** Half-open; left out = open end. */
  @IsOptional()
  @IsInstant()
  to?: string | null;
}

export class EndTerritoryDto {
  /** ISO 8601. */
  @IsInstant()
  at: string;

  @IsOptional()
  @IsString()
  @MaxLength(255)
  reason?: string;
}

export class DistributorDto {
  id: number;
  name: string;
  parentId: number | null;
  status: 'active' | 'ended';
  createdAt: Date;
  /** Sub-distributors directly below it. */
  children: number;
  stores: number;
  /** Territories that hold now or later. */
  territories: number;
}

export class TerritoryDto {
  id: number;
  distributorId: number;
  adcode: number;
  /** 安徽省 合肥市; 全国 for the whole country. */
  region: string;
  /** Null = every product line. */
  productLine: string | null;
  from: Date;
  /** Half-open; null = open end. */
  to: Date | null;
}

export class TerritoryPageDto {
  @ApiProperty({ type: [TerritoryDto] })
  items: readonly TerritoryDto[];
  nextCursor: string | null;
}

export class DistributorPageDto {
  @ApiProperty({ type: [DistributorDto] })
  items: readonly DistributorDto[];
  nextCursor: string | null;
}
