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
import { DemoBrandBuilder } from './demo-brand';
import { DemoChannel } from './demo-channel';
import { DemoCodes, DemoLots } from './demo-codes';
import { DemoDesk } from './demo-desk';
import { DemoEarlierMoney } from './demo-earlier-money';
import { DemoHistoryWriter } from './demo-history';
import { DemoMoney } from './demo-money';
import { DemoOddScans } from './demo-odd-scans';
import { DemoPayments } from './demo-payments';
import { DemoPublisher } from './demo-publisher';
import { DemoFolds } from './demo-folds';
import { DemoRedemptions } from './demo-redemptions';
import { DemoReporter } from './demo-report';
import { DemoService } from './demo-service';
import { DemoSpecials } from './demo-specials';
import { DemoStores } from './demo-stores';
import { ManyScans } from './many-scans';
import { DemoTour } from './demo-tour';
import { DemoTrouble } from './demo-trouble';
import { PretendedClock } from './pretended-clock';

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
  DemoCodes,
  DemoDesk,
  DemoEarlierMoney,
  DemoFolds,
  DemoHistoryWriter,
  DemoLots,
  DemoMoney,
  DemoOddScans,
  DemoPayments,
  DemoPublisher,
  DemoRedemptions,
  DemoReporter,
  DemoService,
  DemoSpecials,
  DemoStores,
  DemoTour,
  DemoTrouble,
  ManyScans,
  PretendedClock,
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
