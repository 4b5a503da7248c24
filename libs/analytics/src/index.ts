export { AnalyticsScansRecorded } from './analytics-jobs';
export { AnalyticsModule } from './analytics.module';
export { BackFill } from './back-fill';
export { PeopleKeeper } from './people-keeper';
export { CampaignBurnModel, type BurnHour, type CampaignBurn } from './read-models/campaign-burn';
export { CampaignDays } from './campaign-days';
export {
  CampaignFunnelModel,
  type CampaignFunnel,
  type FunnelDay,
  type FunnelSteps,
} from './read-models/campaign-funnel';
export { CampaignTotalsModel, type CampaignTotals, type ScopedCampaign } from './read-models/campaign-totals';
export { campaignsAsking, type Asked, type AskingCampaign } from './read-models/campaigns-asking';
export {
  readCampaignNames,
  type CampaignNames,
  type CampaignNamesFound,
  type FoundBatch,
  type FoundBudget,
} from './read-models/campaign-surroundings';
export type { PeopleCount } from './read-models/people-count';
export {
  RegionalReportModel,
  type RegionalFigures,
  type RegionalLevel,
  type RegionalQuestion,
  type RegionalReport,
  type RegionalRow,
} from './read-models/regional-report';
export { PrizeOriginModel, type PrizeOrigin, type PrizeOrigins } from './read-models/prize-origin';
export type { DayRange } from './read-models/rollup-scope';
export { RebuildDay } from './rebuild-day';
export { issueScope, type Scope } from './scope';
export { ExperimentFigures, type ExperimentQuestion, type MemberInExperiment } from './read-models/experiment-figures';
export {
  MOST_STATEMENT_DAYS,
  StatementModel,
  type StatementFigures,
  type StatementQuestion,
  type StatementRow,
  type StatementTotal,
} from './read-models/statement';
export { InactiveScans, type InactiveScan } from './read-models/inactive-scans';
export { MemberTimelineModel, type TimelineLine } from './read-models/member-timeline';
export { RiskCluesModel, type BusyMember, type SharedCode } from './read-models/risk-clues';
export { FoldProgressModel, type FoldProgress } from './read-models/fold-progress';
export { ScopedProductsModel, type ScopedProduct, type ScopedProducts } from './read-models/scoped-products';
export { ScansFound, type ScanKey, type ScansSought } from './read-models/scans-found';
export { StatementDays } from './statement-days';
export { wonOnDay } from './read-models/won-on-day';
export {
  WriteOffLines,
  type WriteOffAward,
  type WriteOffLine,
  type WriteOffQuestion,
  type WriteOffSums,
} from './read-models/write-off-lines';
export { APPROVAL_KINDS, ApprovalsModel, type ApprovalKind, type WaitingApproval } from './read-models/approvals';
export { BudgetBurnModel, type BudgetBurn } from './read-models/budget-burn';
export { ComparisonModel, type Compared } from './read-models/comparison';
export { FiguresModel, type Figures } from './read-models/figures';
export { LiveModel, type LiveFigures } from './read-models/live';
export { FEWEST_COMPARED, NeighboursModel, type Standing } from './read-models/neighbours';
export { PlaceReportModel, type PlaceReport } from './read-models/place-report';
export {
  REGION_LEVELS,
  REGION_SORTS,
  RegionTableModel,
  type RegionPage,
  type RegionQuestion,
  type RegionRow,
} from './read-models/region-table';
export type { ScanSums } from './read-models/scan-sums';
export { StoreRankingModel, type StoreRank } from './read-models/store-ranking';
export { TopItemsModel, type TopItems } from './read-models/top-items';
export { TrendModel, type TrendDay } from './read-models/trend';
export { WaitingWorkModel, WORK_KINDS, type WorkKind } from './read-models/waiting-work';
export { PayoutDays } from './payout-days';
export { PeopleWindows } from './people-windows';
export { KeepReportSettings, type ReportSettings } from './report-settings';
export { MadeUpScans, type MadeUpHistory, type MadeUpPlace, type MadeUpWorld } from './made-up-scans';
