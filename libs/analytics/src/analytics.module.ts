import { Module } from '@nestjs/common';
import { BackFill } from './back-fill';
import { FoldFacts } from './fold-facts';
import { PeopleKeeper } from './people-keeper';
import { CampaignBurnModel } from './read-models/campaign-burn';
import { DailySeriesModel } from './read-models/daily-series';
import { ExperimentFigures } from './read-models/experiment-figures';
import { OverviewModel } from './read-models/overview';
import { RegionalReportModel } from './read-models/regional-report';
import { RebuildDay } from './rebuild-day';
import { RollupsRepository } from './rollups.repository';
import { ScanFactsRepository } from './scan-facts.repository';
import { AnalyticsScansRecordedHandler } from './scans-recorded.handler';

@Module({
  providers: [
    AnalyticsScansRecordedHandler,
    BackFill,
    CampaignBurnModel,
    DailySeriesModel,
    ExperimentFigures,
    FoldFacts,
    OverviewModel,
    PeopleKeeper,
    RebuildDay,
    RegionalReportModel,
    RollupsRepository,
    ScanFactsRepository,
  ],
  exports: [
    BackFill,
    CampaignBurnModel,
    DailySeriesModel,
    ExperimentFigures,
    OverviewModel,
    PeopleKeeper,
    RebuildDay,
    RegionalReportModel,
  ],
})
export class AnalyticsModule {}
