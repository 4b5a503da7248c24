import { ApiProperty } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsIn, IsInt, IsOptional, IsString, MaxLength, Min } from 'class-validator';

export class DaysQuery {
  /** First Shanghai day, `YYYY-MM-DD`. */
  @IsString()
  @MaxLength(10)
  from: string;

  /** Half-open: the day after the last one. */
  @IsString()
  @MaxLength(10)
  to: string;
}

export class RegionsQuery extends DaysQuery {
  @IsIn(['province', 'city'])
  level: 'province' | 'city';

  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  campaignId?: number;

  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  productId?: number;
}

/** Distinct people; when not `exact` an estimate (standard error 1.6 %), shown with 「约」. */
export class PeopleDto {
  count: number;
  exact: boolean;
}

export class FiguresDto {
  scans: number;
  /** Codes scanned for the first time. */
  firstScans: number;
  wins: number;
  awardedFen: number;
  newMembers: number;
  people: PeopleDto | null;
}

export class RegionRowDto extends FiguresDto {
  /** null = unknown place, a row of its own. */
  adcode: number | null;
  /** As people read it. */
  name: string;
}

export class RegionalReportDto {
  /** Where the scan was made. */
  basis: string;
  from: string;
  to: string;
  level: 'province' | 'city';
  @ApiProperty({ type: [RegionRowDto] })
  rows: readonly RegionRowDto[];
  total: FiguresDto;
}

export class DayDto extends FiguresDto {
  /** Shanghai day. */
  day: string;
}

export class DaysDto {
  @ApiProperty({ type: [DayDto] })
  days: readonly DayDto[];
}

export class HourDto {
  hour: Date;
  scans: number;
  wins: number;
}

export class OverviewDto {
  at: Date;
  today: DayDto;
  yesterday: DayDto;
  /** Hours of today so far. */
  @ApiProperty({ type: [HourDto] })
  hours: readonly HourDto[];
  averageAwardFen: number | null;
}
