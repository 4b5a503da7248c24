import { ApiProperty } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { ArrayMaxSize, IsArray, IsIn, IsInt, Min } from 'class-validator';
import { FoundBudgetDto } from './campaign-outlook.dto';
import { BurnReportDto } from './campaign-versions.dto';
import { DaysQuery, PeopleDto } from '../reports/reports.dto';

/** Money is fen. */
export class FunnelStepsDto {
  scans: number;
  /** Members who scanned: signing in with WeChat is what makes a scan theirs. */
  people: PeopleDto;
  newMembers: number;
  /** Codes scanned for the first time. */
  firstScans: number;
  /** Awards other than 谢谢参与, and their money. */
  wins: number;
  awardedFen: number;
  /** Awards whose money was asked for, and those whose money arrived. */
  claims: number;
  claimedFen: number;
  confirmed: number;
  confirmedFen: number;
}

export class FunnelDayDto extends FunnelStepsDto {
  /** Shanghai day. */
  day: string;
}

export class CampaignFunnelDto {
  at: Date;
  from: string;
  to: string;
  steps: FunnelStepsDto;
  /** People who came again on a later day, once for each such day. */
  returns: number;
  /** Quiet days included, days to come left out. */
  @ApiProperty({ type: [FunnelDayDto] })
  days: readonly FunnelDayDto[];
}

/** How a campaign stands at a moment. */
export class CampaignLiveDto {
  at: Date;
  funnel: CampaignFunnelDto;
  burn: BurnReportDto;
}

export class CampaignRegionsQuery extends DaysQuery {
  @IsIn(['province', 'city'])
  level: 'province' | 'city';
}

export class CampaignRegionDto {
  /** Null = unknown place, a row of its own. At city level a province stands for scans known to the province only. */
  adcode: number | null;
  name: string;
  scans: number;
  /** Codes scanned for the first time. */
  firstScans: number;
  wins: number;
  awardedFen: number;
  newMembers: number;
}

export class CampaignRegionsDto {
  from: string;
  to: string;
  level: 'province' | 'city';
  /** Most scans first; the unknown place last. */
  @ApiProperty({ type: [CampaignRegionDto] })
  rows: readonly CampaignRegionDto[];
}

export class ScopedCampaignDto {
  campaignId: number;
  name: string;
  /** Half-open. */
  startsAt: Date | null;
  endsAt: Date | null;
  scans: number;
  firstScans: number;
  wins: number;
  awardedFen: number;
  newMembers: number;
}

export class ScopedCampaignsDto {
  @ApiProperty({ type: [ScopedCampaignDto] })
  items: readonly ScopedCampaignDto[];
}

export class CampaignTotalsQuery {
  /** Campaigns, `1,2,3`: at most 100. */
  @ApiProperty({ type: String })
  @Transform(({ value }: { value: unknown }) => String(value).split(',').map(Number))
  @IsArray()
  @ArrayMaxSize(100)
  @IsInt({ each: true })
  @Min(1, { each: true })
  ids: number[];
}

export class CampaignTotalsDto {
  campaignId: number;
  scans: number;
  wins: number;
  awardedFen: number;
  /** What pays for the version in force, other campaigns' spending included. */
  budget: FoundBudgetDto | null;
}

export class CampaignTotalsListDto {
  @ApiProperty({ type: [CampaignTotalsDto] })
  items: readonly CampaignTotalsDto[];
}
