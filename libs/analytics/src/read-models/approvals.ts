import { Injectable } from '@nestjs/common';
import { Database, textOf, type SqlValue } from '@app/database';

export const APPROVAL_KINDS = [
  ...(['campaign', 'grant', 'money-decision', 'correction', 'write-off', 'code-pack', 'roles'] as const),
] as const;
export type ApprovalKind = (typeof APPROVAL_KINDS)[number];

/** Something that waits for a second person. */
export interface WaitingApproval {
  readonly kind: ApprovalKind;
  /** Of the request itself. */
  readonly id: number;
  /** What it is about: a campaign, budget, payout, batch, account. */
  readonly subject: string;
  readonly title: string;
  /** null where no money is named. */
  readonly amountFen: number | null;
  readonly note: string;
  readonly askedBy: { readonly id: number; readonly name: string };
  readonly askedAt: Date;
}

interface Raw {
  kind: Buffer | string;
  id: number;
  subject: Buffer | string;
  title: Buffer | string;
  amount_fen: string | number | null;
  note: Buffer | string | null;
  asked_by: number;
  asked_name: string | null;
  asked_at: Date;
}

/** More than this waits for nobody's eyes at once. */
const MOST = 200;

/** One SELECT for each kind, all with the same columns. People made every row of these tables, so there are few that wait. */
const SOURCES: Readonly<Record<ApprovalKind, string>> = {
  campaign: `SELECT 'campaign' AS kind, s.id, s.campaign_id AS subject, c.name AS title, NULL AS amount_fen, s.note AS note,
      s.submitted_by AS asked_by, s.submitted_at AS asked_at
    FROM campaign_submissions s JOIN campaigns c ON c.id = s.campaign_id WHERE s.pending_campaign IS NOT NULL`,
  grant: `SELECT 'grant', g.id, g.budget_id, CONCAT(b.name, ' · ', g.application_no), g.amount_fen, g.expense_account,
      g.requested_by, g.created_at
    FROM budget_grants g JOIN budgets b ON b.id = g.budget_id WHERE g.status = 'requested'`,
  'money-decision': `SELECT 'money-decision', d.id, COALESCE(d.payout_key, d.incident_id), CONVERT(d.kind USING utf8mb4) COLLATE utf8mb4_unicode_ci, d.amount_fen, d.reason,
      d.asked_by, d.asked_at
    FROM money_decisions d WHERE d.state = 'pending'`,
  correction: `SELECT 'correction', l.id, l.id, '账目更正', NULL, l.reason, l.requested_by, l.created_at
    FROM ledger_corrections l WHERE l.status = 'requested'`,
  'write-off': `SELECT 'write-off', w.id, w.id, CONCAT(g.application_no, ' · ', w.from_day, ' 至 ', w.to_day - INTERVAL 1 DAY), NULL, '',
      s.operator_id, s.at
    FROM write_off_sheets w JOIN budget_grants g ON g.id = w.grant_id
    JOIN write_off_signatures s ON s.sheet_id = w.id AND s.revision = w.revision AND s.role = 'author'
    WHERE w.status = 'signed'`,
  'code-pack': `SELECT 'code-pack', p.id, p.batch_id, CONCAT(b.name, ' · ', p.serial_to - p.serial_from, ' 枚 → ', p.receiver), NULL, p.note,
      p.requested_by, p.requested_at
    FROM code_packs p JOIN code_batches b ON b.id = p.batch_id WHERE p.state = 'requested'`,
  roles: `SELECT 'roles', r.id, r.operator_id, CONCAT(o.name, ' · ', CONVERT(r.roles USING utf8mb4) COLLATE utf8mb4_unicode_ci), NULL, r.reason, r.asked_by, r.asked_at
    FROM operator_role_requests r JOIN operators o ON o.id = r.operator_id WHERE r.pending_operator IS NOT NULL`,
};

/** The inbox of everything that one person asked for and another must decide. */
@Injectable()
export class ApprovalsModel {
  constructor(private readonly database: Database) {}

  /** Of these kinds, longest waiting first; at most 200. */
  async read(kinds: readonly ApprovalKind[]): Promise<WaitingApproval[]> {
    if (kinds.length === 0) return [];
    const union = kinds.map((kind) => `(${SOURCES[kind]})`).join(' UNION ALL ');
    // The first SELECT names the columns; a kind that stands alone must name them, too.
    const columns = '(kind, id, subject, title, amount_fen, note, asked_by, asked_at)';
    const rows = await this.database.query<Raw>(
      `WITH waiting ${columns} AS (${union})
       SELECT w.*, o.name AS asked_name FROM waiting w LEFT JOIN operators o ON o.id = w.asked_by ORDER BY w.asked_at, w.id LIMIT ?`,
      [MOST] satisfies SqlValue[],
    );
    return rows.map((row) => ({
      ...{
        kind: words(row.kind) as ApprovalKind,
        id: Number(row.id),
        subject: words(row.subject),
        title: words(row.title),
      },
      ...{ amountFen: row.amount_fen === null ? null : Number(row.amount_fen), note: words(row.note ?? '') },
      ...{ askedBy: { id: row.asked_by, name: row.asked_name ?? '' }, askedAt: row.asked_at },
    }));
  }
}

function words(value: Buffer | string | number): string {
  return Buffer.isBuffer(value) ? textOf(value) : String(value);
}
