import { ApiProperty } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  IsArray,
  IsInt,
  IsOptional,
  IsString,
  Max,
  MaxLength,
  Min,
  ValidateNested,
} from 'class-validator';
import { MOST_STAGES } from '@app/codes';
import { PageQuery } from '../../edge/page.dto';

export class LotQuery extends PageQuery {
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(Number.MAX_SAFE_INTEGER)
  productId?: number;
}

export class NewLotDto {
  /** 1-20 of [0-9A-Z.-]. */
  @IsString()
  @MaxLength(20)
  lotNo: string;

  @IsInt()
  @Min(1)
  productId: number;

  @IsString()
  @MaxLength(64)
  plant: string;

  @IsString()
  @MaxLength(32)
  line: string;

  /** Shanghai day, `YYYY-MM-DD`. */
  @IsString()
  @MaxLength(10)
  producedOn: string;

  @IsOptional()
  @IsString()
  @MaxLength(10)
  expiresOn?: string | null;
}

export class LotBindingDto {
  @IsInt()
  @Min(1)
  batchId: number;

  @IsInt()
  @Min(0)
  @Max(15)
  layer: number;

  @IsInt()
  @Min(0)
  from: number;

  /** Half-open. */
  @IsInt()
  @Min(1)
  to: number;
}

/** 溯源: one thing that happened to a lot, as drinkers read it. */
export class LotStageDto {
  /** 1 to 12 characters: 采茶, 灌装 … */
  @IsString()
  @MaxLength(48)
  name: string;

  /** Shanghai day, `YYYY-MM-DD`; not before the stage before it. */
  @IsString()
  @MaxLength(10)
  at: string;

  /** 1 to 32 characters. */
  @IsString()
  @MaxLength(128)
  place: string;

  /** One more sentence, at most 60 characters. */
  @IsOptional()
  @IsString()
  @MaxLength(240)
  detail: string | null;
}

export class LotStagesDto {
  /** The whole list, in the order in which it happened; empty = tell nothing any more. */
  @ApiProperty({ type: [LotStageDto], maxItems: MOST_STAGES })
  @IsArray()
  @ArrayMaxSize(MOST_STAGES)
  @ValidateNested({ each: true })
  @Type(() => LotStageDto)
  stages: LotStageDto[];
}

export class RecallLotDto {
  /** For staff; drinkers never read it. */
  @IsString()
  @MaxLength(255)
  reason: string;
}

export class LotRecalledDto {
  batches: number;
  /** Over all layers. */
  codes: number;
}

export class ToldStagesDto {
  /** Rises with every list that is told of any lot; null = nothing was ever told of this one. */
  stagesId: number | null;
  @ApiProperty({ type: [LotStageDto] })
  stages: readonly LotStageDto[];
}

export class KnownLotDto extends ToldStagesDto {
  id: number;
  lotNo: string;
  plant: string;
  line: string;
  producedOn: string;
  expiresOn: string | null;
}

export class ProductionLotDto extends KnownLotDto {
  productId: number;
}

export class LotPageDto {
  @ApiProperty({ type: [ProductionLotDto] })
  items: readonly ProductionLotDto[];
  nextCursor: string | null;
}
