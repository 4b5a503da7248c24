import crypto = require('node:crypto');
import timersPromises = require('node:timers/promises');
import { AsyncLocalStorage } from 'node:async_hooks';

/** What code asks its process for when it asks for time or chance. */
export interface Surroundings {
  /** Wall clock of the process that runs now, in ms: may be wrong, may jump. */
  wallMs(): number;
  /** Monotonic clock in ms. */
  steadyMs(): number;
  /** Calls `work` after `ms`, again and again when `repeat`. The returned function calls it off. */
  timer(ms: number, work: () => void, repeat: boolean): () => void;
  /** Fills with bytes of the seed. */
  fill(bytes: Uint8Array): void;
}

let surroundings: Surroundings | null = null;

/** From here on this OS process lives in made-up time. */
export function enter(world: Surroundings): void {
  surroundings = world;
}

/** Back to real time. */
export function leave(): void {
  surroundings = null;
}

class Timer {
  constructor(readonly cancel: () => void) {}
  ref(): this {
    return this;
  }
  unref(): this {
    return this;
  }
  hasRef(): boolean {
    return true;
  }
}

type Callback = (...args: unknown[]) => void;

function takeDate(): void {
  const Real = Date;
  const now = (): number => (surroundings ? Math.floor(surroundings.wallMs()) : Real.now());
  function Pretended(this: unknown, ...args: unknown[]): unknown {
    if (!new.target) return new Real(now()).toString();
    return args.length === 0 ? new Real(now()) : Reflect.construct(Real, args);
  }
  Pretended.prototype = Real.prototype;
  globalThis.Date = Object.assign(Pretended, { now, parse: Real.parse, UTC: Real.UTC }) as unknown as DateConstructor;
}

function takeClocks(): void {
  const realNow = performance.now.bind(performance);
  Object.defineProperty(performance, 'now', {
    configurable: true,
    value: () => (surroundings ? surroundings.steadyMs() : realNow()),
  });
  const realTime = process.hrtime.bigint.bind(process.hrtime);
  process.hrtime.bigint = () => (surroundings ? BigInt(Math.round(surroundings.steadyMs() * 1e6)) : realTime());
}

function takeTimers(): void {
  const real = { setTimeout, setInterval, setImmediate, clearTimeout, clearInterval, clearImmediate };
  const pretended =
    (otherwise: (...args: never[]) => unknown, repeat: boolean) =>
    (work: Callback, ms = 0, ...args: unknown[]): unknown =>
      surroundings
        ? new Timer(surroundings.timer(ms, () => work(...args), repeat))
        : (otherwise as Callback)(work, ms, ...args);
  const cleared =
    (otherwise: (timer: never) => void) =>
    (timer: unknown): void => {
      if (timer instanceof Timer) timer.cancel();
      else (otherwise as (timer: unknown) => void)(timer);
    };
  Object.assign(globalThis, {
    setTimeout: Object.assign(pretended(real.setTimeout as never, false), real.setTimeout),
    setInterval: pretended(real.setInterval as never, true),
    setImmediate: Object.assign(
      (work: Callback, ...args: unknown[]): unknown =>
        surroundings
          ? new Timer(surroundings.timer(0, () => work(...args), false))
          : (real.setImmediate as Callback)(work, ...args),
      real.setImmediate,
    ),
    clearTimeout: cleared(real.clearTimeout as never),
    clearInterval: cleared(real.clearInterval as never),
    clearImmediate: cleared(real.clearImmediate as never),
  });
}

function takeSleep(): void {
  const real = timersPromises.setTimeout;
  const sleep = (ms = 0, value?: unknown, options: { signal?: AbortSignal } = {}): Promise<unknown> => {
    if (!surroundings) return real(ms, value, options);
    const { timer } = surroundings;
    // Nobody shuts down in an orderly way here, so a signal that may come is not waited for.
    return new Promise((resolve, reject) => {
      if (options.signal?.aborted) reject(options.signal.reason as Error);
      else timer.call(surroundings, ms, () => resolve(value), false);
    });
  };
  timersPromises.setTimeout = sleep as typeof timersPromises.setTimeout;
}

function takeChance(): void {
  const { randomBytes, randomFillSync, randomUUID } = crypto;
  const bytesOf = (count: number): Buffer => {
    const bytes = Buffer.alloc(count);
    surroundings!.fill(bytes);
    return bytes;
  };
  Object.assign(crypto, {
    randomBytes: (count: number) => (surroundings ? bytesOf(count) : randomBytes(count)),
    randomFillSync: (bytes: Uint8Array) => {
      if (!surroundings) return randomFillSync(bytes);
      surroundings.fill(bytes);
      return bytes;
    },
    randomUUID: () => {
      if (!surroundings) return randomUUID();
      const hex = bytesOf(16).toString('hex');
      return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20)}`;
    },
  });
}

const MOST_DIGESTS = 100_000;

/** An HMAC over one text, which may be known from an earlier seed. */
class RememberedHmac {
  private text: string | null = null;

  constructor(
    private readonly digests: Map<string, Buffer>,
    private readonly make: () => crypto.Hmac,
  ) {}

  update(data: crypto.BinaryLike, encoding?: crypto.Encoding): this | crypto.Hmac {
    if (typeof data === 'string' && this.text === null && (encoding === undefined || encoding === 'utf8')) {
      this.text = data;
      return this;
    }
    const real = this.make();
    if (this.text !== null) real.update(this.text);
    return typeof data === 'string' && encoding !== undefined ? real.update(data, encoding) : real.update(data);
  }

  digest(encoding?: crypto.BinaryToTextEncoding): Buffer | string {
    const text = this.text ?? '';
    let known = this.digests.get(text);
    if (known === undefined) {
      known = this.make().update(text).digest();
      if (this.digests.size >= MOST_DIGESTS) this.digests.clear();
      this.digests.set(text, known);
    }
    return encoding === undefined ? Buffer.from(known) : known.toString(encoding);
  }
}

/** The same few people, codes and bills come in every seed: what was computed of them once is known. */
function rememberDigests(): void {
  const { createHmac } = crypto;
  const known = new Map<string, WeakMap<object, Map<string, Buffer>>>();
  const digestsOf = (algorithm: string, key: object): Map<string, Buffer> => {
    const keys = known.get(algorithm) ?? new WeakMap<object, Map<string, Buffer>>();
    known.set(algorithm, keys);
    const digests = keys.get(key) ?? new Map<string, Buffer>();
    keys.set(key, digests);
    return digests;
  };
  Object.assign(crypto, {
    createHmac: (algorithm: string, key: crypto.BinaryLike | crypto.KeyObject) => {
      const make = (): crypto.Hmac => createHmac(algorithm, key);
      return typeof key === 'object' ? new RememberedHmac(digestsOf(algorithm, key), make) : make();
    },
  });
}

/** Correlation ids tie log lines together and nothing else; following them through every promise would cost more than the code itself. */
function dropCorrelation(): void {
  const prototype = AsyncLocalStorage.prototype as { run: unknown };
  prototype.run = (_store: unknown, work: (...args: unknown[]) => unknown, ...args: unknown[]): unknown =>
    work(...args);
}

/** Must happen before any library is loaded: from then on all of them ask us. Outside of `enter` everything is as before. */
takeDate();
takeClocks();
takeTimers();
takeSleep();
takeChance();
rememberDigests();
dropCorrelation();
