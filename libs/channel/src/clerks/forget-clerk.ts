import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Database, type Tx } from '@app/database';
import type { MemberId } from '@app/kernel';
import { ErasureHolders, type Erasure, type ErasureBlock, type ErasureHolder, type ErasureLoss } from '@app/members';
import { ClerksRepository } from './clerks.repository';

/** Somebody who redeemed prizes in a store goes: the name goes too, the post ends, what was handed over stays on the store's account. */
@Injectable()
export class ForgetClerk implements ErasureHolder, OnModuleInit {
  readonly room = 'channel';

  constructor(
    private readonly database: Database,
    private readonly holders: ErasureHolders,
    private readonly clerks: ClerksRepository,
  ) {}

  onModuleInit(): void {
    this.holders.add(this);
  }

  async losses(numbers: readonly MemberId[]): Promise<ErasureLoss[]> {
    const posts = await this.clerks.ofMembers(this.database, numbers);
    return posts
      .filter(({ state }) => state === 'active' || state === 'waiting')
      .map(({ storeName }): ErasureLoss => ({ what: 'post', words: `「${storeName}」的店员身份` }));
  }

  blocks(): Promise<ErasureBlock[]> {
    return Promise.resolve([]);
  }

  async forget(tx: Tx, { numbers, at }: Erasure): Promise<void> {
    await this.clerks.forget(tx, numbers, at);
  }
}
