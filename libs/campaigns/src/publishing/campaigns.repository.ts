import { placeholders, type Reader, textOf, type Tx } from '@app/database';
import { Defect, Rejected } from '@app/kernel';
import type { CampaignContent } from '../document/campaign-content';
import { compileCampaign, type PublishedVersion } from '../compile-campaign';
import type { CompiledVersion } from '../decision';
import { hashCampaign } from '../document/validate-campaign';
import type { StoredStatus } from './campaign.entity';

export interface LockedCampaign {
  readonly id: number;
  readonly name: string;
  readonly status: StoredStatus;
  readonly epoch: number;
  readonly currentVersionId: number | null;
  readonly draft: string | null;
  /** Who wrote the draft last. */
  readonly draftBy: number | null;
  readonly runFrom: Date | null;
  readonly runUntil: Date | null;
}

/** Takes the campaign's row for the rest of the transaction. Rejected `no_campaign` (404) when there is none. */
export async function lockCampaign(tx: Tx, campaignId: number): Promise<LockedCampaign> {
  const [row] = await tx.query<Omit<LockedCampaign, 'status'> & { status: Buffer }>(
    `SELECT id, name, status, epoch, current_version_id AS currentVersionId, draft, draft_by AS draftBy,
            run_from AS runFrom, run_until AS runUntil
       FROM campaigns WHERE id = ? FOR UPDATE`,
    [campaignId],
  );
  if (!row) throw new Rejected('no_campaign', '没有这个活动', 404);
  return { ...row, status: textOf(row.status) as StoredStatus };
}

export interface CurrentVersion {
  readonly campaignId: number;
  readonly epoch: number;
  readonly versionId: number;
}

/** Campaigns that may decide scans, armed bursts too, with the version each has now; `lock` keeps them so until the commit. */
export async function currentVersions(reader: Reader, lock = false): Promise<CurrentVersion[]> {
  return reader.query<CurrentVersion>(
    `SELECT id AS campaignId, epoch, current_version_id AS versionId FROM campaigns
      WHERE status IN ('live', 'paused', 'armed') AND current_version_id IS NOT NULL${lock ? ' FOR UPDATE' : ''}`,
  );
}

/** The version in force of a campaign; undefined before the first publishing. */
export async function versionInForce(
  reader: Reader,
  { currentVersionId }: Pick<LockedCampaign, 'currentVersionId'>,
): Promise<PublishedVersion | undefined> {
  const [version] = await loadVersions(reader, currentVersionId === null ? [] : [currentVersionId]);
  return version;
}

/** Versions by id, in no particular order. Throws Defect when a stored content no longer has its hash. */
export async function loadVersions(reader: Reader, versionIds: readonly number[]): Promise<PublishedVersion[]> {
  if (versionIds.length === 0) return [];
  const rows = await reader.query<{
    id: number;
    campaignId: number;
    versionNo: number;
    content: string;
    contentHash: Buffer;
  }>(
    `SELECT id, campaign_id AS campaignId, version_no AS versionNo, content, content_hash AS contentHash
       FROM campaign_versions WHERE id IN (${placeholders(versionIds)})`,
    versionIds,
  );
  return rows.map(({ id, campaignId, versionNo, content: text, contentHash: stored }) => {
    const content = JSON.parse(text) as CampaignContent;
    const contentHash = stored.toString('hex');
    if (hashCampaign(content) !== contentHash) throw new Defect(`the content of campaign version ${id} was changed`);
    return { campaignId, versionId: id, versionNo, contentHash, content };
  });
}

/** Versions in force or armed of all other campaigns, compiled: what a draft must get along with. */
export async function otherVersions(
  reader: Reader,
  campaignId: number | null,
  lock = false,
): Promise<CompiledVersion[]> {
  const others = (await currentVersions(reader, lock)).filter((other) => other.campaignId !== campaignId);
  const versions = await loadVersions(
    reader,
    others.map(({ versionId }) => versionId),
  );
  return versions.map(compileCampaign);
}

/** Appends a version; versions are never changed. Returns its id and number. */
export async function appendVersion(
  tx: Tx,
  version: {
    readonly campaignId: number;
    readonly content: CampaignContent;
    readonly contentHash: string;
    readonly authorId: number | null;
    readonly approverId: number | null;
  },
): Promise<{ versionId: number; versionNo: number }> {
  const [last] = await tx.query<{ versionNo: number }>(
    'SELECT COALESCE(MAX(version_no), 0) AS versionNo FROM campaign_versions WHERE campaign_id = ?',
    [version.campaignId],
  );
  const versionNo = Number(last?.versionNo ?? 0) + 1;
  const { insertId } = await tx.execute(
    `INSERT INTO campaign_versions
       (campaign_id, version_no, content, content_hash, author_id, approver_id, published_at)
     VALUES (?, ?, ?, ?, ?, ?, UTC_TIMESTAMP(6))`,
    [
      version.campaignId,
      versionNo,
      JSON.stringify(version.content),
      Buffer.from(version.contentHash, 'hex'),
      version.authorId,
      version.approverId,
    ],
  );
  return { versionId: insertId, versionNo };
}
