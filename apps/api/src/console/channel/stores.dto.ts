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
  MinLength,
  ValidateNested,
} from 'class-validator';
import { MAX_REDEEMED } from '@app/channel';
import { PageQuery } from '../../edge/page.dto';

const MOST_ID = 4_294_967_295;

export class StoreLocationDto {
  /** gcj02. */
  @IsNumber({ allowNaN: false, allowInfinity: false })
  @Min(-90)
  @Max(90)
  latitude: number;

  @IsNumber({ allowNaN: false, allowInfinity: false })
  @Min(-180)
  @Max(180)
  longitude: number;
}

export class StoreWishDto {
  @IsString()
  @MinLength(1)
  @MaxLength(64)
  name: string;

  /** District by GB/T 2260, or city where there are none below it. */
  @IsInt()
  @Min(100_000)
  @Max(999_999)
  adcode: number;

  @IsString()
  @MinLength(1)
  @MaxLength(200)
  address: string;

  @IsOptional()
  @ValidateNested()
  @Type(() => StoreLocationDto)
  location?: StoreLocationDto | null;

  /** `true`: redeems every product, also those still to come. */
  @IsBoolean()
  redeemsAll: boolean;

  /** Otherwise these, at most 500; must be left out or empty with `redeemsAll`. */
  @ApiProperty({ type: [Number], required: false, maxItems: MAX_REDEEMED })
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(MAX_REDEEMED)
  @IsInt({ each: true })
  @Min(1, { each: true })
  @Max(MOST_ID, { each: true })
  productIds?: number[];
}

export class NewStoreDto extends StoreWishDto {
  @IsInt()
  @Min(1)
  @Max(MOST_ID)
  distributorId: number;
}

export class StoreStatusDto {
  @IsIn(['active', 'closed'])
  status: 'active' | 'closed';

  @IsOptional()
  @IsString()
  @MaxLength(255)
  reason?: string;
}

export class StoreListQuery extends PageQuery {
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(MOST_ID)
  distributorId?: number;

  /** A region of any level: stores inside it. */
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(100_000)
  @Max(999_999)
  adcode?: number;

  @IsOptional()
  @IsIn(['active', 'closed'])
  status?: 'active' | 'closed';

  /** Stores that redeem this product. */
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(MOST_ID)
  productId?: number;

  /** Part of the name. */
  @IsOptional()
  @IsString()
  @MinLength(1)
  @MaxLength(64)
  name?: string;
}

export class StoreDto {
  id: number;
  distributorId: number;
  name: string;
  adcode: number;
  /** 安徽省 合肥市 蜀山区. */
  region: string;
  address: string;
  location: StoreLocationDto | null;
  redeemsAll: boolean;
  @ApiProperty({ type: [Number] })
  productIds: readonly number[];
  status: 'active' | 'closed';
  createdAt: Date;
  updatedAt: Date;
}

export class StorePageDto {
  @ApiProperty({ type: [StoreDto] })
  items: readonly StoreDto[];
  nextCursor: string | null;
}
