import { ApiProperty } from '@nestjs/swagger';
import { WORK_KINDS } from '@app/analytics';

/** What was counted of a number of scans. */
export class ScanSumsDto {
  scans: number;
  /** Codes that pay consumers, scanned for the first time: bottles opened. */
  opened: number;
  /** Prizes of money. */
  wins: number;
  awardedFen: number;
  /** Members who opened their first bottle. */
  newMembers: number;
}

export class WindowPeopleDto {
  /** Distinct members who scanned. */
  people: number;
  /** Of them, who opened a bottle, and who opened bottles on two days or more. */
  openers: number | null;
  repeaters: number | null;
}

export class PeriodFiguresDto {
  from: string;
  to: string;
  sums: ScanSumsDto;
  /** Null for days that are not over, and until they were counted. */
  people: WindowPeopleDto | null;
  /** Prize money that was asked for, and that arrived, in these days. */
  claimedFen: number;
  settledFen: number;
}

export class CodesOpenedDto {
  /** On sale now, on layers that pay consumers. */
  activated: number;
  /** Of all time. */
  opened: number;
}

export class CampaignOddsDto {
  campaignId: number;
  name: string;
  /** How likely a prize of money is by the published tables, 0 … 1: of the rule that gives least, and of the one that gives most. */
  least: number;
  most: number;
  opened: number;
  wins: number;
}

export class RepeatRateDto {
  now: WindowPeopleDto | null;
  before: WindowPeopleDto | null;
}

export class FoldProgressDto {
  /** The figures are still being made from scans of before. */
  behind: boolean;
  /** Of all scans so many of a hundred are in the figures; null while nothing lies behind. */
  percent: number | null;
}

/** The numbers that everybody asks first, as what they are made of; the rates are quotients of these. */
export class KeyFiguresDto {
  now: PeriodFiguresDto;
  /** As many days before. */
  before: PeriodFiguresDto;
  /** Null for a distributor: codes are nobody's before they are shipped. */
  codes: CodesOpenedDto | null;
  @ApiProperty({ type: [CampaignOddsDto] })
  odds: readonly CampaignOddsDto[];
  /** Windows of 7 and 30 days that end yesterday. */
  repeat7: RepeatRateDto;
  repeat30: RepeatRateDto;
}

export class TrendDayDto extends ScanSumsDto {
  /** Shanghai day. */
  day: string;
  /** Distinct members; null for a day that is not over. */
  people: number | null;
}

export class TrendDto {
  @ApiProperty({ type: [TrendDayDto] })
  days: readonly TrendDayDto[];
}

export class ItemRowDto extends ScanSumsDto {
  id: number;
  name: string;
}

export class BatchItemRowDto extends ItemRowDto {
  productName: string;
}

export class TopItemsDto {
  from: string;
  to: string;
  @ApiProperty({ type: [ItemRowDto] })
  products: readonly ItemRowDto[];
  @ApiProperty({ type: [BatchItemRowDto] })
  batches: readonly BatchItemRowDto[];
}

export class BurningCampaignDto {
  id: number;
  name: string;
  endsAt: Date | null;
}

export class BudgetBurnDto {
  id: number;
  name: string;
  grantedFen: number;
  leftFen: number;
  reservedFen: number;
  settledFen: number;
  /** Mean of the last seven days that are over. */
  fenPerDay: number;
  /** Null while nothing is won. */
  daysLeft: number | null;
  /** The Shanghai day on which it is used up at that rate. */
  until: string | null;
  @ApiProperty({ type: [BurningCampaignDto] })
  campaigns: readonly BurningCampaignDto[];
  /** At that rate it is used up before its campaigns end. */
  short: boolean;
}

export class BudgetBurnsDto {
  @ApiProperty({ type: [BudgetBurnDto] })
  items: readonly BudgetBurnDto[];
}

export const WAITING_KINDS = [...WORK_KINDS, 'alarms'] as const;
export type WaitingKind = (typeof WAITING_KINDS)[number];

export class WaitingDto {
  @ApiProperty({ enum: WAITING_KINDS })
  kind: WaitingKind;
  count: number;
  /** Since when the oldest waits. */
  since: Date | null;
}

export class WaitingWorkDto {
  @ApiProperty({ type: [WaitingDto] })
  items: readonly WaitingDto[];
}
