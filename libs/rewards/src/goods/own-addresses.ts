import { Injectable } from '@nestjs/common';
import { Database, UnitOfWork } from '@app/database';
import type { MemberId } from '@app/kernel';
import { MemberDirectory } from '@app/members';
import type { Address } from './address';
import { AwardAddresses, type KeptAddress } from './award-addresses.repository';

export interface OwnAddress extends Omit<KeptAddress, 'code' | 'slot'> {
  readonly address: Address;
}

/** A member's addresses: which ones we keep and on what consent, and taking that back. */
@Injectable()
export class OwnAddresses {
  constructor(
    private readonly database: Database,
    private readonly unitOfWork: UnitOfWork,
    private readonly members: MemberDirectory,
    private readonly addresses: AwardAddresses,
  ) {}

  /** Newest first, whole: for nobody but their owner. */
  async of(member: MemberId): Promise<OwnAddress[]> {
    const numbers = await this.members.numbersOf(member);
    return (await this.addresses.kept(this.database, numbers)).map(({ code, slot, ...rest }) => ({ ...rest }));
  }

  /**
   * Deletes what no parcel needs: of prizes that were sent, and of those nobody packs yet, which then ask for an address again. Returns how
   * many; a second time none.
   */
  async withdraw(member: MemberId): Promise<number> {
    const numbers = await this.members.numbersOf(member);
    return this.unitOfWork.run((tx) => this.addresses.withdraw(tx, numbers));
  }
}
