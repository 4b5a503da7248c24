import { Injectable } from '@nestjs/common';
import type { Reader, Tx } from '@app/database';
import { Rejected, type MemberId } from '@app/kernel';
import { notAClerk } from '../clerks/clerk-directory';
import { ClerksRepository, type ClerkPost } from '../clerks/clerks.repository';
import { StoresRepository } from '../stores/stores.repository';
import type { AwardKey, Redemption, RedemptionItem } from './redemption';
import { RedemptionsRepository } from './redemptions.repository';

/** What a store hands over: who may, and that it happens once. What was won is the caller's to know. */
@Injectable()
export class StoreRedemptions {
  constructor(
    private readonly clerks: ClerksRepository,
    private readonly stores: StoresRepository,
    private readonly redemptions: RedemptionsRepository,
  ) {}

  /**
   * The person's post, held until the transaction ends. Throws Rejected `not_a_clerk` (403), `store_closed` (409).
   */
  async post(tx: Tx, members: readonly MemberId[], storeId: number): Promise<ClerkPost> {
    const post = await this.clerks.lockPost(tx, storeId, members);
    if (!post) throw notAClerk();
    if (post.storeStatus === 'closed') throw new Rejected('store_closed', '本店已停业，不能兑付', 409);
    return post;
  }

  /** Whether the store of a post hands this product over. */
  async handsOver(reader: Reader, { storeId, redeemsAll }: ClerkPost, productId: number): Promise<boolean> {
    return redeemsAll || this.stores.redeems(reader, storeId, productId);
  }

  /** False when somebody handed it over before; then nothing is written. */
  record(tx: Tx, redemption: Redemption): Promise<boolean> {
    return this.redemptions.insert(tx, redemption);
  }

  /** Those of the awards that were handed over. */
  ofAwards(reader: Reader, awards: readonly AwardKey[]): Promise<RedemptionItem[]> {
    return this.redemptions.ofAwards(reader, awards);
  }
}
