import { ApiProperty } from '@nestjs/swagger';
import {
  ArrayMaxSize,
  IsArray,
  IsIn,
  IsInt,
  IsOptional,
  IsString,
  Max,
  MaxLength,
  Min,
  MinLength,
} from 'class-validator';
import { MOST_COUPON_LINES } from '@app/rewards';
import { PageQuery } from '../../edge/page.dto';

const LONGEST_LINE = 512;

export class CouponPoolQuery extends PageQuery {
  /** `1`: only pools at or below their low mark. */
  @IsOptional()
  @IsIn(['0', '1'])
  low?: '0' | '1';
}

export class LowMarkDto {
  @IsInt()
  @Min(0)
  @Max(1_000_000_000)
  lowMark: number;
}

export class NewCouponPoolDto {
  /** Unique among pools. */
  @IsString()
  @MinLength(1)
  @MaxLength(64)
  name: string;

  /** At or below this many codes the pool is shown as low. */
  @IsInt()
  @Min(0)
  @Max(1_000_000_000)
  lowMark: number;
}

/** Codes to add. The same key with the same lines goes on where it stopped and ends in the same report. */
export class CouponImportDto {
  /** 8 to 64 of [0-9A-Za-z._-], chosen by the sender. */
  @IsString()
  @MaxLength(64)
  importKey: string;

  /** One code each: 6 to 64 visible ASCII characters; blank ones are passed over. */
  @IsArray()
  @ArrayMaxSize(MOST_COUPON_LINES)
  @IsString({ each: true })
  @MaxLength(LONGEST_LINE, { each: true })
  lines: string[];
}

export class CouponImportQuery {
  /** 8 to 64 of [0-9A-Za-z._-], chosen by the sender. */
  @IsString()
  @MaxLength(64)
  importKey: string;
}

export class CouponPoolDto {
  id: number;
  name: string;
  /** Codes imported so far. */
  total: number;
  taken: number;
  left: number;
  lowMark: number;
  /** At or below the low mark. */
  low: boolean;
  createdAt: Date;
}

export class CouponPoolPageDto {
  items: CouponPoolDto[];
  nextCursor: string | null;
}

export class CouponImportSumsDto {
  id: number;
  importKey: string;
  lines: number;
  /** Below `lines`: the import was cut off; send it again and it goes on. */
  doneLines: number;
  accepted: number;
  duplicates: number;
  bad: number;
  blank: number;
  createdAt: Date;
  finishedAt: Date | null;
}

export class CouponPoolDetailDto extends CouponPoolDto {
  /** Latest first, at most 20. */
  @ApiProperty({ type: [CouponImportSumsDto] })
  imports: readonly CouponImportSumsDto[];
}

export class LineFaultDto {
  /** From 1. */
  line: number;
  /** bad: no usable code; repeated: twice in this import; known: in the pool before. */
  fault: 'bad' | 'repeated' | 'known';
}

export class CouponImportReportDto extends CouponImportSumsDto {
  /** The first 1,000, by line. */
  @ApiProperty({ type: [LineFaultDto] })
  faults: readonly LineFaultDto[];
  faultsLeftOut: number;
}
