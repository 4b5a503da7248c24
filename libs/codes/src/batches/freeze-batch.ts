import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '@app/database';
import { assertBatchMove } from './batch-status';
import { lockBatch, saveBatch } from './batches.repository';
import { assertReasoned, type StopCause } from './stop-cause';

/**
 * The kill switch: from the commit on no code of the batch pays, on no node, whatever its segments say. Doing it twice is fine; a freeze
 * becomes a recall and a recall a freeze by the last word.
 */
@Injectable()
export class FreezeBatch {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  /** Throws Rejected: 404 no such batch, 422 a recall without a reason. */
  async run(batchId: number, why: { cause?: StopCause | null; reason?: string } = {}): Promise<{ epoch: number }> {
    const cause = why.cause ?? null;
    assertReasoned(cause, why.reason);
    return this.unitOfWork.run(async (tx) => {
      const batch = await lockBatch(tx, batchId);
      return { epoch: await saveBatch(tx, batch, { frozen: { cause } }) };
    });
  }
}

@Injectable()
export class UnfreezeBatch {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  /** Throws Rejected: 404 no such batch, 422 the end of a recall without a reason. */
  async run(batchId: number, reason?: string): Promise<{ epoch: number }> {
    return this.unitOfWork.run(async (tx) => {
      const batch = await lockBatch(tx, batchId);
      assertReasoned(batch.frozenCause, reason);
      return { epoch: await saveBatch(tx, batch, { frozen: null }) };
    });
  }
}

/** Ends a batch: its codes answer 已过期 and no segment can change any more. */
@Injectable()
export class CloseBatch {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  async run(batchId: number): Promise<{ epoch: number }> {
    return this.unitOfWork.run(async (tx) => {
      const batch = await lockBatch(tx, batchId);
      assertBatchMove(batch.status, 'closed');
      return { epoch: await saveBatch(tx, batch, { status: 'closed' }) };
    });
  }
}
