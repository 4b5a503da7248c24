import { ApiProperty } from '@nestjs/swagger';
import { IsInt, IsOptional, IsString, Max, MaxLength, Min, MinLength } from 'class-validator';
import { IsInstant } from '../edge/instant';

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
}

export class DistributorPageDto {
  @ApiProperty({ type: [DistributorDto] })
  items: readonly DistributorDto[];
  nextCursor: string | null;
}
