import { Injectable } from '@nestjs/common';
import { Database, UnitOfWork } from '@app/database';
import { Defect, Rejected, type MemberId } from '@app/kernel';
import { RefreshPayout, RequestPayout } from '@app/payouts';
import { payoutKeyOf, type AwardRow } from './award';
import { AwardViews, type AwardView } from './award-views';
import { Awards } from './awards.repository';

/** The member taps 收款: asks for the money, once however often it is tapped. The worker makes the bill; the page looks again. */
@Injectable()
export class ClaimAward {
  constructor(
    private readonly database: Database,
    private readonly unitOfWork: UnitOfWork,
    private readonly awards: Awards,
    private readonly views: AwardViews,
    private readonly requestPayout: RequestPayout,
    private readonly refreshPayout: RefreshPayout,
  ) {}

  async run(member: MemberId, awardId: string): Promise<AwardView> {
    const award = await this.views.owned(member, awardId);
    await this.assertMoney(award);
    const { budgetId, amountFen, campaignId, versionId } = award;
    if (budgetId === null) throw new Defect('money was won without a budget');
    const request = { payoutKey: payoutKeyOf(award), memberId: member, campaignId, versionId, budgetId, amountFen };
    await this.unitOfWork.run((tx) => this.requestPayout.run(tx, request));
    return this.views.one(member, awardId);
  }

  /** The page came back from WeChat's dialog, whose `:ok` proves nothing: ask WeChat now. */
  async refresh(member: MemberId, awardId: string): Promise<AwardView> {
    const award = await this.views.owned(member, awardId);
    await this.unitOfWork.run((tx) => this.refreshPayout.run(tx, payoutKeyOf(award)));
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

/** What to do instead with prizes that are no money. */
const NOT_MONEY: Partial<Record<AwardRow['prizeKind'], string>> = {
  nothing: '这一瓶没有中奖，没有需要领取的现金',
  coupon: '这份奖励是券，券码就在奖励页里，直接使用就好',
  goods: '这份奖励是实物，填好收货地址就会寄出',
  redeem: '这份奖励到店兑付，请给店员看兑换码',
};
