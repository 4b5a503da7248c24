import 'reflect-metadata';
import './time/take-over';
import './mutants/install';
import { Cluster } from './cluster/cluster';
import type { Failure, Order, Report } from './orders';
import { AS_USUAL, playSeed, type Played, type PlayOptions } from './play-seed';
import { shrink } from './shrink';
import { makeFixture } from './story/fixture';

const TELL_EVERY = 100;

/** Entry of a process that plays seeds: its order is its first argument, its reports go to the parent. */
async function main(): Promise<void> {
  const order = JSON.parse(process.argv[2] ?? '{}') as Order;
  const startedAt = performance.now();
  const cluster = await Cluster.build();
  const fixture = await makeFixture(cluster);
  const options: PlayOptions = {
    ...AS_USUAL,
    reconciles: order.reconciles,
    without: new Set(order.without),
    ...(order.trace ? { tell: (line: string) => process.stdout.write(`${line}\n`) } : {}),
  };
  let steps = 0;
  let seeds = 0;
  let trace = '';
  for (let no = 0; no < order.count; no++) {
    if (order.withinMs !== null && performance.now() - startedAt > order.withinMs) break;
    const seed = order.from + no * order.step;
    const played = await playSeed(cluster, fixture, seed, options);
    seeds++;
    steps += played.steps;
    trace = played.trace;
    if (played.violation) {
      tell({ kind: 'failure', failure: await failureOf(played, order, options, cluster, fixture) });
      break;
    }
    if (seeds % TELL_EVERY === 0) {
      tell({ kind: 'progress', seeds, steps });
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
  tell({ kind: 'end', seeds, steps, trace });
}

type Fixture = Awaited<ReturnType<typeof makeFixture>>;

async function failureOf(
  played: Played,
  order: Order,
  options: PlayOptions,
  cluster: Cluster,
  fixture: Fixture,
): Promise<Failure> {
  const { seed } = played;
  const whole = order.untilFound || order.without.length > 0;
  const smallest = whole
    ? { ...played, without: order.without }
    : await shrink(played, (without) => playSeed(cluster, fixture, seed, { reconciles: options.reconciles, without }));
  const left = smallest.plan.elements.filter((_, no) => !smallest.without.includes(no));
  const { invariant, detail } = smallest.violation!;
  return { seed, invariant, detail, without: smallest.without, elements: left.map((one) => JSON.stringify(one)) };
}

function tell(report: Report): void {
  if (process.send) process.send(report);
  else process.stdout.write(`${JSON.stringify(report)}\n`);
}

main().then(
  () => process.disconnect?.(),
  (error: unknown) => {
    process.stderr.write(`simulator: ${error instanceof Error ? error.stack : String(error)}\n`);
    process.exitCode = 1;
    process.disconnect?.();
  },
);
