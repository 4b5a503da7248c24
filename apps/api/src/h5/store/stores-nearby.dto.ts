import { ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsInt, IsNumber, IsOptional, Max, Min } from 'class-validator';
import { PageQuery } from '../../edge/page.dto';

export class NearbyStoresQuery extends PageQuery {
  /** gcj02, degrees; both or none. */
  @ApiPropertyOptional({ type: 'number' })
  @IsOptional()
  @Type(() => Number)
  @IsNumber({ allowNaN: false, allowInfinity: false })
  @Min(-90)
  @Max(90)
  lat?: number;

  @ApiPropertyOptional({ type: 'number' })
  @IsOptional()
  @Type(() => Number)
  @IsNumber({ allowNaN: false, allowInfinity: false })
  @Min(-180)
  @Max(180)
  lng?: number;

  /** Without a place: a region of any level below the country. */
  @ApiPropertyOptional({ type: 'integer' })
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(100_000)
  @Max(999_999)
  adcode?: number;

  /** Only stores that redeem this product. */
  @ApiPropertyOptional({ type: 'integer' })
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(4_294_967_295)
  productId?: number;
}

export class NearbyStoreDto {
  storeId: number;
  name: string;
  /** 安徽省 合肥市 蜀山区. */
  region: string;
  address: string;
  /** Metres; null without a place. */
  distanceM: number | null;
}

export class NearbyStoresDto {
  items: NearbyStoreDto[];
  nextCursor: string | null;
}
