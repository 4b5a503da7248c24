import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '@app/database';
import { assertBatchMove } from './batch-status';
import { lockBatch, saveBatch } from './batches.repository';

/** The kill switch: from the commit on no code of the batch pays, on no node, whatever its segments say. Doing it twice is fine. */
@Injectable()
export class FreezeBatch {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  async run(batchId: number): Promise<{ epoch: number }> {
    return setFrozen(this.unitOfWork, batchId, true);
  }
}

@Injectable()
export class UnfreezeBatch {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  async run(batchId: number): Promise<{ epoch: number }> {
    return setFrozen(this.unitOfWork, batchId, false);
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

function setFrozen(unitOfWork: UnitOfWork, batchId: number, frozen: boolean): Promise<{ epoch: number }> {
  return unitOfWork.run(async (tx) => ({ epoch: await saveBatch(tx, await lockBatch(tx, batchId), { frozen }) }));
}
