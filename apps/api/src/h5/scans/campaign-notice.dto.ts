import { ApiProperty } from '@nestjs/swagger';

export class NoticeSectionDto {
  title: string;
  @ApiProperty({ type: [String] })
  lines: readonly string[];
}

export class CampaignNoticeDto {
  title: string;
  /** Some of its prizes were laid out beforehand: there is a proof to check. */
  dealt: boolean;
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
  /** The seeds are opened soon after. */
  endsAt: Date | null;
  @ApiProperty({ type: [DealDto] })
  deals: readonly DealDto[];
  /** Step by step, in Chinese. */
  @ApiProperty({ type: [String] })
  recompute: readonly string[];
}

/** A code whose prize was laid out beforehand, with what its owner needs to lay it out once more. */
export class DealtCodeDto {
  awardId: string;
  ruleKey: string;
  /** Of the code in its batch. */
  serial: number;
  prizeKey: string;
  prizeName: string;
  /** ISO 8601, UTC. */
  wonAt: string;
}

export class DealtCodesDto {
  @ApiProperty({ type: [DealtCodeDto] })
  items: readonly DealtCodeDto[];
}
