import { spawn, type ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const READY_WITHIN_MS = 60_000;
const STOP_WITHIN_MS = 10_000;
/** `dist/apps/rehearsal/src/bench` → `dist` */
const DIST = join(__dirname, '../../../..');

/** A server process of the bench, stopped by `stop`. */
export class ServerProcess {
  private constructor(private readonly child: ChildProcess) {}

  get pid(): number {
    return this.child.pid ?? 0;
  }

  /** `entry` is relative to `dist`; ready when `isReady` says so. Throws with the end of its words when it dies before. */
  static async start(entry: string, env: NodeJS.ProcessEnv, isReady: () => Promise<boolean>): Promise<ServerProcess> {
    const child = spawn(process.execPath, [join(DIST, entry)], { env, stdio: ['ignore', 'pipe', 'pipe'] });
    let words = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk: Buffer) => (words = (words + chunk.toString()).slice(-4_000)));
    }
    const until = Date.now() + READY_WITHIN_MS;
    while (!(await isReady().catch(() => false))) {
      if (child.exitCode !== null || Date.now() > until) throw new Error(`${entry} did not come up:\n${words}`);
      await sleep(100);
    }
    return new ServerProcess(child);
  }

  async stop(): Promise<void> {
    if (this.child.exitCode !== null) return;
    const gone = new Promise<void>((resolve) => this.child.once('exit', () => resolve()));
    this.child.kill('SIGTERM');
    await Promise.race([gone, sleep(STOP_WITHIN_MS).then(() => this.child.kill('SIGKILL'))]);
  }
}

export async function answers(url: string): Promise<boolean> {
  return (await fetch(url, { signal: AbortSignal.timeout(1_000) })).ok;
}

export function accepts(port: number): Promise<boolean> {
  return fetch(`http://127.0.0.1:${port}/`, { signal: AbortSignal.timeout(1_000) }).then(() => true);
}

export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() =>
        typeof address === 'object' && address ? resolve(address.port) : reject(new Error('no port')),
      );
    });
  });
}

/** MariaDB and Redis of this run, as the launcher noted them: their time is ours. */
export function serverPids(): number[] {
  const file = process.env.RUN_FILE;
  if (!file) return [];
  const { children = {} } = JSON.parse(readFileSync(file, 'utf8')) as { children?: Record<string, { pid: number }> };
  return Object.values(children).map(({ pid }) => pid);
}
