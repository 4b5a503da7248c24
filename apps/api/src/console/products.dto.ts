import { ApiProperty } from '@nestjs/swagger';
import { IsInt, IsOptional, IsString, Max, MaxLength, Min, MinLength } from 'class-validator';

export class NewProductDto {
  /** 1-32 of [0-9A-Za-z._-]. */
  @IsString()
  @MinLength(1)
  @MaxLength(32)
  sku: string;

  /** 8, 12, 13 or 14 digits with a right check digit. */
  @IsOptional()
  @IsString()
  @MaxLength(14)
  gtin?: string | null;

  @IsString()
  @MaxLength(64)
  name: string;

  /** Product line, the word territories and rules use: 1-32 of [0-9a-z-]. */
  @IsString()
  @MaxLength(32)
  line: string;

  /** e.g. 500 ml. */
  @IsString()
  @MaxLength(64)
  spec: string;

  @IsInt()
  @Min(1)
  @Max(65_535)
  unitsPerCase: number;

  /** Suggested retail price of one unit. */
  @IsInt()
  @Min(0)
  priceFen: number;

  @IsOptional()
  @IsString()
  @MaxLength(512)
  imageUrl?: string | null;
}

export class ProductDto {
  id: number;
  sku: string;
  gtin: string | null;
  name: string;
  line: string;
  spec: string;
  unitsPerCase: number;
  imageUrl: string | null;
  priceFen: number;
  createdAt: Date;
}

export class ProductPageDto {
  @ApiProperty({ type: [ProductDto] })
  items: readonly ProductDto[];
  nextCursor: string | null;
}
