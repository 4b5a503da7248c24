import { Module } from '@nestjs/common';
import { CONFIG, type Config } from '@app/config';
import { Sealer } from '@app/database';
import { MembersModule } from '@app/members';
import { StaffModule } from '@app/staff';
import { WechatModule } from '@app/wechat';
import { AskedFor } from './pools/asked-for';
import { MemberPayoutSums } from './pools/member-payout-sums';
import { WechatPayoutChannels } from './channels/channels';
import { DRIVING_DOOR, DRIVING_ROOMS } from './driving/driving-rooms';
import { HandleTransferNotify } from './callbacks/handle-transfer-notify';
import { CASES_DOOR } from './cases/case-rooms';
import { Incidents } from './cases/incidents';
import { RECONCILIATION_DOOR, RECONCILIATION_ROOMS } from './reconciliation/reconciliation-rooms';
import { LEDGER_DOOR, LEDGER_ROOMS } from './ledger/ledger-rooms';
import { PayoutChannels } from './channels/payout-channel';
import { PayoutList } from './views/payout-list';
import { PayoutViews } from './views/payout-views';
import { RedpackChannel } from './channels/redpack.channel';
import { Authorisations } from './authorisations/authorisations';
import { TransferAuthorizedChannel } from './channels/transfer-authorized.channel';
import { TransferConfirmChannel } from './channels/transfer-confirm.channel';

const DOOR = [
  AskedFor,
  MemberPayoutSums,
  ...LEDGER_DOOR,
  ...CASES_DOOR,
  ...DRIVING_DOOR,
  ...RECONCILIATION_DOOR,
  Authorisations,
  PayoutList,
  PayoutViews,
  HandleTransferNotify,
];

const ROOMS = [
  ...LEDGER_ROOMS,
  ...DRIVING_ROOMS,
  ...RECONCILIATION_ROOMS,
  Incidents,
  RedpackChannel,
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
