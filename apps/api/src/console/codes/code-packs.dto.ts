import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsBoolean, IsIn, IsInt, IsOptional, IsString, Max, MaxLength, Min, MinLength } from 'class-validator';
import { MOST_HONEY, MOST_ROLL_NO, PACK_FORMS, PACK_STATES, type PackForm, type PackState } from '@app/codes';
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

  /** Codes on a roll: the pack holds a file for each roll. Left out = one file. */
  @IsOptional()
  @IsInt()
  @Min(1)
  rollSize?: number | null;

  /** Number of the first roll, 1 when left out; those behind it are numbered on. */
  @ApiPropertyOptional({ type: 'integer', minimum: 1, maximum: MOST_ROLL_NO })
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(MOST_ROLL_NO)
  firstRoll?: number;

  /**
   * 诱饵码 at the end of each file: never printed, a scan of one names this pack. Only in a `zip` without serials, which has 2 in each
   * file when nothing is said.
   */
  @ApiPropertyOptional({ type: 'integer', minimum: 0, maximum: MOST_HONEY })
  @IsOptional()
  @IsInt()
  @Min(0)
  @Max(MOST_HONEY)
  honeyPerFile?: number;
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
  /** SHA-256 over its files one after the other, hexadecimal; known once it was downloaded as a zip. */
  sha256: string | null;
  /** Codes on a roll; null = one file. */
  rollSize: number | null;
  firstRoll: number;
  /** Behind the codes that are printed, in each file. */
  honeyPerFile: number;
}

export class CodePackPageDto {
  @ApiProperty({ type: [CodePackDto] })
  items: readonly CodePackDto[];
  nextCursor: string | null;
}

/** One file of a pack that is cut into rolls. */
export class PackRollDto {
  roll: number;
  file: string;
  from: number;
  /** Half-open. */
  to: number;
  /** SHA-256 of the file, hexadecimal; known once the pack was downloaded. */
  sha256: string | null;
}

export class PackRollPageDto {
  @ApiProperty({ type: [PackRollDto] })
  items: readonly PackRollDto[];
  nextCursor: string | null;
}

/** 诱饵码 of one file. */
export class HoneyFileDto {
  roll: number | null;
  file: string;
  /** As they are printed, `A-XXXX-XXXX-XXXX-XXXX`. */
  @ApiProperty({ type: [String] })
  codes: readonly string[];
}

export class HoneyFilePageDto {
  @ApiProperty({ type: [HoneyFileDto] })
  items: readonly HoneyFileDto[];
  nextCursor: string | null;
}
