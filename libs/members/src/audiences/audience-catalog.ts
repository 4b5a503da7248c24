import type { Reader } from '@app/database';
import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '@app/config';
import { Defect } from '@app/kernel';
import { LOGGER, type Logger } from '@app/observability';
import { compileAudience, type CompiledAudience } from './audience';
import { AudiencesRepository } from './audiences.repository';

interface Held {
  /** Null for an audience that does not exist or whose condition is unusable. */
  readonly audience: CompiledAudience | null;
  readonly version: number;
  readonly checkedAt: number;
}

/** Ids that nobody asks about any more are forgotten once there are this many. */
const MOST_HELD = 5000;

/** Audiences compiled on this node, once per version, at most `waits.catalogRefreshMs` (2 s) behind the database. */
@Injectable()
export class AudienceCatalog {
  private readonly held = new Map<number, Held>();

  constructor(
    private readonly audiences: AudiencesRepository,
    @Inject(CONFIG) private readonly config: Config,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  /**
   * The audiences with these ids, null in the place of one that cannot be asked. No statement as long as the copies are fresh, else one
   * through `reader`, so that a transaction takes no second connection.
   */
  async byIds(reader: Reader, ids: readonly number[]): Promise<(CompiledAudience | null)[]> {
    // A monotonic clock: a jump of the wall clock must not make a copy fresh for ever.
    const now = performance.now();
    const stale = ids.filter((id) => {
      const held = this.held.get(id);
      return !held || now - held.checkedAt >= this.config.waits.catalogRefreshMs;
    });
    if (stale.length > 0) await this.load(reader, stale, now);
    return ids.map((id) => this.held.get(id)?.audience ?? null);
  }

  private async load(reader: Reader, ids: readonly number[], checkedAt: number): Promise<void> {
    if (this.held.size > MOST_HELD) this.held.clear();
    const found = new Map((await this.audiences.trees(reader, ids)).map((tree) => [tree.id, tree]));
    for (const id of ids) {
      const tree = found.get(id);
      const known = this.held.get(id);
      if (!tree) this.held.set(id, { audience: null, version: 0, checkedAt });
      else if (known?.version === tree.version) this.held.set(id, { ...known, checkedAt });
      else this.held.set(id, { audience: this.compiled(tree), version: tree.version, checkedAt });
    }
  }

  private compiled(tree: { id: number; version: number; tree: string | null }): CompiledAudience | null {
    try {
      return compileAudience(tree);
    } catch (error) {
      if (!(error instanceof Defect) && !(error instanceof SyntaxError)) throw error;
      this.log.error({ err: error, audienceId: tree.id }, 'an audience is unusable; rules about it match nobody');
      return null;
    }
  }
}
