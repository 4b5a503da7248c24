import { ApiProperty } from '@nestjs/swagger';
import { IsBoolean, IsInt, IsOptional, Max, Min } from 'class-validator';
import { MAX_REPLAY_DAYS } from '@app/scans';

export class StartReplayDto {
  /** Shanghai days up to now, today included. */
  @ApiProperty({ type: 'integer', minimum: 1, maximum: MAX_REPLAY_DAYS })
  @IsInt()
  @Min(1)
  @Max(MAX_REPLAY_DAYS)
  days: number;

  /** Beside the other campaigns in force (true, when left out), or the draft alone, instead of everything. */
  @IsOptional()
  @IsBoolean()
  together?: boolean;
}

export class ReplayStartedDto {
  id: number;
}

export class ReplayCancelledDto {
  /** False when it was over already. */
  changed: boolean;
}

export class ReplayProgressDto {
  scans: number;
  /** Null until it runs. */
  of: number | null;
}

export class ReplayDto {
  id: number;
  campaignId: number;
  draftHash: string;
  days: number;
  from: Date;
  /** Half-open. */
  to: Date;
  together: boolean;
  state: 'queued' | 'running' | 'done' | 'cancelled' | 'failed';
  progress: ReplayProgressDto;
  failure: string | null;
  createdBy: number | null;
  createdAt: Date;
  startedAt: Date | null;
  finishedAt: Date | null;
}

export class ReplayPageDto {
  @ApiProperty({ type: [ReplayDto] })
  items: readonly ReplayDto[];
  nextCursor: string | null;
}

export class ReplayDetailDto extends ReplayDto {
  /** What it found: totals, days, regions, prizes, winners gained and lost, limits reached, the ten scans that differ most. */
  @ApiProperty({ type: 'object', additionalProperties: true, nullable: true })
  result: object | null;
}
