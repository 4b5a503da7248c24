import { Module, type DynamicModule } from '@nestjs/common';
import { AnalyticsModule } from '@app/analytics';
import { CampaignsModule, campaignsEntities } from '@app/campaigns';
import { ChannelModule } from '@app/channel';
import { CodesModule, codesEntities } from '@app/codes';
import { ConfigModule, type Config } from '@app/config';
import { DatabaseModule } from '@app/database';
import { JobsModule } from '@app/jobs';
import { MembersModule } from '@app/members';
import { ObservabilityModule, type Logger } from '@app/observability';
import { PayoutsModule } from '@app/payouts';
import { RewardsModule } from '@app/rewards';
import { ScansModule } from '@app/scans';
import { StaffModule } from '@app/staff';
import { WechatModule } from '@app/wechat';

/** The rooms whose jobs and intervals run here. */
const ROOMS = [
  AnalyticsModule,
  CampaignsModule,
  ChannelModule,
  CodesModule,
  MembersModule,
  PayoutsModule,
  RewardsModule,
  ScansModule,
  StaffModule,
  WechatModule,
];

@Module({})
export class WorkerModule {
  /** `run: false` for a command that only writes. */
  static forRoot(config: Config, log: Logger, { run }: { run: boolean }): DynamicModule {
    return {
      module: WorkerModule,
      imports: [
        ConfigModule.forRoot(config),
        ObservabilityModule.forRoot(log),
        DatabaseModule.forRoot([...codesEntities, ...campaignsEntities]),
        JobsModule.forRoot({ run }),
        ...ROOMS,
      ],
    };
  }
}
