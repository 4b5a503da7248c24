import { Injectable } from '@nestjs/common';
import { Database, placeholders, textOf, type SqlValue } from '@app/database';
import { checkLimit, readCursor, Rejected, writeCursor, type Page, type PageRequest } from '@app/kernel';
import type { CampaignContent, Lane } from '../../document/campaign-content';
import { campaignLook, type CampaignLook } from '../../document/look/campaign-look';
import { hashCampaign } from '../../document/validate-campaign';
import type { SubmissionState } from '../approvals/submissions.repository';
import { latestSubmission, type SubmissionView } from './approval-list';
import type { StoredStatus } from '../campaign.entity';
import { versionInForce } from '../campaigns.repository';

export const CAMPAIGN_PHASES = ['draft', 'scheduled', 'armed', 'live', 'paused', 'ended'] as const;
/** Where a campaign stands now: its status and the time together. */
export type CampaignPhase = (typeof CAMPAIGN_PHASES)[number];

/** A campaign as a list shows it. */
export interface CampaignItem {
  readonly id: number;
  readonly name: string;
  readonly lane: Lane;
  readonly priority: number;
  readonly status: StoredStatus;
  readonly phase: CampaignPhase;
  /** A draft waits for its second person. */
  readonly pending: boolean;
  readonly currentVersionId: number | null;
  /** Period of the version in force, `[startsAt, endsAt)`. */
  readonly startsAt: Date | null;
  readonly endsAt: Date | null;
  /** Of a burst that was started. */
  readonly run: { readonly from: Date; readonly until: Date } | null;
  readonly stock: readonly PrizeStock[];
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

export interface PrizeStock {
  readonly prizeKey: string;
  /** null = unlimited. */
  readonly stock: number | null;
  readonly issued: number;
}

export interface CampaignDetail extends CampaignItem {
  /** What an author wrote last; null before anything was saved. */
  readonly draft: CampaignContent | null;
  /** What a change of the draft says it started from. */
  readonly draftHash: string | null;
  readonly draftBy: number | null;
  /** Of the draft, else of what is in force; null = as the brand looks. */
  readonly look: CampaignLook | null;
  /** What decides scans; null until the first publishing. */
  readonly inForce: {
    readonly versionId: number;
    readonly versionNo: number;
    readonly contentHash: string;
    readonly content: CampaignContent;
  } | null;
  /** The latest one, whatever became of it. */
  readonly submission: (SubmissionView & { readonly state: SubmissionState }) | null;
}

export interface CampaignFilter {
  readonly phase?: CampaignPhase | undefined;
  readonly lane?: Lane | undefined;
  /** Only those that wait for approval, or only those that do not. */
  readonly pending?: boolean | undefined;
  /** Part of the name. */
  readonly name?: string | undefined;
}

interface Row {
  id: number;
  name: string;
  lane: Buffer;
  priority: number;
  status: Buffer;
  phase: string | Buffer;
  pending: number;
  currentVersionId: number | null;
  startsAt: Date | null;
  endsAt: Date | null;
  runFrom: Date | null;
  runUntil: Date | null;
  createdAt: Date;
  updatedAt: Date;
}

const PHASE = `CASE WHEN c.status <> 'draft' AND (c.ends_at <= UTC_TIMESTAMP(6) OR c.run_until <= UTC_TIMESTAMP(6)) THEN 'ended'
  WHEN c.status = 'live' AND c.starts_at > UTC_TIMESTAMP(6) THEN 'scheduled' ELSE c.status END`;
const COLUMNS = `c.id, c.name, c.lane, c.priority, c.status, ${PHASE} AS phase, s.id IS NOT NULL AS pending,
  c.current_version_id AS currentVersionId, c.starts_at AS startsAt, c.ends_at AS endsAt, c.run_from AS runFrom,
  c.run_until AS runUntil, c.created_at AS createdAt, c.updated_at AS updatedAt`;
const FROM = 'FROM campaigns c LEFT JOIN campaign_submissions s ON s.pending_campaign = c.id';

/** Campaigns as HQ sees them, newest first. */
@Injectable()
export class CampaignList {
  constructor(private readonly database: Database) {}

  async page({ limit, cursor, ...filter }: PageRequest & CampaignFilter): Promise<Page<CampaignItem>> {
    checkLimit(limit);
    const before = cursor ? Number(readCursor(cursor, 1)[0]) : 2 ** 32;
    const { sql, params } = conditionsOf(filter);
    const rows = await this.database.query<Row>(
      `SELECT ${COLUMNS} ${FROM} WHERE c.id < ? ${sql} ORDER BY c.id DESC LIMIT ?`,
      [before, ...params, limit + 1],
    );
    const shown = rows.slice(0, limit);
    const stock = await this.stockOf(shown.map(({ id }) => id));
    const items = shown.map((row) => itemOf(row, stock.get(row.id) ?? []));
    return { items, nextCursor: rows.length > limit ? writeCursor([items.at(-1)!.id]) : null };
  }

  /** Throws Rejected `no_campaign` (404). */
  async detail(campaignId: number): Promise<CampaignDetail> {
    const [row] = await this.database.query<Row & { draft: string | null; draftBy: number | null }>(
      `SELECT ${COLUMNS}, c.draft, c.draft_by AS draftBy ${FROM} WHERE c.id = ?`,
      [campaignId],
    );
    if (!row) throw new Rejected('no_campaign', '没有这个活动', 404);
    const stock = await this.stockOf([campaignId]);
    const draft = row.draft === null ? null : (JSON.parse(row.draft) as CampaignContent);
    const inForce = (await versionInForce(this.database, row)) ?? null;
    const shown = draft ?? inForce?.content ?? null;
    return {
      ...itemOf(row, stock.get(campaignId) ?? []),
      draft,
      draftHash: draft && hashCampaign(draft),
      draftBy: row.draftBy,
      look: shown && campaignLook(shown),
      inForce,
      submission: await latestSubmission(this.database, campaignId),
    };
  }

  private async stockOf(campaignIds: readonly number[]): Promise<ReadonlyMap<number, PrizeStock[]>> {
    const found = new Map<number, PrizeStock[]>(campaignIds.map((id) => [id, []]));
    if (campaignIds.length === 0) return found;
    const rows = await this.database.query<{ id: number; prizeKey: Buffer; stock: number | null; issued: number }>(
      `SELECT campaign_id AS id, prize_key AS prizeKey, stock, issued FROM prize_stock
        WHERE campaign_id IN (${placeholders(campaignIds)}) ORDER BY campaign_id, prize_key`,
      campaignIds,
    );
    for (const { id, prizeKey, stock, issued } of rows) {
      found.get(id)?.push({ prizeKey: textOf(prizeKey), stock, issued });
    }
    return found;
  }
}

function conditionsOf({ phase, lane, pending, name }: CampaignFilter): { sql: string; params: SqlValue[] } {
  const conditions: { sql: string; params: SqlValue[] }[] = [];
  if (phase !== undefined) conditions.push({ sql: `${PHASE} = ?`, params: [phase] });
  if (lane !== undefined) conditions.push({ sql: 'c.lane = ?', params: [lane] });
  if (pending !== undefined) conditions.push({ sql: `s.id IS ${pending ? 'NOT NULL' : 'NULL'}`, params: [] });
  if (name !== undefined && name !== '') conditions.push({ sql: 'LOCATE(?, c.name) > 0', params: [name] });
  return {
    sql: conditions.map(({ sql }) => `AND ${sql}`).join(' '),
    params: conditions.flatMap(({ params }) => params),
  };
}

function itemOf(row: Row, stock: readonly PrizeStock[]): CampaignItem {
  const { id, name, priority, currentVersionId, startsAt, endsAt, runFrom, runUntil, createdAt, updatedAt } = row;
  return {
    ...{ id, name, priority, currentVersionId, startsAt, endsAt, createdAt, updatedAt },
    lane: textOf(row.lane) as Lane,
    status: textOf(row.status) as StoredStatus,
    phase: String(row.phase) as CampaignPhase,
    pending: Number(row.pending) === 1,
    run: runFrom && runUntil ? { from: runFrom, until: runUntil } : null,
    stock,
  };
}
