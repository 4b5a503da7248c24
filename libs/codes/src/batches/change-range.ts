import { Injectable } from '@nestjs/common';
import { Rejected } from '@app/kernel';
import { UnitOfWork, type Tx } from '@app/database';
import { readLayerEvents } from '../catalog/catalog.repository';
import { liftRecall } from '../catalog/lift-recall';
import type { SegmentState } from '../catalog/segment-timeline';
import { timeOf, type Act } from './act';
import { assertHasCodes } from './batch-status';
import { assertRange, lockBatch, saveBatch } from './batches.repository';
import type { SerialRange } from './serial-range';
import { assertReasoned, type StopCause } from './stop-cause';

export interface RangeChange extends SerialRange {
  /** When it takes effect; left out = now. */
  readonly effectiveAt?: Date;
  readonly reason?: string | null;
  /** Only where the range is stopped: frozen or void. */
  readonly cause?: StopCause | null;
}

export interface RangeChanged {
  readonly segmentId: number;
  readonly epoch: number;
}

/**
 * Records that a range of codes has another state from an instant on. All reject the same way: 404 no such batch, 422 a range or layer
 * that does not exist, or a cause where none can be, or a recall that begins or ends without a reason, 409 a batch that is drafted or closed, or a range that
 * holds voided codes.
 */
abstract class ChangeRange {
  protected abstract readonly state: SegmentState;

  constructor(private readonly unitOfWork: UnitOfWork) {}

  async run(change: RangeChange, act: Act): Promise<RangeChanged> {
    assertStops(this.state, change);
    return this.unitOfWork.run(async (tx) => {
      const batch = await lockBatch(tx, change.batchId);
      assertHasCodes(batch.status);
      await assertRange(tx, batch, change);
      await assertNotVoid(tx, change);
      await assertRecallReasoned(tx, this.state, change, act);
      const segmentId = await this.record(tx, change, act);
      // The first activation puts the batch on sale.
      const status = this.state === 'active' ? 'active' : batch.status;
      return { segmentId, epoch: await saveBatch(tx, batch, { status }) };
    });
  }

  private async record(tx: Tx, change: RangeChange, act: Act): Promise<number> {
    const now = await timeOf(tx, act);
    const { insertId } = await tx.execute(
      `INSERT INTO code_segment_events
         (batch_id, layer, serial_from, serial_to, state, cause, effective_at, reason, created_by, created_at)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      [
        change.batchId,
        change.layer,
        change.from,
        change.to,
        this.state,
        change.cause ?? null,
        change.effectiveAt ?? now,
        change.reason?.slice(0, 255) ?? null,
        act.by,
        now,
      ],
    );
    return insertId;
  }
}

function assertStops(state: SegmentState, { cause = null, reason }: RangeChange): void {
  if (cause !== null && state !== 'frozen' && state !== 'void') {
    throw new Rejected('bad_cause', '只有冻结和作废可以是召回', 422, { field: 'cause' });
  }
  assertReasoned(cause, reason);
}

/** 启用 and 停用 end a warning that drinkers were told, so somebody must be able to say why. */
async function assertRecallReasoned(tx: Tx, state: SegmentState, change: RangeChange, act: Act): Promise<void> {
  const said = (change.reason ?? '').trim() !== '';
  if (said || (state !== 'active' && state !== 'inactive')) return;
  const events = await readLayerEvents(tx, change.batchId, change.layer);
  if (liftRecall(events, await timeOf(tx, act), [change]).length > 0) assertReasoned('recall', change.reason);
}

/** What was voided stays void: its labels were destroyed or lost, and nobody may bring them back to life by a range typed too wide. */
async function assertNotVoid(tx: Tx, { batchId, layer, from, to }: SerialRange): Promise<void> {
  const [voided] = await tx.query<{ from: number; to: number }>(
    `SELECT serial_from AS \`from\`, serial_to AS \`to\` FROM code_segment_events
      WHERE batch_id = ? AND layer = ? AND state = 'void' AND serial_from < ? AND serial_to > ? LIMIT 1`,
    [batchId, layer, to, from],
  );
  if (voided === undefined) return;
  throw new Rejected('range_void', `码段里有已作废的码 [${voided.from}, ${voided.to})，请避开它们`, 409, voided);
}

/** Puts a range on sale: its prize layers pay. */
@Injectable()
export class ActivateRange extends ChangeRange {
  protected readonly state = 'active';
  constructor(unitOfWork: UnitOfWork) {
    super(unitOfWork);
  }
}

/** Takes a range off sale again, as if it had not been activated. */
@Injectable()
export class DeactivateRange extends ChangeRange {
  protected readonly state = 'inactive';
  constructor(unitOfWork: UnitOfWork) {
    super(unitOfWork);
  }
}

/** Stops a range until it is activated again: scans answer, nothing pays. */
@Injectable()
export class FreezeRange extends ChangeRange {
  protected readonly state = 'frozen';
  constructor(unitOfWork: UnitOfWork) {
    super(unitOfWork);
  }
}

/** Ends a range for ever. */
@Injectable()
export class VoidRange extends ChangeRange {
  protected readonly state = 'void';
  constructor(unitOfWork: UnitOfWork) {
    super(unitOfWork);
  }
}
