import { Get, Param, Query, Req, Res } from '@nestjs/common';
import { ApiExtraModels, ApiOkResponse, ApiProduces, getSchemaPath } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { CampaignFunnelModel, CampaignTotalsModel, RegionalReportModel, type DayRange } from '@app/analytics';
import { CampaignForecast } from '@app/campaigns';
import { regionWords } from '@app/regions';
import { scopeOf, type Operator } from '@app/staff';
import { IdPipe } from '../../edge/id.pipe';
import {
  CampaignFunnelDto,
  CampaignLiveDto,
  CampaignRegionsDto,
  CampaignRegionsQuery,
  CampaignTotalsListDto,
  CampaignTotalsQuery,
  ScopedCampaignsDto,
} from './campaign-figures.dto';
import { ConsoleController, CurrentOperator } from '../console-controller';
import { EVENT_STREAM, LiveLines, scopeKey } from '../reports/live-lines';
import type { Told } from '../reports/live-rooms';
import { DaysQuery } from '../reports/reports.dto';

const UNKNOWN_PLACE = '地点未知';
/** Half a year of days is read each time: a little slower than the overview, and still within five seconds of the scan. */
const EVERY_MS = 3_000;

/** How campaigns go, in the rows that the session may see. */
@ApiExtraModels(CampaignLiveDto)
@ConsoleController('')
export class CampaignFiguresController {
  constructor(
    private readonly funnels: CampaignFunnelModel,
    private readonly totals: CampaignTotalsModel,
    private readonly regional: RegionalReportModel,
    private readonly forecast: CampaignForecast,
    private readonly lines: LiveLines,
  ) {}

  /** From the scan to the money in somebody's pocket, by step and by day. */
  @Get('campaigns/:id/funnel')
  funnel(
    @CurrentOperator() operator: Operator,
    @Param('id', IdPipe) campaignId: number,
    @Query() range: DaysQuery,
  ): Promise<CampaignFunnelDto> {
    return this.funnels.read(scopeOf(operator), campaignId, range);
  }

  /** Funnel and burn as they change, by server-sent events like those of `live`: `figures` holds CampaignLiveDto. */
  @Get('campaigns/:id/live')
  @ApiProduces(EVENT_STREAM)
  @ApiOkResponse({ content: { [EVENT_STREAM]: { schema: { $ref: getSchemaPath(CampaignLiveDto) } } } })
  async watch(
    @CurrentOperator() operator: Operator,
    @Param('id', IdPipe) campaignId: number,
    @Query() { from, to }: DaysQuery,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const read = (): Promise<Told> => this.told(operator, campaignId, { from, to });
    // What is not there or cannot be asked is refused with a status; a line that is open has none.
    await read();
    const key = `campaign:${campaignId}:${from}:${to}:${scopeKey(operator)}`;
    const route = '/v1/console/campaigns/:id/live';
    return this.lines.open({ key, everyMs: EVERY_MS, read }, { operator, route, request, reply });
  }

  /** Where a campaign decided scans: provinces or cities. */
  @Get('campaigns/:id/regions')
  async regions(
    @CurrentOperator() operator: Operator,
    @Param('id', IdPipe) campaignId: number,
    @Query() { from, to, level }: CampaignRegionsQuery,
  ): Promise<CampaignRegionsDto> {
    const { rows } = await this.regional.read(scopeOf(operator), { from, to, level, campaignId });
    return { from, to, level, rows: rows.map((row) => ({ ...row, name: regionWords(row.adcode) || UNKNOWN_PLACE })) };
  }

  /** Campaigns that people met in somebody's own scope, and what came of them there. */
  @Get('scoped-campaigns')
  async met(@CurrentOperator() operator: Operator): Promise<ScopedCampaignsDto> {
    return { items: await this.totals.met(scopeOf(operator)) };
  }

  /** What stands beside each campaign of a list. */
  @Get('campaign-totals')
  async list(
    @CurrentOperator() operator: Operator,
    @Query() { ids }: CampaignTotalsQuery,
  ): Promise<CampaignTotalsListDto> {
    return { items: await this.totals.read(scopeOf(operator), ids) };
  }

  private async told(operator: Operator, campaignId: number, range: DayRange): Promise<Told> {
    const funnel = await this.funnels.read(scopeOf(operator), campaignId, range);
    const burn = await this.forecast.read(campaignId);
    const { steps, days, returns } = funnel;
    const sign = JSON.stringify([steps, days, returns, burn.budget, burn.awardedFen, burn.forecast.caps]);
    const { at } = funnel;
    return { at, figures: { at, funnel, burn } satisfies CampaignLiveDto, sign };
  }
}
