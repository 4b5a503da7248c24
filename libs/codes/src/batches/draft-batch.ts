import { Injectable } from '@nestjs/common';
import { Rejected } from '@app/kernel';
import { bulkInsert, UnitOfWork } from '@app/database';
import { MAX_BATCH, MAX_LAYER, MAX_SERIAL } from '../text/code-text';
import { CodeBook } from '../text/code-book';
import { timeOf, type Act } from './act';
import { assertBatchMove } from './batch-status';
import { lockBatch, saveBatch } from './batches.repository';
import { CodeBatchEntity } from './code-batch.entity';
import { fits } from './create-product';
import { LAYER_PURPOSES, type LayerPurpose } from './layer-purpose';

export interface NewBatch {
  readonly productId: number;
  readonly name: string;
  /** Codes in each layer, 1 … 2^30. */
  readonly quantity: number;
  readonly layers: readonly { readonly layer: number; readonly name: string; readonly purpose: LayerPurpose }[];
  readonly carrier?: 'short' | 'gs1';
  /** End of the time to redeem; after it codes answer 已过期. */
  readonly expiresAt?: Date | null;
}

/** Writes down a batch that is to be printed. No code exists yet. */
@Injectable()
export class DraftBatch {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly book: CodeBook,
  ) {}

  /** Throws Rejected (422) naming the faulty field. */
  async run(batch: NewBatch, act: Act): Promise<{ id: number }> {
    assertBatch(batch);
    return this.unitOfWork.run(async (tx) => {
      const [product] = await tx.query<{ gtin: Buffer | null }>('SELECT gtin FROM products WHERE id = ?', [
        batch.productId,
      ]);
      if (product === undefined) throw fault('productId', '没有这个产品');
      if (batch.carrier === 'gs1' && product.gtin === null) throw fault('carrier', '产品没有商品条码，不能用 GS1 码');
      const createdAt = await timeOf(tx, act);
      const inserted = await tx.manager.insert(CodeBatchEntity, {
        keyChar: this.book.issuingKey,
        productId: batch.productId,
        name: batch.name.trim(),
        quantity: batch.quantity,
        status: 'drafted',
        frozen: false,
        frozenCause: null,
        epoch: 1,
        carrier: batch.carrier ?? 'short',
        expiresAt: batch.expiresAt ?? null,
        createdBy: act.by,
        createdAt,
        issuedAt: null,
      });
      const id = Number((inserted.identifiers[0] as { id: number }).id);
      if (id > MAX_BATCH) throw new Rejected('out_of_batches', '码批次编号已用完', 409);
      await bulkInsert(
        tx,
        'code_batch_layers',
        ['batch_id', 'layer', 'name', 'purpose'],
        batch.layers.map((layer) => [id, layer.layer, layer.name.trim(), layer.purpose]),
      );
      return { id };
    });
  }
}

/** Lets a drafted batch's codes exist. A billion codes cost one updated row: they are computed, never stored. */
@Injectable()
export class IssueBatch {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly book: CodeBook,
  ) {}

  /** Throws Rejected: 404 no such batch, 409 already issued. */
  async run(batchId: number, act: Act): Promise<{ epoch: number }> {
    return this.unitOfWork.run(async (tx) => {
      const batch = await lockBatch(tx, batchId);
      assertBatchMove(batch.status, 'issued');
      const issuedAt = await timeOf(tx, act);
      // The key of the day of issue: a draft may have waited while keys were rotated.
      return { epoch: await saveBatch(tx, batch, { status: 'issued', issuedAt, keyChar: this.book.issuingKey }) };
    });
  }
}

function fault(field: string, message: string): Rejected {
  return new Rejected('bad_batch', message, 422, { field });
}

function assertBatch(batch: NewBatch): void {
  if (!fits(batch.name, 64)) throw fault('name', '码批次名称要有 1 到 64 个字');
  if (!Number.isInteger(batch.quantity) || batch.quantity < 1 || batch.quantity > MAX_SERIAL + 1) {
    throw fault('quantity', `数量应是 1 到 ${MAX_SERIAL + 1} 的整数`);
  }
  if (!['short', 'gs1', undefined].includes(batch.carrier)) throw fault('carrier', '载体只有 short 和 gs1 两种');
  if (batch.layers.length === 0) throw fault('layers', '至少要有一层码');
  const seen = new Set<number>();
  for (const { layer, name, purpose } of batch.layers) {
    if (!Number.isInteger(layer) || layer < 0 || layer > MAX_LAYER) throw fault('layers', `层号应是 0 到 ${MAX_LAYER}`);
    if (seen.has(layer)) throw fault('layers', `第 ${layer} 层写了两次`);
    if (!fits(name, 32)) throw fault('layers', '层名要有 1 到 32 个字');
    if (!LAYER_PURPOSES.includes(purpose)) throw fault('layers', `没有「${String(purpose)}」这种用途`);
    seen.add(layer);
  }
  if (batch.expiresAt && Number.isNaN(batch.expiresAt.getTime())) throw fault('expiresAt', '截止时间不是一个时间');
}
