import type { BenchSystem } from './bench-system';
import { Scanner } from './core-suite';
import { closedLoop, compare, type Row } from './measure';
import { serverPids } from './processes';

const CONCURRENCY = 128;

/**
 * What one budget that every scan draws on costs: the same campaign with red packets out of it, and with goods, which need no money. Both
 * write the same rows of claims, awards, counters and scans; with money come the remainder read, the journal, its legs and the one row
 * that all groups queue for.
 */
export async function budgetSuite(system: BenchSystem, rounds: number, quick: boolean): Promise<Row[]> {
  const scanner = await Scanner.open(system);
  const forMs = quick ? 1_000 : 2_500;
  const side = (prize: 'cash' | 'goods') => async (): Promise<number> => {
    await system.publish(prize);
    // The first group meets the new version and decides twice: outside the measurement.
    await scanner.scan();
    return closedLoop(CONCURRENCY, forMs, () => scanner.scan());
  };
  const row = await compare({
    ...{ suite: 'budget', what: `scan core, c=${CONCURRENCY}`, rounds, ours: serverPids },
    ...{ goal: 'a shared budget costs ≤ 10 %', floor: '0.90x', aim: '1.00x' },
    a: { name: 'red packets from one shared budget', sample: side('cash') },
    b: { name: 'the same campaign, goods instead of money', sample: side('goods') },
  });
  await scanner.assertBooks();
  await system.publish('cash');
  return [row];
}
