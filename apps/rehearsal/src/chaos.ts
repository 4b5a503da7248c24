import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Dice } from './dice';

const PAUSE_MS: readonly [number, number] = [5_000, 12_000];
/** Between storms somebody must be alive: a killed holder's lease runs on for a while. */
const MOST_STRIKES = 8;
const COMMAND_MS = 5_000;

/** Kills the worker and empties Redis at moments nobody knows, until told to stop. */
export class Chaos {
  kills = 0;
  flushes = 0;
  private over = false;
  private running: Promise<void> = Promise.resolve();
  private readonly wake = new AbortController();

  constructor(
    private readonly redisUrl: string,
    private readonly runFile: string,
    private readonly dice: Dice,
  ) {}

  begin(): void {
    this.running = this.strike();
  }

  async end(): Promise<void> {
    this.over = true;
    this.wake.abort();
    await this.running;
    // However short the play was, it has seen both.
    if (this.kills === 0) this.killWorker();
    if (this.flushes === 0) await this.flush();
  }

  private async strike(): Promise<void> {
    for (let strike = 0; strike < MOST_STRIKES && !this.over; strike++) {
      await sleep(this.dice.whole(...PAUSE_MS), undefined, { signal: this.wake.signal }).catch(() => undefined);
      if (this.over) return;
      if (this.dice.percent(60)) this.killWorker();
      if (this.dice.percent(60)) await this.flush();
    }
  }

  killWorker(): void {
    const state = JSON.parse(readFileSync(this.runFile, 'utf8')) as { children?: { worker?: { pid?: number } } };
    const pid = state.children?.worker?.pid;
    if (pid === undefined) throw new Error(`${this.runFile} does not name the worker`);
    try {
      process.kill(pid, 'SIGKILL');
      this.kills++;
    } catch (error) {
      // Dead already and not yet started again.
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    }
  }

  async flush(): Promise<void> {
    await redisCommand(this.redisUrl, 'FLUSHALL');
    this.flushes++;
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
