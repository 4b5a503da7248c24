import { Module } from '@nestjs/common';
import { PayoutsModule } from '@app/payouts';
import { TransferNotifyController } from './transfer-notify.controller';

/** What WeChat calls. */
@Module({ imports: [PayoutsModule], controllers: [TransferNotifyController] })
export class CallbacksModule {}
