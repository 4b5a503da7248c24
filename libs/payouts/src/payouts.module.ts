import { Module } from '@nestjs/common';
import { CONFIG, type Config } from '@app/config';
import { Sealer } from '@app/database';
import { MembersModule } from '@app/members';
import { WechatModule } from '@app/wechat';
import { AttemptsRepository } from './attempts.repository';
import { Bills } from './bills';
import { BudgetList } from './budget-list';
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
import { PayoutList } from './payout-list';
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
  BudgetList,
  Budgets,
  PayoutList,
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

/** Needs the global config, database, observability and jobs modules. */
@Module({
  imports: [WechatModule, MembersModule],
  providers: [
    ...DOOR,
    ...ROOMS,
    { provide: Sealer, inject: [CONFIG], useFactory: (config: Config) => Sealer.fromConfig(config) },
    { provide: PayoutChannels, useClass: WechatPayoutChannels },
  ],
  exports: DOOR,
})
export class PayoutsModule {}
