import { Column, Entity, Index, PrimaryColumn, PrimaryGeneratedColumn } from 'typeorm';
import { identifierColumn, instantColumn } from '@app/database';
import type { BatchStatus } from './batch-status';
import type { StopCause } from './stop-cause';
import type { LayerPurpose } from './layer-purpose';

@Entity('code_batches')
@Index('ix_code_batches_product', ['productId'])
export class CodeBatchEntity {
  /** Below 2^22: it travels inside every code. */
  @PrimaryGeneratedColumn({ type: 'int', unsigned: true, comment: 'below 2^22' })
  id: number;

  @Column({ name: 'key_char', ...identifierColumn(1) })
  keyChar: string;

  @Column({ name: 'product_id', type: 'int', unsigned: true })
  productId: number;

  @Column({ type: 'varchar', length: 64 })
  name: string;

  /** Codes in each layer. */
  @Column({ type: 'int', unsigned: true })
  quantity: number;

  @Column({ ...identifierColumn(16), default: 'drafted' })
  status: BatchStatus;

  @Column({ type: 'boolean', default: false })
  frozen: boolean;

  /** Why, when drinkers must be told; null while it is not frozen. */
  @Column({
    name: 'frozen_cause',
    ...identifierColumn(16),
    nullable: true,
    comment: 'recall; NULL = not frozen, or for no cause that a drinker is told',
  })
  frozenCause: StopCause | null;

  /** Rises with every change that a scan could notice. */
  @Column({ type: 'int', unsigned: true, default: 1 })
  epoch: number;

  @Column({ ...identifierColumn(8), default: 'short' })
  carrier: 'short' | 'gs1';

  /** End of the time to redeem, published with the campaign. */
  @Column({ name: 'expires_at', ...instantColumn, nullable: true })
  expiresAt: Date | null;

  @Column({ name: 'created_by', type: 'int', unsigned: true, nullable: true })
  createdBy: number | null;

  @Column({ name: 'created_at', ...instantColumn })
  createdAt: Date;

  @Column({ name: 'issued_at', ...instantColumn, nullable: true })
  issuedAt: Date | null;
}

@Entity('code_batch_layers')
export class CodeBatchLayerEntity {
  @PrimaryColumn({ name: 'batch_id', type: 'int', unsigned: true })
  batchId: number;

  @PrimaryColumn({ type: 'tinyint', unsigned: true })
  layer: number;

  /** What the trade calls it: 盖内码, 箱内码, 垛码. */
  @Column({ type: 'varchar', length: 32 })
  name: string;

  @Column(identifierColumn(16))
  purpose: LayerPurpose;
}
