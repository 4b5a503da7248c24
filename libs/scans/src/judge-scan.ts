import { capsOf, decide, drawsOf, type Award, type ScanFacts } from '@app/campaigns';
import type { ResolvedCode } from '@app/codes';
import { fen } from '@app/kernel';
import { heldForAnother, type AwardRow, type Claim } from '@app/rewards';
import { inputsToText, type DecisionInputs } from './decision-inputs';
import { campaignRefusal, heldRefusal, plainRefusal } from './refusal-words';
import type { PreparedScan } from './scan-input';
import type { ScanAnswer, Verdict } from './scan-outcome';
import type { ScanWorld } from './scan-world';

export type KnownCode = Extract<ResolvedCode, { kind: 'known' }>;

/** What one scan came to. `award` is the prize to show: just won, or won by the same member before. */
export interface Judgement {
  readonly verdict: Verdict;
  readonly repeat: { readonly mine: boolean; readonly claim: Claim } | null;
  readonly refusal: ScanAnswer['refusal'];
  readonly award: AwardRow | null;
  /** This scan used the code up. */
  readonly counted: boolean;
  readonly firstOfCode: boolean;
  readonly newMember: boolean;
  /** The version that decided or refused; null when none did. */
  readonly version: { readonly campaignId: number; readonly versionId: number } | null;
  /** JSON of DecisionInputs, `{}` when there was nothing to decide. */
  readonly facts: string;
}

/** A scan with what it came to. */
export interface JudgedScan {
  readonly scan: PreparedScan;
  readonly code: KnownCode;
  readonly judgement: Judgement;
}

export interface JudgeTools {
  readonly drawKey: Buffer;
  readonly holdMs: number;
}

const NOTHING = {
  repeat: null,
  refusal: null,
  award: null,
  counted: false,
  firstOfCode: false,
  newMember: false,
  version: null,
  facts: '{}',
} as const;

const VERDICT_OF = {
  inactive: 'not_active',
  frozen: 'frozen',
  void: 'void',
  expired: 'expired',
  recalled: 'recalled',
} as const;

/** One scan of a group, from verdict to prize. Reads and changes nothing but `world`. */
export function judgeScan(scan: PreparedScan, code: KnownCode, world: ScanWorld, tools: JudgeTools): Judgement {
  if (code.state !== 'active') {
    const refusal = code.state === 'inactive' ? plainRefusal('not_active') : null;
    return { ...NOTHING, verdict: VERDICT_OF[code.state], refusal };
  }
  const before = world.claim(scan.code);
  const firstOfCode = before.scans === 0;
  const claim = { ...before, scans: before.scans + 1 };
  world.changeClaim(claim);
  const ownQuery = claim.firstMember === scan.member;
  // Whoever asked first and has not used the code up yet is still at the first query: a cured refusal must not read as a repeat.
  const verdict: Verdict = ownQuery && !claim.consumed ? 'first' : 'repeat';
  const repeat =
    verdict === 'repeat' ? { mine: (claim.consumed?.by ?? claim.firstMember) === scan.member, claim } : null;
  const seen = { ...NOTHING, verdict, repeat, firstOfCode };

  if (claim.consumed) return { ...seen, award: repeat?.mine ? world.awardOf(scan.code) : null };
  if (!code.pays) return seen;
  if (claim.held && heldForAnother(claim, scan.member, world.now)) {
    return { ...seen, refusal: heldRefusal(claim.held.until) };
  }
  return { ...seen, ...prize(scan, code, claim, world, tools) };
}

type Prize = Pick<Judgement, 'refusal' | 'award' | 'counted' | 'newMember' | 'version' | 'facts'>;

function prize(scan: PreparedScan, code: KnownCode, claim: Claim, world: ScanWorld, tools: JudgeTools): Prize {
  const facts = factsOf(scan, code, claim, world);
  const candidates = world.versions.filter((version) => version.covers(facts));
  const inputs: DecisionInputs = {
    facts,
    versionIds: candidates.map(({ versionId }) => versionId),
    state: world.stateFor(scan.member),
    options: { withoutLocation: scan.withoutLocation },
  };
  const decision = decide(candidates, facts, inputs.state, drawsOf(tools.drawKey, scan.code), inputs.options);
  const text = inputsToText(inputs, candidates);
  const version = decision.kind === 'no_rule' ? null : decision;
  const outcome = { award: null, counted: false, newMember: false, version, facts: text };

  if (decision.kind === 'no_rule') return { ...outcome, refusal: plainRefusal('no_rule') };
  if (decision.kind === 'refused') {
    const held = holdFor(decision.reason, scan, world.now, tools.holdMs);
    world.changeClaim({ ...claim, held });
    return { ...outcome, refusal: campaignRefusal(decision, held && held.until) };
  }
  const award = awardOf(scan, decision, world.now);
  const decider = candidates.find(({ versionId }) => versionId === decision.versionId)!;
  world.changeClaim({ ...claim, held: null, consumed: { by: scan.member, scanId: scan.scanId, at: world.now } });
  world.give(award, decision, capsOf(decider, facts));
  return { ...outcome, refusal: null, award, counted: true, newMember: facts.nthScan.ever === 1 };
}

/** What the code and the place of a scan say, before anything is known of its member. */
export function codeFacts(scan: PreparedScan, code: KnownCode) {
  return {
    product: code.product.id,
    productLine: code.product.line,
    batch: scan.code.batch,
    lot: code.lot?.lotNo ?? null,
    layer: scan.code.layer,
    serial: scan.code.serial,
    region: { adcode: scan.place.adcode, trust: scan.place.trust, accuracyM: scan.place.accuracyM },
    // Shipments are not recorded yet: unknown, and a rule about them does not match.
    shippedTo: { distributor: null, store: null },
  };
}

function factsOf(scan: PreparedScan, code: KnownCode, claim: Claim, world: ScanWorld): ScanFacts {
  const member = world.memberFacts(scan.member);
  const counts = world.countsOf(scan.member);
  const used = counts.used(world.day);
  return {
    ...codeFacts(scan, code),
    member: {
      id: scan.member,
      tier: member?.tier ?? null,
      isNew: member ? used.ever === 0 : null,
      tags: member?.tags ?? null,
      audiences: member?.audiences ?? null,
      phoneBound: member?.phoneBound ?? null,
      follows: member?.follows ?? null,
      shared: null,
      daysSinceLastScan: counts.daysSince(world.day),
      risk: null,
    },
    firstScanOfCode: claim.firstMember === scan.member,
    at: world.now,
    nthScan: {
      ever: used.ever + 1,
      day: used.day + 1,
      campaign: (campaignId) => used.campaign(campaignId) + 1,
    },
  };
}

/** A code that only waits for something this member can do now is kept for them for a while. */
function holdFor(reason: string, scan: PreparedScan, now: Date, holdMs: number): Claim['held'] {
  if (reason !== 'place_needed' && reason !== 'gate_open') return null;
  return { by: scan.member, until: new Date(now.getTime() + holdMs) };
}

function awardOf(scan: PreparedScan, decision: Award, now: Date): AwardRow {
  return {
    code: scan.code,
    slot: 0,
    member: scan.member,
    scanId: scan.scanId,
    campaignId: decision.campaignId,
    versionId: decision.versionId,
    ruleKey: decision.ruleKey,
    prizeKey: decision.prizeKey,
    prizeKind: decision.prize.kind,
    prizeName: decision.prize.name,
    amountFen: fen(decision.amountFen),
    budgetId: decision.budgetId,
    wonAt: now,
  };
}
