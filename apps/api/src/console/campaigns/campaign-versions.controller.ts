import { Get, Param, Query } from '@nestjs/common';
import { CampaignForecast, campaignTemplates, SCAN_FIELDS, VersionList } from '@app/campaigns';
import { IdPipe } from '../../edge/id.pipe';
import { PageQuery } from '../../edge/page.dto';
import {
  BurnReportDto,
  DiffDto,
  DiffQuery,
  TemplatesDto,
  TemplatesQuery,
  VersionDto,
  VersionPageDto,
} from './campaign-versions.dto';
import { FieldsDto } from './campaigns.dto';
import { ConsoleController } from '../console-controller';

/** What an author starts from, what was published, and how it goes. */
@ConsoleController('')
export class CampaignVersionsController {
  constructor(
    private readonly versions: VersionList,
    private readonly forecast: CampaignForecast,
  ) {}

  /** The fields a rule may speak of: names, operators, where values come from, how a leaf is said. */
  @Get('campaign-fields')
  fields(): FieldsDto {
    return { fields: SCAN_FIELDS.describe() };
  }

  /** Whole documents to start from. */
  @Get('campaign-templates')
  templates(@Query() { name, budgetId }: TemplatesQuery): TemplatesDto {
    return {
      templates: campaignTemplates.map((template) => ({
        ...{ key: template.key, name: template.name, description: template.description },
        content: template.content(name ?? template.name, budgetId),
      })),
    };
  }

  /** Latest first; versions never change. */
  @Get('campaigns/:id/versions')
  list(@Param('id', IdPipe) campaignId: number, @Query() page: PageQuery): Promise<VersionPageDto> {
    return this.versions.page(campaignId, page);
  }

  @Get('campaigns/:id/versions/:versionNo')
  one(@Param('id', IdPipe) campaignId: number, @Param('versionNo', IdPipe) versionNo: number): Promise<VersionDto> {
    return this.versions.one(campaignId, versionNo);
  }

  /** What differs between two versions, or between the draft and what is in force, in plain Chinese. */
  @Get('campaigns/:id/diff')
  async diff(@Param('id', IdPipe) campaignId: number, @Query() { from, to }: DiffQuery): Promise<DiffDto> {
    return { changes: await this.versions.compare(campaignId, sideOf(from), sideOf(to)) };
  }

  /** How fast budget and caps are used up, and where that leads by the end. */
  @Get('campaigns/:id/burn')
  burn(@Param('id', IdPipe) campaignId: number): Promise<BurnReportDto> {
    return this.forecast.read(campaignId);
  }
}

function sideOf(text: string): number | 'draft' | 'in-force' {
  return text === 'draft' || text === 'in-force' ? text : Number(text);
}
