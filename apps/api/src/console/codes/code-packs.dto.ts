import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsBoolean, IsIn, IsInt, IsOptional, IsString, Max, MaxLength, Min, MinLength } from 'class-validator';
import { PACK_FORMS, PACK_STATES, type PackForm, type PackState } from '@app/codes';
import { PageQuery } from '../../edge/page.dto';

export class CodePackQuery extends PageQuery {
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(Number.MAX_SAFE_INTEGER)
  batchId?: number;

  @IsOptional()
  @IsIn(PACK_STATES)
  state?: PackState;
}

/** A range of codes for one printing house. */
export class NewCodePackDto {
  @IsInt()
  @Min(1)
  @Max(Number.MAX_SAFE_INTEGER)
  batchId: number;

  @IsInt()
  @Min(0)
  @Max(15)
  layer: number;

  @IsInt()
  @Min(0)
  from: number;

  /** Half-open. */
  @IsInt()
  @Min(1)
  to: number;

  /** Adds the column `serial`; needs the right `export-serials`. */
  @IsBoolean()
  withSerial: boolean;

  /** `zip`: AES-256, its password is told to who approves. `csv`: as it is. */
  @ApiPropertyOptional({ enum: PACK_FORMS, default: 'zip' })
  @IsOptional()
  @IsIn(PACK_FORMS)
  form?: PackForm;

  /** The printing house. */
  @IsString()
  @MinLength(1)
  @MaxLength(64)
  receiver: string;

  @IsOptional()
  @IsString()
  @MaxLength(200)
  note?: string;
}

export class PackNoteDto {
  /** Needed to refuse. */
  @IsOptional()
  @IsString()
  @MaxLength(200)
  note?: string;
}

export class PackApprovedDto {
  /** Opens the zip; told once, to whoever approved. Null for a pack that goes out as it is. */
  password: string | null;
}

export class PackPersonDto {
  id: number;
  name: string;
}

export class CodePackDto {
  id: number;
  batchId: number;
  batchName: string;
  layer: number;
  from: number;
  /** Half-open. */
  to: number;
  withSerial: boolean;
  @ApiProperty({ enum: PACK_FORMS })
  form: PackForm;
  receiver: string;
  note: string;
  @ApiProperty({ enum: PACK_STATES })
  state: PackState;
  requestedBy: PackPersonDto;
  requestedAt: Date;
  decidedBy: PackPersonDto | null;
  decidedAt: Date | null;
  decisionNote: string | null;
  /** Of an approved one: downloads end then. */
  usableUntil: Date | null;
  /** At most 5. */
  downloads: number;
  /** SHA-256 of `codes.csv`, hexadecimal; known once it was downloaded as a zip. */
  sha256: string | null;
}

export class CodePackPageDto {
  @ApiProperty({ type: [CodePackDto] })
  items: readonly CodePackDto[];
  nextCursor: string | null;
}
