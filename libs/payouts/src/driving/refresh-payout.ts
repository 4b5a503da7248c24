import { Injectable } from '@nestjs/common';
import type { Tx } from '@app/database';
import { Outbox } from '@app/jobs';
import { SendPayout } from './jobs';
import { PayoutsRepository } from './payouts.repository';
import type { PayoutState } from '../payout-state';

const WORTH_ASKING: readonly PayoutState[] = ['WAIT_USER', 'UNKNOWN'];

/** Somebody is looking at this payout: ask WeChat now instead of at the next step of the ladder. The worker asks, not the caller. */
@Injectable()
export class RefreshPayout {
  constructor(
    private readonly payouts: PayoutsRepository,
    private readonly outbox: Outbox,
  ) {}

  /** Returns whether a question is on its way. Payouts that are due anyway are left alone. */
  async run(tx: Tx, payoutKey: string): Promise<boolean> {
    const payout = await this.payouts.lock(tx, payoutKey);
    if (!payout || !WORTH_ASKING.includes(payout.state)) return false;
    await this.payouts.touch(tx, payout, { nextInMs: 0 });
    await this.outbox.append(tx, SendPayout, { payoutKey });
    return true;
  }
}
