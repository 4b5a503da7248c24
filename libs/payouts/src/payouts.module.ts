import { Module } from '@nestjs/common';
import { CONFIG, type Config } from '@app/config';
import { Sealer } from '@app/database';
import { MembersModule } from '@app/members';
import { StaffModule } from '@app/staff';
import { WechatModule } from '@app/wechat';
import { AskedFor } from './pools/asked-for';
import { MemberPayoutSums } from './pools/member-payout-sums';
import { AttemptsRepository } from './driving/attempts.repository';
import { Bills } from './driving/bills';
import { ChannelBlocksRepository } from './channels/channel-blocks.repository';
import { WechatPayoutChannels } from './channels/channels';
import { DrivePayout } from './driving/drive-payout';
import { HandleTransferNotify } from './callbacks/handle-transfer-notify';
import { CASES_DOOR } from './cases/case-rooms';
import { Incidents } from './cases/incidents';
import { LEDGER_DOOR, LEDGER_ROOMS } from './ledger/ledger-rooms';
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
  AskedFor,
  MemberPayoutSums,
  ...LEDGER_DOOR,
  ...CASES_DOOR,
  Authorisations,
  PayoutList,
  RequestPayout,
  RefreshPayout,
  PayoutViews,
  HandleTransferNotify,
  DrivePayout,
  ReconcilePayouts,
];

const ROOMS = [
  ...LEDGER_ROOMS,
  AttemptsRepository,
  Bills,
  ChannelBlocksRepository,
  Incidents,
  PayoutsRepository,
  RateGate,
  RecordOutcome,
  RedpackChannel,
  SendPayoutHandler,
  TransferAuthorizedChannel,
  TransferConfirmChannel,
];

/** Needs the global config, database, observability and jobs modules. */
@Module({
  imports: [WechatModule, MembersModule, StaffModule],
  providers: [
    ...DOOR,
    ...ROOMS,
    { provide: Sealer, inject: [CONFIG], useFactory: (config: Config) => Sealer.fromConfig(config) },
    { provide: PayoutChannels, useClass: WechatPayoutChannels },
  ],
  exports: DOOR,
})
export class PayoutsModule {}
