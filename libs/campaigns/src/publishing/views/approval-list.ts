import { Injectable } from '@nestjs/common';
import { Database, type Reader, textOf } from '@app/database';
import { checkLimit, readCursor, writeCursor, type Page, type PageRequest } from '@app/kernel';
import type { Lane } from '../../document/campaign-content';
import type { SubmissionState } from '../approvals/submissions.repository';

export interface Person {
  readonly id: number;
  readonly name: string;
}

/** A submission as people see it. */
export interface SubmissionView {
  readonly id: number;
  readonly campaignId: number;
  readonly state: SubmissionState;
  /** What an approval must name: 64 hex characters. */
  readonly contentHash: string;
  readonly submittedBy: Person;
  /** Who wrote the draft last. */
  readonly draftedBy: Person | null;
  readonly submittedAt: Date;
  readonly note: string;
  /** The owner who accepted changes that are worse for consumers. */
  readonly confirmedBy: Person | null;
  readonly confirmedReason: string | null;
  readonly decidedBy: Person | null;
  readonly decidedAt: Date | null;
  readonly decisionNote: string | null;
  readonly versionId: number | null;
}

export interface PendingApproval extends SubmissionView {
  readonly campaign: { readonly name: string; readonly lane: Lane; readonly firstTime: boolean };
}

interface Row extends Omit<
  SubmissionView,
  'state' | 'contentHash' | 'submittedBy' | 'draftedBy' | 'confirmedBy' | 'decidedBy'
> {
  readonly state: Buffer;
  readonly contentHash: Buffer;
  readonly submittedBy: number;
  readonly submittedName: string | null;
  readonly draftedBy: number | null;
  readonly draftedName: string | null;
  readonly confirmedBy: number | null;
  readonly confirmedName: string | null;
  readonly decidedBy: number | null;
  readonly decidedName: string | null;
}

const SELECT = `SELECT s.id, s.campaign_id AS campaignId, s.state, s.content_hash AS contentHash, s.submitted_by AS submittedBy,
  a.name AS submittedName, s.drafted_by AS draftedBy, b.name AS draftedName, s.submitted_at AS submittedAt, s.note,
  s.confirmed_by AS confirmedBy, o.name AS confirmedName, s.confirmed_reason AS confirmedReason, s.decided_by AS decidedBy,
  d.name AS decidedName, s.decided_at AS decidedAt, s.decision_note AS decisionNote, s.version_id AS versionId`;
const FROM = `FROM campaign_submissions s
  LEFT JOIN operators a ON a.id = s.submitted_by LEFT JOIN operators b ON b.id = s.drafted_by
  LEFT JOIN operators o ON o.id = s.confirmed_by LEFT JOIN operators d ON d.id = s.decided_by`;

/** What waits for a second person, the longest waiting first; and what was submitted for one campaign. */
@Injectable()
export class ApprovalList {
  constructor(private readonly database: Database) {}

  async pending({ limit, cursor }: PageRequest): Promise<Page<PendingApproval>> {
    checkLimit(limit);
    const after = cursor ? Number(readCursor(cursor, 1)[0]) : 0;
    const rows = await this.database.query<Row & { name: string; lane: Buffer; versions: number | null }>(
      `${SELECT}, c.name, c.lane, c.current_version_id AS versions ${FROM} JOIN campaigns c ON c.id = s.pending_campaign
        WHERE s.id > ? ORDER BY s.id LIMIT ?`,
      [after, limit + 1],
    );
    const items = rows.slice(0, limit).map((row) => ({
      ...viewOf(row),
      campaign: { name: row.name, lane: textOf(row.lane) as Lane, firstTime: row.versions === null },
    }));
    return { items, nextCursor: rows.length > limit ? writeCursor([items.at(-1)!.id]) : null };
  }

  /** Of one campaign, latest first. */
  async of(campaignId: number, { limit, cursor }: PageRequest): Promise<Page<SubmissionView>> {
    checkLimit(limit);
    const before = cursor ? Number(readCursor(cursor, 1)[0]) : 2 ** 32;
    const rows = await this.database.query<Row>(
      `${SELECT} ${FROM} WHERE s.campaign_id = ? AND s.id < ? ORDER BY s.id DESC LIMIT ?`,
      [campaignId, before, limit + 1],
    );
    const items = rows.slice(0, limit).map(viewOf);
    return { items, nextCursor: rows.length > limit ? writeCursor([items.at(-1)!.id]) : null };
  }
}

export async function latestSubmission(reader: Reader, campaignId: number): Promise<SubmissionView | null> {
  const [row] = await reader.query<Row>(`${SELECT} ${FROM} WHERE s.campaign_id = ? ORDER BY s.id DESC LIMIT 1`, [
    campaignId,
  ]);
  return row ? viewOf(row) : null;
}

function viewOf(row: Row): SubmissionView {
  const { id, campaignId, submittedAt, note, confirmedReason, decidedAt, decisionNote, versionId } = row;
  return {
    ...{ id, campaignId, submittedAt, note, confirmedReason, decidedAt, decisionNote, versionId },
    state: textOf(row.state) as SubmissionState,
    contentHash: row.contentHash.toString('hex'),
    submittedBy: { id: row.submittedBy, name: row.submittedName ?? '' },
    draftedBy: personOf(row.draftedBy, row.draftedName),
    confirmedBy: personOf(row.confirmedBy, row.confirmedName),
    decidedBy: personOf(row.decidedBy, row.decidedName),
  };
}

function personOf(id: number | null, name: string | null): Person | null {
  return id === null ? null : { id, name: name ?? '' };
}
