import { ApiProperty } from '@nestjs/swagger';
import { IsIn, IsOptional, IsString, IsUUID, MaxLength } from 'class-validator';
import { COMPLAINT_KINDS, COMPLAINT_STATES, type ComplaintKind, type ComplaintState } from '@app/service';

export class NewComplaintDto {
  /** Chosen by the phone; the same one again is the same complaint. */
  @IsUUID()
  requestId: string;

  @IsIn(COMPLAINT_KINDS)
  kind: ComplaintKind;

  /** 5 to 500 characters. */
  @IsString()
  @MaxLength(1000)
  text: string;

  /** A scan of this member that it is about. */
  @IsOptional()
  @IsString()
  @MaxLength(36)
  scanId?: string;
}

export class ComplaintWordsDto {
  /** 5 to 500 characters. */
  @IsString()
  @MaxLength(1000)
  text: string;
}

export class ComplaintMadeDto {
  id: number;
}

export class ComplaintWordDto {
  /** False = we replied. */
  mine: boolean;
  text: string;
  /** ISO 8601, UTC. */
  at: string;
}

export class MyComplaintDto {
  id: number;
  @ApiProperty({ enum: COMPLAINT_KINDS })
  kind: ComplaintKind;
  @ApiProperty({ enum: COMPLAINT_STATES })
  state: ComplaintState;
  /** How many photos came with it. */
  photos: number;
  /** ISO 8601, UTC. */
  openedAt: string;
  @ApiProperty({ type: [ComplaintWordDto] })
  messages: readonly ComplaintWordDto[];
}

export class MyComplaintPageDto {
  @ApiProperty({ type: [MyComplaintDto] })
  items: readonly MyComplaintDto[];
  nextCursor: string | null;
}
