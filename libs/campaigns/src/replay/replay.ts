import { setImmediate as turn } from 'node:timers/promises';
import { decide, inOrder } from '../decide';
import type { CompiledVersion, Decision, ScanFacts } from '../decision';
import { QuickLuck } from './quick-luck';
import type { ReplayResult } from './replay-result';
import { ReplayTally, type Replayed } from './replay-tally';
import { CHUNK_TRUSTS, SCAN_FLAG, UNKNOWN_16, type PersonFacts, type ScanChunk } from './scan-chunk';
import { SimulatedCodes } from './simulated-codes';
import type { SimulatedMember } from './simulated-member';
import { SimulatedWorld, type StartOfReplay } from './simulated-world';

const SHANGHAI_OFFSET_MS = 8 * 3_600_000;
const DAY_MS = 86_400_000;
/** So many scans are replayed before others get a turn: some 20 ms. */
const SLICE = 4096;

export interface ReplayOptions {
  readonly keys: {
    /** Of the campaigns themselves: used for codes that really gave their prize, which is known anyhow. */
    readonly real: Buffer;
    /** For all other codes. The same key as `real` only where nobody is shown the result. */
    readonly pretended: Buffer;
  };
  /** How long a code that waits for a location or a task is kept for its member. */
  readonly holdMs: number;
  readonly start?: StartOfReplay;
  /** Told after each slice how many scans were replayed. When it rejects, so does the replay. */
  readonly progress?: (scans: number) => void | Promise<void>;
  readonly signal?: AbortSignal;
}

/**
 * Runs versions over recorded scans, in the order of time, as if they had been in force: each code is used up once, counters, caps,
 * stock and money move with every award. The same `decide` that pays decides here. The result depends on the arguments alone.
 *
 * Scans that were refused in reality are asked again, and so are repeats of codes that the replayed versions have not used up; what is
 * known of the member is then what their latest decided scan said. A code that had given its prize before the first chunk stays used.
 * Counters of caps start empty, members' ordinals where the records say. Rejects with the signal's reason when it is aborted.
 */
export async function replay(
  versions: readonly CompiledVersion[],
  chunks: Iterable<ScanChunk> | AsyncIterable<ScanChunk>,
  options: ReplayOptions,
): Promise<ReplayResult> {
  const run = new ReplayRun(inOrder(versions), options);
  let done = 0;
  for await (const chunk of chunks) {
    const members = run.enter(chunk);
    for (let from = 0; from < chunk.count; from += SLICE) {
      options.signal?.throwIfAborted();
      const to = Math.min(from + SLICE, chunk.count);
      run.slice(chunk, members, from, to);
      done += to - from;
      await options.progress?.(done);
      await turn();
    }
  }
  options.signal?.throwIfAborted();
  return run.result();
}

/** A version as if it had been in force at any time: for a draft whose period has not begun. */
export function atAnyTime(version: CompiledVersion): CompiledVersion {
  return { ...version, from: new Date(0), to: new Date(8.64e15) };
}

interface Entered {
  readonly members: readonly SimulatedMember[];
  readonly runs: readonly number[];
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };
interface Facts extends Mutable<Omit<ScanFacts, 'member' | 'region' | 'nthScan'>> {
  readonly member: Mutable<ScanFacts['member']>;
  readonly region: Mutable<ScanFacts['region']>;
  readonly nthScan: { ever: number; day: number; campaign(campaignId: number): number };
}

const REPEAT = { kind: 'repeat' } as const;
const HELD = { kind: 'held' } as const;
const WITHOUT_LOCATION = { withoutLocation: true };
const WITH_LOCATION = { withoutLocation: false };

class ReplayRun {
  private readonly world: SimulatedWorld;
  private readonly codes = new SimulatedCodes();
  private readonly tally = new ReplayTally();
  private readonly luck: QuickLuck;
  /** One object for all scans: `decide` reads it and keeps nothing of it. */
  private readonly facts: Facts;
  private readonly code = { batch: 0, layer: 0, serial: 0 };

  constructor(
    private readonly versions: readonly CompiledVersion[],
    private readonly options: ReplayOptions,
  ) {
    this.world = new SimulatedWorld(versions, options.start ?? {});
    this.luck = new QuickLuck(options.keys);
    const { world } = this;
    this.facts = {
      ...{ product: 0, productLine: '', batch: 0, lot: null, layer: 0, serial: 0, firstScanOfCode: false },
      ...{ shippedTo: { distributor: null, store: null }, at: new Date(0) },
      region: { adcode: null, trust: 'unknown', accuracyM: null },
      member: { id: null, isNew: null, daysSinceLastScan: null, ...NOBODY },
      nthScan: { ever: 1, day: 1, campaign: (id) => world.member.usedInCampaign(world.indexOf(id)) + 1 },
    };
  }

  enter(chunk: ScanChunk): Entered {
    const members = chunk.members.map(({ id, standing }) => {
      const member = this.world.memberOf(id);
      member.stand(standing, dayOf, this.world.campaignIds);
      return member;
    });
    return { members, runs: chunk.runs.map((run) => this.codes.runOf(run)) };
  }

  slice(chunk: ScanChunk, { members, runs }: Entered, from: number, to: number): void {
    for (let row = from; row < to; row++) {
      const member = members[chunk.member[row]!]!;
      const at = chunk.base + chunk.at[row]!;
      const outcome = this.outcome(chunk, row, member, runs[chunk.run[row]!]!, at);
      const flags = chunk.flags[row]!;
      const { batch, layer } = chunk.runs[chunk.run[row]!]!;
      // One literal, without spreading: this line runs for every scan.
      this.tally.add({
        at,
        day: dayOf(at),
        adcode: chunk.adcode[row]!,
        member,
        batch,
        layer,
        serial: chunk.serial[row]!,
        outcome,
        realCounted: (flags & SCAN_FLAG.counted) !== 0,
        realWon: (flags & SCAN_FLAG.won) !== 0,
        realFen: chunk.amountFen[row]!,
      });
    }
  }

  result(): ReplayResult {
    return this.tally.result(this.versions, this.world.allMembers());
  }

  private outcome(
    chunk: ScanChunk,
    row: number,
    member: SimulatedMember,
    run: number,
    at: number,
  ): Replayed['outcome'] {
    const flags = chunk.flags[row]!;
    const serial = chunk.serial[row]!;
    const person = chunk.person[row]!;
    if (person !== UNKNOWN_16) member.person = chunk.persons[person]!;
    const met = this.codes.meet(run, serial);
    // Nobody asked a campaign about it, although nobody held it: it had been used up before the records begin.
    if (met && !(flags & (SCAN_FLAG.decided | SCAN_FLAG.held))) this.codes.consume(run, serial);
    if (this.codes.consumed(run, serial)) return REPEAT;
    if (this.codes.heldForAnother(run, serial, member.id, at)) return HELD;
    return this.decide(chunk, row, member, run, at);
  }

  private decide(chunk: ScanChunk, row: number, member: SimulatedMember, run: number, at: number): Decision {
    const { world, luck, codes } = this;
    const flags = chunk.flags[row]!;
    const serial = chunk.serial[row]!;
    this.tellFacts(chunk, row, member, at);
    world.member = member;
    luck.turnTo(this.code, flags & SCAN_FLAG.counted ? 'real' : 'pretended');
    const options = flags & SCAN_FLAG.withoutLocation ? WITHOUT_LOCATION : WITH_LOCATION;
    const decision = decide(this.versions, this.facts, world, luck, options);
    if (decision.kind === 'award') {
      codes.consume(run, serial);
      const { lastOfPrize } = world.give(decision, dayOf(at));
      if (lastOfPrize) this.tally.soldOut(decision, at);
    } else if (decision.kind === 'refused') {
      const holds = decision.reason === 'place_needed' || decision.reason === 'gate_open';
      codes.hold(run, serial, holds ? { by: member.id, until: at + this.options.holdMs } : null);
    }
    return decision;
  }

  private tellFacts(chunk: ScanChunk, row: number, member: SimulatedMember, at: number): void {
    const { facts, code } = this;
    const { batch, layer } = chunk.runs[chunk.run[row]!]!;
    const item = chunk.items[chunk.item[row]!]!;
    facts.product = item.product;
    facts.productLine = item.productLine;
    facts.lot = item.lot;
    facts.shippedTo = item.shippedTo;
    facts.batch = code.batch = batch;
    facts.layer = code.layer = layer;
    facts.serial = code.serial = chunk.serial[row]!;
    facts.region.adcode = chunk.adcode[row]! === 0 ? null : chunk.adcode[row]!;
    facts.region.trust = CHUNK_TRUSTS[chunk.trust[row]!]!;
    facts.region.accuracyM = chunk.accuracyM[row]! === UNKNOWN_16 ? null : chunk.accuracyM[row]!;
    facts.firstScanOfCode = (chunk.flags[row]! & SCAN_FLAG.firstQuery) !== 0;
    facts.at.setTime(at);
    this.tellMember(member, dayOf(at));
  }

  private tellMember(member: SimulatedMember, day: number): void {
    const { member: told, nthScan } = this.facts;
    const person = member.person ?? NOBODY;
    told.id = member.id;
    told.tier = person.tier;
    told.tags = person.tags;
    told.audiences = person.audiences;
    told.phoneBound = person.phoneBound;
    told.follows = person.follows;
    told.shared = person.shared;
    told.risk = person.risk;
    told.isNew = member.person === null ? null : member.ever === 0;
    told.daysSinceLastScan = member.lastDay === null ? null : day - member.lastDay;
    nthScan.ever = member.ever + 1;
    nthScan.day = member.usedToday(day) + 1;
  }
}

const NOBODY: PersonFacts = {
  tier: null,
  tags: null,
  audiences: null,
  phoneBound: null,
  follows: null,
  shared: null,
  risk: null,
};

/** The Shanghai day as a number of days since 1970. */
function dayOf(at: number): number {
  return Math.floor((at + SHANGHAI_OFFSET_MS) / DAY_MS);
}
