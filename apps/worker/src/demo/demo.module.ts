import { Module, type DynamicModule } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import type { Config } from '@app/config';
import type { Logger } from '@app/observability';
import { AnalyticsModule } from '@app/analytics';
import { CampaignsModule } from '@app/campaigns';
import { ChannelModule } from '@app/channel';
import { CodesModule } from '@app/codes';
import { HandlerRegistry, JobRunner } from '@app/jobs';
import { MembersModule } from '@app/members';
import { PayoutsModule } from '@app/payouts';
import { PicturesModule } from '@app/pictures';
import { RewardsModule } from '@app/rewards';
import { ScansModule } from '@app/scans';
import { ServiceModule } from '@app/service';
import { StaffModule } from '@app/staff';
import { WorkerModule } from '../worker.module';
import { DemoBrandBuilder, DemoCodes, DemoLots, DemoMoney } from './demo-brand';
import { DemoChannel } from './demo-channel';
import { DemoHistoryWriter } from './demo-history';
import { DemoPayments } from './demo-payments';
import { DemoPublisher } from './demo-publisher';
import { DemoFolds } from './demo-folds';
import { DemoRedemptions } from './demo-redemptions';
import { DemoReporter } from './demo-report';
import { DemoService } from './demo-service';
import { DemoStores } from './demo-stores';
import { ManyScans } from './many-scans';
import { DemoTour } from './demo-tour';

const USED = [
  AnalyticsModule,
  CampaignsModule,
  ChannelModule,
  CodesModule,
  MembersModule,
  PayoutsModule,
  PicturesModule,
  RewardsModule,
  ScansModule,
  ServiceModule,
  StaffModule,
];
const BUILDERS = [
  DemoBrandBuilder,
  DemoChannel,
  DemoFolds,
  DemoCodes,
  DemoHistoryWriter,
  DemoLots,
  DemoMoney,
  DemoPayments,
  DemoPublisher,
  DemoRedemptions,
  DemoReporter,
  DemoService,
  DemoStores,
  ManyScans,
  DemoTour,
];
/** Runs handlers by hand: the demo's processes relay nothing. */
const HANDS = [HandlerRegistry, JobRunner];

/** The worker's rooms without their jobs, and the hands that write the demo. */
@Module({})
export class DemoModule {
  static forRoot(config: Config, log: Logger): DynamicModule {
    return {
      module: DemoModule,
      imports: [DiscoveryModule, WorkerModule.forRoot(config, log, { run: false }), ...USED],
      providers: [...BUILDERS, ...HANDS],
      exports: BUILDERS,
    };
  }
}
