import { Get, Inject } from '@nestjs/common';
import { CONFIG, type Config } from '@app/config';
import { CHANNEL_ERRORS, FAIL_REASONS, merchantAccounts, PAYOUT_CHANNELS } from '@app/payouts';
import { ConsoleController } from '../console-controller';
import type { ChannelAnswersDto, MerchantAccountListDto } from './merchant-accounts.dto';

/** The accounts that pay, and what WeChat's answers mean: data of the configuration and of the code, the same until the next release. */
@ConsoleController('')
export class MerchantAccountsController {
  constructor(@Inject(CONFIG) private readonly config: Config) {}

  @Get('merchant-accounts')
  accounts(): MerchantAccountListDto {
    const items = merchantAccounts(this.config).map(({ certificateUntil, ...rest }) => ({
      ...rest,
      certificateUntil: certificateUntil?.toISOString() ?? null,
    }));
    return { items };
  }

  /** Every error code of every call of every channel, and every reason of a failure. */
  @Get('channel-answers')
  answers(): ChannelAnswersDto {
    const errors = PAYOUT_CHANNELS.flatMap((channel) =>
      Object.entries(CHANNEL_ERRORS[channel]).flatMap(([call, table]) =>
        Object.entries(table).map(([code, row]) => ({ channel, call, code, ...row })),
      ),
    );
    const failReasons = Object.entries(FAIL_REASONS).map(([code, reason]) => ({ code, ...reason }));
    return { errors, failReasons };
  }
}
