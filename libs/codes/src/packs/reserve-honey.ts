import { Rejected } from '@app/kernel';
import type { Tx } from '@app/database';
import { lockBatch, saveBatch } from '../batches/batches.repository';
import { MAX_SERIAL } from '../text/code-text';
import { fileCount } from './pack-files';
import type { PackOrder } from './pack-order';

/**
 * Takes the next serials past the end of the batch for a pack's honey codes, or null when it carries none. No segment, deal or lot can
 * reach there, so they can never pay and are counted nowhere. They stay taken whatever becomes of the pack: one text never stands for two
 * receivers. Raises the epoch, so that every node knows them before the pack can be downloaded. Throws Rejected (409) when the serials of
 * the batch are used up.
 */
export async function reserveHoney(tx: Tx, order: PackOrder): Promise<number | null> {
  const wanted = fileCount(order) * order.honeyPerFile;
  if (wanted === 0) return null;
  const batch = await lockBatch(tx, order.batchId);
  const [taken] = await tx.query<{ to: number | null }>(
    'SELECT MAX(honey_to) AS `to` FROM code_packs WHERE batch_id = ? AND layer = ?',
    [order.batchId, order.layer],
  );
  const from = Math.max(batch.quantity, taken?.to ?? 0);
  if (from + wanted > MAX_SERIAL + 1) {
    throw new Rejected('no_room_for_honey', '这个码批次的序号用完了，放不下诱饵码', 409, { batch: batch.id });
  }
  await saveBatch(tx, batch);
  return from;
}
