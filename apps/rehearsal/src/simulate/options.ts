import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';

export interface Options {
  readonly what: 'seeds' | 'one' | 'mutants' | 'test';
  readonly from: number;
  readonly seeds: number;
  readonly mutant: string | null;
  readonly reconciles: boolean;
  readonly without: readonly number[];
  readonly trace: boolean;
  readonly minutes: number | null;
  /** Processes at a time. */
  readonly jobs: number;
  /** Where the list of what was proven goes; of mutants what stands there already is not tried again. */
  readonly report: string | null;
}

export const USAGE = `npm run simulate -- [--seeds 1000 [--from 1] [--minutes N] | --seed N [--without 1,2] [--trace] | --mutants [--report FILE]]
  [--mutant NAME] [--no-reconciler] [--jobs N]`;

const MOST_SEEDS = 1_000_000_000;
/** What `npm test` plays: the goal is to have them in three minutes of two cores. */
export const TEST_SEEDS = 20_000;

/** Throws an Error with words for the person at the terminal. */
export function readOptions(argv: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      seeds: { type: 'string', default: '1000' },
      from: { type: 'string', default: '1' },
      seed: { type: 'string' },
      without: { type: 'string', default: '' },
      trace: { type: 'boolean', default: false },
      minutes: { type: 'string' },
      mutant: { type: 'string' },
      mutants: { type: 'boolean', default: false },
      test: { type: 'boolean', default: false },
      'no-reconciler': { type: 'boolean', default: false },
      jobs: { type: 'string', default: String(Math.min(availableParallelism(), 8)) },
      report: { type: 'string' },
    },
  });
  const one = values.seed !== undefined;
  return {
    what: values.test ? 'test' : values.mutants ? 'mutants' : one ? 'one' : 'seeds',
    from: whole('--seed', values.seed ?? values.from, 0, 2 ** 48),
    seeds: one ? 1 : whole('--seeds', values.seeds, 1, MOST_SEEDS),
    mutant: values.mutant ?? null,
    reconciles: !values['no-reconciler'],
    without: values.without === '' ? [] : values.without.split(',').map((text) => whole('--without', text, 0, 1_000)),
    trace: values.trace,
    minutes: values.minutes === undefined ? null : whole('--minutes', values.minutes, 1, 100_000),
    jobs: whole('--jobs', values.jobs, 1, 64),
    report: values.report ?? null,
  };
}

function whole(name: string, text: string, least: number, most: number): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= least && value <= most) return value;
  throw new Error(`${name} must be a whole number from ${least} to ${most}\n${USAGE}`);
}
