import { fork, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import type { Failure, Order, Report } from './orders';

const ENTRY = join(__dirname, `play${__filename.slice(__filename.lastIndexOf('.'))}`);

export interface Played {
  readonly seeds: number;
  readonly steps: number;
  readonly failure: Failure | null;
  /** Of the last seed. */
  readonly trace: string;
}

export const PLAIN: Order = {
  from: 1,
  count: 1,
  step: 1,
  mutant: null,
  reconciles: true,
  without: [],
  untilFound: false,
  trace: false,
  withinMs: null,
};

/** One process that plays seeds, from its order to its end. Throws when it dies without a word. */
export function play(
  order: Order,
  heard: (report: Report, child: ChildProcess) => void = () => undefined,
): Promise<Played> {
  return new Promise((resolve, reject) => {
    const child = fork(ENTRY, [JSON.stringify(order)], {
      stdio: ['ignore', 'inherit', 'pipe', 'ipc'],
      // Worlds are made and thrown away by the thousand.
      execArgv: [...process.execArgv, '--max-semi-space-size=64'],
    });
    let played: Played | null = null;
    let failure: Failure | null = null;
    let words = '';
    child.stderr?.on('data', (chunk: Buffer) => (words = (words + chunk.toString()).slice(-8_000)));
    child.on('message', (message) => {
      const report = message as Report;
      if (report.kind === 'failure') failure = report.failure;
      if (report.kind === 'end') played = { ...report, failure };
      heard(report, child);
    });
    child.on('error', reject);
    child.on('close', (code, signal) => {
      if (played) resolve(played);
      else if (failure) resolve({ seeds: 0, steps: 0, trace: '', failure });
      else reject(new Error(`a simulator process ended (${signal ?? code}) without an answer\n${words}`));
    });
  });
}

/** The same seeds shared out among some processes; the first failure ends them all. */
export async function playTogether(order: Order, jobs: number, progress: (seeds: number) => void): Promise<Played> {
  const shares = Math.min(jobs, order.count);
  const children = new Set<ChildProcess>();
  const counts = new Map<ChildProcess, number>();
  const hear = (report: Report, child: ChildProcess): void => {
    children.add(child);
    if (report.kind === 'failure') {
      // Looking at a failure takes a moment; the others need not go on meanwhile.
      for (const other of children) if (other !== child) other.kill('SIGKILL');
      return;
    }
    counts.set(child, report.seeds);
    progress([...counts.values()].reduce((sum, seeds) => sum + seeds, 0));
  };
  const parts = await Promise.allSettled(
    Array.from({ length: shares }, (_, at) => {
      const count = Math.ceil((order.count - at) / shares);
      return play({ ...order, from: order.from + at * order.step, step: order.step * shares, count }, hear);
    }),
  );
  const ended = parts.flatMap((part) => (part.status === 'fulfilled' ? [part.value] : []));
  const failed = ended.find(({ failure }) => failure !== null);
  if (!failed) for (const part of parts) if (part.status === 'rejected') throw part.reason as Error;
  return {
    seeds: [...counts.values()].reduce((sum, seeds) => sum + seeds, 0),
    steps: ended.reduce((sum, { steps }) => sum + steps, 0),
    failure: failed?.failure ?? null,
    trace: ended.at(-1)?.trace ?? '',
  };
}
