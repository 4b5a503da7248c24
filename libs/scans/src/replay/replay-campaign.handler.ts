import { createHmac, randomBytes } from 'node:crypto';
import { Inject, Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import type { z } from 'zod';
import {
  atAnyTime,
  CampaignCatalog,
  compileCampaign,
  replay,
  syntheticScans,
  type CompiledVersion,
  type ReplayResult,
  type ScanChunk,
} from '@app/campaigns';
import { CONFIG, type Config } from '@app/config';
import { Database, isRolledBack } from '@app/database';
import { HandlesJob, type JobHandler } from '@app/jobs';
import { Defect, Transient } from '@app/kernel';
import { LOGGER, type Logger } from '@app/observability';
import { ReplayChunks } from './replay-chunks';
import { ReplayCampaign } from './replay-jobs';
import { ReplaysRepository, type ReplayOrder } from './replays.repository';

type Payload = z.infer<typeof ReplayCampaign.payload>;

const BEAT_MS = 1_000;
const LOOK_AGAIN_SECONDS = 15;

/** Why a replay stopped before its end. */
class Stopped extends Error {
  constructor(readonly why: 'cancelled' | 'shutdown') {
    super(`the replay was stopped: ${why}`);
  }
}

/**
 * Runs replays, one at a time in each worker. The row says who runs it and when they were last heard of, so a second delivery of the
 * job looks and goes away, and one that comes after its runner died begins again from the first scan: nothing was kept but progress.
 */
@HandlesJob(ReplayCampaign)
@Injectable()
export class ReplayCampaignHandler implements JobHandler<Payload>, BeforeApplicationShutdown {
  private running: AbortController | null = null;

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    @Inject(LOGGER) private readonly log: Logger,
    private readonly database: Database,
    private readonly replays: ReplaysRepository,
    private readonly chunks: ReplayChunks,
    private readonly catalog: CampaignCatalog,
  ) {}

  async handle({ replayId }: Payload): Promise<void> {
    const found = await this.wanted(replayId);
    if (!found) return;
    if (this.running) throw new Transient('another replay is running here', LOOK_AGAIN_SECONDS);
    const runner = randomBytes(8).toString('hex');
    this.running = new AbortController();
    try {
      // While somebody else runs it the job stays open: should they die, it comes back and finds the replay silent.
      if (!(await this.replays.claim(replayId, runner))) {
        // Or it was cancelled since we looked.
        if (!(await this.wanted(replayId))) return;
        throw new Transient('the replay runs elsewhere', LOOK_AGAIN_SECONDS);
      }
      await this.run(replayId, runner, found.order, this.running);
    } finally {
      this.running = null;
    }
  }

  /** Null when it is over. */
  private async wanted(replayId: number): ReturnType<ReplaysRepository['order']> {
    const found = await this.replays.order(replayId);
    if (!found) throw new Defect(`no replay ${replayId}`);
    return found.state === 'queued' || found.state === 'running' ? found : null;
  }

  beforeApplicationShutdown(): void {
    this.running?.abort(new Stopped('shutdown'));
  }

  private async run(id: number, runner: string, order: ReplayOrder, stop: AbortController): Promise<void> {
    try {
      const result = await this.replayed(id, runner, order, stop);
      await this.replays.finish(id, runner, result);
    } catch (error) {
      if (error instanceof Stopped) {
        if (error.why === 'cancelled') return;
        await this.replays.release(id, runner);
        throw new Transient('the worker stops', 1, { cause: error });
      }
      if (isPassing(error)) {
        await this.replays.release(id, runner);
        throw error;
      }
      this.log.error({ err: error, replayId: id }, 'a replay failed');
      await this.replays.fail(id, runner, '回放出错，已记录；请联系技术支持');
    }
  }

  private async replayed(id: number, runner: string, order: ReplayOrder, stop: AbortController): Promise<ReplayResult> {
    const { from, to, start, synthetic } = order;
    const versions = [draftVersion(order), ...(await this.catalog.byIds(this.database, order.others))];
    const total = synthetic ? synthetic.scans : await this.chunks.count(from, to);
    let beatAt = -Infinity;
    const beat = async (scans: number): Promise<void> => {
      if (performance.now() - beatAt < BEAT_MS) return;
      beatAt = performance.now();
      if (!(await this.replays.beat(id, runner, scans, total))) stop.abort(new Stopped('cancelled'));
    };
    await beat(0);
    let done = 0;
    const source = synthetic ? syntheticScans(synthetic) : this.chunks.read(from, to);
    const scans = beating(source, () => beat(done));
    const { draw } = this.config.keys;
    return replay(versions, scans, {
      keys: { real: draw, pretended: createHmac('sha256', draw).update(`replay|${id}`).digest() },
      holdMs: this.config.waits.holdMs,
      start,
      signal: stop.signal,
      progress: (replayed) => {
        done = replayed;
        return beat(replayed);
      },
    });
  }
}

/** Hours without a scan of any campaign's business are signs of life too. */
async function* beating(
  chunks: Iterable<ScanChunk> | AsyncIterable<ScanChunk>,
  beat: () => Promise<void>,
): AsyncGenerator<ScanChunk> {
  for await (const chunk of chunks) {
    await beat();
    yield chunk;
  }
}

/** The draft as if it were in force on all these days. It has no version yet: 0. */
function draftVersion({ campaignId, draft, draftHash }: ReplayOrder): CompiledVersion {
  return atAnyTime(compileCampaign({ campaignId, versionId: 0, versionNo: 0, contentHash: draftHash, content: draft }));
}

function isPassing(error: unknown): boolean {
  return error instanceof Transient || isRolledBack(error);
}
