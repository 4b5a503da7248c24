import { ApiProperty } from '@nestjs/swagger';
import { IsObject, IsOptional, IsString, MaxLength } from 'class-validator';

/** The campaign document; `campaigns:check` says what is wrong with one. */
export class CampaignContentDto {
  @ApiProperty({ type: 'object', additionalProperties: true })
  @IsObject()
  content: Record<string, unknown>;
}

export class CampaignReasonDto {
  @IsOptional()
  @IsString()
  @MaxLength(255)
  reason?: string;
}

export class FindingDto {
  path: string;
  code: string;
  severity: 'error' | 'warning';
  message: string;
  /** The law or platform rule behind it. */
  source?: string;
}

export class CheckDto {
  ok: boolean;
  @ApiProperty({ type: [FindingDto] })
  findings: readonly FindingDto[];
}

export class DraftDto {
  campaignId: number;
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
  status: 'draft' | 'live' | 'paused' | 'ended';
  changed: boolean;
}

export class CampaignDto {
  id: number;
  name: string;
  lane: 'burst' | 'regional' | 'base';
  priority: number;
  status: 'draft' | 'live' | 'paused' | 'ended';
  currentVersionId: number | null;
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

export class PrizeStockDto {
  prizeKey: string;
  /** null = unlimited. */
  stock: number | null;
  issued: number;
}

export class CampaignDetailDto extends CampaignDto {
  @ApiProperty({ type: 'object', additionalProperties: true, nullable: true })
  draft: object | null;
  /** What decides scans. */
  inForce: CampaignVersionDto | null;
  @ApiProperty({ type: [PrizeStockDto] })
  stock: readonly PrizeStockDto[];
}

export class FieldOptionDto {
  @ApiProperty({ oneOf: [{ type: 'string' }, { type: 'number' }, { type: 'boolean' }] })
  value: string | number | boolean;
  label: string;
}

export class FieldDto {
  key: string;
  /** As people read it, in Chinese. */
  label: string;
  type: string;
  @ApiProperty({ type: [String] })
  ops: readonly string[];
  @ApiProperty({ type: [FieldOptionDto], required: false })
  options?: readonly FieldOptionDto[];
}

export class FieldsDto {
  @ApiProperty({ type: [FieldDto] })
  fields: readonly FieldDto[];
}
