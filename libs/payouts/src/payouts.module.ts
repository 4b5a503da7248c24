import { Module, type DynamicModule, type ModuleMetadata, type Provider } from '@nestjs/common';
import { CONFIG, type Config } from '@app/config';
import { Sealer } from '@app/database';
import { WechatModule } from '@app/wechat';
import { AttemptsRepository } from './attempts.repository';
import { Bills } from './bills';
import { Budgets } from './budgets';
import { ChannelBlocksRepository } from './channel-blocks.repository';
import { WechatPayoutChannels } from './channels';
import { DrivePayout } from './drive-payout';
import { ApproveGrant, CreateBudget, RequestGrant } from './grants';
import { HandleTransferNotify } from './handle-transfer-notify';
import { Incidents } from './incidents';
import { LedgerCheck } from './ledger-check';
import { LedgerSummaries } from './ledger-summary';
import { PayoutChannels } from './payout-channel';
import { PayoutViews } from './payout-views';
import { PayoutsRepository } from './payouts.repository';
import { RateGate } from './rate-gate';
import { ReconcilePayouts, SendPayoutHandler } from './reconcile-payouts';
import { RecordOutcome } from './record-outcome';
import { RedpackChannel } from './redpack.channel';
import { RefreshPayout } from './refresh-payout';
import { RequestPayout } from './request-payout';
import { TransferConfirmChannel } from './transfer-confirm.channel';

const DOOR = [
  Budgets,
  CreateBudget,
  RequestGrant,
  ApproveGrant,
  RequestPayout,
  RefreshPayout,
  PayoutViews,
  LedgerSummaries,
  LedgerCheck,
  HandleTransferNotify,
  DrivePayout,
  ReconcilePayouts,
];

const ROOMS = [
  AttemptsRepository,
  Bills,
  ChannelBlocksRepository,
  Incidents,
  PayoutsRepository,
  RateGate,
  RecordOutcome,
  RedpackChannel,
  SendPayoutHandler,
  TransferConfirmChannel,
];

export interface PayoutsPorts {
  /** Modules that the two providers below need. */
  readonly imports?: NonNullable<ModuleMetadata['imports']>;
  /** Provides PayeeDirectory. */
  readonly payees: Provider;
  /** Provides PayoutSettledListener. */
  readonly settledListener: Provider;
}

/** Needs the global config, database, observability and jobs modules. */
@Module({})
export class PayoutsModule {
  static forRoot({ imports = [], payees, settledListener }: PayoutsPorts): DynamicModule {
    return {
      module: PayoutsModule,
      imports: [WechatModule, ...imports],
      providers: [
        ...DOOR,
        ...ROOMS,
        payees,
        settledListener,
        { provide: Sealer, inject: [CONFIG], useFactory: (config: Config) => Sealer.fromConfig(config) },
        { provide: PayoutChannels, useClass: WechatPayoutChannels },
      ],
      exports: DOOR,
    };
  }
}
