import { setTimeout as sleep } from 'node:timers/promises';
import { Inject, Injectable } from '@nestjs/common';
import { Queue, Worker } from 'bullmq';
import { Redis } from 'ioredis';
import { CONFIG, type Config } from '@app/config';
import { LOGGER, type Logger } from '@app/observability';

const CONCURRENCY = 16;
const COMMAND_BOUND_MS = 1000;
const UNREACHABLE_CLOSE_MS = 300;
const PREFIX = '{yima}';

/** One stroke of the bell: a row, or some rows that are to be run together. */
export interface Ring {
  readonly queue: string;
  readonly outboxIds: readonly string[];
  readonly delivery: number;
}

/** What a bell carries. A release before this one reads `outboxId` alone. */
interface Carried {
  readonly outboxId?: string;
  readonly outboxIds?: readonly string[];
}

/**
 * BullMQ as a doorbell and nothing more: it carries row ids, retries nothing, remembers nothing. Redis may be empty, slow or gone.
 */
@Injectable()
export class BullQueues {
  private readonly queues = new Map<string, Queue>();
  private readonly workers: Worker[] = [];
  private connection: Redis | null = null;
  private readonly connections: Redis[] = [];
  private closing = false;

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  open(names: readonly string[], handle: (outboxIds: readonly string[]) => Promise<void>): void {
    this.connection = this.connect({
      enableOfflineQueue: false,
      commandTimeout: COMMAND_BOUND_MS,
      maxRetriesPerRequest: 1,
    });
    for (const name of names) {
      const queue = new Queue(name, { connection: this.connection, prefix: PREFIX, skipWaitingForReady: true });
      queue.on('error', () => undefined);
      this.queues.set(name, queue);
      const worker = new Worker(name, async (job) => handle(carriedIds(job.data as Carried)), {
        connection: this.connect({ maxRetriesPerRequest: null }),
        prefix: PREFIX,
        concurrency: CONCURRENCY,
        lockDuration: 30_000,
        maxStalledCount: 0,
        runRetryDelay: 1000,
      });
      worker.on('error', (error) => this.log.debug({ reason: error.message }, 'queue connection trouble'));
      this.workers.push(worker);
    }
  }

  /** Rings for these rows. Throws when Redis does not answer in a second: then the relay works without it. */
  async ring(rings: readonly Ring[]): Promise<void> {
    if (this.connection?.status !== 'ready') throw new Error('Redis is not connected');
    for (const [name, queue] of this.queues) {
      const mine = rings.filter((ring) => ring.queue === name);
      if (mine.length === 0) continue;
      await queue.addBulk(
        mine.map(({ outboxIds, delivery }) => ({
          name: 'row',
          data: (outboxIds.length === 1 ? { outboxId: outboxIds[0] } : { outboxIds }) satisfies Carried as Carried,
          opts: {
            jobId: `o-${outboxIds[0]}-${outboxIds.length}-${delivery}`,
            ...{ removeOnComplete: true, removeOnFail: true, attempts: 1 },
          },
        })),
      );
    }
  }

  /** Null when well, else the reason: an evicting Redis would lose jobs silently. A missing Redis is no reason, only slower. */
  async policyTrouble(): Promise<string | null> {
    if (this.connection?.status !== 'ready') return null;
    const [, policy] = (await this.connection.config('GET', 'maxmemory-policy')) as [string, string];
    return policy === 'noeviction' ? null : `maxmemory-policy is ${policy}, must be noeviction`;
  }

  /** Lets running jobs finish while Redis answers; never waits for a Redis that is away. */
  async close(): Promise<void> {
    this.closing = true;
    const reachable = this.connection?.status === 'ready';
    const closing = Promise.allSettled([
      ...this.workers.map((worker) => worker.close(!reachable)),
      ...[...this.queues.values()].map((queue) => queue.close()),
    ]);
    await (reachable ? closing : Promise.race([closing, sleep(UNREACHABLE_CLOSE_MS)]));
    for (const connection of this.connections) connection.disconnect();
  }

  private connect(options: object): Redis {
    const redis = new Redis(this.config.redis.url, {
      ...options,
      lazyConnect: false,
      // Also asked by the connections that BullMQ duplicates from this one: after close nobody dials again.
      retryStrategy: (times) => (this.closing ? null : Math.min(200 * times, 2000)),
    });
    redis.on('error', () => undefined);
    this.connections.push(redis);
    return redis;
  }
}

function carriedIds({ outboxId, outboxIds }: Carried): readonly string[] {
  return outboxIds ?? (outboxId === undefined ? [] : [outboxId]);
}
