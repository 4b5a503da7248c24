import { Get, Param, Query } from '@nestjs/common';
import { CampaignFunnelModel, CampaignTotalsModel } from '@app/analytics';
import { scopeOf, type Operator } from '@app/staff';
import { IdPipe } from '../../edge/id.pipe';
import {
  CampaignFunnelDto,
  CampaignTotalsListDto,
  CampaignTotalsQuery,
  ScopedCampaignsDto,
} from './campaign-figures.dto';
import { ConsoleController, CurrentOperator } from '../console-controller';
import { DaysQuery } from '../reports/reports.dto';

/** How campaigns go, in the rows that the session may see. */
@ConsoleController('')
export class CampaignFiguresController {
  constructor(
    private readonly funnels: CampaignFunnelModel,
    private readonly totals: CampaignTotalsModel,
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
}
