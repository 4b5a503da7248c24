import { ApiProperty } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  IsArray,
  IsBoolean,
  IsInt,
  IsNumber,
  IsOptional,
  Max,
  Min,
  ValidateIf,
  ValidateNested,
} from 'class-validator';
import { MADE_UP, MAX_REPLAY_DAYS } from '@app/scans';

export class RegionWeightDto {
  /** GB/T 2260, six digits. */
  @IsInt()
  @Min(110_000)
  @Max(829_999)
  adcode: number;

  /** Share of the scans. What is left to 1 comes from unknown places. */
  @ApiProperty({ minimum: 0, maximum: 1 })
  @IsNumber()
  @Min(0)
  @Max(1)
  weight: number;
}

/** Made-up scans of the goods in the draft's scope. The same figures always make up the same scans. */
export class MadeUpScansDto {
  @ApiProperty({ type: 'integer', minimum: 1, maximum: MADE_UP.people })
  @IsInt()
  @Min(1)
  @Max(MADE_UP.people)
  people: number;

  /** Codes that the average member scans in all these days. */
  @ApiProperty({ minimum: MADE_UP.fewestCodes, maximum: MADE_UP.mostCodes })
  @IsNumber()
  @Min(MADE_UP.fewestCodes)
  @Max(MADE_UP.mostCodes)
  codesPerPerson: number;

  /** Shanghai days, today the last. */
  @ApiProperty({ type: 'integer', minimum: 1, maximum: MAX_REPLAY_DAYS })
  @IsInt()
  @Min(1)
  @Max(MAX_REPLAY_DAYS)
  days: number;

  /** 1 when left out. */
  @ApiProperty({ type: 'integer', minimum: 0, maximum: 4_294_967_295, required: false })
  @IsOptional()
  @IsInt()
  @Min(0)
  @Max(4_294_967_295)
  seed?: number;

  /** Share of scans that repeat a code scanned lately; 0.1 when left out. */
  @ApiProperty({ minimum: 0, maximum: MADE_UP.repeatShare, required: false })
  @IsOptional()
  @IsNumber()
  @Min(0)
  @Max(MADE_UP.repeatShare)
  repeatShare?: number;

  /** Share of members who bound a phone; 0.3 when left out. */
  @ApiProperty({ minimum: 0, maximum: 1, required: false })
  @IsOptional()
  @IsNumber()
  @Min(0)
  @Max(1)
  phoneShare?: number;

  /** Where scans come from; from all provinces alike when left out. */
  @ApiProperty({ type: [RegionWeightDto], required: false })
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(MADE_UP.regions)
  @ValidateNested({ each: true })
  @Type(() => RegionWeightDto)
  regions?: RegionWeightDto[];
}

export class StartReplayDto {
  /** Recorded scans of so many Shanghai days up to now, today included. Either this or `synthetic`. */
  @ApiProperty({ type: 'integer', minimum: 1, maximum: MAX_REPLAY_DAYS, required: false })
  @ValidateIf(({ synthetic }: StartReplayDto) => synthetic === undefined)
  @IsInt()
  @Min(1)
  @Max(MAX_REPLAY_DAYS)
  days?: number;

  /** Made-up scans, for a brand without history. Either this or `days`. */
  @ApiProperty({ type: MadeUpScansDto, required: false })
  @ValidateIf(({ synthetic }: StartReplayDto) => synthetic !== undefined)
  @ValidateNested()
  @Type(() => MadeUpScansDto)
  synthetic?: MadeUpScansDto;

  /** Beside the other campaigns in force (true, when left out), or the draft alone, instead of everything. */
  @IsOptional()
  @IsBoolean()
  together?: boolean;
}

export class ReplayStartedDto {
  id: number;
}

export class ReplayCancelledDto {
  /** False when it was over already. */
  changed: boolean;
}

export class ReplayProgressDto {
  scans: number;
  /** Null until it runs. */
  of: number | null;
}

export class ReplayDto {
  id: number;
  campaignId: number;
  draftHash: string;
  days: number;
  from: Date;
  /** Half-open. */
  to: Date;
  /** How the scans were made up; null = they are the recorded ones. */
  @ApiProperty({ type: 'object', additionalProperties: true, nullable: true })
  synthetic: object | null;
  together: boolean;
  state: 'queued' | 'running' | 'done' | 'cancelled' | 'failed';
  progress: ReplayProgressDto;
  failure: string | null;
  createdBy: number | null;
  createdAt: Date;
  startedAt: Date | null;
  finishedAt: Date | null;
}

export class ReplayPageDto {
  @ApiProperty({ type: [ReplayDto] })
  items: readonly ReplayDto[];
  nextCursor: string | null;
}

export class ReplayDetailDto extends ReplayDto {
  /** What it found: totals, days, regions, prizes, winners gained and lost, limits reached, the ten scans that differ most. */
  @ApiProperty({ type: 'object', additionalProperties: true, nullable: true })
  result: object | null;
}
