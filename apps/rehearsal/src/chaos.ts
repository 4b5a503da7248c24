import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Dice } from './dice';

export type Victim = 'api' | 'worker' | 'mariadb' | 'redis';

/** What may happen while people scan. */
export interface Menu {
  readonly victims: readonly Victim[];
  /** A victim may also stand still for so long, and then go on as if nothing had happened. Null = victims are only killed. */
  readonly stillMs: readonly [number, number] | null;
  readonly pauseMs: readonly [number, number];
  /** Between storms somebody must be alive: a killed holder's lease runs on for a while. */
  readonly mostStrikes: number;
  readonly flushEveryMs: number;
}

export const MENUS = {
  /** `--chaos`: the worker is killed, Redis emptied. */
  chaos: {
    ...{ victims: ['worker'], stillMs: null, pauseMs: [5_000, 12_000], mostStrikes: 8, flushEveryMs: 8_000 },
  },
  /** `--storm`: everything of ours is killed or stands still, twice a lease at the longest; Redis is emptied every five seconds. */
  storm: {
    victims: ['api', 'worker', 'mariadb', 'redis'],
    ...{ stillMs: [500, 13_000], pauseMs: [2_000, 6_000], mostStrikes: 1_000, flushEveryMs: 5_000 },
  },
} as const satisfies Record<string, Menu>;
export type MenuName = keyof typeof MENUS;

const COMMAND_MS = 5_000;
const LOOK_EVERY_MS = 50;
/** A server that has just been killed may still answer what it had begun. */
const UNTIL_DEAD_MS = 200;
const RECOVERED_WITHIN_MS = 60_000;

export interface ChaosPlaces {
  readonly redisUrl: string;
  /** JSON with `children.<victim>.pid`. */
  readonly runFile: string;
  /** Answer 200 when a process may serve. */
  readonly readyUrls: readonly string[];
}

/** Strikes at moments nobody knows, until told to stop, and looks how long it takes until everything serves again. */
export class Chaos {
  /** How often each victim was hit in which way, as `kill worker`. */
  readonly struck = new Map<string, number>();
  readonly recoveriesMs: number[] = [];
  /** What did not come back in time. */
  readonly wrongs: string[] = [];
  flushes = 0;
  private over = false;
  private running: Promise<unknown> = Promise.resolve();
  private readonly wake = new AbortController();

  constructor(
    private readonly menu: Menu,
    private readonly places: ChaosPlaces,
    private readonly dice: Dice,
  ) {}

  begin(): void {
    this.running = Promise.all([this.strikes(), this.emptying()]);
  }

  async end(): Promise<void> {
    this.over = true;
    this.wake.abort();
    await this.running;
    // However short the play was, it has seen both.
    if (this.struck.size === 0) await this.strike(this.menu.victims[0]!, 'kill');
    if (this.flushes === 0) await this.flush();
  }

  private async strikes(): Promise<void> {
    const { menu, dice } = this;
    for (let count = 0; count < menu.mostStrikes && !this.over; count++) {
      await this.pause(dice.whole(...menu.pauseMs));
      if (this.over) return;
      const still = menu.stillMs !== null && dice.percent(40);
      await this.strike(dice.pick(menu.victims), still ? 'stop' : 'kill');
    }
  }

  private async emptying(): Promise<void> {
    while (!this.over) {
      await this.pause(this.menu.flushEveryMs);
      if (!this.over) await this.flush();
    }
  }

  private async strike(victim: Victim, act: 'kill' | 'stop'): Promise<void> {
    const pid = this.pidOf(victim);
    if (!send(pid, act === 'kill' ? 'SIGKILL' : 'SIGSTOP')) return;
    this.struck.set(`${act} ${victim}`, (this.struck.get(`${act} ${victim}`) ?? 0) + 1);
    if (act === 'stop') {
      // Not `pause`: a victim that stands still must go on before the play may end.
      await sleep(this.dice.whole(...this.menu.stillMs!));
      send(pid, 'SIGCONT');
    }
    await this.recovered(`${act} ${victim}`);
  }

  private async recovered(after: string): Promise<void> {
    const since = performance.now();
    await sleep(UNTIL_DEAD_MS);
    while (performance.now() - since < RECOVERED_WITHIN_MS) {
      const ready = await Promise.all(this.places.readyUrls.map(isReady));
      if (ready.every(Boolean)) return void this.recoveriesMs.push(Math.round(performance.now() - since));
      await sleep(LOOK_EVERY_MS);
    }
    this.wrongs.push(`I32 not everything serves ${RECOVERED_WITHIN_MS / 1_000} s after ${after}`);
  }

  private pidOf(victim: Victim): number {
    const state = JSON.parse(readFileSync(this.places.runFile, 'utf8')) as {
      children?: Partial<Record<Victim, { pid?: number }>>;
    };
    const pid = state.children?.[victim]?.pid;
    if (pid === undefined) throw new Error(`${this.places.runFile} does not name ${victim}`);
    return pid;
  }

  private pause(ms: number): Promise<unknown> {
    return sleep(ms, undefined, { signal: this.wake.signal }).catch(() => undefined);
  }

  /** Redis may be dead or still just now; then there is nothing to empty. */
  private async flush(): Promise<void> {
    await redisCommand(this.places.redisUrl, 'FLUSHALL').then(
      () => (this.flushes += 1),
      () => undefined,
    );
  }
}

/** False when the process is dead already and not yet started again. */
function send(pid: number, signal: NodeJS.Signals): boolean {
  try {
    return process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
    throw error;
  }
}

async function isReady(url: string): Promise<boolean> {
  try {
    return (await fetch(url, { signal: AbortSignal.timeout(2_000) })).ok;
  } catch {
    return false;
  }
}

/** One inline command over a connection of its own. */
function redisCommand(url: string, command: string): Promise<void> {
  const { hostname, port, password } = new URL(url);
  const lines = [...(password ? [`AUTH ${decodeURIComponent(password)}`] : []), command];
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port || 6379), hostname);
    let seen = '';
    socket.setTimeout(COMMAND_MS, () => socket.destroy(new Error(`Redis did not answer ${command}`)));
    socket.once('error', reject);
    socket.once('close', () => reject(new Error('Redis hung up')));
    socket.once('connect', () => socket.write(lines.map((line) => `${line}\r\n`).join('')));
    socket.on('data', (chunk) => {
      seen += chunk.toString();
      const answers = seen.split('\r\n').filter(Boolean);
      if (answers.length < lines.length) return;
      socket.end();
      if (answers.every((answer) => answer.startsWith('+'))) resolve();
      else reject(new Error(`Redis answered ${seen.trim()}`));
    });
  });
}
