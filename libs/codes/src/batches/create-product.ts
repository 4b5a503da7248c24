import { Injectable } from '@nestjs/common';
import { fen, Rejected } from '@app/kernel';
import { isDuplicate, UnitOfWork, type Tx } from '@app/database';
import { parseGtin } from '../printing/gtin';
import { timeOf, type Act } from './act';
import { ProductEntity, ProductPriceEntity } from './product.entity';

export interface NewProduct {
  /** 1-32 of [0-9A-Za-z._-]. */
  readonly sku: string;
  /** 8, 12, 13 or 14 digits with a right check digit, or null. */
  readonly gtin: string | null;
  readonly name: string;
  /** Product line, the word territories and rules use: 1-32 of [0-9a-z-]. */
  readonly line: string;
  /** e.g. 500 ml. */
  readonly spec: string;
  readonly unitsPerCase: number;
  readonly imageUrl: string | null;
  /** Suggested retail price of one unit. */
  readonly priceFen: number;
}

/** Dearest unit anybody sells by code: 1,000,000 yuan. */
const LARGEST_PRICE_FEN = 100_000_000;

@Injectable()
export class CreateProduct {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  /** Returns the product's id. Throws Rejected: 422 naming the faulty field, 409 when the SKU is taken. */
  async run(product: NewProduct, act: Act): Promise<{ id: number }> {
    assertProduct(product);
    const gtin = product.gtin === null ? null : parseGtin(product.gtin);
    try {
      return await this.unitOfWork.run(async (tx) => {
        const at = await timeOf(tx, act);
        const { sku, name, line, spec, unitsPerCase, imageUrl } = product;
        const fields = { sku, gtin, name: name.trim(), line, spec: spec.trim(), unitsPerCase, imageUrl, createdAt: at };
        const inserted = await tx.manager.insert(ProductEntity, fields);
        const id = Number((inserted.identifiers[0] as { id: number }).id);
        await insertPrice(tx, id, product.priceFen, at);
        return { id };
      });
    } catch (error) {
      if (!isDuplicate(error, 'uq_products_sku')) throw error;
      throw new Rejected('sku_taken', `SKU「${product.sku}」已经有了`, 409, { field: 'sku' });
    }
  }
}

/** Sets the suggested retail price from an instant on. Scans keep the price that was valid when they happened. */
@Injectable()
export class ChangePrice {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  async run(change: { productId: number; priceFen: number; from?: Date }, act: Act): Promise<void> {
    assertPrice(change.priceFen);
    try {
      await this.unitOfWork.run(async (tx) => {
        const from = change.from ?? (await timeOf(tx, act));
        // The batches' epoch is how nodes learn of it; the update also proves that the product is there.
        const [product] = await tx.query('SELECT id FROM products WHERE id = ? FOR UPDATE', [change.productId]);
        if (product === undefined)
          throw new Rejected('no_such_product', '没有这个产品', 404, { product: change.productId });
        await insertPrice(tx, change.productId, change.priceFen, from);
        await tx.execute('UPDATE code_batches SET epoch = epoch + 1 WHERE product_id = ?', [change.productId]);
      });
    } catch (error) {
      if (!isDuplicate(error)) throw error;
      throw new Rejected('price_taken', '这个时刻已经定过价，请换一个生效时间', 409, { field: 'from' });
    }
  }
}

async function insertPrice(tx: Tx, productId: number, priceFen: number, fromAt: Date): Promise<void> {
  await tx.manager.insert(ProductPriceEntity, { productId, fromAt, priceFen: fen(priceFen) });
}

export function assertProduct(product: NewProduct): void {
  const fault = (field: string, message: string): never => {
    throw new Rejected('bad_product', message, 422, { field });
  };
  if (!/^[0-9A-Za-z._-]{1,32}$/.test(product.sku)) fault('sku', 'SKU 用 1 到 32 位字母、数字、点、横线或下划线');
  if (product.gtin !== null && parseGtin(product.gtin) === null) {
    fault('gtin', '商品条码应是 8、12、13 或 14 位数字，且校验位正确');
  }
  if (!fits(product.name, 64)) fault('name', '产品名称要有 1 到 64 个字');
  if (!/^[0-9a-z-]{1,32}$/.test(product.line)) fault('line', '产品线用 1 到 32 位小写字母、数字或横线');
  if (!fits(product.spec, 64)) fault('spec', '规格要有 1 到 64 个字');
  if (!Number.isInteger(product.unitsPerCase) || product.unitsPerCase < 1 || product.unitsPerCase > 65535) {
    fault('unitsPerCase', '每箱件数应是 1 到 65535 的整数');
  }
  if (product.imageUrl !== null && !/^(https?:\/\/|\/)[^\s"'<>]{1,500}$/.test(product.imageUrl)) {
    fault('imageUrl', '图片地址应以 http(s):// 或 / 开头');
  }
  assertPrice(product.priceFen);
}

function assertPrice(priceFen: number): void {
  if (!Number.isInteger(priceFen) || priceFen < 0 || priceFen > LARGEST_PRICE_FEN) {
    throw new Rejected('bad_price', '建议零售价应是 0 到 1,000,000 元之间的整分', 422, { field: 'priceFen' });
  }
}

/** 1 to `most` characters that are not only blanks, none of them a control character. */
export function fits(text: string, most: number): boolean {
  const length = [...text.trim()].length;
  return length >= 1 && length <= most && !/\p{Cc}/u.test(text);
}
