import { Module } from '@nestjs/common';
import { CONFIG, type Config } from '@app/config';
import { Sealer } from '@app/database';
import { MembersModule } from '@app/members';
import { WechatModule } from '@app/wechat';
import { AttemptsRepository } from './driving/attempts.repository';
import { Bills } from './driving/bills';
import { BudgetList } from './ledger/budget-list';
import { Budgets } from './ledger/budgets';
import { ChannelBlocksRepository } from './channels/channel-blocks.repository';
import { WechatPayoutChannels } from './channels/channels';
import { DrivePayout } from './driving/drive-payout';
import { ApproveGrant, CreateBudget, RequestGrant } from './ledger/grants';
import { HandleTransferNotify } from './callbacks/handle-transfer-notify';
import { Incidents } from './cases/incidents';
import { LedgerCheck } from './ledger/ledger-check';
import { LedgerSummaries } from './ledger/ledger-summary';
import { Settlements } from './ledger/settlements';
import { PayoutChannels } from './channels/payout-channel';
import { PayoutList } from './views/payout-list';
import { PayoutViews } from './views/payout-views';
import { PayoutsRepository } from './driving/payouts.repository';
import { RateGate } from './channels/rate-gate';
import { ReconcilePayouts, SendPayoutHandler } from './driving/reconcile-payouts';
import { RecordOutcome } from './driving/record-outcome';
import { RedpackChannel } from './channels/redpack.channel';
import { RefreshPayout } from './driving/refresh-payout';
import { RequestPayout } from './driving/request-payout';
import { Authorisations } from './authorisations/authorisations';
import { TransferAuthorizedChannel } from './channels/transfer-authorized.channel';
import { TransferConfirmChannel } from './channels/transfer-confirm.channel';

const DOOR = [
  Authorisations,
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
  Settlements,
  TransferAuthorizedChannel,
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
