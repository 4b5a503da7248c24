import { parseArgs } from 'node:util';
import type { MenuName } from './chaos';

export interface Options {
  readonly shoppers: number;
  readonly seed: number;
  /** What is killed or stopped while people scan; null = nothing. */
  readonly chaos: MenuName | null;
  /** Arrivals are spread over so many minutes; 0 = as fast as the shoppers at once allow. */
  readonly minutes: number;
  /** Shoppers that are busy at the same time. */
  readonly atOnce: number;
  /** Share of requests to the stand-in that meet trouble. */
  readonly faultPercent: number;
  /** Where the figures of the run are written as JSON; null = nowhere. */
  readonly resultFile: string | null;
  /** How long open payouts may take to end once the faults are over. */
  readonly quietWithinS: number;
  readonly places: Places;
  /** Operators of headquarters to begin with, an owner first; a second one is made when there is only one. */
  readonly logins: readonly { readonly login: string; readonly password: string }[];
}

/** Where everything is. */
export interface Places {
  readonly home: string;
  readonly sandboxOpen: string;
  readonly sandboxAdmin: string;
  readonly sandboxToken: string;
  readonly redisUrl: string | null;
  /** JSON with the pid of each process under `children`; needed for chaos. */
  readonly runFile: string | null;
  /** Answer 200 when a process may serve; needed for chaos. */
  readonly readyUrls: readonly string[];
}

export const USAGE = `npm run rehearse -- [--shoppers 500] [--seed 1] [--minutes 0] [--chaos | --storm] [--faults 20] [--at-once 150]
  [--url http://127.0.0.1:8080] [--login name:password]`;

/** Throws an Error with words for the person at the terminal. */
export function readOptions(argv: readonly string[], env: NodeJS.ProcessEnv): Options {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      shoppers: { type: 'string', default: '500' },
      seed: { type: 'string', default: '1' },
      minutes: { type: 'string', default: '0' },
      chaos: { type: 'boolean', default: false },
      storm: { type: 'boolean', default: false },
      faults: { type: 'string', default: '20' },
      'at-once': { type: 'string', default: '150' },
      'quiet-within': { type: 'string', default: '300' },
      result: { type: 'string' },
      url: { type: 'string' },
      login: { type: 'string', multiple: true, default: [] },
    },
  });
  const runFile = env.RUN_FILE ?? null;
  const readyUrls = [env.API_INTERNAL_URL, env.WORKER_INTERNAL_URL].flatMap((url) => (url ? [`${url}/readyz`] : []));
  const chaos = values.storm ? 'storm' : values.chaos ? 'chaos' : null;
  if (chaos !== null && (runFile === null || !env.REDIS_URL || readyUrls.length < 2))
    throw new Error(`--${chaos} needs a private system: leave out --url`);
  return {
    shoppers: whole('--shoppers', values.shoppers, 1, 100_000),
    seed: whole('--seed', values.seed, 0, 2 ** 31),
    minutes: whole('--minutes', values.minutes, 0, 600),
    chaos,
    atOnce: whole('--at-once', values['at-once'], 1, 2_000),
    faultPercent: whole('--faults', values.faults, 0, 60),
    resultFile: values.result ?? null,
    quietWithinS: whole('--quiet-within', values['quiet-within'], 1, 3_600),
    places: {
      home: (values.url ?? needed(env, 'PUBLIC_URL')).replace(/\/$/, ''),
      sandboxOpen: needed(env, 'SANDBOX_OPEN_URL'),
      sandboxAdmin: needed(env, 'SANDBOX_ADMIN_URL'),
      sandboxToken: needed(env, 'SANDBOX_ADMIN_TOKEN'),
      redisUrl: env.REDIS_URL ?? null,
      runFile,
      readyUrls,
    },
    logins: readLogins(values.login, env.DEMO_REPORT),
  };
}

function readLogins(given: readonly string[], report: string | undefined): Options['logins'] {
  if (given.length > 0) {
    return given.map((text) => {
      const at = text.indexOf(':');
      if (at < 1) throw new Error('--login takes name:password');
      return { login: text.slice(0, at), password: text.slice(at + 1) };
    });
  }
  const { logins = [] } = JSON.parse(report ?? '{}') as {
    logins?: { login: string; password: string; role: string }[];
  };
  // The owner first: who creates a second person for headquarters must be one.
  const hq = ['owner', 'approver'].flatMap((wanted) => logins.filter(({ role }) => role === wanted));
  if (hq.length === 0) throw new Error('No operator of headquarters is known: give one with --login name:password');
  return hq;
}

function whole(name: string, text: string, least: number, most: number): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= least && value <= most) return value;
  throw new Error(`${name} must be a whole number from ${least} to ${most}\n${USAGE}`);
}

function needed(env: NodeJS.ProcessEnv, name: string): string {
  const value = env[name];
  if (!value) throw new Error(`${name} is not set: the rehearsal is started by npm run rehearse`);
  return value.replace(/\/$/, '');
}
