import type { TestingModule } from '@nestjs/testing';
import { DiscoveryService } from '@nestjs/core';
import { AnalyticsScansRecorded } from '@app/analytics';
import type { Config } from '@app/config';
import { HandlerRegistry, Relay } from '@app/jobs';
import { Defect } from '@app/kernel';
import type { Logger } from '@app/observability';
import { ReconcilePayouts } from '@app/payouts';
import { MemoryDatabase, MemoryReader, MemoryUnitOfWork, Schema } from '../memory-database';
import { Schedule, WORLD } from '../time/schedule';
import { PacketDoor, TransferDoor, type WechatWorld } from '../wechat/doors';
import { SimulatedVerifier } from '../wechat/courier';
import { SimulatedQueues, type Doorbell } from './doorbell';
import { InstanceState } from './instance-state';
import { buildRooms } from './rooms';
import { simulatedConfig } from './settings';

export const API = 'api';
export const WORKERS = ['worker1', 'worker2'] as const;
export const PROCESSES = [API, ...WORKERS] as const;
export type ProcessName = (typeof PROCESSES)[number];

/** What a seed brings along; the processes look it up here each time. */
export interface Stage {
  schedule: Schedule;
  doorbell: Doorbell;
  wechat: WechatWorld;
  /** A bug of ours was thrown. */
  defect: (process: string, error: Error) => void;
  /** Something else was thrown where nobody asked for an answer. */
  trouble: (error: unknown) => void;
  /** Workers look for payouts that nobody drives. */
  reconciles: boolean;
}

type Token<T> = abstract new (...args: never[]) => T;

/** One process of the system: real rooms on made-up ground. */
export class SimulatedProcess {
  private readonly state: InstanceState;
  private readonly known = new Map<unknown, unknown>();

  constructor(
    readonly name: ProcessName,
    private readonly rooms: TestingModule,
    private readonly stage: Stage,
    private readonly config: Config,
    shared: readonly object[],
  ) {
    const handlers = this.get(HandlerRegistry);
    handlers.collect(false);
    // Roll-ups of scans are no part of this world.
    const rollUps = handlers.find(AnalyticsScansRecorded.name);
    if (rollUps) rollUps.handler.handle = () => Promise.resolve();
    this.state = new InstanceState(this.instances(), shared);
  }

  get<T>(token: Token<T>): T {
    const known = this.known.get(token);
    if (known !== undefined) return known as T;
    const found = this.rooms.get<T>(token as never, { strict: false });
    this.known.set(token, found);
    return found;
  }

  /** Starts as a fresh process does: remembers nothing. Workers begin to relay and to reconcile. */
  boot(): void {
    this.state.restore();
    const { schedule } = this.stage;
    schedule.revive(this.name);
    if (this.name === API) return;
    this.start('boot', () => Promise.resolve(this.get(Relay).start()));
    if (this.stage.reconciles) this.start('reconciler', () => this.reconcile());
  }

  private async reconcile(): Promise<void> {
    const { schedule } = this.stage;
    for (;;) {
      await schedule.sleep(this.name, 'until the reconciler looks', this.config.waits.reconcileEveryMs);
      await this.get(ReconcilePayouts)
        .run()
        .catch((error: unknown) => this.threw(error));
    }
  }

  private start(label: string, work: () => Promise<void>): void {
    this.stage.schedule.start(this.name, label, work, (error) => this.threw(error));
  }

  private threw(error: unknown): void {
    if (error instanceof Defect) this.stage.defect(this.name, error);
    else this.stage.trouble(error);
  }

  private instances(): object[] {
    const providers = this.get(DiscoveryService).getProviders();
    const found = providers.map(({ instance }) => instance as unknown);
    return found.filter((instance): instance is object => typeof instance === 'object' && instance !== null);
  }
}

/** The processes of this OS process, built once; every seed gives them another world. */
export class Cluster {
  private constructor(
    readonly config: Config,
    readonly stage: Stage,
    readonly database: MemoryDatabase,
    readonly processes: ReadonlyMap<ProcessName, SimulatedProcess>,
  ) {}

  static async build(): Promise<Cluster> {
    const config = simulatedConfig();
    const deaf = { defect: () => undefined, trouble: () => undefined };
    const stage = { schedule: new Schedule({ seed: 0 }), reconciles: true, ...deaf } as unknown as Stage;
    const database = new MemoryDatabase(await Schema.fromMigrations(), stage.schedule);
    const processes = new Map<ProcessName, SimulatedProcess>();
    for (const name of PROCESSES) {
      const borders = {
        config,
        logger: listeningLogger(name, stage),
        database: new MemoryReader(database, name),
        unitOfWork: new MemoryUnitOfWork(database, name),
        queues: new SimulatedQueues(name, () => stage.doorbell),
        transfers: new TransferDoor(name, () => stage.wechat),
        packets: new PacketDoor(name, () => stage.wechat),
        verifier: new SimulatedVerifier(),
      };
      const rooms = await buildRooms(borders);
      processes.set(name, new SimulatedProcess(name, rooms, stage, config, Object.values(borders)));
    }
    return new Cluster(config, stage, database, processes);
  }

  process(name: ProcessName): SimulatedProcess {
    return this.processes.get(name)!;
  }

  /** kill -9: its connections break, its jobs and requests are gone. */
  kill(name: ProcessName): void {
    this.stage.schedule.kill(name);
    this.stage.doorbell.close(name);
    this.database.crash(name);
  }

  boot(name: ProcessName): void {
    this.process(name).boot();
  }

  /** Somebody outside asks a process something and waits at most so long. */
  async ask<T>(name: ProcessName, label: string, work: (process: SimulatedProcess) => Promise<T>): Promise<Answer<T>> {
    const { schedule } = this.stage;
    const life = schedule.park(WORLD, `answer to ${label}`, ASK_WITHIN_MS);
    let answer: Answer<T> = { kind: 'lost' };
    const told = (come: Answer<T>): void => {
      schedule.later(1, () => {
        answer = come;
        life.wake();
      });
    };
    const failed = (error: unknown): void => {
      if (error instanceof Defect) this.stage.defect(name, error);
      told({ kind: 'failed', error });
    };
    if (!schedule.isAlive(name)) told({ kind: 'lost' });
    else schedule.start(name, label, async () => told({ kind: 'ok', value: await work(this.process(name)) }), failed);
    await life.done;
    return answer;
  }
}

const ASK_WITHIN_MS = 6_000;

/** `lost`: nobody knows what came of it. */
export type Answer<T> =
  | { readonly kind: 'ok'; readonly value: T }
  | { readonly kind: 'failed'; readonly error: unknown }
  | { readonly kind: 'lost' };

/** Lines go nowhere; a bug of ours that was only logged is noticed. */
function listeningLogger(name: string, stage: Stage): Logger {
  const listen = (fields: unknown): void => {
    const { err } = (fields ?? {}) as { err?: unknown };
    if (err instanceof Defect) stage.defect(name, err);
    else if (err !== undefined) stage.trouble(err);
  };
  const logger = {
    level: 'silent',
    fatal: listen,
    error: listen,
    warn: listen,
    info: listen,
    debug: listen,
    trace: listen,
  };
  return { ...logger, child: () => logger } as unknown as Logger;
}
