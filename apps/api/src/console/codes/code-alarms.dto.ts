import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsInt, IsOptional, Max, Min } from 'class-validator';
import { MOST_ALARM_DAYS } from '@app/scans';

export class CodeAlarmQuery {
  /** How far back scans are looked at. */
  @ApiPropertyOptional({ type: 'integer', minimum: 1, maximum: MOST_ALARM_DAYS, default: 7 })
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(MOST_ALARM_DAYS)
  days: number = 7;
}

/** A stretch of codes that nobody put on sale and that was scanned in at least three cities. */
export class CodeAlarmDto {
  batchId: number;
  batchName: string;
  productName: string;
  layer: number;
  layerName: string;
  /** The whole stretch that is not on sale, half-open. */
  from: number;
  to: number;
  /** The part of it that scanned codes lie in, widened to thousands, half-open. */
  scannedFrom: number;
  scannedTo: number;
  scans: number;
  /** Distinct codes. */
  codes: number;
  cityCount: number;
  /** At most 12, most scans first. */
  @ApiProperty({ type: [String] })
  cities: readonly string[];
  firstAt: Date;
  lastAt: Date;
}

export class CodeAlarmListDto {
  @ApiProperty({ type: [CodeAlarmDto] })
  items: readonly CodeAlarmDto[];
}
