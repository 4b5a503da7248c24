import type { WireReply } from '@app/wechat';
import type { Chance } from '../time/chance';
import type { Schedule } from '../time/schedule';

/** Troubles on the way to WeChat and back, each with its probability per exchange. */
export interface Weather {
  /** The connection is refused: provably nothing was sent. */
  readonly notSent: number;
  /** The request is lost on its way. */
  readonly lostRequest: number;
  /** It arrives, the answer is lost. */
  readonly lostReply: number;
  /** It arrives after the caller has given up. */
  readonly late: number;
  /** It arrives twice, the second time later. */
  readonly twice: number;
  /** The connection breaks after WeChat has taken it. */
  readonly reset: number;
  /** An answer that nobody can read, or that nobody can say WeChat wrote. */
  readonly garbled: number;
  readonly unverified: number;
  /** SYSTEM_ERROR, with or without the request having been taken. */
  readonly busyUntaken: number;
  readonly busyTaken: number;
  /** Refused because of the rate. */
  readonly tooFast: number;
  /** A code that nobody has seen before, after the request was taken. */
  readonly unlisted: number;
  /** A gateway page instead of an answer. */
  readonly badGateway: number;
}
export type Trouble = keyof Weather;

/** Troubles after which nobody knows whether a request was taken, and such after which it certainly was not. */
export const UNCLEAR: readonly Trouble[] = ['lostRequest', 'lostReply', 'late', 'reset'];
export const UNTAKEN: readonly Trouble[] = ['notSent', 'tooFast'];
export const TROUBLES: readonly Trouble[] = [
  ...(['notSent', 'lostRequest', 'lostReply', 'late', 'twice', 'reset', 'garbled', 'unverified'] as const),
  ...(['busyUntaken', 'busyTaken', 'tooFast', 'unlisted', 'badGateway'] as const),
];

/** Error words of a channel: v3 and v2 spell them differently. */
export interface ErrorWords {
  readonly busy: string;
  readonly tooFast: string;
}

export interface WireLimits {
  readonly timeoutMs: number;
  /** No packet is under way for longer. */
  readonly longestMs: number;
}

/** The network between a worker and WeChat. Packets travel on when their sender is dead. */
export class Wire {
  private readonly rates = new Map<Trouble, number>();
  /** Requests that have not arrived yet. */
  underWay = 0;
  /** What arrives just now is the second copy of a request: its sender knows nothing of it. */
  copy = false;
  /** Answers arrive together, each at the next whole multiple of so many ms; 0 = each when it comes. */
  bunchMs = 0;
  /** Called when a request leaves; `no` counts them. */
  leaves: (process: string, no: number) => void = () => undefined;
  private sent = 0;

  constructor(
    private readonly schedule: Schedule,
    private readonly chance: Chance,
    private readonly limits: () => WireLimits,
  ) {}

  /** Adds to the weather; negative numbers take away again. */
  change(trouble: Trouble, by: number): void {
    this.rates.set(trouble, (this.rates.get(trouble) ?? 0) + by);
  }

  calm(): void {
    this.rates.clear();
    this.bunchMs = 0;
  }

  async exchange(process: string, act: string, words: ErrorWords, effect: () => WireReply): Promise<WireReply> {
    const { timeoutMs } = this.limits();
    const parked = this.schedule.park(process, `wechat ${act}`, timeoutMs);
    let reply: WireReply | null = null;
    const answer = (come: WireReply): void => {
      this.schedule.later(this.wayBack(), () => {
        reply ??= come;
        parked.wake();
      });
    };
    this.send(words, effect, answer);
    this.leaves(process, ++this.sent);
    await parked.done;
    return reply ?? silence('timeout', false);
  }

  private send(words: ErrorWords, effect: () => WireReply, answer: (come: WireReply) => void): void {
    const trouble = this.trouble();
    const arrive = (then: (come: WireReply) => void, ms = this.travel()): void => {
      this.underWay++;
      this.schedule.later(ms, () => {
        this.underWay--;
        then(effect());
      });
    };
    switch (trouble) {
      case 'notSent':
        return answer(silence('refused', true));
      case 'lostRequest':
        return;
      case 'lostReply':
        return arrive(() => undefined);
      case 'late':
        return arrive(answer, this.lateness());
      case 'twice':
        arrive(answer);
        return this.again(effect);
      case 'busyUntaken':
        return answer(failure(500, words.busy));
      case 'tooFast':
        return answer(failure(429, words.tooFast));
      case null:
        return arrive(answer);
      default:
        return arrive(() => answer(AFTER[trouble](words)));
    }
  }

  private again(effect: () => WireReply): void {
    this.underWay++;
    this.schedule.later(this.lateness(), () => {
      this.underWay--;
      this.copy = true;
      effect();
      this.copy = false;
    });
  }

  private trouble(): Trouble | null {
    let roll = this.chance.next();
    for (const [trouble, rate] of this.rates) {
      if (roll < rate) return trouble;
      roll -= Math.max(0, rate);
    }
    return null;
  }

  private wayBack(): number {
    const ms = this.travel();
    if (this.bunchMs === 0) return ms;
    const now = this.schedule.now();
    return Math.ceil((now + ms) / this.bunchMs) * this.bunchMs - now;
  }

  private travel(): number {
    return this.chance.span(2, 120);
  }

  private lateness(): number {
    const { timeoutMs, longestMs } = this.limits();
    return this.chance.span(timeoutMs * 0.5, longestMs);
  }
}

type Taken = Exclude<Trouble, 'notSent' | 'lostRequest' | 'lostReply' | 'late' | 'twice' | 'busyUntaken' | 'tooFast'>;

/** What is answered although the request was taken. */
const AFTER: Readonly<Record<Taken, (words: ErrorWords) => WireReply>> = {
  reset: () => silence('reset', false),
  garbled: () => silence('unreadable', false),
  unverified: () => silence('unverified', false),
  busyTaken: ({ busy }) => failure(500, busy),
  unlisted: () => failure(400, 'NEVER_SEEN_BEFORE'),
  badGateway: () => silence('unreadable', false),
};

export function silence(cause: Extract<WireReply, { noReply: true }>['cause'], provablyNotSent: boolean): WireReply {
  return { noReply: true, cause, provablyNotSent, raw: cause };
}

export function failure(httpStatus: number, code: string): WireReply {
  return { noReply: false, httpStatus, code, body: { code, message: code }, raw: `${httpStatus} ${code}` };
}

export function success(body: Readonly<Record<string, unknown>>): WireReply {
  return { noReply: false, httpStatus: 200, code: null, body, raw: `200 ${String(body.state ?? body.status ?? '')}` };
}
