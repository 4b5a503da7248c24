import { ApiProperty } from '@nestjs/swagger';
import { IsOptional, IsString, MaxLength, MinLength } from 'class-validator';
import { PageQuery } from '../../edge/page.dto';

export class DeadJobQuery extends PageQuery {
  /** Name of the work, e.g. `payouts.send`. */
  @IsOptional()
  @IsString()
  @MaxLength(64)
  job?: string;
}

export class DeadJobDto {
  id: string;
  job: string;
  /** Names the work in logs. */
  key: string;
  /** JSON of ids. */
  payload: string;
  deliveries: number;
  failures: number;
  lastError: string | null;
  createdAt: Date;
}

export class DeadJobPageDto {
  @ApiProperty({ type: [DeadJobDto] })
  items: readonly DeadJobDto[];
  nextCursor: string | null;
}

export class DeadJobReasonDto {
  @IsString()
  @MinLength(4)
  @MaxLength(1000)
  reason: string;
}
