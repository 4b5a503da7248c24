import type { Cluster } from './cluster/cluster';
import { finalRules } from './invariants/final-rules';
import { rulesWithoutReconciler } from './invariants/queue-rules';
import type { Violation } from './invariants/verdict';
import { arrange, calm } from './story/events';
import type { Fixture } from './story/fixture';
import { ACTIVE_MS, planOf, type Plan } from './story/plan';
import { World } from './story/world';
import { NoEnd } from './time/schedule';
import { enter, leave } from './time/take-over';

export interface PlayOptions {
  /** `ReconcilePayouts` runs in the workers; without it payouts are driven by the queue's jobs, WeChat's letters and people alone. */
  readonly reconciles: boolean;
  /** Places of elements of the plan that are left out. */
  readonly without: ReadonlySet<number>;
  /** Gets every step. */
  readonly tell?: (line: string) => void;
}

export interface Played {
  readonly seed: number;
  readonly violation: Violation | null;
  /** Equal for equal seeds. */
  readonly trace: string;
  readonly steps: number;
  readonly plan: Plan;
}

export const AS_USUAL: PlayOptions = { reconciles: true, without: new Set() };

/** Nothing takes longer than this once the troubles are over. */
const DRAIN_MS = 600_000;
/** Without a reconciler some prizes never come: so long after the troubles their owners go home. */
const HOME_AFTER_MS = 60_000;
const LOOK_EVERY_MS = 1_000;

/** One seed from its first scan to its last fen. */
export async function playSeed(
  cluster: Cluster,
  fixture: Fixture,
  seed: number,
  options: PlayOptions,
): Promise<Played> {
  const plan = planOf(seed);
  const world = new World(cluster, fixture, plan, { seed, reconciles: options.reconciles });
  const { schedule, verdict } = world;
  schedule.tell = options.tell ?? null;
  enter(schedule);
  try {
    world.begin();
    plan.elements.forEach((element, no) => {
      if (!options.without.has(no)) arrange(world, element, no, seed);
    });
    schedule.later(ACTIVE_MS, () => calm(world));
    schedule.later(ACTIVE_MS + DRAIN_MS, () => schedule.end());
    if (!options.reconciles) schedule.later(ACTIVE_MS + HOME_AFTER_MS, () => world.goHome());
    const look = (): void => {
      if (options.reconciles ? world.quiet : world.still) schedule.end();
      else schedule.later(LOOK_EVERY_MS, look);
    };
    schedule.later(LOOK_EVERY_MS, look);
    await schedule.run();
    if (!verdict.violation) (options.reconciles ? finalRules : rulesWithoutReconciler)(world);
  } catch (error) {
    verdict.fail(
      error instanceof NoEnd ? 'I32' : 'simulator',
      error instanceof Error ? (error.stack ?? error.message) : String(error),
    );
  } finally {
    leave();
    cluster.database.onCommit = null;
  }
  return { seed, violation: verdict.violation, trace: schedule.trace, steps: schedule.steps, plan };
}
