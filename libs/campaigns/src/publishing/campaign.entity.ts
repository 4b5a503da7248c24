import { Column, Entity, Index, PrimaryGeneratedColumn } from 'typeorm';
import { identifierColumn, instantColumn } from '@app/database';
import type { Lane } from '../document/campaign-content';

/**
 * `live` covers what is still to begin: when a campaign runs is said by its version's period. `armed` is a burst that was approved and
 * waits for somebody to start it.
 */
export type StoredStatus = 'draft' | 'armed' | 'live' | 'paused' | 'ended';

/** A campaign as HQ edits it. What decides scans is its current version, never the draft. */
@Entity('campaigns')
export class Campaign {
  @PrimaryGeneratedColumn({ type: 'int', unsigned: true })
  id: number;

  @Column({ type: 'varchar', length: 64 })
  name: string;

  @Column(identifierColumn(16))
  lane: Lane;

  @Column({ type: 'int', default: 0 })
  priority: number;

  @Index('ix_campaigns_status')
  @Column({ ...identifierColumn(16), default: 'draft' })
  status: StoredStatus;

  /** Rises with every change that can change a decision; nodes notice by it. */
  @Column({ type: 'int', unsigned: true, default: 1 })
  epoch: number;

  @Column({ name: 'current_version_id', type: 'int', unsigned: true, nullable: true })
  currentVersionId: number | null;

  /** JSON of CampaignContent, valid when it was saved. */
  @Column({ type: 'mediumtext', nullable: true })
  draft: string | null;

  /** Who wrote the draft last: cannot approve it. */
  @Column({ name: 'draft_by', type: 'int', unsigned: true, nullable: true, comment: 'who wrote the draft last' })
  draftBy: number | null;

  /** Period of the version in force, `[startsAt, endsAt)`. */
  @Column({ name: 'starts_at', ...instantColumn, nullable: true, comment: 'period of the version in force' })
  startsAt: Date | null;

  @Column({ name: 'ends_at', ...instantColumn, nullable: true, comment: 'half-open' })
  endsAt: Date | null;

  /** `[runFrom, runUntil)` of a burst that was started. */
  @Column({ name: 'run_from', ...instantColumn, nullable: true, comment: 'of a burst that was started' })
  runFrom: Date | null;

  @Column({ name: 'run_until', ...instantColumn, nullable: true, comment: 'half-open' })
  runUntil: Date | null;

  @Column({ name: 'run_by', type: 'int', unsigned: true, nullable: true })
  runBy: number | null;

  @Column({ name: 'ended_at', ...instantColumn, nullable: true })
  endedAt: Date | null;

  @Column({ name: 'created_by', type: 'int', unsigned: true, nullable: true })
  createdBy: number | null;

  @Column({ name: 'created_at', ...instantColumn })
  createdAt: Date;

  @Column({ name: 'updated_at', ...instantColumn })
  updatedAt: Date;
}

/** What the app hands to the database module. */
export const campaignsEntities = [Campaign];
