import { Column, Entity, Index, PrimaryColumn, PrimaryGeneratedColumn } from 'typeorm';
import type { Fen } from '@app/kernel';
import { fenColumn, identifierColumn, instantColumn } from '@app/database';

@Entity('products')
@Index('uq_products_sku', ['sku'], { unique: true })
export class ProductEntity {
  @PrimaryGeneratedColumn({ type: 'int', unsigned: true })
  id: number;

  @Column(identifierColumn(32))
  sku: string;

  /** 14 digits. */
  @Column({ ...identifierColumn(14), nullable: true })
  gtin: string | null;

  @Column({ type: 'varchar', length: 64 })
  name: string;

  @Column(identifierColumn(32))
  line: string;

  @Column({ type: 'varchar', length: 64 })
  spec: string;

  @Column({ name: 'units_per_case', type: 'smallint', unsigned: true })
  unitsPerCase: number;

  @Column({ name: 'image_url', type: 'varchar', length: 512, nullable: true })
  imageUrl: string | null;

  @Column({ name: 'created_at', ...instantColumn })
  createdAt: Date;
}

/** Suggested retail price from an instant on, until the next one. */
@Entity('product_prices')
export class ProductPriceEntity {
  @PrimaryColumn({ name: 'product_id', type: 'int', unsigned: true })
  productId: number;

  @PrimaryColumn({ name: 'from_at', type: 'datetime', precision: 6 })
  fromAt: Date;

  @Column({ name: 'price_fen', ...fenColumn })
  priceFen: Fen;
}
