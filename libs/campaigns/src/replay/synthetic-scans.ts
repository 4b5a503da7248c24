import { Defect } from '@app/kernel';
import type { Trust } from '../document/campaign-content';
import { ChunkBuilder } from './chunk-builder';
import { CHUNK_ROWS, type ItemFacts, type PersonFacts, type RecordedScan, type ScanChunk } from './scan-chunk';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const SHANGHAI_OFFSET_MS = 8 * HOUR_MS;

/** How the scans of a brand without history are made up. The same shape and seed always give the same scans. */
export interface SyntheticShape {
  readonly seed: number;
  readonly scans: number;
  /** The first Shanghai day, `YYYY-MM-DD`, and how many. */
  readonly firstDay: string;
  readonly days: number;
  /** Members; the average one scans `scans / people` times, a few scan far more often than most. */
  readonly people: number;
  /** Share of scans, 0 … 1, that repeat a code scanned lately. */
  readonly repeatShare: number;
  /** Share of members who bound a phone. */
  readonly phoneShare: number;
  /** Adcodes of cities or provinces with their weights; the rest of the weight up to 1 is unknown places when they add up to less. */
  readonly regions: readonly { readonly adcode: number; readonly weight: number }[];
  /** What is sold, with weights, and from which batch and layer its codes are. */
  readonly items: readonly {
    readonly product: number;
    readonly productLine: string;
    readonly batch: number;
    readonly layer: number;
    readonly quantity: number;
    readonly weight: number;
  }[];
}

/** Scans by hour of the Shanghai day: a little at noon, most in the evening, as with drinks. */
const HOURS = [2, 1, 1, 0, 0, 0, 1, 2, 3, 4, 5, 8, 10, 7, 5, 5, 6, 9, 13, 16, 17, 14, 9, 5];
const TIERS = ['regular', 'regular', 'regular', 'regular', 'gold'] as const;
const REMEMBERED = 512;

/** Made-up scans in the order of time, as chunks. Throws Defect for a shape that has no people, days or goods. */
export function* syntheticScans(shape: SyntheticShape): Generator<ScanChunk> {
  if (shape.days < 1 || shape.people < 1 || shape.items.length === 0)
    throw new Defect('a shape without days, people or goods');
  const maker = new Maker(shape);
  let builder = new ChunkBuilder(CHUNK_ROWS);
  for (let made = 0; made < shape.scans; made++) {
    if (builder.full) {
      yield builder.build();
      builder = new ChunkBuilder(CHUNK_ROWS);
    }
    builder.add(maker.next(made));
  }
  if (builder.size > 0) yield builder.build();
}

class Maker {
  private readonly random: () => number;
  private readonly hours = picker(HOURS);
  private readonly items: () => number;
  private readonly regions: () => number;
  private readonly sold: number[];
  private readonly lately: { item: number; serial: number }[] = [];
  private readonly facts: readonly ItemFacts[];
  private readonly persons: readonly PersonFacts[];
  private readonly first: number;

  constructor(private readonly shape: SyntheticShape) {
    this.random = mulberry32(shape.seed);
    const placed = shape.regions.reduce((sum, { weight }) => sum + weight, 0);
    const regions = [...shape.regions.map(({ weight }) => weight), Math.max(0, 1 - placed)];
    const pickItem = picker(shape.items.map(({ weight }) => weight));
    this.items = () => pickItem(this.random());
    const pickRegion = picker(regions);
    this.regions = () => pickRegion(this.random());
    this.sold = shape.items.map(() => 0);
    this.facts = shape.items.map(({ product, productLine }) => ({
      product,
      productLine,
      lot: null,
      shippedTo: { distributor: null, store: null },
    }));
    this.persons = TIERS.flatMap((tier) => [true, false].map((phoneBound) => person(tier, phoneBound)));
    this.first = Date.parse(`${shape.firstDay}T00:00:00.000Z`) - SHANGHAI_OFFSET_MS;
  }

  next(made: number): RecordedScan {
    const { shape, random } = this;
    const member = this.someone();
    const { item, serial } = this.code();
    const adcode = shape.regions[this.regions()]?.adcode ?? null;
    const kind = shape.items[item]!;
    return {
      at: this.timeOf(made),
      member,
      code: { batch: kind.batch, layer: kind.layer, serial },
      item: this.facts[item]!,
      region: { adcode, trust: trustOf(adcode, random()), accuracyM: 30 },
      person: this.persons[personOf(member, shape.phoneShare)]!,
      standing: null,
      held: false,
      firstQuery: true,
      withoutLocation: random() < 0.3,
      real: { counted: false, won: false, campaignId: null, amountFen: 0 },
    };
  }

  /** The square of an even draw: the first tenth of the people make a third of the scans. */
  private someone(): number {
    return 1 + Math.floor(this.random() ** 2 * this.shape.people);
  }

  private code(): { item: number; serial: number } {
    const { lately, random, shape } = this;
    if (lately.length > 0 && random() < shape.repeatShare) return lately[Math.floor(random() * lately.length)]!;
    const item = this.items();
    const serial = this.sold[item]!++ % shape.items[item]!.quantity;
    const code = { item, serial };
    if (lately.length < REMEMBERED) lately.push(code);
    else lately[Math.floor(random() * REMEMBERED)] = code;
    return code;
  }

  /** The `made`-th of all scans: days are equal, hours weighted, and time never runs backwards. */
  private timeOf(made: number): number {
    const { days, scans } = this.shape;
    const position = (made / scans) * days;
    const day = Math.floor(position);
    const share = position - day;
    const hour = this.hours(share);
    const before = HOURS.slice(0, hour).reduce((sum, weight) => sum + weight, 0) / ALL_HOURS;
    const within = Math.min(0.999_999, Math.max(0, (share - before) / (HOURS[hour]! / ALL_HOURS)));
    return this.first + day * DAY_MS + Math.floor((hour + within) * HOUR_MS);
  }
}

const ALL_HOURS = HOURS.reduce((sum, weight) => sum + weight, 0);

function person(tier: 'regular' | 'gold', phoneBound: boolean): PersonFacts {
  return { tier, tags: [], audiences: [], phoneBound, follows: null, shared: null, risk: null };
}

/** Stable for a member: the same person every time. Indices go tier by tier, bound before unbound. */
function personOf(member: number, phoneShare: number): number {
  const bound = (member * 7919) % 1000 < phoneShare * 1000;
  return (member % TIERS.length) * 2 + (bound ? 0 : 1);
}

function trustOf(adcode: number | null, draw: number): Trust {
  if (adcode === null) return 'unknown';
  return draw < 0.5 ? 'agreed' : 'ip';
}

/** Turns 0 ≤ x < 1 into an index, as often as its weight says. */
function picker(weights: readonly number[]): (x: number) => number {
  const all = weights.reduce((sum, weight) => sum + weight, 0);
  const upTo: number[] = [];
  let sum = 0;
  for (const weight of weights) upTo.push((sum += weight / all));
  return (x) => {
    const at = upTo.findIndex((limit) => x < limit);
    return at === -1 ? weights.findLastIndex((weight) => weight > 0) : at;
  };
}

/** A small seeded generator (Tommy Ettinger's mulberry32): for made-up history, never for luck. */
function mulberry32(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
