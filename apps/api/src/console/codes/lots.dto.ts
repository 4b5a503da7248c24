import { ApiProperty } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsInt, IsOptional, IsString, Max, MaxLength, Min } from 'class-validator';
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

export class KnownLotDto {
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
