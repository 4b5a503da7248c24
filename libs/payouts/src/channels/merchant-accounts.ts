import type { Config } from '@app/config';
import { keyDates } from '@app/wechat';
import type { ChannelName } from './payout-channel';

/** A merchant account as people may see it: none of its keys, nothing that signs. */
export interface MerchantAccount {
  readonly mchId: string;
  readonly name: string;
  /** false: gets no new payouts; those it has go on. */
  readonly enabled: boolean;
  /** Of new payouts, 0 to 1, by the weights of the enabled accounts. */
  readonly share: number;
  readonly channels: readonly ChannelName[];
  /** Null = no ceiling of ours. */
  readonly dailyCeilingFen: number | null;
  readonly redpackScene: string | null;
  /** Serial of the API certificate in use. */
  readonly serialNo: string;
  readonly certificateUntil: Date | null;
}

export function merchantAccounts({ wechat }: Pick<Config, 'wechat'>): MerchantAccount[] {
  const ends = new Map(keyDates({ wechat }).map(({ owner, id, until }) => [`${owner}:${id}`, until]));
  const all = wechat.merchants.reduce((sum, { enabled, weight }) => sum + (enabled ? weight : 0), 0);
  return wechat.merchants.map((merchant) => ({
    mchId: merchant.mchId,
    name: merchant.name,
    enabled: merchant.enabled,
    share: merchant.enabled ? merchant.weight / all : 0,
    channels: merchant.channels,
    dailyCeilingFen: merchant.dailyCeilingFen,
    redpackScene: merchant.redpackScene,
    serialNo: merchant.serialNo,
    certificateUntil: ends.get(`merchant:${merchant.mchId}`) ?? null,
  }));
}
