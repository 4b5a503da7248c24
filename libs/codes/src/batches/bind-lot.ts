import { Injectable } from '@nestjs/common';
import { Rejected } from '@app/kernel';
import { isDuplicate, textOf, UnitOfWork, type Tx } from '@app/database';
import { LOT_PATTERN } from '../printing/carrier';
import { timeOf, type Act } from './act';
import { assertHasCodes } from './batch-status';
import { assertRange, lockBatch, saveBatch } from './batches.repository';
import { fits } from './create-product';
import { ProductionLotEntity } from './production-lot.entity';
import type { SerialRange } from './serial-range';

export interface NewLot {
  /** 1-20 of [0-9A-Z.-], as it is printed and put into GS1 links. */
  readonly lotNo: string;
  readonly productId: number;
  readonly plant: string;
  readonly line: string;
  /** Shanghai days, `YYYY-MM-DD`. */
  readonly producedOn: string;
  readonly expiresOn: string | null;
}

/** Enters a production lot. The same lot number entered again with the same facts is fine; with other facts it is refused (409). */
@Injectable()
export class RecordLot {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  async run(lot: NewLot, act: Act): Promise<{ id: number }> {
    assertLot(lot);
    try {
      return await this.unitOfWork.run(async (tx) => {
        const [product] = await tx.query('SELECT id FROM products WHERE id = ?', [lot.productId]);
        if (product === undefined) throw fault('productId', '没有这个产品');
        const createdAt = await timeOf(tx, act);
        const { lotNo, productId, plant, line, producedOn, expiresOn } = lot;
        const fields = { lotNo, productId, plant: plant.trim(), line: line.trim(), producedOn, expiresOn, createdAt };
        const inserted = await tx.manager.insert(ProductionLotEntity, fields);
        return { id: Number((inserted.identifiers[0] as { id: number }).id) };
      });
    } catch (error) {
      if (!isDuplicate(error, 'uq_production_lots_no')) throw error;
      return this.unitOfWork.run((tx) => sameLot(tx, lot));
    }
  }
}

async function sameLot(tx: Tx, lot: NewLot): Promise<{ id: number }> {
  const [row] = await tx.query<{
    id: number;
    product: number;
    plant: string;
    line: string;
    made: Buffer;
    ends: Buffer | null;
  }>(
    `SELECT id, product_id AS product, plant, line, CAST(produced_on AS BINARY) AS made, CAST(expires_on AS BINARY) AS ends
       FROM production_lots WHERE lot_no = ?`,
    [lot.lotNo],
  );
  const same =
    row !== undefined &&
    row.product === lot.productId &&
    row.plant === lot.plant.trim() &&
    row.line === lot.line.trim() &&
    textOf(row.made) === lot.producedOn &&
    (row.ends === null ? null : textOf(row.ends)) === lot.expiresOn;
  if (!same) throw new Rejected('lot_taken', `生产批次「${lot.lotNo}」已经有了，内容不同`, 409, { field: 'lotNo' });
  return { id: row.id };
}

/** Says that a range of codes went on products of a lot. A range bound again belongs to the lot named last. */
@Injectable()
export class BindLot {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  /** Throws Rejected: 404 no such batch, 422 no such lot, range or layer, or a lot of another product, 409 a drafted or closed batch. */
  async run(binding: SerialRange & { readonly lotId: number }, act: Act): Promise<{ epoch: number }> {
    return this.unitOfWork.run(async (tx) => {
      // The lot before the batch: what is told of a lot must reach every batch that carries it (see SetLotStages).
      const [lot] = await tx.query<{ product: number }>(
        'SELECT product_id AS product FROM production_lots WHERE id = ? FOR UPDATE',
        [binding.lotId],
      );
      const batch = await lockBatch(tx, binding.batchId);
      assertHasCodes(batch.status);
      await assertRange(tx, batch, binding);
      if (lot === undefined) throw new Rejected('no_such_lot', '没有这个生产批次', 422, { lot: binding.lotId });
      if (lot.product !== batch.productId) {
        throw new Rejected('lot_of_other_product', '这个生产批次是另一个产品的，不能绑到这个码批次', 422, {
          lot: binding.lotId,
        });
      }
      await tx.execute(
        `INSERT INTO lot_bindings (lot_id, batch_id, layer, serial_from, serial_to, created_by, created_at)
         VALUES (?, ?, ?, ?, ?, ?, ?)`,
        [binding.lotId, batch.id, binding.layer, binding.from, binding.to, act.by, await timeOf(tx, act)],
      );
      return { epoch: await saveBatch(tx, batch) };
    });
  }
}

function fault(field: string, message: string): Rejected {
  return new Rejected('bad_lot', message, 422, { field });
}

function assertLot(lot: NewLot): void {
  if (!LOT_PATTERN.test(lot.lotNo)) throw fault('lotNo', '生产批号用 1 到 20 位数字、大写字母、点或横线');
  if (!fits(lot.plant, 64)) throw fault('plant', '工厂要有 1 到 64 个字');
  if (!fits(lot.line, 32)) throw fault('line', '产线要有 1 到 32 个字');
  if (!isDay(lot.producedOn)) throw fault('producedOn', '生产日期应写成 YYYY-MM-DD');
  if (lot.expiresOn !== null && (!isDay(lot.expiresOn) || lot.expiresOn < lot.producedOn)) {
    throw fault('expiresOn', '保质期至应写成 YYYY-MM-DD，且不早于生产日期');
  }
}

/** A calendar day that exists, `YYYY-MM-DD`. */
export function isDay(text: string): boolean {
  const instant = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : NaN;
  return !Number.isNaN(instant) && new Date(instant).toISOString().startsWith(text);
}
