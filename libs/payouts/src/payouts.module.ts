import { Module } from '@nestjs/common';
import { AnalyticsModule } from '@app/analytics';
import { CONFIG, type Config } from '@app/config';
import { Sealer } from '@app/database';
import { MembersModule } from '@app/members';
import { StaffModule } from '@app/staff';
import { WechatModule } from '@app/wechat';
import { AskedFor } from './pools/asked-for';
import { AtAward } from './pools/at-award';
import { MemberPayoutSums } from './pools/member-payout-sums';
import { CertificateWatch } from './channels/certificate-watch';
import { WechatPayoutChannels } from './channels/channels';
import { DRIVING_DOOR, DRIVING_ROOMS } from './driving/driving-rooms';
import { ForgetPayee } from './erasure/forget-payee';
import { ApplyTransferNews } from './callbacks/apply-transfer-news';
import { HandleTransferNotify } from './callbacks/handle-transfer-notify';
import { CASES_DOOR, CASES_ROOMS } from './cases/case-rooms';
import { Incidents } from './cases/incidents';
import { RECONCILIATION_DOOR, RECONCILIATION_ROOMS } from './reconciliation/reconciliation-rooms';
import { LEDGER_DOOR, LEDGER_ROOMS } from './ledger/ledger-rooms';
import { PayoutChannels } from './channels/payout-channel';
import { OwnPayouts } from './views/own-payouts';
import { PayoutList } from './views/payout-list';
import { PayoutViews } from './views/payout-views';
import { VIEWS_DOOR, VIEWS_ROOMS } from './views/view-rooms';
import { RedpackChannel } from './channels/redpack.channel';
import { AUTHORISATION_DOOR, AUTHORISATION_ROOMS } from './authorisations/authorisation-rooms';
import { TransferAuthorizedChannel } from './channels/transfer-authorized.channel';
import { TransferConfirmChannel } from './channels/transfer-confirm.channel';

const DOOR = [
  AskedFor,
  AtAward,
  MemberPayoutSums,
  ...LEDGER_DOOR,
  ...CASES_DOOR,
  ...VIEWS_DOOR,
  ...DRIVING_DOOR,
  ...RECONCILIATION_DOOR,
  ...AUTHORISATION_DOOR,
  OwnPayouts,
  PayoutList,
  PayoutViews,
  HandleTransferNotify,
];

const ROOMS = [
  ...LEDGER_ROOMS,
  ...CASES_ROOMS,
  ...VIEWS_ROOMS,
  ...DRIVING_ROOMS,
  ...RECONCILIATION_ROOMS,
  Incidents,
  RedpackChannel,
  ...AUTHORISATION_ROOMS,
  ApplyTransferNews,
  CertificateWatch,
  ForgetPayee,
  TransferAuthorizedChannel,
  TransferConfirmChannel,
];

/** Needs the global config, database, observability and jobs modules. */
@Module({
  imports: [AnalyticsModule, WechatModule, MembersModule, StaffModule],
  providers: [
    ...DOOR,
    ...ROOMS,
    { provide: Sealer, inject: [CONFIG], useFactory: (config: Config) => Sealer.fromConfig(config) },
    { provide: PayoutChannels, useClass: WechatPayoutChannels },
  ],
  exports: DOOR,
})
export class PayoutsModule {}
