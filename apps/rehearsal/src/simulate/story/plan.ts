import type { Waits, PayoutChannelName } from '@app/config';
import { CODES_PER_LINE, LINES } from '../cluster/catalogue';
import { PROCESSES, WORKERS, type ProcessName } from '../cluster/cluster';
import type { DoorbellManners } from '../cluster/doorbell';
import { Chance } from '../time/chance';
import type { CourierManners } from '../wechat/courier';
import type { Manners } from '../wechat/platform';
import { TROUBLES, UNCLEAR, UNTAKEN, type Trouble } from '../wechat/wire';

/** Something that happens in a seed. Each can be left out, and the others stay as they are: that is how a failure shrinks. */
export type Element =
  | {
      readonly kind: 'shopper';
      readonly member: number;
      readonly line: number;
      readonly serial: number;
      readonly atMs: number;
      /** The same scan from so many requests at once. */
      readonly requests: number;
      /** Offers that are left to run out before one is taken. */
      readonly ignores: number;
      readonly tapsTwice: boolean;
      /** Asks to ask WeChat; without it nobody but the workers does. */
      readonly refreshes: boolean;
    }
  | {
      readonly kind: 'weather';
      readonly trouble: Trouble;
      readonly rate: number;
      readonly atMs: number;
      readonly forMs: number;
    }
  | {
      /** At first nobody can tell whether anything arrives, then nothing is taken. */
      readonly kind: 'storm';
      readonly unclear: Trouble;
      readonly untaken: Trouble;
      readonly rate: number;
      readonly atMs: number;
      readonly forMs: number;
    }
  /** Whoever sends the request of this number dies, or stands still, while it is under way. */
  | { readonly kind: 'cut'; readonly how: 'kill' | 'stop'; readonly request: number; readonly ms: number }
  | { readonly kind: 'kill'; readonly process: ProcessName; readonly atStep: number; readonly downMs: number }
  | { readonly kind: 'stop'; readonly process: ProcessName; readonly atMs: number; readonly forMs: number }
  | { readonly kind: 'slow'; readonly process: ProcessName; readonly rate: number; readonly mostMs: number }
  | { readonly kind: 'clock'; readonly process: ProcessName; readonly atMs: number; readonly jumpMs: number }
  | { readonly kind: 'deadlocks' | 'lost commits' | 'lost statements'; readonly rate: number }
  | { readonly kind: 'flush'; readonly atMs: number }
  | { readonly kind: 'redis down' | 'balance empty' | 'door shut'; readonly atMs: number; readonly forMs: number }
  | {
      readonly kind: 'wrong letters';
      readonly field: 'amount' | 'person' | 'merchant' | 'signature';
      readonly rate: number;
    }
  /** WeChat's answer to a question names another amount or another person than the bill's own. */
  | {
      readonly kind: 'wrong answers';
      readonly field: 'amount' | 'person';
      readonly rate: number;
      readonly atMs: number;
      readonly forMs: number;
    }
  /** Answers of WeChat come in bunches: whatever is due within a while arrives together. */
  | { readonly kind: 'bunches'; readonly everyMs: number }
  | { readonly kind: 'contradiction'; readonly rate: number }
  | { readonly kind: 'stray jobs'; readonly atMs: number }
  | { readonly kind: 'restore'; readonly backupAtMs: number; readonly atMs: number };
export type ElementKind = Element['kind'];

export interface Plan {
  readonly waits: Partial<Waits>;
  readonly channel: PayoutChannelName;
  readonly merchants: number;
  readonly manners: Manners;
  readonly courier: CourierManners;
  readonly doorbell: DoorbellManners;
  /** No packet travels for longer. */
  readonly longestPacketMs: number;
  readonly elements: readonly Element[];
}

export const MEMBERS = 3;
/** Troubles happen until then; afterwards everything must come to its end. */
export const ACTIVE_MS = 40_000;
const LATEST_MS = 25_000;
const MOST_FAULTS = 6;
/** So many bottles are opened at one table. */
const PARTY = 6;

/** When people are told of a bill that stays unknown, and when it is left to them. */
const SOON_TO_PEOPLE = { escalateAfterMs: 12_000, hardStopMs: 25_000 };
const LATE_TO_PEOPLE = { escalateAfterMs: 3_600_000, hardStopMs: 7_200_000 };

type Maker = (chance: Chance, plan: { readonly leaseMs: number }) => Element;

const at = (chance: Chance): number => Math.round(chance.next() * LATEST_MS);
const spell = (chance: Chance): number => Math.round(chance.span(1_000, 20_000));

/** Fault and how often it is chosen, compared with the others. */
const FAULTS: readonly (readonly [number, Maker])[] = [
  [
    8,
    (c) => ({ kind: 'weather', trouble: c.pick(TROUBLES), rate: c.pick([0.1, 0.3, 0.7]), atMs: 0, forMs: ACTIVE_MS }),
  ],
  [4, (c) => ({ kind: 'weather', trouble: c.pick(TROUBLES), rate: 1, atMs: at(c), forMs: spell(c) })],
  [
    3,
    (c) => ({
      kind: 'storm',
      unclear: c.pick(UNCLEAR),
      untaken: c.pick(UNTAKEN),
      rate: 0.45,
      atMs: 0,
      forMs: ACTIVE_MS,
    }),
  ],
  [
    4,
    (c, { leaseMs }) => ({
      kind: 'cut',
      how: c.pick(['kill', 'kill', 'stop']),
      request: c.whole(1, 5),
      ms: Math.round(leaseMs * c.span(0.3, 2.5)),
    }),
  ],
  [
    4,
    (c) => ({
      kind: 'kill',
      process: c.pick(PROCESSES),
      atStep: c.whole(20, 600),
      downMs: Math.round(c.span(50, 8_000)),
    }),
  ],
  [
    4,
    (c) => ({
      kind: 'kill',
      process: c.pick(WORKERS),
      atStep: c.whole(20, 400),
      downMs: Math.round(c.span(50, 25_000)),
    }),
  ],
  [
    4,
    (c, { leaseMs }) => ({
      kind: 'stop',
      process: c.pick(WORKERS),
      atMs: at(c),
      forMs: Math.round(leaseMs * c.span(0.5, 2.5)),
    }),
  ],
  [
    3,
    (c, { leaseMs }) => ({
      kind: 'slow',
      process: c.pick(PROCESSES),
      rate: c.pick([0.01, 0.05]),
      mostMs: leaseMs * 1.6,
    }),
  ],
  [
    1,
    (c) => ({
      kind: 'clock',
      process: c.pick(PROCESSES),
      atMs: at(c),
      jumpMs: c.pick([-86_400_000, -3_600_000, 3_600_000, 86_400_000]),
    }),
  ],
  [3, (c) => ({ kind: 'deadlocks', rate: c.pick([0.01, 0.05]) })],
  [3, (c) => ({ kind: 'lost commits', rate: c.pick([0.02, 0.1]) })],
  [2, (c) => ({ kind: 'lost statements', rate: c.pick([0.005, 0.03]) })],
  [2, (c) => ({ kind: 'flush', atMs: at(c) })],
  [2, (c) => ({ kind: 'redis down', atMs: at(c), forMs: spell(c) })],
  [2, (c) => ({ kind: 'balance empty', atMs: at(c), forMs: spell(c) })],
  [1, (c) => ({ kind: 'door shut', atMs: at(c), forMs: spell(c) })],
  [2, (c) => ({ kind: 'wrong letters', field: c.pick(['amount', 'person', 'merchant', 'signature']), rate: 0.5 })],
  [
    2,
    (c) => ({
      kind: 'wrong answers',
      field: c.pick(['amount', 'person']),
      rate: c.pick([0.5, 1]),
      atMs: at(c) / 2,
      forMs: spell(c),
    }),
  ],
  [1, (c) => ({ kind: 'bunches', everyMs: c.pick([200, 800]) })],
  [3, () => ({ kind: 'contradiction', rate: 0.7 })],
  [1, (c) => ({ kind: 'stray jobs', atMs: at(c) })],
  [2, restore],
];
const ALL_WEIGHTS = FAULTS.reduce((sum, [weight]) => sum + weight, 0);

function restore(chance: Chance): Element {
  const backupAtMs = Math.round(chance.next() * 18_000);
  return { kind: 'restore', backupAtMs, atMs: backupAtMs + Math.round(chance.span(500, 20_000)) };
}

/** Everything that a seed decides beforehand. */
export function planOf(seed: number): Plan {
  const chance = new Chance(seed, 3);
  const payoutLeaseMs = chance.whole(4_500, 8_000);
  const resendAfterMs = chance.whole(6_000, 12_000);
  // Many at once whose money only a question finds: then results come in groups.
  const party = chance.happens(0.03);
  return {
    waits: {
      outboxPollMs: chance.whole(5_000, 15_000),
      outboxRedeliverMs: chance.whole(6_000, 12_000),
      payoutLeaseMs,
      wechatTimeoutMs: Math.round(payoutLeaseMs * chance.pick([0.3, 0.6])),
      queryLadderMs: [1_000, 2_500, 5_000],
      resendAfterMs,
      retryMs: [1_500, 6_000],
      reconcileEveryMs: chance.whole(7_000, 14_000),
      ...chance.pick([SOON_TO_PEOPLE, LATE_TO_PEOPLE, LATE_TO_PEOPLE]),
    },
    channel: chance.happens(0.2) ? 'redpack_v2' : 'transfer_confirm_v3',
    merchants: chance.pick([1, 1, 2]),
    manners: {
      confirmWithinMs: chance.whole(10_000, 25_000),
      closingLagMs: chance.pick([0, 5_000]),
      lagMs: chance.pick([0, 0, 500, resendAfterMs * 0.4]),
      workMs: chance.pick([5, 50, 3_000]),
      readyAtOnce: chance.pick([1, 1, 0.5]),
      packageAgain: chance.pick([0, 0.5, 1]),
      failsAfterConfirm: chance.pick([0, 0, 0.3]),
    },
    courier: {
      lost: party ? 1 : chance.pick([0, 0, 0.5, 1]),
      repeated: chance.pick([0, 0.3]),
      slowMs: chance.pick([50, 3_000, 15_000]),
    },
    doorbell: { twice: chance.pick([0, 0.2]), lost: chance.pick([0, 0.2]), slowMs: chance.pick([5, 2_000]) },
    longestPacketMs: resendAfterMs * 0.5,
    elements: [
      ...(party ? guests(seed, chance) : shoppers(seed, chance)),
      ...faults(seed, chance, payoutLeaseMs),
      ...(party ? [{ kind: 'bunches', everyMs: 800 } as const] : []),
    ],
  };
}

function shoppers(seed: number, plan: Chance): Element[] {
  const codes = plan.pick([1, 1, 1, 1, 2, 3]);
  // Everybody at once for what there is not enough of: within some ms, or so close that they share a commit.
  const crowd = plan.happens(0.4)
    ? { line: plan.whole(0, LINES.length - 1), atMs: plan.next() * 3_000, withinMs: plan.pick([0, 5]) }
    : null;
  const people: Element[] = [];
  for (let code = 0; code < codes; code++) {
    const chance = new Chance(seed, 100 + code);
    const own = chance.whole(0, LINES.length - 1);
    const line = crowd?.line ?? own;
    const serial = chance.whole(0, CODES_PER_LINE - 1);
    const rivals = chance.pick([1, 1, 1, 2]);
    const first = chance.whole(0, MEMBERS - 1);
    for (let rival = 0; rival < rivals; rival++) {
      people.push({
        kind: 'shopper',
        member: (first + rival) % MEMBERS,
        line,
        serial,
        atMs: crowd
          ? crowd.atMs + chance.next() * crowd.withinMs
          : Math.round(chance.next() * 6_000 * (rival === 0 ? 1 : 0.1)),
        requests: chance.pick([1, 1, 2]),
        ignores: chance.pick([0, 0, 0, 1]),
        tapsTwice: chance.happens(0.3),
        refreshes: chance.happens(0.4),
      });
    }
  }
  return people;
}

/** One table, one round: everybody scans and collects at about the same time. */
function guests(seed: number, plan: Chance): Element[] {
  const atMs = plan.next() * 3_000;
  return Array.from({ length: PARTY }, (_, serial) => {
    const chance = new Chance(seed, 100 + serial);
    return {
      ...{ kind: 'shopper', member: serial % MEMBERS, line: 0, serial, atMs, requests: 1, ignores: 0 },
      ...{ tapsTwice: false, refreshes: chance.happens(0.2) },
    };
  });
}

function faults(seed: number, plan: Chance, leaseMs: number): Element[] {
  const count = plan.pick([0, 1, 1, 2, 2, 3, 3, 4, MOST_FAULTS]);
  return Array.from({ length: count }, (_, at) => {
    const chance = new Chance(seed, 200 + at);
    return chosen(chance)(chance, { leaseMs });
  });
}

function chosen(chance: Chance): Maker {
  let roll = chance.next() * ALL_WEIGHTS;
  return FAULTS.find(([weight]) => (roll -= weight) < 0)![1];
}
