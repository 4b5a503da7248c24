import { ApiProperty } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsIn, IsInt, IsOptional, IsString, Max, MaxLength, Min } from 'class-validator';
import { COMPLAINT_KINDS, COMPLAINT_STATES, type ComplaintKind, type ComplaintState } from '@app/service';
import { PageQuery } from '../../edge/page.dto';

export class ComplaintQuery extends PageQuery {
  @IsOptional()
  @IsIn(COMPLAINT_STATES)
  state?: ComplaintState;

  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(Number.MAX_SAFE_INTEGER)
  memberId?: number;
}

export class ComplaintReplyDto {
  /** 2 to 500 characters; the member reads it on the phone. */
  @IsString()
  @MaxLength(1000)
  text: string;
}

export class ComplaintDto {
  id: number;
  memberId: number;
  /** `memberId-scanId`, as the scans' routes name it; null when it is about no scan. */
  scan: string | null;
  @ApiProperty({ enum: COMPLAINT_KINDS })
  kind: ComplaintKind;
  @ApiProperty({ enum: COMPLAINT_STATES })
  state: ComplaintState;
  messages: number;
  photos: number;
  openedAt: Date;
  changedAt: Date;
  /** Who answered or closed it last. */
  handledBy: string | null;
  /** The beginning of what the member wrote first. */
  beginning: string;
}

export class ComplaintPageDto {
  @ApiProperty({ type: [ComplaintDto] })
  items: readonly ComplaintDto[];
  nextCursor: string | null;
}

export class ComplaintMessageDto {
  /** Null = the member. */
  operatorId: number | null;
  operatorName: string | null;
  text: string;
  at: Date;
}

export class ComplaintDetailDto extends ComplaintDto {
  @ApiProperty({ type: [ComplaintMessageDto] })
  conversation: readonly ComplaintMessageDto[];
}
