import { Injectable } from '@nestjs/common';
import { CampaignCatalog, campaignLook } from '@app/campaigns';
import { Database } from '@app/database';
import { Defect } from '@app/kernel';

/** More versions than any season shows at once. */
const MOST_HELD = 1_000;
const POINTER = /"lookOf":(\d+|null)/;

/**
 * An answer is kept with the number of the version whose look it wears, and sent with the look itself: a version never changes, so the
 * same answer is dressed in the same bytes for ever, and a season of scans does not keep a million copies of one look.
 */
@Injectable()
export class WornLooks {
  /** JSON of the look by version. */
  private readonly held = new Map<number, string>();

  constructor(
    private readonly database: Database,
    private readonly campaigns: CampaignCatalog,
  ) {}

  /** The text of a kept answer as it is sent. One that was kept before answers had looks stays as it is. */
  async dress(kept: string): Promise<string> {
    const pointer = POINTER.exec(kept);
    if (!pointer) return kept;
    const look = pointer[1] === 'null' ? 'null' : await this.lookOf(Number(pointer[1]));
    return kept.replace(POINTER, () => `"look":${look}`);
  }

  private async lookOf(versionId: number): Promise<string> {
    const held = this.held.get(versionId);
    if (held !== undefined) return held;
    const [version] = await this.campaigns.byIds(this.database, [versionId]);
    if (!version) throw new Defect(`an answer wears the look of version ${versionId}, which is not there`);
    const look = JSON.stringify(campaignLook(version.content));
    if (this.held.size >= MOST_HELD) this.held.clear();
    this.held.set(versionId, look);
    return look;
  }
}
