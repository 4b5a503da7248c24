import { ApiProperty } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsNumber,
  IsOptional,
  IsString,
  Max,
  MaxLength,
  Min,
  ValidateNested,
} from 'class-validator';
import { IsInstant } from '../../edge/instant';

const MOST_MARKS = 100;
const MOST_ORDINAL = 1_000_000;

export class PretendedPlaceDto {
  /** GB/T 2260, six digits; left out = unknown. */
  @IsOptional()
  @IsInt()
  @Min(110_000)
  @Max(829_999)
  adcode?: number;

  @IsIn(['agreed', 'ip', 'claimed', 'disputed', 'unknown'])
  trust: 'agreed' | 'ip' | 'claimed' | 'disputed' | 'unknown';

  /** Metres. */
  @IsOptional()
  @IsNumber()
  @Min(0)
  @Max(100_000)
  accuracyM?: number;
}

/** What is left out is unknown, or as it is of a real member. */
export class PretendedMemberDto {
  @IsOptional()
  @IsIn(['regular', 'gold', 'platinum'])
  tier?: 'regular' | 'gold' | 'platinum';

  @IsOptional()
  @IsBoolean()
  isNew?: boolean;

  @ApiProperty({ type: [String], required: false })
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(MOST_MARKS)
  @IsString({ each: true })
  @MaxLength(64, { each: true })
  tags?: string[];

  @ApiProperty({ type: [Number], required: false })
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(MOST_MARKS)
  @IsInt({ each: true })
  audiences?: number[];

  @IsOptional()
  @IsBoolean()
  phoneBound?: boolean;

  @IsOptional()
  @IsBoolean()
  follows?: boolean;

  @IsOptional()
  @IsInt()
  @Min(0)
  @Max(100_000)
  daysSinceLastScan?: number;

  @IsOptional()
  @IsIn(['low', 'medium', 'high'])
  risk?: 'low' | 'medium' | 'high';
}

/** Which code of the member the scan would be. */
export class PretendedOrdinalsDto {
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(MOST_ORDINAL)
  ever?: number;

  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(MOST_ORDINAL)
  day?: number;

  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(MOST_ORDINAL)
  campaign?: number;
}

export class DryRunDto {
  @IsOptional()
  @IsIn(['draft', 'in_force'])
  of?: 'draft' | 'in_force';

  /** Beside the other campaigns in force (true, when left out), or alone. */
  @IsOptional()
  @IsBoolean()
  together?: boolean;

  /** ISO 8601; now when left out. */
  @IsOptional()
  @IsInstant()
  at?: string;

  /** As printed or typed. Without one, a code that nobody ever scanned is pretended. */
  @IsOptional()
  @IsString()
  @MaxLength(512)
  code?: string;

  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(2 ** 32 - 1)
  productId?: number;

  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(2 ** 22 - 1)
  batchId?: number;

  @IsOptional()
  @ValidateNested()
  @Type(() => PretendedPlaceDto)
  place?: PretendedPlaceDto;

  /** The member goes without sharing a location. */
  @IsOptional()
  @IsBoolean()
  withoutLocation?: boolean;

  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(Number.MAX_SAFE_INTEGER)
  memberId?: number;

  @IsOptional()
  @ValidateNested()
  @Type(() => PretendedMemberDto)
  member?: PretendedMemberDto;

  @IsOptional()
  @ValidateNested()
  @Type(() => PretendedOrdinalsDto)
  nth?: PretendedOrdinalsDto;

  @IsOptional()
  @IsBoolean()
  firstScanOfCode?: boolean;

  /** Any words; the same words give the same pretended luck. */
  @IsOptional()
  @IsString()
  @MaxLength(64)
  luck?: string;
}

export class DryRunAnswerDto {
  @ApiProperty({ type: 'object', additionalProperties: true })
  decision: object;
  @ApiProperty({ type: 'object', additionalProperties: true })
  trace: object;
  /** Chinese, to be read aloud. */
  @ApiProperty({ type: [String] })
  sentences: readonly string[];
  /** What was pretended, in Chinese. Always says that luck was. */
  @ApiProperty({ type: [String] })
  pretended: readonly string[];
}
