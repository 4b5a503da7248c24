import { Global, Module } from '@nestjs/common';
import { Test, type TestingModule } from '@nestjs/testing';
import { CampaignCatalog } from '@app/campaigns';
import { TerritoryMap } from '@app/channel';
import { CodeCatalog } from '@app/codes';
import { ConfigModule, type Config } from '@app/config';
import { Database, UnitOfWork } from '@app/database';
import { BullQueues, JobsModule } from '@app/jobs';
import { MembersModule } from '@app/members';
import { ObservabilityModule, type Logger } from '@app/observability';
import { PayoutsModule } from '@app/payouts';
import { RewardsModule } from '@app/rewards';
import { ScansModule } from '@app/scans';
import { NotifyVerifier, RedpackApi, TransferBillsApi } from '@app/wechat';
import { NoTerritories, StandingCampaigns, StandingCodes } from './catalogue';

/** What stands at the borders of one simulated process. */
export interface Borders {
  readonly config: Config;
  readonly logger: Logger;
  readonly database: Database;
  readonly unitOfWork: UnitOfWork;
  readonly queues: object;
  readonly transfers: object;
  readonly packets: object;
  readonly verifier: object;
}

const quiet = (): void => undefined;
const SILENCE = { log: quiet, error: quiet, warn: quiet };

/** The real rooms, with other borders. Nothing is started: no relay, no interval, no cache. */
export function buildRooms(borders: Borders): Promise<TestingModule> {
  const { config, logger } = borders;
  @Global()
  @Module({
    providers: [
      { provide: Database, useValue: borders.database },
      { provide: UnitOfWork, useValue: borders.unitOfWork },
    ],
    exports: [Database, UnitOfWork],
  })
  class Ground {}
  return Test.createTestingModule({
    imports: [
      ConfigModule.forRoot(config),
      ObservabilityModule.forRoot(logger),
      Ground,
      JobsModule.forRoot({ run: true }),
      MembersModule,
      PayoutsModule,
      RewardsModule,
      ScansModule,
    ],
  })
    .overrideProvider(BullQueues)
    .useValue(borders.queues)
    .overrideProvider(TransferBillsApi)
    .useValue(borders.transfers)
    .overrideProvider(RedpackApi)
    .useValue(borders.packets)
    .overrideProvider(NotifyVerifier)
    .useValue(borders.verifier)
    .overrideProvider(CampaignCatalog)
    .useValue(new StandingCampaigns())
    .overrideProvider(CodeCatalog)
    .useValue(new StandingCodes())
    .overrideProvider(TerritoryMap)
    .useValue(new NoTerritories())
    .setLogger(SILENCE)
    .compile();
}
