import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '@app/config';
import { Database, type Reader, type Tx } from '@app/database';
import { Defect } from '@app/kernel';
import { LOGGER, type Logger } from '@app/observability';
import { compileCampaign } from '../compile-campaign';
import { inOrder } from '../decide';
import type { CompiledVersion } from '../decision';
import type { CampaignStates } from './campaign-states';
import { currentVersions, loadVersions, type CurrentVersion } from './campaigns.repository';

type Epochs = ReadonlyMap<number, number>;
const NO_EPOCHS: Epochs = new Map();

/** The versions in force, compiled, on this node. At most `waits.catalogRefreshMs` (≤ 5 s) behind the database. */
@Injectable()
export class CampaignCatalog {
  private versions: readonly CompiledVersion[] = [];
  private compiled: ReadonlyMap<number, CompiledVersion> = new Map();
  /** With which epochs each answer of `live` was read. */
  private readonly epochsOf = new WeakMap<readonly CompiledVersion[], Epochs>();
  private checkedAt = -Infinity;
  private checking: Promise<void> | null = null;

  constructor(
    private readonly database: Database,
    @Inject(CONFIG) private readonly config: Config,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** All versions that may decide scans (running, paused, armed or still to begin), in the order in which they are asked. */
  async live(): Promise<readonly CompiledVersion[]> {
    // A monotonic clock: a jump of the wall clock must not make the catalogue stale.
    if (performance.now() - this.checkedAt >= this.config.waits.catalogRefreshMs) {
      this.checking ??= this.refresh(this.database).finally(() => (this.checking = null));
      await this.checking;
    }
    return this.versions;
  }

  /**
   * For a transaction that read the campaigns' epochs and took `versions` from `live` before: true when they are not those of the
   * epochs, be it that another transaction has refreshed the catalogue meanwhile; the caller then takes `live` again before it decides.
   */
  async refreshIfStale(
    tx: Tx,
    { epochs }: Pick<CampaignStates, 'epochs'>,
    versions: readonly CompiledVersion[],
  ): Promise<boolean> {
    if (!differ(epochs, this.epochsOf.get(versions) ?? NO_EPOCHS)) return false;
    if (differ(epochs, this.epochsOf.get(this.versions) ?? NO_EPOCHS)) await this.refresh(tx);
    return true;
  }

  /** Versions by id, past ones too, in the order in which they were asked: what an explanation decides again with. */
  async byIds(reader: Reader, versionIds: readonly number[]): Promise<readonly CompiledVersion[]> {
    const missing = [...new Set(versionIds)].filter((id) => !this.compiled.has(id));
    const loaded = (await loadVersions(reader, missing)).map(compileCampaign);
    const held = versionIds.flatMap((id) => this.compiled.get(id) ?? []);
    return inOrder([...new Set(held), ...loaded]);
  }

  private async refresh(reader: Reader): Promise<void> {
    const current = await currentVersions(reader);
    const missing = current.filter(({ versionId }) => !this.compiled.has(versionId));
    const loaded = await this.loadEach(reader, missing);
    const compiled = new Map<number, CompiledVersion>();
    for (const { versionId } of current) {
      const version = this.compiled.get(versionId) ?? loaded.get(versionId);
      if (version) compiled.set(versionId, version);
    }
    this.compiled = compiled;
    this.versions = inOrder([...compiled.values()]);
    this.epochsOf.set(this.versions, new Map(current.map(({ campaignId, epoch }) => [campaignId, epoch])));
    this.checkedAt = performance.now();
  }

  /** One by one, so that a version that was tampered with takes itself out and no other. */
  private async loadEach(reader: Reader, missing: readonly CurrentVersion[]): Promise<Map<number, CompiledVersion>> {
    const loaded = new Map<number, CompiledVersion>();
    for (const { campaignId, versionId } of missing) {
      try {
        const [version] = await loadVersions(reader, [versionId]);
        if (version) loaded.set(versionId, compileCampaign(version));
      } catch (error) {
        if (!(error instanceof Defect) && !(error instanceof SyntaxError)) throw error;
        this.logger.error({ err: error, campaignId, versionId }, 'a campaign version is unusable and decides nothing');
      }
    }
    return loaded;
  }
}

/** Campaigns that were not known then have had no say, and a campaign that is gone now has none. */
function differ(now: Epochs, then: Epochs): boolean {
  return [...now].some(([campaignId, epoch]) => then.has(campaignId) && then.get(campaignId) !== epoch);
}
