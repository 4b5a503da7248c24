import { Module } from '@nestjs/common';
import { AnalyticsModule } from '@app/analytics';
import { CampaignsModule } from '@app/campaigns';
import { ChannelModule } from '@app/channel';
import { CodesModule } from '@app/codes';
import { MembersModule } from '@app/members';
import { PayoutsModule } from '@app/payouts';
import { PicturesModule } from '@app/pictures';
import { RewardsModule } from '@app/rewards';
import { ScansModule } from '@app/scans';
import { ServiceModule } from '@app/service';
import { StaffModule } from '@app/staff';
import { EdgeModule } from '../edge/edge.module';
import { AccountLinksController } from './access/account-links.controller';
import { ApprovalsController } from './access/approvals.controller';
import { AudiencesController } from './members/audiences.controller';
import { AuditController } from './access/audit.controller';
import { Audited } from './audited';
import { BudgetsController } from './money/budgets.controller';
import { CampaignApprovalsController } from './campaigns/campaign-approvals.controller';
import { CampaignBurstsController } from './campaigns/campaign-bursts.controller';
import { CampaignFiguresController } from './campaigns/campaign-figures.controller';
import { CampaignVersionsController } from './campaigns/campaign-versions.controller';
import { CampaignsController } from './campaigns/campaigns.controller';
import { ChangeSegment } from './codes/change-segment';
import { CodeAlarmsController } from './codes/code-alarms.controller';
import { CodeBatchesController, SegmentsController } from './codes/code-batches.controller';
import { CodePacksController } from './codes/code-packs.controller';
import { ComplaintDeskController } from './service/complaints.controller';
import { ConsoleGuard } from './console.guard';
import { ConsoleSession } from './console-session';
import { CorrectionsController } from './money/corrections.controller';
import { CouponPoolsController } from './service/coupon-pools.controller';
import { DeadJobsController } from './money/dead-jobs.controller';
import { DistributorsController } from './channel/distributors.controller';
import { DryRunController } from './campaigns/dry-run.controller';
import { ExperimentsController } from './campaigns/experiments.controller';
import { FiguresController } from './reports/figures.controller';
import { FinanceController } from './money/finance.controller';
import { FulfilmentController } from './service/fulfilment.controller';
import { GrantsController } from './money/grants.controller';
import { LiveController } from './reports/live.controller';
import { LiveLines } from './reports/live-lines';
import { LiveRooms } from './reports/live-rooms';
import { LotsController } from './codes/lots.controller';
import { AudienceMembersController, MembersController } from './members/members.controller';
import { MerchantAccountsController } from './money/merchant-accounts.controller';
import { MoneyCasesController } from './money/money-cases.controller';
import { MoneyDecisionsController } from './money/money-decisions.controller';
import { OperatorsController } from './access/operators.controller';
import { OwnAccountController } from './access/own-account.controller';
import { PayoutsController } from './money/payouts.controller';
import { PicturesController } from './campaigns/pictures.controller';
import { PackLeaksController } from './codes/pack-leaks.controller';
import { ProductsController } from './codes/products.controller';
import { RecallEndsController } from './codes/recall-ends.controller';
import { ReconciliationController } from './money/reconciliation.controller';
import { RegionsController } from './channel/regions.controller';
import { RegionReportsController } from './reports/region-reports.controller';
import { RedemptionSheetFilesController } from './channel/redemption-sheet-files.controller';
import { RedemptionSheetsController } from './channel/redemption-sheets.controller';
import { RedemptionsController } from './channel/redemptions.controller';
import { ReplaysController } from './campaigns/replays.controller';
import { RiskCluesController } from './reports/risk-clues.controller';
import { RoleRequestsController } from './access/role-requests.controller';
import { ScanRecordsController } from './reports/scan-records.controller';
import { ScopedProductsController } from './codes/scoped-products.controller';
import { SessionController } from './access/session.controller';
import { SettingsController } from './access/settings.controller';
import { StatementsController } from './money/statements.controller';
import { StoreClerksController } from './channel/store-clerks.controller';
import { StoresController } from './channel/stores.controller';
import { TagsController } from './members/tags.controller';
import { WriteOffFilesController } from './money/write-off-files.controller';
import { WriteOffsController } from './money/write-offs.controller';

/** What headquarters and distributors ask. */
@Module({
  imports: [
    AnalyticsModule,
    CampaignsModule,
    ChannelModule,
    CodesModule,
    EdgeModule,
    MembersModule,
    PayoutsModule,
    PicturesModule,
    RewardsModule,
    ScansModule,
    ServiceModule,
    StaffModule,
  ],
  controllers: [
    AccountLinksController,
    ApprovalsController,
    AudiencesController,
    AuditController,
    BudgetsController,
    CampaignApprovalsController,
    CampaignBurstsController,
    CampaignFiguresController,
    CampaignVersionsController,
    CampaignsController,
    CodeAlarmsController,
    CodeBatchesController,
    CodePacksController,
    ComplaintDeskController,
    CorrectionsController,
    CouponPoolsController,
    DeadJobsController,
    DistributorsController,
    DryRunController,
    ExperimentsController,
    FiguresController,
    FinanceController,
    FulfilmentController,
    GrantsController,
    LiveController,
    LotsController,
    AudienceMembersController,
    MembersController,
    MerchantAccountsController,
    MoneyCasesController,
    MoneyDecisionsController,
    OperatorsController,
    OwnAccountController,
    PayoutsController,
    PicturesController,
    ProductsController,
    ReconciliationController,
    RegionsController,
    RegionReportsController,
    RedemptionSheetFilesController,
    RedemptionSheetsController,
    RedemptionsController,
    ReplaysController,
    PackLeaksController,
    RecallEndsController,
    RiskCluesController,
    RoleRequestsController,
    ScanRecordsController,
    ScopedProductsController,
    SegmentsController,
    SessionController,
    SettingsController,
    StatementsController,
    StoreClerksController,
    StoresController,
    TagsController,
    WriteOffFilesController,
    WriteOffsController,
  ],
  providers: [Audited, ChangeSegment, ConsoleGuard, ConsoleSession, LiveLines, LiveRooms],
})
export class ConsoleModule {}
