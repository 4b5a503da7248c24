import { ApiProperty } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsBoolean, IsIn, IsInt, IsOptional, Max, Min } from 'class-validator';
import { REGION_LEVELS, REGION_SORTS } from '@app/analytics';
import { ScanSumsDto } from './figures.dto';
import { DaysQuery } from './reports.dto';

export class PlacesQuery extends DaysQuery {
  /** A province or a city to look into; the country when left out. */
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(110_000)
  @Max(829_999)
  parent?: number;
}

export class PlaceRowDto extends ScanSumsDto {
  /** Null = unknown place. The parent itself stands for scans of which nothing finer is known. */
  adcode: number | null;
  name: string;
  /** Nothing finer is known of it. */
  rest: boolean;
  people: number | null;
}

export class PlaceTotalDto extends ScanSumsDto {
  people: number | null;
}

export class PlaceReportDto {
  /** 扫码地: where the scan was made. */
  basis: string;
  from: string;
  to: string;
  parent: number | null;
  @ApiProperty({ type: [PlaceRowDto] })
  rows: readonly PlaceRowDto[];
  total: PlaceTotalDto;
}

export class RegionTableQuery extends DaysQuery {
  @IsIn(REGION_LEVELS)
  level: (typeof REGION_LEVELS)[number];

  @IsOptional()
  @IsIn(REGION_SORTS)
  sort: (typeof REGION_SORTS)[number] = 'scans';

  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  productId?: number;

  /** Within what the asker may see; 0 = nobody's territory. */
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(0)
  distributorId?: number;
}

export class RegionTablePageQuery extends RegionTableQuery {
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(100)
  limit: number = 50;

  @IsOptional()
  cursor?: string;
}

export class RegionTableRowDto extends ScanSumsDto {
  /** Null = unknown place. */
  adcode: number | null;
  name: string;
  people: number | null;
}

export class RegionTableDto {
  basis: string;
  @ApiProperty({ type: [RegionTableRowDto] })
  items: readonly RegionTableRowDto[];
  nextCursor: string | null;
  /** Of all rows, those of other pages as well. */
  total: PlaceTotalDto;
  regions: number;
}

export class ComparedPeriodDto extends ScanSumsDto {
  from: string;
  to: string;
  people: number | null;
  /** Of them, who had opened a bottle before these days. */
  returning: number | null;
}

export class ComparedDto {
  @ApiProperty({ enum: ['day', 'week', 'month'] })
  span: 'day' | 'week' | 'month';
  now: ComparedPeriodDto;
  before: ComparedPeriodDto;
}

export class StandingDto {
  from: string;
  to: string;
  rank: number;
  of: number;
  scans: number;
  averageScans: number;
}

export class ComparisonDto {
  basis: string;
  @ApiProperty({ type: [ComparedDto] })
  spans: readonly ComparedDto[];
  /** Of the last 30 days; null unless headquarters shows it and there are at least five. */
  standing: StandingDto | null;
}

export class StoreRankDto {
  id: number;
  name: string;
  place: string;
  redeemed: number;
  coPayFen: number;
}

export class StoreRankingDto {
  @ApiProperty({ type: [StoreRankDto] })
  items: readonly StoreRankDto[];
}

export class ReportBasisDto {
  @ApiProperty({ enum: ['scan', 'shipment'] })
  basis: 'scan' | 'shipment';
  words: string;
  available: boolean;
  /** Why not; null when it is. */
  why: string | null;
}

export class ReportSettingsDto {
  /** Distributors see their own rank and the mean of all. */
  @IsBoolean()
  rankShown: boolean;
}

export class ReportSettingsAnswerDto extends ReportSettingsDto {
  /** Distributors there are; below `fewest` it cannot be turned on. */
  distributors: number;
  fewest: number;
  @ApiProperty({ type: [ReportBasisDto] })
  bases: readonly ReportBasisDto[];
}
