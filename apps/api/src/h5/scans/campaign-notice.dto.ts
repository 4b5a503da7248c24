import { ApiProperty } from '@nestjs/swagger';

export class NoticeSectionDto {
  title: string;
  @ApiProperty({ type: [String] })
  lines: readonly string[];
}

export class CampaignNoticeDto {
  title: string;
  versionNo: number;
  /** Of the version the notice was made from, 64 hex characters. */
  contentHash: string;
  @ApiProperty({ type: [NoticeSectionDto] })
  sections: readonly NoticeSectionDto[];
}

export class DealtSegmentDto {
  batch: number;
  layer: number;
  from: number;
  /** Half-open. */
  to: number;
}

export class DealtPrizeDto {
  key: string;
  name: string;
  count: number;
}

export class DealDto {
  ruleKey: string;
  ruleName: string;
  segment: DealtSegmentDto;
  @ApiProperty({ type: [DealtPrizeDto] })
  prizes: readonly DealtPrizeDto[];
  /** The table as text, exactly as it was committed to. */
  text: string;
  /** 64 hex characters. */
  commitment: string;
  publishedAt: Date;
  openedAt: Date | null;
  /** 64 hex characters; null until the campaign has ended. */
  seed: string | null;
}

export class DealProofDto {
  campaignId: number;
  name: string;
  @ApiProperty({ type: [DealDto] })
  deals: readonly DealDto[];
  /** Step by step, in Chinese. */
  @ApiProperty({ type: [String] })
  recompute: readonly string[];
}
