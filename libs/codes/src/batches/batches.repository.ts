import { Rejected } from '@app/kernel';
import { textOf, type Tx } from '@app/database';
import type { BatchStatus } from './batch-status';
import type { StopCause } from './stop-cause';

/** What a change to a batch must know of it, read under its lock. */
export interface LockedBatch {
  readonly id: number;
  readonly productId: number;
  readonly quantity: number;
  readonly status: BatchStatus;
  readonly frozen: boolean;
  readonly frozenCause: StopCause | null;
  readonly epoch: number;
}

/**
 * Locks a batch for the rest of the transaction. Every change to a batch or its segments begins here, so the ids of its segment events
 * ascend in the order of commit. Throws Rejected (404).
 */
export async function lockBatch(tx: Tx, id: number): Promise<LockedBatch> {
  const [row] = await tx.query<{
    product: number;
    quantity: number;
    status: Buffer;
    frozen: number;
    cause: Buffer | null;
    epoch: number;
  }>(
    `SELECT product_id AS product, quantity, status, frozen, frozen_cause AS cause, epoch
       FROM code_batches WHERE id = ? FOR UPDATE`,
    [id],
  );
  if (row === undefined) throw noSuchBatch(id);
  return {
    id,
    productId: row.product,
    quantity: row.quantity,
    status: textOf(row.status) as BatchStatus,
    frozen: row.frozen === 1,
    frozenCause: causeOf(row.cause),
    epoch: row.epoch,
  };
}

/** A `cause` column. */
export function causeOf(value: Buffer | null): StopCause | null {
  return value === null ? null : (textOf(value) as StopCause);
}

export function noSuchBatch(id: number): Rejected {
  return new Rejected('no_such_batch', `没有编号为 ${id} 的码批次`, 404, { batch: id });
}

/** A whole batch stopped. */
export interface Freeze {
  readonly cause: StopCause | null;
}

/** Writes the new state of a batch and raises its epoch, so that every node notices. Returns the new epoch. */
export async function saveBatch(
  tx: Tx,
  batch: LockedBatch,
  change: { status?: BatchStatus; frozen?: Freeze | null; issuedAt?: Date; keyChar?: string } = {},
): Promise<number> {
  const sets = ['epoch = epoch + 1', 'status = ?', 'frozen = ?', 'frozen_cause = ?'];
  const kept = batch.frozen ? { cause: batch.frozenCause } : null;
  const freeze = change.frozen === undefined ? kept : change.frozen;
  const values: (string | number | Date | null)[] = [
    change.status ?? batch.status,
    freeze ? 1 : 0,
    freeze?.cause ?? null,
  ];
  if (change.issuedAt !== undefined) {
    sets.push('issued_at = ?');
    values.push(change.issuedAt);
  }
  if (change.keyChar !== undefined) {
    sets.push('key_char = ?');
    values.push(change.keyChar);
  }
  await tx.execute(`UPDATE code_batches SET ${sets.join(', ')} WHERE id = ?`, [...values, batch.id]);
  return batch.epoch + 1;
}

/** Throws Rejected (422) unless `[from, to)` lies in the batch and the layer exists. */
export async function assertRange(
  tx: Pick<Tx, 'query'>,
  batch: { id: number; quantity: number },
  range: { layer: number; from: number; to: number },
): Promise<void> {
  const { layer, from, to } = range;
  const whole = Number.isInteger(from) && Number.isInteger(to);
  if (!whole || from < 0 || from >= to || to > batch.quantity) {
    throw new Rejected(
      'no_such_range',
      `码段 [${from}, ${to}) 不存在：这个码批次的序号是 0 到 ${batch.quantity - 1}（含）`,
      422,
      { from, to, quantity: batch.quantity },
    );
  }
  const found = Number.isInteger(layer)
    ? await tx.query('SELECT layer FROM code_batch_layers WHERE batch_id = ? AND layer = ?', [batch.id, layer])
    : [];
  if (found.length === 0) throw new Rejected('no_such_layer', `这个码批次没有第 ${layer} 层`, 422, { layer });
}
