import { ApiProperty } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsIn, IsInt, IsOptional, IsString, IsUUID, Matches, Max, MaxLength, Min, MinLength } from 'class-validator';
import { PageQuery } from '../../edge/page.dto';

const MOST_ID = 4_294_967_295;
const MOST_UNITS = 1_000_000;
const MOST_FEN = 100_000_000_000;
const MONTH = /^20\d\d-(0[1-9]|1[0-2])$/;
const CREDIT_KINDS = ['goods', 'money', 'refused'] as const;
const SIDES = ['hq', 'distributor'] as const;

export class SheetListQuery extends PageQuery {
  /** `YYYY-MM`, Asia/Shanghai. */
  @Matches(MONTH)
  month: string;
}

export class SheetHistoryQuery {
  /** The last month of the twelve. */
  @Matches(MONTH)
  upTo: string;
}

export class SheetLinesQuery extends PageQuery {
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(MOST_ID)
  storeId?: number;
}

/** Units are pieces of a product. Owed = opening + redeemed − goods − money − refused. */
export class SheetFiguresDto {
  openingUnits: number;
  redeemedUnits: number;
  /** What stores collected from winners. */
  coPayFen: number;
  goodsUnits: number;
  moneyUnits: number;
  moneyFen: number;
  refusedUnits: number;
  owedUnits: number;
}

export class SheetStateDto {
  /** What a side agrees to; raised by every change. */
  revision: number;
  hqAt: Date | null;
  distributorAt: Date | null;
  /** Both agreed: it no longer changes. */
  closedAt: Date | null;
  contentHash: string | null;
}

export class SheetSummaryDto extends SheetFiguresDto {
  distributorId: number;
  distributorName: string;
  month: string;
  /** Null while nobody has done anything on it: revision 0. */
  sheet: SheetStateDto | null;
}

export class SheetPageDto {
  @ApiProperty({ type: [SheetSummaryDto] })
  items: readonly SheetSummaryDto[];
  nextCursor: string | null;
}

export class SheetHistoryDto {
  @ApiProperty({ type: [SheetSummaryDto] })
  items: readonly SheetSummaryDto[];
}

export class SheetProductDto extends SheetFiguresDto {
  productId: number;
  productName: string;
}

export class SheetLineDto extends SheetProductDto {
  storeId: number;
  storeName: string;
}

export class SheetLinePageDto {
  @ApiProperty({ type: [SheetLineDto] })
  items: readonly SheetLineDto[];
  nextCursor: string | null;
}

export class SheetCreditDto {
  id: number;
  storeId: number;
  productId: number;
  @ApiProperty({ enum: CREDIT_KINDS })
  kind: (typeof CREDIT_KINDS)[number];
  units: number;
  amountFen: number;
  noteNo: string;
  note: string | null;
  madeAt: Date;
  voidedAt: Date | null;
}

export class SheetDisputeDto {
  id: number;
  storeId: number;
  productId: number;
  units: number;
  words: string;
  /** Who raised it; the other side answers. */
  @ApiProperty({ enum: SIDES })
  side: (typeof SIDES)[number];
  raisedAt: Date;
  answer: string | null;
  answeredAt: Date | null;
  closedAt: Date | null;
}

export class SheetDetailDto extends SheetSummaryDto {
  /** On which side the person who asks stands. */
  @ApiProperty({ enum: SIDES })
  side: (typeof SIDES)[number];
  @ApiProperty({ type: [SheetProductDto] })
  products: readonly SheetProductDto[];
  @ApiProperty({ type: [SheetCreditDto] })
  credits: readonly SheetCreditDto[];
  @ApiProperty({ type: [SheetDisputeDto] })
  disputes: readonly SheetDisputeDto[];
}

class LineNameDto {
  @IsInt()
  @Min(1)
  @Max(MOST_ID)
  storeId: number;

  @IsInt()
  @Min(1)
  @Max(MOST_ID)
  productId: number;

  @IsInt()
  @Min(1)
  @Max(MOST_UNITS)
  units: number;
}

export class NewCreditDto extends LineNameDto {
  /** goods: delivered again; money: paid; refused: not recognised, with a note that says why. */
  @IsIn(CREDIT_KINDS)
  kind: (typeof CREDIT_KINDS)[number];

  /** Only `money`. */
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(MOST_FEN)
  amountFen?: number;

  /** Number of the credit note or delivery. */
  @IsString()
  @MinLength(1)
  @MaxLength(64)
  noteNo: string;

  @IsOptional()
  @IsString()
  @MaxLength(255)
  note?: string;

  /** UUID of the tap. */
  @IsUUID()
  requestId: string;
}

export class VoidCreditDto {
  @IsString()
  @MinLength(1)
  @MaxLength(255)
  reason: string;
}

export class NewDisputeDto extends LineNameDto {
  @IsString()
  @MinLength(1)
  @MaxLength(500)
  words: string;
}

export class AnswerDisputeDto {
  @IsString()
  @MinLength(1)
  @MaxLength(500)
  words: string;
}

export class ConfirmSheetDto {
  /** The revision that the person saw, 0 for a sheet nobody has done anything on. */
  @IsInt()
  @Min(0)
  @Max(MOST_ID)
  revision: number;
}

export class SheetConfirmedDto {
  /** True when both sides have agreed now. */
  closed: boolean;
}
