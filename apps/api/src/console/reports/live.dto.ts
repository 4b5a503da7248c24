import { ApiProperty } from '@nestjs/swagger';
import { ScanSumsDto } from './figures.dto';

export class LivePlaceDto extends ScanSumsDto {
  /** City or province; null = unknown place. */
  adcode: number | null;
  name: string;
}

export class LiveHourDto {
  hour: Date;
  scans: number;
  wins: number;
}

export class LatestScanDto {
  at: Date;
  adcode: number | null;
  place: string;
  /** 0 = won no money. */
  amountFen: number;
}

export class LiveBeforeDto {
  scans: number;
  wins: number;
  awardedFen: number;
}

/** Today, seconds old. */
export class LiveDto {
  at: Date;
  /** Shanghai day. */
  day: string;
  today: ScanSumsDto;
  /** Distinct members of today. */
  people: number;
  /** Yesterday from midnight to the same time of the day. */
  before: LiveBeforeDto;
  @ApiProperty({ type: [LiveHourDto] })
  hours: readonly LiveHourDto[];
  @ApiProperty({ type: [LivePlaceDto] })
  places: readonly LivePlaceDto[];
  /** Of the last ten minutes, the newest first. */
  @ApiProperty({ type: [LatestScanDto] })
  latest: readonly LatestScanDto[];
}
