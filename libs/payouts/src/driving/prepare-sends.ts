import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '@app/config';
import { Database } from '@app/database';
import { memberId } from '@app/kernel';
import { OpenIds } from '@app/members';
import { Authorisations } from '../authorisations/authorisations';
import { PayoutChannels } from '../channels/payout-channel';
import type { Payout } from '../payout';
import { billNumber } from './bill-number';
import { freezeRequest, type Frozen } from './bills';
import { PayoutsRepository } from './payouts.repository';

/** What is known of a payout before any transaction opens. `nobody`: there is no one to pay any more. */
export interface Looked {
  readonly payout: Payout;
  readonly prepared: Frozen | 'nobody' | null;
}

/** Reads payouts and makes the requests of first sends, so that nothing of it happens inside a transaction. */
@Injectable()
export class PrepareSends {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly database: Database,
    private readonly payouts: PayoutsRepository,
    private readonly openIds: OpenIds,
    private readonly authorisations: Authorisations,
    private readonly channels: PayoutChannels,
  ) {}

  /** In the order of the keys; null for payouts that do not exist or wait for nobody. */
  async run(payoutKeys: readonly string[]): Promise<readonly (Looked | null)[]> {
    const found = await this.payouts.many(this.database, payoutKeys);
    const driven = found.filter(({ nextAt }) => nextAt !== null);
    const unborn = driven.filter(({ state, billNo }) => state === 'PENDING' && billNo === null);
    const members = [...new Set(unborn.map((payout) => memberId(payout.memberId)))];
    const openids = await this.openIds.openidsOf(this.database, members);
    const silent = unborn.filter(({ channel }) => channel === 'transfer_authorized_v3');
    const agreements = await this.authorisations.inForce(
      this.database,
      silent.map((payout) => memberId(payout.memberId)),
    );
    const looked = new Map<string, Looked>(driven.map((payout) => [payout.payoutKey, { payout, prepared: null }]));
    for (const payout of unborn) {
      const member = memberId(payout.memberId);
      const openid = openids.get(member);
      const agreement = agreements.get(member);
      const number = agreement?.mchId === payout.mchId ? agreement.outAuthorizationNo : undefined;
      const prepared = openid === undefined ? 'nobody' : this.prepared(payout, openid, number);
      looked.set(payout.payoutKey, { payout, prepared });
    }
    return payoutKeys.map((payoutKey) => looked.get(payoutKey) ?? null);
  }

  private prepared(payout: Payout, openid: string, authorizationNo: string | undefined): Frozen {
    const { payoutKey, offerNo, mchId, amountFen, channel } = payout;
    const billNo = billNumber(this.config.keys.bill, payoutKey, offerNo);
    const agreed = authorizationNo === undefined ? {} : { authorizationNo };
    return freezeRequest(this.channels.of(channel).prepare({ billNo, mchId, amountFen, openid, ...agreed }));
  }
}
