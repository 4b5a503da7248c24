import { Column, CreateDateColumn, Entity, PrimaryColumn, PrimaryGeneratedColumn } from 'typeorm';

/** Tables of the textbook server: one row per printed code. */
@Entity('naive_codes')
export class NaiveCode {
  @PrimaryColumn({ type: 'varchar', length: 20 })
  code: string;
  @Column({ type: 'int', default: 0 })
  scans: number;
  @Column({ type: 'bigint', nullable: true })
  winnerId: string | null;
}

@Entity('naive_campaigns')
export class NaiveCampaign {
  @PrimaryColumn({ type: 'int' })
  id: number;
  @Column({ type: 'varchar', length: 64 })
  name: string;
  @Column({ type: 'bigint' })
  budgetFen: string;
  @Column({ type: 'bigint', default: 0 })
  spentFen: string;
}

@Entity('naive_members')
export class NaiveMember {
  @PrimaryColumn({ type: 'bigint' })
  id: string;
  @Column({ type: 'int', default: 0 })
  scans: number;
  @Column({ type: 'bigint', default: 0 })
  wonFen: string;
}

@Entity('naive_scans')
export class NaiveScan {
  @PrimaryGeneratedColumn({ type: 'bigint' })
  id: string;
  @Column({ type: 'varchar', length: 36 })
  scanId: string;
  @Column({ type: 'varchar', length: 20 })
  code: string;
  @Column({ type: 'bigint' })
  memberId: string;
  @CreateDateColumn()
  createdAt: Date;
}

@Entity('naive_rewards')
export class NaiveReward {
  @PrimaryGeneratedColumn({ type: 'bigint' })
  id: string;
  @Column({ type: 'varchar', length: 20, unique: true })
  code: string;
  @Column({ type: 'bigint' })
  memberId: string;
  @Column({ type: 'int' })
  amountFen: number;
  @CreateDateColumn()
  createdAt: Date;
}
