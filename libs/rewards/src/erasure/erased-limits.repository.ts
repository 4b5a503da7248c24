import { Injectable } from '@nestjs/common';
import { bulkUpsert, UnitOfWork, type Tx } from '@app/database';
import { RunsEvery } from '@app/jobs';
import { MemberCounts } from '../member-counts';

/** How long limits are remembered of somebody who was erased: longer than most campaigns run, shorter than anybody could call for ever. */
export const LIMITS_KEPT_DAYS = 180;

const EVERY_MS = 3_600_000;
const AT_ONCE = 5000;

/**
 * The table `erased_limits`: how often a WeChat account had used up codes before its person was erased. A row is found with the account
 * and our key only, and does not say who that was here; when the account comes back the row becomes the new member's counts.
 */
@Injectable()
export class ErasedLimits {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  /** Each account of the person stands for all of it. */
  async keep(tx: Tx, marks: readonly Buffer[], counts: MemberCounts, at: Date): Promise<void> {
    if (marks.length === 0) return;
    const lapses = new Date(at.getTime() + LIMITS_KEPT_DAYS * 86_400_000);
    await bulkUpsert(
      tx,
      'erased_limits',
      ['mark', 'counts', 'lapses_at'],
      marks.map((mark) => [mark, counts.toText(), lapses]),
      { update: ['counts', 'lapses_at'] },
    );
  }

  /** Hands a row over, once; null when there is none or its time has passed. */
  async take(tx: Tx, mark: Buffer): Promise<MemberCounts | null> {
    const [row] = await tx.query<{ counts: string }>(
      'SELECT counts FROM erased_limits WHERE mark = ? AND lapses_at > UTC_TIMESTAMP(6) FOR UPDATE',
      [mark],
    );
    if (!row) return null;
    await tx.execute('DELETE FROM erased_limits WHERE mark = ?', [mark]);
    return MemberCounts.fromText(row.counts);
  }

  @RunsEvery('rewards.purge-erased-limits', () => EVERY_MS)
  async purge(): Promise<void> {
    await this.unitOfWork.run((tx) =>
      tx.execute('DELETE FROM erased_limits WHERE lapses_at <= UTC_TIMESTAMP(6) LIMIT ?', [AT_ONCE]),
    );
  }
}
