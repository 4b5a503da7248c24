import { Injectable } from '@nestjs/common';
import { Rejected } from '@app/kernel';
import { textOf, UnitOfWork } from '@app/database';
import { parseGtin } from '../printing/gtin';
import { assertProduct, type NewProduct } from './create-product';

/** What may change about a product. Its SKU is how other systems know it and stays; its price has a history of its own. */
export type ProductChange = Omit<NewProduct, 'sku' | 'priceFen'>;

/** Corrects a product. Scans keep the price and the attribution they were recorded with. */
@Injectable()
export class EditProduct {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  /** Returns what stood there before. Throws Rejected: 404 no such product, 422 naming the faulty field. */
  async run(productId: number, change: ProductChange): Promise<ProductChange> {
    return this.unitOfWork.run(async (tx) => {
      const [row] = await tx.query<{
        sku: Buffer;
        gtin: Buffer | null;
        name: string;
        line: Buffer;
        spec: string;
        unitsPerCase: number;
        imageUrl: string | null;
      }>(
        `SELECT sku, gtin, name, line, spec, units_per_case AS unitsPerCase, image_url AS imageUrl
           FROM products WHERE id = ? FOR UPDATE`,
        [productId],
      );
      if (row === undefined) throw new Rejected('no_such_product', '没有这个产品', 404, { product: productId });
      assertProduct({ ...change, sku: textOf(row.sku), priceFen: 0 });
      const { name, line, spec, unitsPerCase, imageUrl } = change;
      const gtin = change.gtin === null ? null : parseGtin(change.gtin);
      await tx.execute(
        'UPDATE products SET gtin = ?, name = ?, line = ?, spec = ?, units_per_case = ?, image_url = ? WHERE id = ?',
        [gtin, name.trim(), line, spec.trim(), unitsPerCase, imageUrl, productId],
      );
      // Nodes learn of it by the epoch of its batches.
      await tx.execute('UPDATE code_batches SET epoch = epoch + 1 WHERE product_id = ?', [productId]);
      const { sku: _, gtin: was, line: wasLine, ...rest } = row;
      return { ...rest, gtin: was === null ? null : textOf(was), line: textOf(wasLine) };
    });
  }
}
