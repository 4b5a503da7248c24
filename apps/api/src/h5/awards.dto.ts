import { Type } from 'class-transformer';
import { IsInt, IsOptional, IsString, Max, MaxLength, Min } from 'class-validator';

export class PageQuery {
  /** 1 to 100. */
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(100)
  limit: number = 20;

  /** `nextCursor` of the page before. */
  @IsOptional()
  @IsString()
  @MaxLength(512)
  cursor?: string;
}

/** What `requestMerchantTransfer` takes. */
export class TransferConfirmDto {
  mchId: string;
  appId: string;
  package: string;
}

export class AwardDto {
  awardId: string;
  kind: 'cash' | 'nothing';
  prizeName: string;
  /** Null unless the prize is money. */
  amountFen: number | null;
  campaignName: string;
  /** ISO 8601, UTC. */
  wonAt: string;
  state: 'ready' | 'preparing' | 'confirm' | 'processing' | 'settled' | 'expired' | 'failed' | 'none';
  /** Two to four characters for a badge. */
  stateText: string;
  /** One sentence: where the money is, what to tap. */
  hint: string | null;
  confirm: TransferConfirmDto | null;
  /** When WeChat closes what waits for a tap. ISO 8601, UTC. */
  expiresAt: string | null;
}

export class AwardPageDto {
  items: AwardDto[];
  nextCursor: string | null;
}
