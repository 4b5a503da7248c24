import { Injectable } from '@nestjs/common';
import { Database, UnitOfWork } from '@app/database';
import { Rejected, type MemberId } from '@app/kernel';
import { MemberPresence } from '@app/members';
import type { AwardRow } from './award';
import { AwardMoney } from './award-money';
import { AwardViews, type AwardView } from './award-views';
import { Awards } from './awards.repository';
import { ClaimPool } from './pools/claim-pool';

const ROUNDS = 3;

/** The member taps 收款: asks for the money, once however often it is tapped. The worker makes the bill; the page looks again. */
@Injectable()
export class ClaimAward {
  constructor(
    private readonly database: Database,
    private readonly unitOfWork: UnitOfWork,
    private readonly awards: Awards,
    private readonly views: AwardViews,
    private readonly money: AwardMoney,
    private readonly claimPool: ClaimPool,
    private readonly presence: MemberPresence,
  ) {}

  /**
   * Rejected: `no_such_award` (404), `nothing_to_claim`, `still_locked`, `still_gathering` (409). Where people must look first nothing
   * happens, and the view says so.
   */
  async run(member: MemberId, awardId: string): Promise<AwardView> {
    const { award } = await this.views.owned(member, awardId);
    await this.assertMoney(award);
    for (let round = 1; ; round++) {
      try {
        await this.request(member, award, await this.views.one(member, awardId));
        return await this.views.one(member, awardId);
      } catch (error) {
        // Nobody was shown this pool: we looked it up, and another tap closed it while we looked.
        if (!(error instanceof Rejected && error.code === 'pool_changed') || round === ROUNDS) throw error;
      }
    }
  }

  private async request(member: MemberId, award: AwardRow, { pool }: AwardView): Promise<void> {
    if (pool !== null) return this.claimPool.run(member, poolIdOf(pool));
    await this.unitOfWork.run(async (tx) => {
      await this.presence.require(tx, member);
      await this.money.request(tx, award);
    });
  }

  /** The page came back from WeChat's dialog, whose `:ok` proves nothing: ask WeChat now. */
  async refresh(member: MemberId, awardId: string): Promise<AwardView> {
    const { award } = await this.views.owned(member, awardId);
    await this.unitOfWork.run((tx) => this.money.refresh(tx, award));
    return this.views.one(member, awardId);
  }

  /** Money, and of a locked packet only once it is open. A packet that was opened stays open, so what is read here stays true. */
  private async assertMoney(award: AwardRow): Promise<void> {
    const words = NOT_MONEY[award.prizeKind];
    if (words !== undefined) throw new Rejected('nothing_to_claim', words, 409);
    if (award.prizeKind === 'cash') return;
    const opened = await this.awards.openedAt(this.database, [award]);
    if (opened.size === 0) throw new Rejected('still_locked', '红包还没打开：再扫一瓶就打开，打开后就能收款', 409);
  }
}

/** A small amount is paid with its pool. One that has more before it than a pool holds waits for the next. */
function poolIdOf({ poolId }: NonNullable<AwardView['pool']>): string {
  if (poolId !== null) return poolId;
  throw new Rejected('still_gathering', '前面累计的奖励先提现，这笔排在下一次', 409);
}

/** What to do instead with prizes that are no money. */
const NOT_MONEY: Partial<Record<AwardRow['prizeKind'], string>> = {
  nothing: '这一瓶没有中奖，没有需要领取的现金',
  coupon: '这份奖励是券，券码就在奖励页里，直接使用就好',
  goods: '这份奖励是实物，填好收货地址就会寄出',
  redeem: '这份奖励到店兑付，请给店员看兑换码',
};
