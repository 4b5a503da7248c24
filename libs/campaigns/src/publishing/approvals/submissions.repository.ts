import { isDuplicate, type Reader, type Tx } from '@app/database';
import { Rejected } from '@app/kernel';

export const SUBMISSION_STATES = ['pending', 'approved', 'rejected', 'withdrawn'] as const;
export type SubmissionState = (typeof SUBMISSION_STATES)[number];

/** A submission that waits for its second person. */
export interface PendingSubmission {
  readonly id: number;
  /** 64 hex characters. */
  readonly contentHash: string;
  readonly draftedBy: number | null;
  readonly submittedBy: number;
  readonly submittedAt: Date;
  readonly confirmedBy: number | null;
  readonly confirmedReason: string | null;
}

export interface NewSubmission {
  readonly campaignId: number;
  readonly contentHash: string;
  readonly draftedBy: number | null;
  readonly submittedBy: number;
  readonly note: string;
  /** By the owner, for changes that are worse for consumers. */
  readonly confirmedBy: number | null;
  readonly confirmedReason: string | null;
}

/** Rejected `already_submitted` (409) when one is pending: the unique key says so. */
export async function insertSubmission(tx: Tx, submission: NewSubmission): Promise<number> {
  try {
    const { insertId } = await tx.execute(
      `INSERT INTO campaign_submissions
         (campaign_id, pending_campaign, content_hash, state, drafted_by, submitted_by, submitted_at, note, confirmed_by, confirmed_reason)
       VALUES (?, ?, ?, 'pending', ?, ?, UTC_TIMESTAMP(6), ?, ?, ?)`,
      [
        submission.campaignId,
        submission.campaignId,
        Buffer.from(submission.contentHash, 'hex'),
        submission.draftedBy,
        submission.submittedBy,
        submission.note,
        submission.confirmedBy,
        submission.confirmedReason,
      ],
    );
    return insertId;
  } catch (error) {
    if (!isDuplicate(error, 'uq_campaign_submissions_pending')) throw error;
    throw new Rejected('already_submitted', '已经提交审批，正在等待第二个人', 409);
  }
}

/** The submission of a campaign that waits, if any. Under the campaign's lock it stays as it is until the commit. */
export async function readPending(reader: Reader, campaignId: number): Promise<PendingSubmission | null> {
  const [row] = await reader.query<Omit<PendingSubmission, 'contentHash'> & { contentHash: Buffer }>(
    `SELECT id, content_hash AS contentHash, drafted_by AS draftedBy, submitted_by AS submittedBy, submitted_at AS submittedAt,
            confirmed_by AS confirmedBy, confirmed_reason AS confirmedReason
       FROM campaign_submissions WHERE pending_campaign = ?`,
    [campaignId],
  );
  return row ? { ...row, contentHash: row.contentHash.toString('hex') } : null;
}

export interface Closing {
  readonly state: Exclude<SubmissionState, 'pending'>;
  readonly by: number | null;
  readonly note: string;
  readonly versionId?: number;
}

/** Decides what is pending; false when nothing is. */
export async function closePending(tx: Tx, campaignId: number, closing: Closing): Promise<boolean> {
  const { affectedRows } = await tx.execute(
    `UPDATE campaign_submissions
        SET state = ?, pending_campaign = NULL, decided_by = ?, decided_at = UTC_TIMESTAMP(6), decision_note = ?, version_id = ?
      WHERE pending_campaign = ?`,
    [closing.state, closing.by, closing.note, closing.versionId ?? null, campaignId],
  );
  return affectedRows === 1;
}
