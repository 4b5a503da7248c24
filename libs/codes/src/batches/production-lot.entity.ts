import { Column, Entity, Index, PrimaryGeneratedColumn } from 'typeorm';
import { identifierColumn, instantColumn } from '@app/database';

/** 生产批次: what was filled, when and where. Days are Shanghai calendar days, `YYYY-MM-DD`. */
@Entity('production_lots')
@Index('uq_production_lots_no', ['lotNo'], { unique: true })
export class ProductionLotEntity {
  @PrimaryGeneratedColumn({ type: 'int', unsigned: true })
  id: number;

  @Column({ name: 'lot_no', ...identifierColumn(32) })
  lotNo: string;

  @Column({ name: 'product_id', type: 'int', unsigned: true })
  productId: number;

  @Column({ type: 'varchar', length: 64 })
  plant: string;

  @Column({ type: 'varchar', length: 32 })
  line: string;

  @Column({ name: 'produced_on', type: 'date' })
  producedOn: string;

  @Column({ name: 'expires_on', type: 'date', nullable: true })
  expiresOn: string | null;

  /** The list in `lot_stages` that is told. */
  @Column({
    name: 'stages_id',
    type: 'int',
    unsigned: true,
    nullable: true,
    comment: 'the list that is told; NULL = none',
  })
  stagesId: number | null;

  @Column({ name: 'created_at', ...instantColumn })
  createdAt: Date;
}
