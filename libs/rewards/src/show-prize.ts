import { Injectable } from '@nestjs/common';
import { textQrSvg } from '@app/codes';
import { Rejected, type MemberId } from '@app/kernel';
import { AwardViews } from './award-views';

/** The picture that somebody else scans from the winner's phone: the code of a coupon, or the token a store's clerk redeems. */
@Injectable()
export class ShowPrize {
  constructor(private readonly views: AwardViews) {}

  /** SVG. Rejected `no_such_award`, `nothing_to_show` (404) for a prize that nobody scans, whose time has passed, or that was handed over. */
  async run(member: MemberId, awardId: string): Promise<string> {
    const { state, coupon, redeem } = await this.views.one(member, awardId);
    const text = state === 'lapsed' || state === 'redeemed' ? null : (coupon?.code ?? redeem?.token ?? null);
    if (text === null) throw new Rejected('nothing_to_show', '这份奖励没有要出示的码', 404);
    return textQrSvg(text, 'M');
  }
}
