import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsIn,
  IsInt,
  IsOptional,
  IsString,
  Max,
  MaxLength,
  Min,
  MinLength,
  ValidateNested,
} from 'class-validator';
import { BATCH_STATUSES, STOP_CAUSES, type BatchStatus, type StopCause } from '@app/codes';
import { IsInstant } from '../../edge/instant';
import { PageQuery } from '../../edge/page.dto';
import { KnownLotDto } from './lots.dto';

const PURPOSES = ['prize', 'verify', 'channel', 'logistics'] as const;
type Purpose = (typeof PURPOSES)[number];

export class BatchQuery extends PageQuery {
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(Number.MAX_SAFE_INTEGER)
  productId?: number;

  @IsOptional()
  @IsIn(BATCH_STATUSES)
  status?: BatchStatus;

  /** Part of the name. */
  @IsOptional()
  @IsString()
  @MinLength(1)
  @MaxLength(64)
  q?: string;
}

export class BatchLayerDto {
  /** 0 to 15. */
  @IsInt()
  @Min(0)
  @Max(15)
  layer: number;

  @IsString()
  @MaxLength(32)
  name: string;

  /** Only `prize` layers ever pay consumers; `verify` layers answer. */
  @IsIn(PURPOSES)
  purpose: Purpose;
}

export class NewBatchDto {
  @IsInt()
  @Min(1)
  productId: number;

  @IsString()
  @MaxLength(64)
  name: string;

  /** Codes in each layer, 1 to 2^30. */
  @IsInt()
  @Min(1)
  quantity: number;

  @ApiProperty({ type: [BatchLayerDto] })
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(16)
  @ValidateNested({ each: true })
  @Type(() => BatchLayerDto)
  layers: BatchLayerDto[];

  @IsOptional()
  @IsIn(['short', 'gs1'])
  carrier?: 'short' | 'gs1';

  /** End of the time to redeem, ISO 8601. */
  @IsOptional()
  @IsInstant()
  expiresAt?: string | null;
}

export class SegmentDto {
  @IsInt()
  @Min(0)
  @Max(15)
  layer: number;

  /** First serial. */
  @IsInt()
  @Min(0)
  from: number;

  /** Half-open: the serial after the last one. */
  @IsInt()
  @Min(1)
  to: number;

  @IsIn(['active', 'inactive', 'frozen', 'void'])
  state: 'active' | 'inactive' | 'frozen' | 'void';

  /** Left out = now. ISO 8601. */
  @IsOptional()
  @IsInstant()
  effectiveAt?: string;

  @IsOptional()
  @IsString()
  @MaxLength(255)
  reason?: string;

  /** Only with `frozen` and `void`, and with a reason: drinkers are told not to drink. */
  @ApiPropertyOptional({ enum: STOP_CAUSES })
  @IsOptional()
  @IsIn(STOP_CAUSES)
  cause?: StopCause;
}

export class SegmentMadeDto {
  segmentId: number;
  epoch: number;
}

export class EpochDto {
  /** Rises with every change; nodes notice by it. */
  epoch: number;
}

export class BatchReasonDto {
  @IsOptional()
  @IsString()
  @MaxLength(255)
  reason?: string;
}

export class FreezeBatchDto extends BatchReasonDto {
  /** With a reason: drinkers are told not to drink. */
  @ApiPropertyOptional({ enum: STOP_CAUSES })
  @IsOptional()
  @IsIn(STOP_CAUSES)
  cause?: StopCause;
}

export class CodeRangeQuery {
  @Type(() => Number)
  @IsInt()
  @Min(0)
  @Max(15)
  layer: number;

  @Type(() => Number)
  @IsInt()
  @Min(0)
  from: number;

  @Type(() => Number)
  @IsInt()
  @Min(1)
  to: number;
}

export class CodesCsvQuery extends CodeRangeQuery {
  /** `1` adds the column `serial`. */
  @IsOptional()
  @IsIn(['0', '1'])
  serial?: '0' | '1';
}

export class BatchProductDto {
  id: number;
  sku: string;
  name: string;
}

export class BatchDto {
  id: number;
  name: string;
  product: BatchProductDto;
  quantity: number;
  @ApiProperty({ type: [BatchLayerDto] })
  layers: readonly BatchLayerDto[];
  carrier: 'short' | 'gs1';
  status: 'drafted' | 'issued' | 'packed' | 'active' | 'closed';
  frozen: boolean;
  /** Why, when drinkers are told; null while it is not frozen, and when only its codes are in question. */
  @ApiProperty({ enum: STOP_CAUSES, nullable: true })
  frozenCause: StopCause | null;
  epoch: number;
  keyChar: string;
  expiresAt: Date | null;
  createdAt: Date;
  issuedAt: Date | null;
}

export class BatchPageDto {
  @ApiProperty({ type: [BatchDto] })
  items: readonly BatchDto[];
  nextCursor: string | null;
}

export class BatchSegmentDto {
  layer: number;
  from: number;
  to: number;
  state: 'active' | 'inactive' | 'frozen' | 'void';
  @ApiProperty({ enum: STOP_CAUSES, nullable: true })
  cause: StopCause | null;
  segmentId: number;
}

export class BatchCountDto {
  layer: number;
  inactive: number;
  active: number;
  frozen: number;
  void: number;
}

export class BatchLotDto {
  layer: number;
  from: number;
  to: number;
  lot: KnownLotDto;
}

export class BatchDetailDto extends BatchDto {
  /** Production lots that ranges went on; what none names is of unknown lot. */
  @ApiProperty({ type: [BatchLotDto] })
  lots: readonly BatchLotDto[];

  /** What no segment names is inactive. */
  @ApiProperty({ type: [BatchSegmentDto] })
  segments: readonly BatchSegmentDto[];
  @ApiProperty({ type: [BatchCountDto] })
  counts: readonly BatchCountDto[];
}

export class SegmentEventDto {
  id: number;
  layer: number;
  from: number;
  /** Half-open. */
  to: number;
  state: 'active' | 'inactive' | 'frozen' | 'void';
  @ApiProperty({ enum: STOP_CAUSES, nullable: true })
  cause: StopCause | null;
  /** May lie ahead. */
  effectiveAt: Date;
  reason: string | null;
  /** Null = the system. */
  by: string | null;
  createdAt: Date;
}

export class SegmentEventPageDto {
  @ApiProperty({ type: [SegmentEventDto] })
  items: readonly SegmentEventDto[];
  nextCursor: string | null;
}
