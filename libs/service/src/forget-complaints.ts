import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Database, type Tx } from '@app/database';
import type { MemberId } from '@app/kernel';
import { ErasureHolders, type Erasure, type ErasureBlock, type ErasureHolder, type ErasureLoss } from '@app/members';
import { ComplaintsRepository } from './complaints.repository';

/**
 * Words and photos go, ours too: a reply repeats what it answers. That there was a complaint, what it was about and how long it took stays.
 */
@Injectable()
export class ForgetComplaints implements ErasureHolder, OnModuleInit {
  readonly room = 'service';

  constructor(
    private readonly database: Database,
    private readonly holders: ErasureHolders,
    private readonly complaints: ComplaintsRepository,
  ) {}

  onModuleInit(): void {
    this.holders.add(this);
  }

  async losses(numbers: readonly MemberId[]): Promise<ErasureLoss[]> {
    const { complaints, open } = await this.complaints.countsOf(this.database, numbers);
    if (complaints === 0) return [];
    const waiting = open === 0 ? '' : `，其中 ${open} 条还没办结，我们不会再回复`;
    return [{ what: 'complaint', words: `${complaints} 条反馈和我们的回复${waiting}` }];
  }

  blocks(): Promise<ErasureBlock[]> {
    return Promise.resolve([]);
  }

  async forget(tx: Tx, { numbers, at }: Erasure): Promise<void> {
    await this.complaints.forget(tx, numbers, at);
  }
}
