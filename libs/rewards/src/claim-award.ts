import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '@app/database';
import { Rejected, type MemberId } from '@app/kernel';
import { RefreshPayout, RequestPayout } from '@app/payouts';
import { payoutKeyOf } from './award';
import { AwardViews, type AwardView } from './award-views';

/** The member taps 收款: asks for the money, once however often it is tapped. The worker makes the bill; the page looks again. */
@Injectable()
export class ClaimAward {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly views: AwardViews,
    private readonly requestPayout: RequestPayout,
    private readonly refreshPayout: RefreshPayout,
  ) {}

  async run(member: MemberId, awardId: string): Promise<AwardView> {
    const award = await this.views.owned(member, awardId);
    const { budgetId, amountFen, campaignId, versionId } = award;
    if (award.prizeKind !== 'cash' || budgetId === null) {
      throw new Rejected('nothing_to_claim', '这份奖励没有需要领取的现金', 409);
    }
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
}
