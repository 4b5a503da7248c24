import { ApiProperty } from '@nestjs/swagger';
import { IsNumber, IsOptional, IsString, Matches, Max, MaxLength, MinLength } from 'class-validator';
import { ChangeDto, FindingDto } from './campaign-outlook.dto';
import { SubmissionDto } from './campaign-submission.dto';

export class SubmitDto {
  /** For the person who approves. */
  @IsOptional()
  @IsString()
  @MaxLength(500)
  note?: string;

  /** The owner accepts changes that are worse for consumers, and says why. */
  @IsOptional()
  @IsString()
  @MinLength(4)
  @MaxLength(500)
  confirmReason?: string;
}

export class ApproveDto extends SubmitDto {
  /** Of what the approver looked at: 64 hex characters. */
  @Matches(/^[0-9a-f]{64}$/)
  contentHash: string;
}

export class RejectDto {
  @IsString()
  @MinLength(1)
  @MaxLength(500)
  reason: string;
}

export class StartBurstDto {
  /** Fractions are fine; at most what the plan allows. */
  @IsNumber()
  @Max(744)
  hours: number;

  @IsString()
  @MinLength(1)
  @MaxLength(255)
  reason: string;
}

export class BurstRunDto {
  from: Date;
  until: Date;
}

export class StoppedBurstDto {
  /** False when it was over already. */
  changed: boolean;
}

export class SubmissionMadeDto {
  submissionId: number;
  contentHash: string;
  @ApiProperty({ type: [FindingDto] })
  findings: readonly FindingDto[];
  /** Changes against the version in force that are worse for consumers. */
  @ApiProperty({ type: [ChangeDto] })
  unfavourable: readonly ChangeDto[];
  /** Only the owner can approve it. */
  needsOwner: boolean;
}

export class ClosedSubmissionDto {
  submissionId: number;
}

export class SubmittedCampaignDto {
  name: string;
  lane: 'burst' | 'regional' | 'base';
  /** It was never published before. */
  firstTime: boolean;
}

export class ApprovalDto extends SubmissionDto {
  campaign: SubmittedCampaignDto;
}

export class ApprovalPageDto {
  @ApiProperty({ type: [ApprovalDto] })
  items: readonly ApprovalDto[];
  nextCursor: string | null;
}

export class SubmissionPageDto {
  @ApiProperty({ type: [SubmissionDto] })
  items: readonly SubmissionDto[];
  nextCursor: string | null;
}
