import { Module } from '@nestjs/common';
import { BackFill } from './back-fill';
import { CampaignDays } from './campaign-days';
import { FoldFacts } from './fold-facts';
import { PayoutDays } from './payout-days';
import { PeopleKeeper } from './people-keeper';
import { PeopleWindows } from './people-windows';
import { CampaignBurnModel } from './read-models/campaign-burn';
import { CampaignFunnelModel } from './read-models/campaign-funnel';
import { CampaignTotalsModel } from './read-models/campaign-totals';
import { DailySeriesModel } from './read-models/daily-series';
import { ExperimentFigures } from './read-models/experiment-figures';
import { OverviewModel } from './read-models/overview';
import { PrizeOriginModel } from './read-models/prize-origin';
import { RegionalReportModel } from './read-models/regional-report';
import { StatementModel } from './read-models/statement';
import { WriteOffLines } from './read-models/write-off-lines';
import { RebuildDay } from './rebuild-day';
import { RollupsRepository } from './rollups.repository';
import { ScanFactsRepository } from './scan-facts.repository';
import { AnalyticsScansRecordedHandler } from './scans-recorded.handler';
import { StatementDays } from './statement-days';

@Module({
  providers: [
    AnalyticsScansRecordedHandler,
    BackFill,
    CampaignBurnModel,
    CampaignDays,
    CampaignFunnelModel,
    CampaignTotalsModel,
    DailySeriesModel,
    ExperimentFigures,
    FoldFacts,
    OverviewModel,
    PayoutDays,
    PeopleKeeper,
    PeopleWindows,
    PrizeOriginModel,
    RebuildDay,
    RegionalReportModel,
    RollupsRepository,
    ScanFactsRepository,
    StatementDays,
    StatementModel,
    WriteOffLines,
  ],
  exports: [
    BackFill,
    CampaignBurnModel,
    CampaignDays,
    CampaignFunnelModel,
    CampaignTotalsModel,
    DailySeriesModel,
    ExperimentFigures,
    OverviewModel,
    PayoutDays,
    PeopleKeeper,
    PeopleWindows,
    PrizeOriginModel,
    RebuildDay,
    RegionalReportModel,
    StatementDays,
    StatementModel,
    WriteOffLines,
  ],
})
export class AnalyticsModule {}
