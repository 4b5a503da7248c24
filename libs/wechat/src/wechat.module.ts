import { Injectable, Module } from '@nestjs/common';
import { CONFIG, type Config } from '@app/config';
import { Sealer, UnitOfWork } from '@app/database';
import { RunsEvery } from '@app/jobs';
import { AccountMessages } from './account-messages';
import { ApiClient } from './api-client';
import { BillFileApi } from './bill-file-api';
import { CredentialHolder } from './credential-holder';
import { Followers } from './followers';
import { JsSdk } from './js-sdk';
import { NotifyVerifier } from './notify-verifier';
import { WechatOAuth } from './oauth';
import { PaymentWire } from './payment-wire';
import { RedpackApi } from './redpack-api';
import { TransferBillsApi } from './transfer-bills-api';

const PURGE_EVERY_MS = 60_000;
/** A code lives five minutes; its hash is kept a while longer than anybody could still bring it. */
const KEEP_CODES_MINUTES = 30;

/** Forgets OAuth codes that nobody can bring again. */
@Injectable()
export class OAuthCodeKeeper {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  @RunsEvery('wechat.purge-codes', () => PURGE_EVERY_MS)
  async purge(): Promise<void> {
    await this.unitOfWork.run((tx) =>
      tx.execute('DELETE FROM oauth_codes WHERE seen_at < UTC_TIMESTAMP(6) - INTERVAL ? MINUTE LIMIT 5000', [
        KEEP_CODES_MINUTES,
      ]),
    );
  }
}

const USED = [
  AccountMessages,
  ApiClient,
  CredentialHolder,
  Followers,
  JsSdk,
  WechatOAuth,
  PaymentWire,
  TransferBillsApi,
  RedpackApi,
  BillFileApi,
];

/** Needs the global config, database, observability and jobs modules. */
@Module({
  providers: [
    ...USED,
    OAuthCodeKeeper,
    { provide: Sealer, inject: [CONFIG], useFactory: (config: Config) => Sealer.fromConfig(config) },
    { provide: NotifyVerifier, inject: [CONFIG], useFactory: (config: Config) => NotifyVerifier.fromConfig(config) },
  ],
  exports: [...USED, NotifyVerifier],
})
export class WechatModule {}
