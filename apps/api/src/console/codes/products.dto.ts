import { ApiProperty } from '@nestjs/swagger';
import { IsInt, IsOptional, IsString, Max, MaxLength, Min, MinLength } from 'class-validator';
import { IsInstant } from '../../edge/instant';
import { PageQuery } from '../../edge/page.dto';
import { ScanSumsDto } from '../reports/figures.dto';

export class ProductQuery extends PageQuery {
  /** Part of the name, or the beginning of the SKU. */
  @IsOptional()
  @IsString()
  @MinLength(1)
  @MaxLength(64)
  q?: string;

  /** Product line. */
  @IsOptional()
  @IsString()
  @MaxLength(32)
  line?: string;
}

/** What may change about a product: not its SKU, and its price has a route of its own. */
export class ProductChangeDto {
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

  @IsOptional()
  @IsString()
  @MaxLength(512)
  imageUrl?: string | null;
}

export class NewProductDto extends ProductChangeDto {
  /** 1-32 of [0-9A-Za-z._-]. */
  @IsString()
  @MinLength(1)
  @MaxLength(32)
  sku: string;

  /** Suggested retail price of one unit. */
  @IsInt()
  @Min(0)
  priceFen: number;
}

export class NewPriceDto {
  @IsInt()
  @Min(0)
  priceFen: number;

  /** ISO 8601; left out = now. */
  @IsOptional()
  @IsInstant()
  from?: string;
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

export class ProductPriceDto {
  /** The instant it holds from; may lie ahead. */
  from: Date;
  priceFen: number;
}

export class ProductDetailDto extends ProductDto {
  /** Latest first. */
  @ApiProperty({ type: [ProductPriceDto] })
  prices: readonly ProductPriceDto[];
}

export class ProductPageDto {
  @ApiProperty({ type: [ProductDto] })
  items: readonly ProductDto[];
  nextCursor: string | null;
}

export class ScopedProductDto extends ScanSumsDto {
  id: number;
  sku: string;
  name: string;
  line: string;
  spec: string;
  imageUrl: string | null;
}

export class ScopedProductsDto {
  /** Shanghai days that the figures are of, half-open. */
  from: string;
  to: string;
  /** Most scans first; at most 500. */
  @ApiProperty({ type: [ScopedProductDto] })
  items: readonly ScopedProductDto[];
}
