import { Injectable } from '@nestjs/common';
import { Database, textOf } from '@app/database';
import { checkLimit, readCursor, Rejected, writeCursor, type Page, type PageRequest } from '@app/kernel';
import type { CampaignContent, Lane } from '../document/campaign-content';
import type { StoredStatus } from './campaign.entity';
import { loadVersions } from './campaigns.repository';

/** A campaign as a list shows it. */
export interface CampaignItem {
  readonly id: number;
  readonly name: string;
  readonly lane: Lane;
  readonly priority: number;
  readonly status: StoredStatus;
  readonly currentVersionId: number | null;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

export interface CampaignDetail extends CampaignItem {
  /** What an author wrote last; null before anything was saved. */
  readonly draft: CampaignContent | null;
  /** What decides scans; null until the first publishing. */
  readonly inForce: {
    readonly versionId: number;
    readonly versionNo: number;
    readonly contentHash: string;
    readonly content: CampaignContent;
  } | null;
  readonly stock: readonly { readonly prizeKey: string; readonly stock: number | null; readonly issued: number }[];
}

interface Row {
  id: number;
  name: string;
  lane: Buffer;
  priority: number;
  status: Buffer;
  currentVersionId: number | null;
  createdAt: Date;
  updatedAt: Date;
}

const COLUMNS = `id, name, lane, priority, status, current_version_id AS currentVersionId, created_at AS createdAt,
  updated_at AS updatedAt`;

/** Campaigns as HQ sees them, newest first. */
@Injectable()
export class CampaignList {
  constructor(private readonly database: Database) {}

  async page({ limit, cursor }: PageRequest): Promise<Page<CampaignItem>> {
    checkLimit(limit);
    const before = cursor ? Number(readCursor(cursor, 1)[0]) : 2 ** 32;
    const rows = await this.database.query<Row>(
      `SELECT ${COLUMNS} FROM campaigns WHERE id < ? ORDER BY id DESC LIMIT ?`,
      [before, limit + 1],
    );
    const items = rows.slice(0, limit).map(itemOf);
    return { items, nextCursor: rows.length > limit ? writeCursor([items.at(-1)!.id]) : null };
  }

  /** Throws Rejected `no_campaign` (404). */
  async detail(campaignId: number): Promise<CampaignDetail> {
    const [row] = await this.database.query<Row & { draft: string | null }>(
      `SELECT ${COLUMNS}, draft FROM campaigns WHERE id = ?`,
      [campaignId],
    );
    if (!row) throw new Rejected('no_campaign', '没有这个活动', 404);
    const { currentVersionId } = row;
    const [version] = await loadVersions(this.database, currentVersionId === null ? [] : [currentVersionId]);
    const stock = await this.database.query<{ prizeKey: Buffer; stock: number | null; issued: number }>(
      'SELECT prize_key AS prizeKey, stock, issued FROM prize_stock WHERE campaign_id = ? ORDER BY prize_key',
      [campaignId],
    );
    return {
      ...itemOf(row),
      draft: row.draft === null ? null : (JSON.parse(row.draft) as CampaignContent),
      inForce: version ?? null,
      stock: stock.map((line) => ({ ...line, prizeKey: textOf(line.prizeKey) })),
    };
  }
}

function itemOf({ id, name, lane, priority, status, currentVersionId, createdAt, updatedAt }: Row): CampaignItem {
  return {
    id,
    name,
    lane: textOf(lane) as Lane,
    priority,
    status: textOf(status) as StoredStatus,
    currentVersionId,
    createdAt,
    updatedAt,
  };
}
