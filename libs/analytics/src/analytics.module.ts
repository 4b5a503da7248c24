import { Module } from '@nestjs/common';
import { BackFill } from './back-fill';
import { CampaignDays } from './campaign-days';
import { FoldFacts } from './fold-facts';
import { MadeUpScans } from './made-up-scans';
import { PayoutDays } from './payout-days';
import { PeopleKeeper } from './people-keeper';
import { PeopleWindows } from './people-windows';
import { CampaignBurnModel } from './read-models/campaign-burn';
import { CampaignFunnelModel } from './read-models/campaign-funnel';
import { CampaignTotalsModel } from './read-models/campaign-totals';
import { ExperimentFigures } from './read-models/experiment-figures';
import { InactiveScans } from './read-models/inactive-scans';
import { MemberTimelineModel } from './read-models/member-timeline';
import { PrizeOriginModel } from './read-models/prize-origin';
import { RegionalReportModel } from './read-models/regional-report';
import { RiskCluesModel } from './read-models/risk-clues';
import { ScansFound } from './read-models/scans-found';
import { FoldProgressModel } from './read-models/fold-progress';
import { ScopedProductsModel } from './read-models/scoped-products';
import { StatementModel } from './read-models/statement';
import { WriteOffLines } from './read-models/write-off-lines';
import { ApprovalsModel } from './read-models/approvals';
import { BudgetBurnModel } from './read-models/budget-burn';
import { ComparisonModel } from './read-models/comparison';
import { FiguresModel } from './read-models/figures';
import { LiveModel } from './read-models/live';
import { NeighboursModel } from './read-models/neighbours';
import { PlaceReportModel } from './read-models/place-report';
import { RegionTableModel } from './read-models/region-table';
import { StoreRankingModel } from './read-models/store-ranking';
import { TopItemsModel } from './read-models/top-items';
import { TrendModel } from './read-models/trend';
import { WaitingWorkModel } from './read-models/waiting-work';
import { KeepReportSettings } from './report-settings';
import { RebuildDay } from './rebuild-day';
import { RollupsRepository } from './rollups.repository';
import { ScanFactsRepository } from './scan-facts.repository';
import { AnalyticsScansRecordedHandler } from './scans-recorded.handler';
import { StatementDays } from './statement-days';

@Module({
  providers: [
    AnalyticsScansRecordedHandler,
    ApprovalsModel,
    BackFill,
    BudgetBurnModel,
    CampaignBurnModel,
    CampaignDays,
    CampaignFunnelModel,
    CampaignTotalsModel,
    ComparisonModel,
    ExperimentFigures,
    FiguresModel,
    FoldFacts,
    InactiveScans,
    KeepReportSettings,
    LiveModel,
    MadeUpScans,
    MemberTimelineModel,
    NeighboursModel,
    PayoutDays,
    PeopleKeeper,
    PeopleWindows,
    PlaceReportModel,
    PrizeOriginModel,
    RebuildDay,
    RegionTableModel,
    RegionalReportModel,
    RiskCluesModel,
    RollupsRepository,
    ScanFactsRepository,
    ScansFound,
    FoldProgressModel,
    ScopedProductsModel,
    StatementDays,
    StatementModel,
    StoreRankingModel,
    TopItemsModel,
    TrendModel,
    WaitingWorkModel,
    WriteOffLines,
  ],
  exports: [
    ApprovalsModel,
    BackFill,
    BudgetBurnModel,
    CampaignBurnModel,
    CampaignDays,
    CampaignFunnelModel,
    CampaignTotalsModel,
    ComparisonModel,
    ExperimentFigures,
    FiguresModel,
    InactiveScans,
    KeepReportSettings,
    LiveModel,
    MadeUpScans,
    MemberTimelineModel,
    NeighboursModel,
    PayoutDays,
    PeopleKeeper,
    PeopleWindows,
    PlaceReportModel,
    PrizeOriginModel,
    RebuildDay,
    RegionTableModel,
    RegionalReportModel,
    RiskCluesModel,
    ScansFound,
    FoldProgressModel,
    ScopedProductsModel,
    StatementDays,
    StatementModel,
    StoreRankingModel,
    TopItemsModel,
    TrendModel,
    WaitingWorkModel,
    WriteOffLines,
  ],
})
export class AnalyticsModule {}
