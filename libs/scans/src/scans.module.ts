import { Module } from '@nestjs/common';
import { AnalyticsModule } from '@app/analytics';
import { CampaignsModule } from '@app/campaigns';
import { ChannelModule } from '@app/channel';
import { CodesModule } from '@app/codes';
import { MembersModule } from '@app/members';
import { PayoutsModule } from '@app/payouts';
import { RewardsModule } from '@app/rewards';
import { StaffModule } from '@app/staff';
import { AnswerScan } from './answer-scan';
import { CheckDecisions } from './check-decisions';
import { CodeAlarms } from './code-alarms';
import { CommitScans } from './commit-scans';
import { ExplainScan } from './explain-scan';
import { HoneyScannedHandler } from './honey-scanned.handler';
import { MyDealtCodes } from './my-dealt-codes';
import { CampaignReplays } from './replay/campaign-replays';
import { DryRun } from './replay/dry-run';
import { DryRunFacts } from './replay/dry-run-facts';
import { KeepChunks } from './replay/keep-chunks';
import { ReplayCampaignHandler } from './replay/replay-campaign.handler';
import { ReplayChunks } from './replay/replay-chunks';
import { ReplaysRepository } from './replay/replays.repository';
import { ScanCode } from './scan-code';
import { ScanList } from './scan-list';
import { ScanMoney } from './scan-money';
import { ScanReads } from './scan-reads';
import { ScanRecords } from './scan-records.repository';
import { ScanTime } from './scan-time';
import { ScanWrites } from './scan-writes';
import { SerialVeil } from './serial-veil';
import { StoredDecisions } from './stored-decisions';
import { ToldStagesTexts } from './told-stages';
import { WholeAnswers } from './whole-answers';
import { WornLooks } from './worn-looks';

@Module({
  imports: [
    AnalyticsModule,
    CampaignsModule,
    ChannelModule,
    CodesModule,
    MembersModule,
    PayoutsModule,
    RewardsModule,
    StaffModule,
  ],
  providers: [
    AnswerScan,
    CampaignReplays,
    CheckDecisions,
    CodeAlarms,
    CommitScans,
    DryRun,
    DryRunFacts,
    ExplainScan,
    HoneyScannedHandler,
    KeepChunks,
    MyDealtCodes,
    ReplayCampaignHandler,
    ReplayChunks,
    ReplaysRepository,
    ScanCode,
    ScanList,
    ScanMoney,
    ScanReads,
    ScanRecords,
    ScanTime,
    ScanWrites,
    SerialVeil,
    StoredDecisions,
    ToldStagesTexts,
    WholeAnswers,
    WornLooks,
  ],
  exports: [
    CampaignReplays,
    CodeAlarms,
    DryRun,
    ReplayChunks,
    CheckDecisions,
    ExplainScan,
    MyDealtCodes,
    ScanCode,
    ScanList,
    ScanMoney,
    ScanTime,
  ],
})
export class ScansModule {}
