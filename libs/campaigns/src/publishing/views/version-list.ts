import { Injectable } from '@nestjs/common';
import { Database } from '@app/database';
import { checkLimit, readCursor, Rejected, writeCursor, type Page, type PageRequest } from '@app/kernel';
import type { CampaignContent } from '../../document/campaign-content';
import { compareVersions, type Change } from '../../document/compare-versions';
import { loadVersions, versionInForce } from '../campaigns.repository';
import type { Person } from './approval-list';

/** A version in a list. */
export interface VersionItem {
  readonly versionId: number;
  readonly versionNo: number;
  readonly contentHash: string;
  readonly author: Person | null;
  readonly approver: Person | null;
  readonly publishedAt: Date;
  readonly inForce: boolean;
}
export interface VersionDetail extends VersionItem {
  readonly content: CampaignContent;
}

/** What stands on one side of a comparison: a version by its number, the draft, or what is in force. */
export type Side = number | 'draft' | 'in-force';

interface Row {
  versionId: number;
  versionNo: number;
  contentHash: Buffer;
  authorId: number | null;
  authorName: string | null;
  approverId: number | null;
  approverName: string | null;
  publishedAt: Date;
  inForce: number;
}

const SELECT = `SELECT v.id AS versionId, v.version_no AS versionNo, v.content_hash AS contentHash, v.author_id AS authorId,
  a.name AS authorName, v.approver_id AS approverId, p.name AS approverName, v.published_at AS publishedAt,
  c.current_version_id = v.id AS inForce
  FROM campaign_versions v JOIN campaigns c ON c.id = v.campaign_id
  LEFT JOIN operators a ON a.id = v.author_id LEFT JOIN operators p ON p.id = v.approver_id`;

/** The published versions of a campaign, which never change, and what differs between them. */
@Injectable()
export class VersionList {
  constructor(private readonly database: Database) {}

  /** Latest first. */
  async page(campaignId: number, { limit, cursor }: PageRequest): Promise<Page<VersionItem>> {
    checkLimit(limit);
    const before = cursor ? Number(readCursor(cursor, 1)[0]) : 2 ** 32;
    const rows = await this.database.query<Row>(
      `${SELECT} WHERE v.campaign_id = ? AND v.version_no < ? ORDER BY v.version_no DESC LIMIT ?`,
      [campaignId, before, limit + 1],
    );
    const items = rows.slice(0, limit).map(itemOf);
    return { items, nextCursor: rows.length > limit ? writeCursor([items.at(-1)!.versionNo]) : null };
  }

  /** Throws Rejected `no_version` (404). */
  async one(campaignId: number, versionNo: number): Promise<VersionDetail> {
    const [row] = await this.database.query<Row>(`${SELECT} WHERE v.campaign_id = ? AND v.version_no = ?`, [
      campaignId,
      versionNo,
    ]);
    const [version] = await loadVersions(this.database, row ? [row.versionId] : []);
    if (!row || !version) throw noVersion();
    return { ...itemOf(row), content: version.content };
  }

  /** In plain Chinese, in the order of the document. Throws Rejected `no_campaign`, `no_version` (404). */
  async compare(campaignId: number, before: Side, after: Side): Promise<Change[]> {
    return compareVersions(await this.contentOf(campaignId, before), await this.contentOf(campaignId, after));
  }

  private async contentOf(campaignId: number, side: Side): Promise<CampaignContent> {
    if (typeof side === 'number') return (await this.one(campaignId, side)).content;
    const [row] = await this.database.query<{ draft: string | null; currentVersionId: number | null }>(
      'SELECT draft, current_version_id AS currentVersionId FROM campaigns WHERE id = ?',
      [campaignId],
    );
    if (!row) throw new Rejected('no_campaign', '没有这个活动', 404);
    const content =
      side === 'draft'
        ? row.draft === null
          ? undefined
          : (JSON.parse(row.draft) as CampaignContent)
        : (await versionInForce(this.database, row))?.content;
    if (!content) throw noVersion();
    return content;
  }
}

function noVersion(): Rejected {
  return new Rejected('no_version', '没有这个版本', 404);
}

function itemOf(row: Row): VersionItem {
  const { versionId, versionNo, publishedAt } = row;
  const person = (id: number | null, name: string | null) => (id === null ? null : { id, name: name ?? '' });
  return {
    ...{ versionId, versionNo, publishedAt },
    contentHash: row.contentHash.toString('hex'),
    author: person(row.authorId, row.authorName),
    approver: person(row.approverId, row.approverName),
    inForce: Number(row.inForce) === 1,
  };
}
