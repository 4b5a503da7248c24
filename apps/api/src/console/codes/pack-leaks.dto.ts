import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsOptional, IsString, MaxLength, MinLength } from 'class-validator';
import { PACK_STATES, type PackState } from '@app/codes';
import { PageQuery } from '../../edge/page.dto';

const LEAK_STATES = ['open', 'closed'] as const;

export class PackLeakQuery extends PageQuery {
  /** `closed`: somebody looked into it and nothing was scanned since. */
  @ApiPropertyOptional({ enum: LEAK_STATES })
  @IsOptional()
  @IsIn(LEAK_STATES)
  state?: (typeof LEAK_STATES)[number];
}

export class LeakClosedDto {
  at: Date;
  by: string;
  note: string;
}

/** A pack whose honey codes were scanned: somebody has its file who should not. */
export class PackLeakDto {
  packId: number;
  batchId: number;
  batchName: string;
  layer: number;
  from: number;
  /** Half-open. */
  to: number;
  receiver: string;
  @ApiProperty({ enum: PACK_STATES })
  state: PackState;
  downloads: number;
  requestedBy: string;
  requestedAt: Date;
  scans: number;
  members: number;
  /** Distinct honey codes. */
  codes: number;
  /** Whose files they stand in, at most 12; empty for a pack in one file. */
  @ApiProperty({ type: [Number] })
  rolls: readonly number[];
  firstAt: Date;
  lastAt: Date;
  closed: LeakClosedDto | null;
}

export class PackLeakPageDto {
  @ApiProperty({ type: [PackLeakDto] })
  items: readonly PackLeakDto[];
  nextCursor: string | null;
}

export class LeakScanDto {
  /** `GET /v1/console/scans/{id}/explanation` */
  id: string;
  memberId: number;
  roll: number | null;
  at: Date;
  place: string;
}

export class LeakScanPageDto {
  @ApiProperty({ type: [LeakScanDto] })
  items: readonly LeakScanDto[];
  nextCursor: string | null;
}

export class CloseLeakDto {
  /** What was found, and what was done. */
  @IsString()
  @MinLength(1)
  @MaxLength(200)
  note: string;
}
