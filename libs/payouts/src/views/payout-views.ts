import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '@app/config';
import { Database, sealedAt, Sealer } from '@app/database';
import type { Fen } from '@app/kernel';
import type { Payout } from '../payout';
import type { ChannelName } from '../channels/payout-channel';
import type { PayoutState } from '../payout-state';
import { PayoutsRepository } from '../driving/payouts.repository';
import { isProvenFailure } from '../payout-state';
import { frozenAmong } from '../cases/frozen-payouts';

/** What the owner of a prize may know about its money. */
export interface PayoutView {
  readonly payoutKey: string;
  readonly state: PayoutState;
  readonly channel: ChannelName;
  readonly amountFen: Fen;
  readonly offerNo: number;
  /** What `requestMerchantTransfer` takes; only while the bill waits for the person. */
  readonly confirm: { readonly mchId: string; readonly appId: string; readonly package: string } | null;
  /** When WeChat closes the bill that is waiting. */
  readonly billExpiresAt: Date | null;
  /** WeChat's word for the last proven failure, e.g. OVERDUE_CLOSE. */
  readonly failReason: string | null;
  readonly settledAt: Date | null;
  /** It failed, and people must look at it before anything more happens. */
  readonly frozen: boolean;
}

@Injectable()
export class PayoutViews {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly database: Database,
    private readonly payouts: PayoutsRepository,
    private readonly sealer: Sealer,
  ) {}

  /**
   * Views by payout key; keys nobody asked money for yet are missing. At most a page of keys at a time. Inside a transaction pass it
   * as `reader`: a second connection could wait for the first for ever.
   */
  async payoutViews(
    payoutKeys: readonly string[],
    reader: Pick<Database, 'query'> = this.database,
  ): Promise<ReadonlyMap<string, PayoutView>> {
    const found = await this.payouts.many(reader, payoutKeys);
    const asked = found.filter(({ state }) => isProvenFailure(state) || state === 'WAIT_USER');
    const frozen = await frozenAmong(
      reader,
      asked.map(({ payoutKey }) => payoutKey),
    );
    return new Map(found.map((payout) => [payout.payoutKey, this.view(payout, frozen.has(payout.payoutKey))]));
  }

  private view(payout: Payout, frozen: boolean): PayoutView {
    const { payoutKey, state, channel, amountFen, offerNo, billExpiresAt, failReason, settledAt } = payout;
    return {
      payoutKey,
      state,
      channel,
      amountFen,
      offerNo,
      // What may have been paid already must not be taken once more while people look at it.
      confirm: frozen ? null : this.confirmOf(payout),
      billExpiresAt: state === 'WAIT_USER' ? billExpiresAt : null,
      failReason,
      settledAt,
      frozen: frozen && isProvenFailure(state),
    };
  }

  private confirmOf({ state, packageSealed, billNo, mchId }: Payout): PayoutView['confirm'] {
    if (state !== 'WAIT_USER' || packageSealed === null || billNo === null) return null;
    return { mchId, appId: this.config.wechat.appId, package: this.sealer.open(packageSealed, packageAad(billNo)) };
  }
}

export function packageAad(billNo: string): string {
  return sealedAt('payouts', 'package_sealed', billNo);
}
