import type { Tx } from '@app/database';

/** Who a member is to WeChat. Provided from members. */
export abstract class PayeeDirectory {
  /** The openid under our appid, or null when the member has none (erased). */
  abstract openidOf(memberId: number): Promise<string | null>;
}

/** Hears of money that arrived, inside the settling transaction; appends a job, nothing else. */
export abstract class PayoutSettledListener {
  abstract settled(tx: Tx, event: { readonly memberId: number; readonly payoutKey: string }): Promise<void>;
}
