import { ApiProperty } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsIn, IsInt, IsOptional, IsString, Max, MaxLength, Min } from 'class-validator';
import { PageQuery } from '../../edge/page.dto';

const STATES = ['waiting', 'active', 'refused', 'removed'] as const;
const MOST_ID = 4_294_967_295;

export class StoreBindingDto {
  /** What the QR holds. */
  url: string;
  /** How often it was renewed, from 1 on. */
  no: number;
}

export class StoreClerksQuery extends PageQuery {
  @IsOptional()
  @IsIn(STATES)
  state?: (typeof STATES)[number];

  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(MOST_ID)
  storeId?: number;
}

export class ClerkDecisionDto {
  @IsOptional()
  @IsString()
  @MaxLength(255)
  reason?: string;
}

export class StoreClerkDto {
  id: number;
  storeId: number;
  storeName: string;
  /** As the person wrote it; null after erasure. */
  name: string | null;
  @ApiProperty({ enum: STATES })
  state: (typeof STATES)[number];
  askedAt: Date;
  decidedAt: Date | null;
  reason: string | null;
}

export class StoreClerkPageDto {
  @ApiProperty({ type: [StoreClerkDto] })
  items: readonly StoreClerkDto[];
  nextCursor: string | null;
}
