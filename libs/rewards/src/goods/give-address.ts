import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '@app/database';
import { Rejected, type MemberId } from '@app/kernel';
import { MemberPresence } from '@app/members';
import { AwardViews, type AwardView } from '../award-views';
import { checkAddress, type Address } from './address';
import { AwardAddresses } from './award-addresses.repository';

/** The winner of goods says where to send them, and may change it until a shipment has taken it. */
@Injectable()
export class GiveAddress {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly views: AwardViews,
    private readonly addresses: AwardAddresses,
    private readonly presence: MemberPresence,
  ) {}

  /** Rejected: `no_such_award` (404), `no_address_needed`, `address_taken` (409), `bad_address` (422). */
  async run(member: MemberId, awardId: string, address: Address): Promise<AwardView> {
    const { award } = await this.views.owned(member, awardId);
    if (award.prizeKind !== 'goods') throw new Rejected('no_address_needed', '这份奖励不用寄送，不需要填地址', 409);
    const checked = checkAddress(address);
    const saved = await this.unitOfWork.run(async (tx) => {
      await this.presence.require(tx, member);
      return this.addresses.save(tx, award, checked);
    });
    if (!saved) throw new Rejected('address_taken', '奖品已经在配货，地址不能再改了', 409);
    return this.views.one(member, awardId);
  }
}
