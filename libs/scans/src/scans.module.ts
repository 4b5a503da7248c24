import { Module } from '@nestjs/common';
import { CampaignsModule } from '@app/campaigns';
import { ChannelModule } from '@app/channel';
import { CodesModule } from '@app/codes';
import { MembersModule } from '@app/members';
import { PayoutsModule } from '@app/payouts';
import { RewardsModule } from '@app/rewards';
import { AnswerScan } from './answer-scan';
import { CheckDecisions } from './check-decisions';
import { CommitScans } from './commit-scans';
import { ExplainScan } from './explain-scan';
import { ScanCode } from './scan-code';
import { ScanReads } from './scan-reads';
import { ScanRecords } from './scan-records.repository';
import { ScanTime } from './scan-time';
import { ScanWrites } from './scan-writes';
import { StoredDecisions } from './stored-decisions';

@Module({
  imports: [CampaignsModule, ChannelModule, CodesModule, MembersModule, PayoutsModule, RewardsModule],
  providers: [
    AnswerScan,
    CheckDecisions,
    CommitScans,
    ExplainScan,
    ScanCode,
    ScanReads,
    ScanRecords,
    ScanTime,
    ScanWrites,
    StoredDecisions,
  ],
  exports: [CheckDecisions, ExplainScan, ScanCode, ScanTime],
})
export class ScansModule {}
