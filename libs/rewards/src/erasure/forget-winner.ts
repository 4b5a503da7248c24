import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Database, type Reader, type Tx } from '@app/database';
import { formatYuan, Rejected, type MemberId } from '@app/kernel';
import {
  ErasureHolders,
  Newcomers,
  type Erasure,
  type ErasureBlock,
  type ErasureHolder,
  type ErasureLoss,
} from '@app/members';
import { payoutKeyOf } from '../award';
import { AwardDetails } from '../award-details';
import { awardStanding, type AwardState } from '../award-state';
import { Awards } from '../awards.repository';
import { AwardAddresses } from '../goods/award-addresses.repository';
import { GoodsShipments } from '../goods/goods-shipments.repository';
import { MemberCounters } from '../member-counters.repository';
import { MemberCounts } from '../member-counts';
import { MoneyOverviews } from '../money/money-overview';
import { MessageConsents } from '../reminders/message-consents.repository';
import { ErasedLimits } from './erased-limits.repository';

/** Prizes looked through for what is still good; older ones have lapsed long ago. */
const LOOKED_THROUGH = 300;

/** In which states a prize that is no money is lost with its owner, and what it is called then. */
const GOOD: Partial<Record<AwardState, { what: ErasureLoss['what']; words: (count: number) => string }>> = {
  usable: { what: 'coupon', words: (count) => `${count} 张还能用的券` },
  address: { what: 'goods', words: (count) => `${count} 件还没填地址的实物奖品` },
  packing: { what: 'goods', words: (count) => `${count} 件还没寄出的实物奖品` },
  redeem: { what: 'redeem', words: (count) => `${count} 份还没到店兑付的奖品` },
  locked: { what: 'packet', words: (count) => `${count} 个等下一瓶打开的红包` },
};

/**
 * Prizes have no owner any more: what was not claimed falls back to its budget when claims end, as every unclaimed prize does. Addresses
 * go; what was used of limits stays for a while, so that going and coming back is no way around them.
 */
@Injectable()
export class ForgetWinner implements ErasureHolder, OnModuleInit {
  readonly room = 'rewards';

  constructor(
    private readonly database: Database,
    private readonly holders: ErasureHolders,
    private readonly newcomers: Newcomers,
    private readonly money: MoneyOverviews,
    private readonly awards: Awards,
    private readonly details: AwardDetails,
    private readonly addresses: AwardAddresses,
    private readonly shipments: GoodsShipments,
    private readonly consents: MessageConsents,
    private readonly counters: MemberCounters,
    private readonly limits: ErasedLimits,
  ) {}

  onModuleInit(): void {
    this.holders.add(this);
    this.newcomers.add((tx, member, mark) => this.welcome(tx, member, mark));
  }

  async losses(numbers: readonly MemberId[]): Promise<ErasureLoss[]> {
    const { waitingFen, gatheringFen } = (await this.money.of(numbers[0]!)).totals;
    return [
      ...(waitingFen > 0 ? [{ what: 'money', words: `${formatYuan(waitingFen)} 元待领取的红包` } as const] : []),
      ...(gatheringFen > 0 ? [{ what: 'pool', words: `${formatYuan(gatheringFen)} 元累计中的奖励` } as const] : []),
      ...(await this.goodPrizes(numbers)),
    ];
  }

  async blocks(reader: Reader, numbers: readonly MemberId[]): Promise<ErasureBlock[]> {
    const packed = await this.shipments.beingPacked(reader, numbers);
    if (packed === 0) return [];
    return [{ what: 'parcel', words: `有 ${packed} 件奖品正按您的地址配货，寄出以后就可以注销` }];
  }

  async forget(tx: Tx, { numbers, marks, at }: Erasure): Promise<void> {
    await this.addresses.forget(tx, numbers);
    // Whoever took addresses for a parcel had them locked, and is seen now that we have waited for it.
    if ((await this.shipments.beingPacked(tx, numbers)) > 0) {
      throw new Rejected('erasure_changed', '您的奖品刚开始配货，寄出以后再来注销', 409);
    }
    await this.consents.forgetAll(tx, numbers);
    const counts = [...(await this.counters.lock(tx, numbers)).values()];
    if (counts.length === 0) return;
    const used = counts.reduce((sum, one) => sum.plus(one), MemberCounts.none).withLocked([]);
    await this.limits.keep(tx, marks, used, at);
  }

  /** Somebody who was here before goes on where the limits stood; everything else begins anew. */
  private async welcome(tx: Tx, member: MemberId, mark: Buffer): Promise<void> {
    const used = await this.limits.take(tx, mark);
    if (used) await this.counters.add(tx, new Map([[member, used]]));
  }

  private async goodPrizes(numbers: readonly MemberId[]): Promise<ErasureLoss[]> {
    const awards = await this.awards.otherThanCash(this.database, numbers, LOOKED_THROUGH);
    const details = await this.details.read(this.database, awards);
    const now = new Date();
    const counts = new Map<AwardState, number>();
    for (const award of awards) {
      const { state } = awardStanding(details.get(payoutKeyOf(award))!.progress, now);
      counts.set(state, (counts.get(state) ?? 0) + 1);
    }
    return [...counts].flatMap(([state, count]) => {
      const good = GOOD[state];
      return good ? [{ what: good.what, words: good.words(count) }] : [];
    });
  }
}
