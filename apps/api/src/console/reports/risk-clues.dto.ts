import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsInt, IsString, Max, MaxLength, Min } from 'class-validator';

export class RiskDayQuery {
  /** Shanghai day, `YYYY-MM-DD`. */
  @IsString()
  @MaxLength(10)
  day: string;
}

export class BusyMembersQuery extends RiskDayQuery {
  /** Bottles opened on that day. */
  @ApiPropertyOptional({ type: 'integer', minimum: 3, maximum: 1000, default: 10 })
  @Type(() => Number)
  @IsInt()
  @Min(3)
  @Max(1000)
  atLeast: number = 10;
}

export class BusyMemberDto {
  memberId: number;
  scans: number;
  /** Bottles this person was the first to scan. */
  opened: number;
  wins: number;
  awardedFen: number;
  /** Cities and provinces, the unknown place among them. */
  places: number;
  batches: number;
  firstAt: Date;
  lastAt: Date;
}

export class BusyMembersDto {
  /** Most bottles first, at most 100. */
  @ApiProperty({ type: [BusyMemberDto] })
  items: readonly BusyMemberDto[];
}

export class SharedCodeDto {
  code: string;
  batchId: number;
  batchName: string;
  /** Since it was first scanned. */
  scans: number;
  members: number;
  places: number;
  firstAt: Date;
  lastAt: Date;
}

export class SharedCodesDto {
  /** Most people first, at most 100. */
  @ApiProperty({ type: [SharedCodeDto] })
  items: readonly SharedCodeDto[];
}
