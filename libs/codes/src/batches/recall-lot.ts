import { Injectable } from '@nestjs/common';
import { Rejected } from '@app/kernel';
import { bulkInsert, UnitOfWork, type Tx } from '@app/database';
import { Ranges } from '../catalog/ranges';
import type { SegmentState } from '../catalog/segment-timeline';
import { timeOf, type Act } from './act';
import { lockBatch, saveBatch } from './batches.repository';
import { assertReasoned } from './stop-cause';

interface LayerRanges {
  readonly layer: number;
  readonly ranges: Ranges<SegmentState>;
}

/**
 * 召回 by what was filled: every code that goes with a production lot, in all batches and layers, in one step. What was voided stays void
 * and answers 召回 too. Batches that are closed as well: their codes pay nothing any more, but somebody may still have the bottle.
 */
@Injectable()
export class RecallLot {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  /** How many codes of how many batches. Throws Rejected: 404 no such lot, 422 no reason, 409 `lot_without_codes`. */
  async run(lotId: number, reason: string, act: Act): Promise<{ batches: number; codes: number }> {
    assertReasoned('recall', reason);
    return this.unitOfWork.run(async (tx) => {
      const [lot] = await tx.query('SELECT id FROM production_lots WHERE id = ? FOR UPDATE', [lotId]);
      if (lot === undefined) throw new Rejected('no_such_lot', '没有这个生产批次', 404, { lot: lotId });
      const carrying = await tx.query<{ id: number }>(
        'SELECT DISTINCT batch_id AS id FROM lot_bindings WHERE lot_id = ? ORDER BY batch_id',
        [lotId],
      );
      const done = { batches: 0, codes: 0 };
      for (const { id } of carrying) {
        const codes = await recallIn(tx, id, lotId, reason, act);
        if (codes > 0) done.batches += 1;
        done.codes += codes;
      }
      if (done.codes === 0) throw new Rejected('lot_without_codes', '这个生产批次还没有绑码，请按码段召回', 409);
      return done;
    });
  }
}

/** Codes of one batch that were recalled. */
async function recallIn(tx: Tx, batchId: number, lotId: number, reason: string, act: Act): Promise<number> {
  const batch = await lockBatch(tx, batchId);
  const layers = await rangesOfLot(tx, batchId, lotId);
  const now = await timeOf(tx, act);
  const rows = layers.flatMap(({ layer, ranges }) =>
    ranges
      .list()
      .map(({ from, to, value }) => [
        ...[batchId, layer, from, to, value, 'recall', now, reason.slice(0, 255), act.by, now],
      ]),
  );
  if (rows.length === 0) return 0;
  const columns = ['batch_id', 'layer', 'serial_from', 'serial_to', 'state', 'cause', 'effective_at', 'reason'];
  await bulkInsert(tx, 'code_segment_events', [...columns, 'created_by', 'created_at'], rows);
  await saveBatch(tx, batch);
  return layers.reduce((sum, { ranges }) => sum + ranges.list().reduce((n, { from, to }) => n + to - from, 0), 0);
}

/** Where the lot lies in a batch now, and what of it is void. */
async function rangesOfLot(tx: Tx, batchId: number, lotId: number): Promise<LayerRanges[]> {
  const voids = await tx.query<{ layer: number; from: number; to: number }>(
    `SELECT layer, serial_from AS \`from\`, serial_to AS \`to\` FROM code_segment_events
      WHERE batch_id = ? AND state = 'void'`,
    [batchId],
  );
  return (await lotInBatch(tx, batchId, lotId)).map(({ layer, ranges: own }) => {
    const ranges = new Ranges<SegmentState>();
    for (const { from, to } of own) {
      ranges.paint(from, to, 'frozen');
      for (const gone of voids.filter((one) => one.layer === layer)) {
        ranges.paint(Math.max(from, gone.from), Math.min(to, gone.to), 'void');
      }
    }
    return { layer, ranges };
  });
}

/** Where a lot lies in a batch now, by the last word of each binding. */
export async function lotInBatch(
  tx: Tx,
  batchId: number,
  lotId: number,
): Promise<{ readonly layer: number; readonly ranges: readonly { readonly from: number; readonly to: number }[] }[]> {
  const bindings = await tx.query<{ lot: number; layer: number; from: number; to: number }>(
    'SELECT lot_id AS lot, layer, serial_from AS `from`, serial_to AS `to` FROM lot_bindings WHERE batch_id = ? ORDER BY id',
    [batchId],
  );
  const bound = new Map<number, Ranges<number>>();
  for (const { lot, layer, from, to } of bindings) {
    const ranges = bound.get(layer) ?? new Ranges<number>();
    bound.set(layer, ranges);
    ranges.paint(from, to, lot);
  }
  return [...bound].map(([layer, lots]) => ({ layer, ranges: lots.list().filter(({ value }) => value === lotId) }));
}
