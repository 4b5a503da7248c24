import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsInt, IsOptional, IsString, Matches, MaxLength, Min, MinLength } from 'class-validator';
import { ChangeDto, FoundBudgetDto } from './campaign-outlook.dto';
import { PersonDto } from './campaign-submission.dto';

const SIDE = /^(draft|in-force|[1-9]\d{0,8})$/;

export class DiffQuery {
  /** A version's number, `draft` or `in-force`. */
  @Matches(SIDE)
  from: string = 'in-force';

  @Matches(SIDE)
  to: string = 'draft';
}

export class DiffDto {
  @ApiProperty({ type: [ChangeDto] })
  changes: readonly ChangeDto[];
}

export class TemplatesQuery {
  /** The name to fill in; the template's own when left out. */
  @IsOptional()
  @IsString()
  @MinLength(1)
  @MaxLength(64)
  name?: string;

  /** The budget to fill in. */
  @ApiPropertyOptional({ type: 'integer', minimum: 1, default: 1 })
  @Type(() => Number)
  @IsInt()
  @Min(1)
  budgetId: number = 1;
}

export class CampaignTemplateDto {
  key: string;
  name: string;
  description: string;
  @ApiProperty({ type: 'object', additionalProperties: true })
  content: object;
}

export class TemplatesDto {
  @ApiProperty({ type: [CampaignTemplateDto] })
  templates: readonly CampaignTemplateDto[];
}

export class VersionItemDto {
  versionId: number;
  versionNo: number;
  contentHash: string;
  author: PersonDto | null;
  approver: PersonDto | null;
  publishedAt: Date;
  inForce: boolean;
}

export class VersionPageDto {
  @ApiProperty({ type: [VersionItemDto] })
  items: readonly VersionItemDto[];
  nextCursor: string | null;
}

export class VersionDto extends VersionItemDto {
  @ApiProperty({ type: 'object', additionalProperties: true })
  content: object;
}

export class BurnHourDto {
  hour: Date;
  wins: number;
  awardedFen: number;
}

export class CapUseDto {
  @ApiProperty({ type: 'object', additionalProperties: true })
  cap: object;
  /** The region or store counted here; null for the whole campaign, 0 = unknown. */
  subject: number | null;
  awards: number;
  fen: number;
  /** 0 to 1. */
  used: number;
  windowEnds: Date | null;
  /** At the present rate, before the window or the campaign ends. */
  reachedAt: Date | null;
}

export class ForecastDto {
  winsPerHour: number;
  fenPerHour: number;
  hoursLeft: number;
  /** Awarded so far and, at this rate, until the end. */
  fenAtEnd: number;
  /** When the budget is used up at this rate; null when it lasts. */
  budgetUntil: Date | null;
  @ApiProperty({ type: [CapUseDto] })
  caps: readonly CapUseDto[];
}

export class BurnReportDto {
  at: Date;
  startsAt: Date;
  endsAt: Date;
  budget: FoundBudgetDto | null;
  wins: number;
  awardedFen: number;
  /** The last 24 hours, those without a win left out. */
  @ApiProperty({ type: [BurnHourDto] })
  hours: readonly BurnHourDto[];
  forecast: ForecastDto;
}
