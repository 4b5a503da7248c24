import { Injectable } from '@nestjs/common';
import { Rejected } from '@app/kernel';
import { bulkInsert, UnitOfWork, type Tx } from '@app/database';
import { readLayerEvents } from '../catalog/catalog.repository';
import { liftRecall, type Lifted } from '../catalog/lift-recall';
import { timeOf, type Act } from './act';
import { assertRange, lockBatch, saveBatch } from './batches.repository';
import { lotInBatch } from './recall-lot';
import type { SerialRange } from './serial-range';
import { assertReasoned } from './stop-cause';

export interface RecallEnded {
  /** Codes that are recalled no longer. */
  readonly codes: number;
  /** How many of them are on sale again. */
  readonly active: number;
}

/**
 * The end of a recall: every code is again what it would be had it never been recalled. What was active pays, what was frozen or void for a
 * reason of its own stays so. A reason is asked for, as for the recall itself. Closed batches too: their codes stop warning.
 */
@Injectable()
export class EndRecall {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  /** Part of one layer. Throws Rejected: 404 no such batch, 422 no reason or no such range, 409 `not_recalled`. */
  async range(range: SerialRange, reason: string, act: Act): Promise<RecallEnded> {
    assertReasoned('recall', reason);
    return this.unitOfWork.run(async (tx) => {
      const batch = await lockBatch(tx, range.batchId);
      await assertRange(tx, batch, range);
      const done = await liftIn(tx, batch.id, [{ layer: range.layer, ranges: [range] }], reason, act);
      if (done.codes === 0) throw notRecalled('这一段里没有正在召回的码');
      await saveBatch(tx, batch);
      return done;
    });
  }

  /** A whole batch that was recalled as one; ranges and lots recalled on their own stay so. Rejected 404, 422, 409 `not_recalled`. */
  async batch(batchId: number, reason: string): Promise<{ epoch: number }> {
    assertReasoned('recall', reason);
    return this.unitOfWork.run(async (tx) => {
      const batch = await lockBatch(tx, batchId);
      if (batch.frozenCause !== 'recall') throw notRecalled('这个码批次没有整批召回');
      return { epoch: await saveBatch(tx, batch, { frozen: null }) };
    });
  }

  /** Every code that goes with a production lot, in all batches and layers. Rejected 404, 422, 409 `not_recalled`. */
  async lot(lotId: number, reason: string, act: Act): Promise<RecallEnded & { readonly batches: number }> {
    assertReasoned('recall', reason);
    return this.unitOfWork.run(async (tx) => {
      // The lot before its batches, as binding and recalling lock them.
      const [lot] = await tx.query('SELECT id FROM production_lots WHERE id = ? FOR UPDATE', [lotId]);
      if (lot === undefined) throw new Rejected('no_such_lot', '没有这个生产批次', 404, { lot: lotId });
      const carrying = await tx.query<{ id: number }>(
        'SELECT DISTINCT batch_id AS id FROM lot_bindings WHERE lot_id = ? ORDER BY batch_id',
        [lotId],
      );
      const total = { batches: 0, codes: 0, active: 0 };
      for (const { id } of carrying) {
        const batch = await lockBatch(tx, id);
        const done = await liftIn(tx, id, await lotInBatch(tx, id, lotId), reason, act);
        if (done.codes > 0) await saveBatch(tx, batch);
        total.batches += done.codes > 0 ? 1 : 0;
        total.codes += done.codes;
        total.active += done.active;
      }
      if (total.codes === 0) throw notRecalled('这个生产批次没有正在召回的码');
      return total;
    });
  }
}

interface LayerRanges {
  readonly layer: number;
  readonly ranges: readonly { readonly from: number; readonly to: number }[];
}

async function liftIn(
  tx: Tx,
  batchId: number,
  layers: readonly LayerRanges[],
  reason: string,
  act: Act,
): Promise<RecallEnded> {
  const now = await timeOf(tx, act);
  const rows: (string | number | Date | null)[][] = [];
  const done = { codes: 0, active: 0 };
  for (const { layer, ranges } of layers) {
    const lifted = liftRecall(await readLayerEvents(tx, batchId, layer), now, ranges);
    const said = [reason.slice(0, 255), act.by, now];
    rows.push(...lifted.map((one) => [batchId, layer, one.from, one.to, one.state, null, one.effectiveAt, ...said]));
    const at = lifted.filter(({ effectiveAt }) => effectiveAt <= now);
    done.codes += sizeOf(at);
    done.active += sizeOf(at.filter(({ state }) => state === 'active'));
  }
  const columns = ['batch_id', 'layer', 'serial_from', 'serial_to', 'state', 'cause', 'effective_at', 'reason'];
  await bulkInsert(tx, 'code_segment_events', [...columns, 'created_by', 'created_at'], rows);
  return done;
}

function sizeOf(ranges: readonly Pick<Lifted, 'from' | 'to'>[]): number {
  return ranges.reduce((sum, { from, to }) => sum + to - from, 0);
}

function notRecalled(words: string): Rejected {
  return new Rejected('not_recalled', words, 409);
}
