import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Equals, IsOptional, IsString, IsUUID, Matches, MaxLength } from 'class-validator';
import { PageQuery } from '../../edge/page.dto';

const CLERK_STATES = ['waiting', 'active', 'refused', 'removed'] as const;

/** A store where somebody asked to be a clerk. */
export class StorePostDto {
  storeId: number;
  storeName: string;
  /** `waiting`: headquarters or the distributor has to confirm; `active`: may redeem. */
  @ApiProperty({ enum: CLERK_STATES })
  state: (typeof CLERK_STATES)[number];
  /** As the person wrote it; null after erasure. */
  name: string | null;
  /** Why it was refused or ended, when somebody said so. */
  reason: string | null;
}

export class StorePostsDto {
  items: StorePostDto[];
}

export class BoundStoreDto {
  storeId: number;
  name: string;
  /** 安徽省 合肥市 蜀山区. */
  region: string;
  address: string;
}

export class StoreBindingDto {
  store: BoundStoreDto;
  /** Null when this person never asked here. */
  post: StorePostDto | null;
  consent: ConsentTextDto;
}

export class ConsentTextDto {
  version: string;
  text: string;
}

export class AskBindingDto {
  /** Last part of the address that the store's QR holds. */
  @IsString()
  @MaxLength(64)
  token: string;

  /** 2 to 20 characters. */
  @IsString()
  @MaxLength(64)
  name: string;

  /** The person agrees to the text that `GET` showed. */
  @Equals(true)
  consent: true;
}

export class PrizeTokenDto {
  /** What the winner's QR holds, scanned or typed. */
  @IsString()
  @MaxLength(64)
  token: string;
}

export class RedeemDto extends PrizeTokenDto {
  /** UUID of the tap: sent again with a repeated one, it gets the same answer. */
  @IsUUID()
  requestId: string;
}

export class PrizeRefusalDto {
  code: string;
  message: string;
}

export class PrizeAtStoreDto {
  prizeName: string;
  /** What is handed over. */
  productName: string;
  /** What the store collects, 0 = nothing. */
  coPayFen: number;
  /** ISO 8601, UTC. */
  wonAt: string;
  /** Not included. */
  validUntil: string;
  /** Null when it may be redeemed here and now. */
  refusal: PrizeRefusalDto | null;
}

export class RedemptionDto {
  prizeName: string;
  productName: string;
  coPayFen: number;
  /** ISO 8601, UTC. */
  redeemedAt: string;
}

export class StoreRedemptionsQuery extends PageQuery {
  /** Shanghai day, `YYYY-MM-DD`; left out = today. */
  @ApiPropertyOptional()
  @IsOptional()
  @Matches(/^20\d\d-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/)
  day?: string;
}

export class StoreDayDto {
  day: string;
  units: number;
  coPayFen: number;
  items: RedemptionDto[];
  nextCursor: string | null;
}

export class StoreSettlementQuery {
  /** `YYYY-MM`, Asia/Shanghai; left out = the running month. */
  @ApiPropertyOptional()
  @IsOptional()
  @Matches(/^20\d\d-(0[1-9]|1[0-2])$/)
  month?: string;
}

export class StoreSettlementLineDto {
  productName: string;
  /** Owed from earlier months. */
  openingUnits: number;
  redeemedUnits: number;
  coPayFen: number;
  /** Settled in goods, in money or not recognised. */
  settledUnits: number;
  owedUnits: number;
}

export class StoreSettlementDto {
  month: string;
  /** Both headquarters and the distributor agreed. */
  closed: boolean;
  lines: StoreSettlementLineDto[];
}
