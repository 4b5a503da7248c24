import { ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsInt, IsISO8601, IsOptional, IsString, Matches, MaxLength, Min } from 'class-validator';
import { PageQuery } from '../../edge/page.dto';

export class AuditQuery extends PageQuery {
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  actorId?: number;

  /** The library whose acts are meant: `payouts`. */
  @IsOptional()
  @Matches(/^[a-z]{2,24}$/)
  area?: string;

  /** `kind:id` exactly, e.g. `campaign:7`. */
  @IsOptional()
  @IsString()
  @MaxLength(96)
  object?: string;

  /** From this moment on. */
  @ApiPropertyOptional({ format: 'date-time' })
  @IsOptional()
  @IsISO8601({ strict: true })
  from?: string;

  /** Before this moment. */
  @ApiPropertyOptional({ format: 'date-time' })
  @IsOptional()
  @IsISO8601({ strict: true })
  to?: string;
}

export class AuditDetailsDto {
  /** Whatever the act kept of how it was before. */
  @ApiPropertyOptional({ type: 'object', additionalProperties: true, nullable: true })
  before?: unknown;
  @ApiPropertyOptional({ type: 'object', additionalProperties: true, nullable: true })
  after?: unknown;
  reason?: string;
}

export class AuditedActDto {
  id: number;
  at: Date;
  /** null = the system itself. */
  actorId: number | null;
  actorName: string | null;
  /** `library.verb` */
  act: string;
  /** `kind:id` */
  object: string;
  details: AuditDetailsDto;
}

export class AuditPageDto {
  items: AuditedActDto[];
  nextCursor: string | null;
}

export class ChainVerdictDto {
  intact: boolean;
  /** How many entries were checked. */
  entries: number;
  /** The first entry that does not fit; null when all do. */
  brokenAt: number | null;
  /** `missing`, `changed`, `cut_off`. */
  why: string | null;
}
