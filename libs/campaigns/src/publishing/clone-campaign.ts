import { Injectable } from '@nestjs/common';
import { Database } from '@app/database';
import { Rejected } from '@app/kernel';
import type { CampaignContent } from '../document/campaign-content';
import { loadVersions } from './campaigns.repository';
import { SaveDraft, type SavedDraft } from './save-draft';

/** As the document allows. */
const MAX_NAME = 60;
const SUFFIX = '（副本）';

export interface CloneCommand {
  readonly campaignId: number;
  /** The name of the copy; the original's with （副本） when left out. */
  readonly name?: string | undefined;
  readonly by: number | null;
}

/** Makes a new draft of what a campaign says: of its draft, or of what is in force when it has none. Ended campaigns too. */
@Injectable()
export class CloneCampaign {
  constructor(
    private readonly database: Database,
    private readonly saveDraft: SaveDraft,
  ) {}

  /** Rejected: `no_campaign` (404), `no_draft` (409), `campaign_invalid` (422) when it is no longer sound under today's rules. */
  async run({ campaignId, name, by }: CloneCommand): Promise<SavedDraft> {
    const [row] = await this.database.query<{ draft: string | null; versionId: number | null }>(
      'SELECT draft, current_version_id AS versionId FROM campaigns WHERE id = ?',
      [campaignId],
    );
    if (!row) throw new Rejected('no_campaign', '没有这个活动', 404);
    const content = await this.contentOf(row);
    const copy = name ?? content.name.slice(0, MAX_NAME - SUFFIX.length) + SUFFIX;
    return this.saveDraft.run({ content: { ...content, name: copy }, by });
  }

  private async contentOf(row: { draft: string | null; versionId: number | null }): Promise<CampaignContent> {
    if (row.draft !== null) return JSON.parse(row.draft) as CampaignContent;
    const [version] = await loadVersions(this.database, row.versionId === null ? [] : [row.versionId]);
    if (!version) throw new Rejected('no_draft', '还没有可以复制的内容', 409);
    return version.content;
  }
}
