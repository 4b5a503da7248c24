import { ApiProperty } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsInt,
  IsString,
  Max,
  MaxLength,
  Min,
  MinLength,
  ValidateNested,
} from 'class-validator';

export class CorrectionLegDto {
  /** `budget:7:available`, `channel:1900000109:transfer_confirm_v3`, `merchant:1900000109`, `member:42`, `outside`. */
  @IsString()
  @MaxLength(64)
  account: string;

  /** Positive = into the account, never 0. */
  @ApiProperty({ type: 'integer', minimum: -10_000_000_000, maximum: 10_000_000_000 })
  @IsInt()
  @Min(-10_000_000_000)
  @Max(10_000_000_000)
  amountFen: number;
}

/** 调账申请: its legs sum to 0, those inside one budget as well. */
export class NewCorrectionDto {
  @ApiProperty({ type: [CorrectionLegDto] })
  @IsArray()
  @ArrayMinSize(2)
  @ArrayMaxSize(20)
  @ValidateNested({ each: true })
  @Type(() => CorrectionLegDto)
  legs: CorrectionLegDto[];

  @IsString()
  @MinLength(1)
  @MaxLength(500)
  reason: string;
}

export class CorrectionNoteDto {
  /** Why it is refused. */
  @IsString()
  @MinLength(1)
  @MaxLength(500)
  note: string;
}

export class CorrectionApprovedDto {
  outcome: 'approved' | 'already';
}

export class CorrectionDto {
  id: number;
  @ApiProperty({ type: [CorrectionLegDto] })
  legs: readonly CorrectionLegDto[];
  reason: string;
  @ApiProperty({ enum: ['requested', 'approved', 'rejected', 'withdrawn'] })
  status: string;
  requestedBy: number;
  createdAt: Date;
  decidedBy: number | null;
  decidedAt: Date | null;
  note: string | null;
}

export class CorrectionPageDto {
  @ApiProperty({ type: [CorrectionDto] })
  items: readonly CorrectionDto[];
  nextCursor: string | null;
}
