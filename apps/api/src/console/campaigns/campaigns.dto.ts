import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { CAMPAIGN_PHASES, LANES, type CampaignPhase, type Lane } from '@app/campaigns';
import { IsIn, IsInt, IsObject, IsOptional, IsString, Matches, MaxLength, Min, MinLength } from 'class-validator';
import { PageQuery } from '../../edge/page.dto';
import { CampaignLookDto } from '../../h5/scans/campaign-look.dto';
import { FindingDto } from './campaign-outlook.dto';
import { SubmissionDto } from './campaign-submission.dto';

/** The campaign document; `campaigns:check` says what is wrong with one. */
export class CampaignContentDto {
  @ApiProperty({ type: 'object', additionalProperties: true })
  @IsObject()
  content: Record<string, unknown>;
}

export class SaveDraftDto extends CampaignContentDto {
  /** `draftHash` that this change started from, null where there was no draft; left out, whatever is there is replaced. */
  @IsOptional()
  @Matches(/^[0-9a-f]{64}$/)
  base?: string | null;
}

export class CheckContentDto extends CampaignContentDto {
  /** The campaign it would become a version of; null for a new one. */
  @IsOptional()
  @IsInt()
  @Min(1)
  campaignId?: number | null;
}

export class CampaignListQuery extends PageQuery {
  @ApiPropertyOptional({ enum: CAMPAIGN_PHASES })
  @IsOptional()
  @IsIn(CAMPAIGN_PHASES)
  phase?: CampaignPhase;

  @ApiPropertyOptional({ enum: LANES })
  @IsOptional()
  @IsIn(LANES)
  lane?: Lane;

  /** Only those that wait for approval, or only those that do not. */
  @IsOptional()
  @IsIn(['true', 'false'])
  pending?: 'true' | 'false';

  /** Part of the name. */
  @IsOptional()
  @IsString()
  @MaxLength(64)
  name?: string;
}

export class CloneDto {
  /** The original's name with （副本） when left out. */
  @IsOptional()
  @IsString()
  @MinLength(1)
  @MaxLength(60)
  name?: string;
}

export class CampaignReasonDto {
  @IsOptional()
  @IsString()
  @MaxLength(255)
  reason?: string;
}

export class DraftDto {
  campaignId: number;
  /** Of what is kept now: the next change starts from it. */
  contentHash: string;
  /** Warnings. */
  @ApiProperty({ type: [FindingDto] })
  findings: readonly FindingDto[];
}

export class PublicationDto {
  versionId: number;
  versionNo: number;
  contentHash: string;
  /** False when the draft is what is in force already. */
  changed: boolean;
  @ApiProperty({ type: [FindingDto] })
  findings: readonly FindingDto[];
}

export class SwitchedDto {
  status: 'draft' | 'armed' | 'live' | 'paused' | 'ended';
  changed: boolean;
}

export class PrizeStockDto {
  prizeKey: string;
  /** null = unlimited. */
  stock: number | null;
  issued: number;
}

export class CampaignRunDto {
  from: Date;
  until: Date;
}

export class CampaignDto {
  id: number;
  name: string;
  lane: 'burst' | 'regional' | 'base';
  priority: number;
  status: 'draft' | 'armed' | 'live' | 'paused' | 'ended';
  /** Status and time together. */
  phase: 'draft' | 'scheduled' | 'armed' | 'live' | 'paused' | 'ended';
  /** A draft waits for its second person. */
  pending: boolean;
  currentVersionId: number | null;
  /** Period of the version in force, half-open. */
  startsAt: Date | null;
  endsAt: Date | null;
  /** Of a burst that was started. */
  run: CampaignRunDto | null;
  @ApiProperty({ type: [PrizeStockDto] })
  stock: readonly PrizeStockDto[];
  createdAt: Date;
  updatedAt: Date;
}

export class CampaignPageDto {
  @ApiProperty({ type: [CampaignDto] })
  items: readonly CampaignDto[];
  nextCursor: string | null;
}

export class CampaignVersionDto {
  versionId: number;
  versionNo: number;
  contentHash: string;
  @ApiProperty({ type: 'object', additionalProperties: true })
  content: object;
}

export class CampaignDetailDto extends CampaignDto {
  @ApiProperty({ type: 'object', additionalProperties: true, nullable: true })
  draft: object | null;
  /** What a change of the draft says it started from. */
  draftHash: string | null;
  /** Who wrote the draft last. */
  draftBy: number | null;
  /** Of the draft, else of what is in force; null = as the brand looks. */
  look: CampaignLookDto | null;
  /** What decides scans. */
  inForce: CampaignVersionDto | null;
  /** The latest one, whatever became of it. */
  submission: SubmissionDto | null;
}

export class FieldOptionDto {
  @ApiProperty({ oneOf: [{ type: 'string' }, { type: 'number' }, { type: 'boolean' }] })
  value: string | number | boolean;
  label: string;
}

export class FieldOperatorDto {
  op: string;
  /** In Chinese, for this type of field. */
  label: string;
  /** The shape of the value it wants. */
  value: 'one' | 'list' | 'span';
}

export class FieldDto {
  key: string;
  /** As people read it, in Chinese. */
  label: string;
  type: string;
  @ApiProperty({ type: [String] })
  ops: readonly string[];
  @ApiProperty({ type: [FieldOperatorDto] })
  operators: readonly FieldOperatorDto[];
  @ApiProperty({ type: [FieldOptionDto], required: false })
  options?: readonly FieldOptionDto[];
  /** Values are rows: where the builder asks for them. */
  optionsFrom?: string;
  /** What a set holds. */
  items?: 'string' | 'number';
  /** Said behind a number. */
  unit?: string;
  whole?: boolean;
  min?: number;
  max?: number;
  /** How a leaf is said, out of {label}, {seen}, {op} and {value}. */
  sentence: string;
}

export class FieldsDto {
  @ApiProperty({ type: [FieldDto] })
  fields: readonly FieldDto[];
}
