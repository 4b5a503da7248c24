import { ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsInt, IsOptional, Max, Min } from 'class-validator';

export class RegionsQuery {
  /** GB/T 2260 code of a province or city. */
  @ApiPropertyOptional({ type: 'integer' })
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(100_000)
  @Max(999_999)
  under?: number;
}

export class RegionDto {
  adcode: number;
  name: string;
}
