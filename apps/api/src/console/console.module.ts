import { Module } from '@nestjs/common';
import { AnalyticsModule } from '@app/analytics';
import { CampaignsModule } from '@app/campaigns';
import { ChannelModule } from '@app/channel';
import { CodesModule } from '@app/codes';
import { MembersModule } from '@app/members';
import { PayoutsModule } from '@app/payouts';
import { RewardsModule } from '@app/rewards';
import { ScansModule } from '@app/scans';
import { ServiceModule } from '@app/service';
import { StaffModule } from '@app/staff';
import { EdgeModule } from '../edge/edge.module';
import { AccountLinksController } from './account-links.controller';
import { ApprovalsController } from './approvals.controller';
import { AudiencesController } from './audiences.controller';
import { AuditController } from './audit.controller';
import { Audited } from './audited';
import { BudgetsController } from './budgets.controller';
import { CampaignApprovalsController } from './campaign-approvals.controller';
import { CampaignBurstsController } from './campaign-bursts.controller';
import { CampaignFiguresController } from './campaign-figures.controller';
import { CampaignVersionsController } from './campaign-versions.controller';
import { CampaignsController } from './campaigns.controller';
import { ChangeSegment } from './change-segment';
import { CodeAlarmsController } from './code-alarms.controller';
import { CodeBatchesController, SegmentsController } from './code-batches.controller';
import { CodePacksController } from './code-packs.controller';
import { ComplaintDeskController } from './complaints.controller';
import { ConsoleGuard } from './console.guard';
import { ConsoleSession } from './console-session';
import { CorrectionsController } from './corrections.controller';
import { CouponPoolsController } from './coupon-pools.controller';
import { DeadJobsController } from './dead-jobs.controller';
import { DistributorsController } from './distributors.controller';
import { DryRunController } from './dry-run.controller';
import { ExperimentsController } from './experiments.controller';
import { FiguresController } from './figures.controller';
import { FinanceController } from './finance.controller';
import { FulfilmentController } from './fulfilment.controller';
import { GrantsController } from './grants.controller';
import { LiveController } from './live.controller';
import { LiveRooms } from './live-rooms';
import { LotsController } from './lots.controller';
import { AudienceMembersController, MembersController } from './members.controller';
import { MerchantAccountsController } from './merchant-accounts.controller';
import { MoneyCasesController } from './money-cases.controller';
import { MoneyDecisionsController } from './money-decisions.controller';
import { OperatorsController } from './operators.controller';
import { OwnAccountController } from './own-account.controller';
import { PayoutsController } from './payouts.controller';
import { ProductsController } from './products.controller';
import { ReconciliationController } from './reconciliation.controller';
import { RegionsController } from './regions.controller';
import { RegionReportsController } from './region-reports.controller';
import { RedemptionSheetFilesController } from './redemption-sheet-files.controller';
import { RedemptionSheetsController } from './redemption-sheets.controller';
import { RedemptionsController } from './redemptions.controller';
import { ReplaysController } from './replays.controller';
import { ReportsController } from './reports.controller';
import { RoleRequestsController } from './role-requests.controller';
import { ScanRecordsController } from './scan-records.controller';
import { SessionController } from './session.controller';
import { SettingsController } from './settings.controller';
import { StatementsController } from './statements.controller';
import { StoreClerksController } from './store-clerks.controller';
import { StoresController } from './stores.controller';
import { TagsController } from './tags.controller';
import { WriteOffFilesController } from './write-off-files.controller';
import { WriteOffsController } from './write-offs.controller';

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
    ProductsController,
    ReconciliationController,
    RegionsController,
    RegionReportsController,
    RedemptionSheetFilesController,
    RedemptionSheetsController,
    RedemptionsController,
    ReplaysController,
    ReportsController,
    RoleRequestsController,
    ScanRecordsController,
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
  providers: [Audited, ChangeSegment, ConsoleGuard, ConsoleSession, LiveRooms],
})
export class ConsoleModule {}
