import { setTimeout as sleep } from 'node:timers/promises';
import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '@app/config';
import { gauge, LOGGER, type Logger } from '@app/observability';
import { BullQueues } from './bull-queues';
import { HandlerRegistry } from './handler-registry';
import { JobRunner } from './job-runner';
import type { OutboxRow } from './outbox';
import { OutboxRows } from './outbox-rows';

const ROWS_PER_CLAIM = 200;
const BY_HAND_AT_ONCE = 8;
const BY_HAND_WAITING = 40;
/** A row rung for this often without being done is run by the relay itself: the queue's consumers may be wedged. */
const DISTRUST_AFTER = 3;

const backlog = gauge('outbox_rows', 'Outbox rows by state', ['state'] as const);
const oldest = gauge('outbox_oldest_seconds', 'Age of the oldest open outbox row');

/** Moves due outbox rows to the queue; runs them itself while Redis is away or its consumers do not move. */
@Injectable()
export class Relay {
  private stopping = new AbortController();
  private loop: Promise<void> = Promise.resolve();
  private readonly running = new Set<Promise<void>>();
  private readonly byHand: (readonly OutboxRow[])[] = [];
  private readonly lanes = new Set<Promise<void>>();

  constructor(
    private readonly rows: OutboxRows,
    private readonly queues: BullQueues,
    private readonly registry: HandlerRegistry,
    private readonly runner: JobRunner,
    @Inject(CONFIG) private readonly config: Config,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  start(): void {
    this.queues.open(this.registry.queues(), (outboxIds) => this.track(this.runner.runByIds(outboxIds)));
    this.loop = this.turn();
  }

  /** Stops claiming, waits for running handlers at most `boundMs`. What is cut off comes due again. */
  async stop(boundMs: number): Promise<void> {
    this.stopping.abort();
    await this.loop;
    const bound = new AbortController();
    await Promise.race([
      Promise.all([this.queues.close(), Promise.allSettled([...this.running])]),
      sleep(boundMs, undefined, { signal: bound.signal }).catch(() => undefined),
    ]);
    bound.abort();
  }

  async updateGauges(): Promise<void> {
    const { open, dead, oldestSeconds } = await this.rows.backlog();
    backlog.set({ state: 'open' }, open);
    backlog.set({ state: 'dead' }, dead);
    oldest.set(oldestSeconds);
  }

  private async turn(): Promise<void> {
    const { outboxPollMs, outboxRedeliverMs } = this.config.waits;
    while (!this.stopping.signal.aborted) {
      const moved = await this.moveOnce(outboxRedeliverMs).catch((error: unknown) => {
        this.log.warn({ err: error }, 'relay could not read the outbox; tries again');
        return 0;
      });
      if (moved < ROWS_PER_CLAIM)
        await sleep(outboxPollMs, undefined, { signal: this.stopping.signal }).catch(() => undefined);
    }
  }

  private async moveOnce(redeliverMs: number): Promise<number> {
    const urgent = await this.rows.claim(ROWS_PER_CLAIM, redeliverMs, this.registry.urgent());
    // Rows that nobody can be rung for are better left unclaimed than piled up here.
    const room = this.byHand.length > BY_HAND_WAITING ? 0 : ROWS_PER_CLAIM - urgent.length;
    const others = await this.rows.claim(room, redeliverMs);
    await this.move(others);
    await this.move(urgent, 'first');
    return urgent.length + others.length;
  }

  private async move(rows: readonly OutboxRow[], place: 'first' | 'last' = 'last'): Promise<void> {
    if (rows.length === 0) return;
    const trusted = rows.filter((row) => row.deliveries <= DISTRUST_AFTER);
    const unrung = await this.ring(trusted);
    const mine = this.groups([...rows.filter((row) => row.deliveries > DISTRUST_AFTER), ...unrung]);
    if (place === 'first') this.byHand.unshift(...mine);
    else this.byHand.push(...mine);
    this.runByHand();
  }

  /** Returns the rows for which nobody could be rung. */
  private async ring(rows: readonly OutboxRow[]): Promise<readonly OutboxRow[]> {
    const unknown = rows.filter((row) => !this.registry.find(row.job));
    const rings = this.groups(rows.filter((row) => this.registry.find(row.job))).map((group) => ({
      queue: this.registry.find(group[0]!.job)!.job.queue,
      outboxIds: group.map(({ id }) => id),
      delivery: group[0]!.deliveries,
    }));
    if (rings.length === 0) return unknown;
    try {
      await this.queues.ring(rings);
      return unknown;
    } catch {
      return rows;
    }
  }

  /** Rows of one job that may go together do; any other goes alone. */
  private groups(rows: readonly OutboxRow[]): readonly (readonly OutboxRow[])[] {
    const groups: OutboxRow[][] = [];
    const open = new Map<string, OutboxRow[]>();
    for (const row of rows) {
      const together = this.registry.find(row.job)?.job.together ?? 1;
      const group = open.get(row.job);
      if (group && group.length < together) group.push(row);
      else {
        const begun = [row];
        groups.push(begun);
        open.set(row.job, begun);
      }
    }
    return groups;
  }

  /** Rows run in a few lanes beside the loop, so that what is slow here keeps nobody from being rung for. */
  private runByHand(): void {
    while (this.lanes.size < BY_HAND_AT_ONCE && this.lanes.size < this.byHand.length) {
      const lane: Promise<void> = this.lane().finally(() => this.lanes.delete(lane));
      this.lanes.add(lane);
    }
  }

  private async lane(): Promise<void> {
    for (let rows = this.byHand.shift(); rows && !this.stopping.signal.aborted; rows = this.byHand.shift()) {
      await this.track(this.runner.runAll(rows)).catch((error: unknown) =>
        this.log.warn({ err: error }, 'row comes again'),
      );
    }
  }

  private track(work: Promise<void>): Promise<void> {
    const tracked = work.finally(() => this.running.delete(tracked));
    this.running.add(tracked);
    return tracked;
  }
}
