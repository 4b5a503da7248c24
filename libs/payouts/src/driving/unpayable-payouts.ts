import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '@app/config';
import { UnitOfWork } from '@app/database';
import { Incidents } from '../cases/incidents';
import { PayoutsRepository } from './payouts.repository';

/** Nobody to pay (erased). Tried again slowly, in case the person comes back; people are told. */
@Injectable()
export class UnpayablePayouts {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly unitOfWork: UnitOfWork,
    private readonly payouts: PayoutsRepository,
    private readonly incidents: Incidents,
  ) {}

  async note(payoutKey: string): Promise<void> {
    await this.unitOfWork.run(async (tx) => {
      const payout = await this.payouts.lock(tx, payoutKey);
      if (payout?.state !== 'PENDING') return;
      await this.payouts.touch(tx, payout, { nextInMs: this.config.waits.escalateAfterMs });
      const detail = 'the member has no openid any more';
      await this.incidents.raise(tx, { kind: 'unpayable', payoutKey, billNo: null, detail });
    });
  }
}
