import { closeSync, fdatasyncSync, openSync, readFileSync, unlinkSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** One side of a comparison: `sample` returns operations per second. */
export interface Side {
  readonly name: string;
  readonly sample: () => Promise<number>;
}

export interface Row {
  readonly suite: string;
  readonly what: string;
  readonly a: string;
  readonly b: string;
  /** Medians, operations per second. */
  readonly aRate: number;
  readonly bRate: number;
  /** Median, least and most of a/b, pair by pair. */
  readonly ratio: number;
  readonly min: number;
  readonly max: number;
  readonly rounds: number;
  /** Processors that others used meanwhile, mean. Null where /proc is not. */
  readonly othersCpu: number | null;
  /** Goal of PERFORMANCE this row answers, and its two marks. */
  readonly goal: string;
  readonly floor: string;
  readonly aim: string;
}

export interface Comparison {
  readonly suite: string;
  readonly what: string;
  readonly a: Side;
  readonly b: Side;
  readonly rounds: number;
  readonly goal?: string;
  readonly floor?: string;
  readonly aim?: string;
  /** Processes whose time is ours, besides this one. */
  readonly ours?: () => readonly number[];
}

const REST_MS = 150;

/** A B, B A, A B …: both sides meet the same machine. One unmeasured turn of each first. */
export async function compare(comparison: Comparison): Promise<Row> {
  const { a, b, rounds, suite, what } = comparison;
  const pairs: { a: number; b: number }[] = [];
  const busy = cpuWatch(comparison.ours ?? (() => []));
  await a.sample();
  await b.sample();
  for (let round = 0; round < rounds; round++) {
    const pair = { a: 0, b: 0 };
    for (const side of round % 2 === 0 ? (['a', 'b'] as const) : (['b', 'a'] as const)) {
      await sleep(REST_MS);
      pair[side] = await (side === 'a' ? a : b).sample();
    }
    pairs.push(pair);
  }
  const ratios = pairs.map((pair) => pair.a / pair.b);
  return {
    ...{ suite, what, a: a.name, b: b.name, rounds, othersCpu: busy() },
    aRate: median(pairs.map((pair) => pair.a)),
    bRate: median(pairs.map((pair) => pair.b)),
    ratio: median(ratios),
    min: Math.min(...ratios),
    max: Math.max(...ratios),
    goal: comparison.goal ?? '',
    floor: comparison.floor ?? '',
    aim: comparison.aim ?? '',
  };
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((one, other) => one - other);
  const middle = Math.floor(sorted.length / 2);
  const high = sorted[middle] ?? 0;
  return sorted.length % 2 === 1 ? high : (high + (sorted[middle - 1] ?? 0)) / 2;
}

/** Calls a function again and again for a while; operations per second. For work that needs no waiting. */
export function rateOf(work: () => void, forMs: number, perCall = 1): number {
  const startedAt = performance.now();
  let calls = 0;
  let passed = 0;
  do {
    work();
    calls++;
    passed = performance.now() - startedAt;
  } while (passed < forMs);
  return (calls * perCall * 1_000) / passed;
}

/**
 * The same per second of this process's own processor time: what others do on the machine hardly shows. For work that never waits; what the
 * collector of garbage does meanwhile counts.
 */
export function cpuRateOf(work: () => void, forMs: number, perCall = 1): number {
  const before = process.cpuUsage();
  const until = performance.now() + forMs;
  let calls = 0;
  do {
    work();
    calls++;
  } while (performance.now() < until);
  const { user, system } = process.cpuUsage(before);
  return (calls * perCall * 1e6) / (user + system);
}

/** How many requests a second `concurrency` askers get done, each asking again when it was answered. */
export async function closedLoop(concurrency: number, forMs: number, ask: () => Promise<void>): Promise<number> {
  const startedAt = performance.now();
  const until = startedAt + forMs;
  let done = 0;
  const asker = async (): Promise<void> => {
    while (performance.now() < until) {
      await ask();
      done++;
    }
  };
  await Promise.all(Array.from({ length: concurrency }, asker));
  return (done * 1_000) / (performance.now() - startedAt);
}

/** Mean number of processors that were busy with what is not ours since the call; null without /proc. */
function cpuWatch(pids: () => readonly number[]): () => number | null {
  const begin = ticks(pids());
  const startedAt = performance.now();
  return () => {
    const end = ticks(pids());
    if (!begin || !end) return null;
    const others = end.all - begin.all - (end.ours - begin.ours);
    return Math.max(0, others / 100 / ((performance.now() - startedAt) / 1_000));
  };
}

function ticks(pids: readonly number[]): { all: number; ours: number } | null {
  try {
    const fields = readFileSync('/proc/stat', 'utf8').split('\n')[0]!.trim().split(/\s+/).slice(1).map(Number);
    const idle = fields[3]! + fields[4]!;
    const all = fields.slice(0, 8).reduce((sum, value) => sum + value, 0) - idle;
    const ours = [process.pid, ...pids].reduce((sum, pid) => sum + ticksOf(pid), 0);
    return { all, ours };
  } catch {
    return null;
  }
}

/** Processor seconds that these processes have used so far; 0 without /proc. */
export function cpuSecondsOf(pids: readonly number[]): number {
  return pids.reduce((sum, pid) => sum + ticksOf(pid), 0) / 100;
}

function ticksOf(pid: number): number {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return Number(fields[11]) + Number(fields[12]);
  } catch {
    return 0;
  }
}

/** 4 KiB written and flushed, again and again: how fast this disk promises anything. Milliseconds, median of 200. */
export function fsyncProbeMs(directory = tmpdir()): number {
  const file = join(directory, `fsync-probe-${process.pid}`);
  const fd = openSync(file, 'w');
  const page = Buffer.alloc(4096, 1);
  const times: number[] = [];
  for (let i = 0; i < 200; i++) {
    const startedAt = performance.now();
    writeSync(fd, page, 0, page.length, 0);
    fdatasyncSync(fd);
    times.push(performance.now() - startedAt);
  }
  closeSync(fd);
  unlinkSync(file);
  return median(times);
}
