import { Module } from '@nestjs/common';
import { PayoutsModule } from '@app/payouts';
import { AuthorisationNotifyController } from './authorisation-notify.controller';
import { TransferNotifyController } from './transfer-notify.controller';

/** What WeChat calls. */
@Module({ imports: [PayoutsModule], controllers: [AuthorisationNotifyController, TransferNotifyController] })
export class CallbacksModule {}
