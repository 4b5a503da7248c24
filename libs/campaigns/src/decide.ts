import { windowEnd } from './caps';
import { LANES, type Cap, type Gate } from './document/campaign-content';
import type {
  CompiledRule,
  CompiledVersion,
  Cure,
  DecideOptions,
  Decision,
  DecisionState,
  Draw,
  MemberScanFacts,
  Refused,
  RefusalReason,
  ScanFacts,
} from './decision';
import { drawPrize } from './draw-prize';

/** What one campaign says to a scan: a decision, or that it has nothing to say. */
export type Answer = Exclude<Decision, { kind: 'no_rule' }> | PassedOver;
export interface PassedOver {
  readonly kind: 'passed_over';
  readonly why: 'out_of_scope' | 'over' | 'armed' | 'no_rule_matches';
}

/**
 * Decides one scan. Pure: the same arguments always give the same decision; it reads no clock, no database and no random generator.
 *
 * Exactly one campaign decides. They are asked in order, and the first that reaches a prize table, or refuses in a way that can be
 * cured, has the last word: a member is never given the smaller prize of a later campaign because the earlier one could not pay just
 * now. A campaign that has not started yet only speaks when no other does.
 *
 * `seen` is told every campaign that was asked and what it said; the trace is made from it.
 */
export function decide(
  candidates: readonly CompiledVersion[],
  facts: ScanFacts,
  state: DecisionState,
  draw: Draw,
  options: DecideOptions = {},
  seen?: (version: CompiledVersion, answer: Answer) => void,
): Decision {
  let notStarted: Refused | null = null;
  for (const version of inOrder(candidates)) {
    const answer = ask(version, facts, state, draw, options);
    seen?.(version, answer);
    if (answer.kind === 'passed_over') continue;
    if (answer.kind === 'award') return answer;
    if (answer.reason === 'not_started') {
      notStarted ??= answer;
      continue;
    }
    if (answer.reason !== 'place_needed') return answer;
    const instead = decide(candidates, facts, state, draw, { ...options, withoutLocation: true });
    return { ...answer, cure: { ...answer.cure, nationwide: instead.kind === 'award' } };
  }
  return notStarted ?? { kind: 'no_rule' };
}

/** Burst before regional before base, then higher priority, then the more specific region, then the older campaign. */
export function inOrder(candidates: readonly CompiledVersion[]): readonly CompiledVersion[] {
  const sorted = candidates.every((one, index) => index === 0 || asked(candidates[index - 1]!, one) <= 0);
  return sorted ? candidates : [...candidates].sort(asked);
}

function asked(a: CompiledVersion, b: CompiledVersion): number {
  return (
    LANES.indexOf(a.lane) - LANES.indexOf(b.lane) ||
    b.priority - a.priority ||
    b.specificity - a.specificity ||
    a.campaignId - b.campaignId
  );
}

function ask(
  version: CompiledVersion,
  facts: ScanFacts,
  state: DecisionState,
  draw: Draw,
  options: DecideOptions,
): Answer {
  if (!version.covers(facts)) return OUT_OF_SCOPE;
  const status = state.status(version.campaignId);
  if (status === 'ended' || facts.at.getTime() >= version.to.getTime()) return OVER;
  if (status === 'armed') return ARMED;

  const match = firstMatch(version, facts, options);
  if (!match) return NO_RULE_MATCHES;
  const { rule, needsPlace } = match;

  if (status === 'scheduled' || facts.at.getTime() < version.from.getTime()) {
    return refusal(version, rule, 'not_started', { action: 'wait', at: version.from });
  }
  if (needsPlace) return refusal(version, rule, 'place_needed', { action: 'location' });
  if (status === 'paused') return refusal(version, rule, 'paused', { action: 'wait' });
  const gate = openGate(version, facts);
  if (gate) return refusal(version, rule, 'gate_open', { action: gate, steps: stepsOf(version, facts) });

  const full = fullCap(version, facts, state);
  if (full) return refusal(version, rule, 'cap_reached', waitFor(full, facts));

  const { prize, missing, amountFen, viaFallback } = drawPrize(version, rule, facts, state, draw);
  if (missing) return refusal(version, rule, 'budget_short', { action: 'wait' });
  const spent = amountFen === 0 ? null : spentCap(version, facts, state, amountFen);
  if (spent) return refusal(version, rule, isOwn(spent) ? 'cap_reached' : 'budget_short', waitFor(spent, facts));
  const budgetId = amountFen === 0 ? null : version.content.budgetId;
  // A promised prize never becomes 谢谢参与: when the budget cannot pay it, the code stays unclaimed.
  if (amountFen > 0 && !canPay(state, budgetId, amountFen)) {
    return refusal(version, rule, 'budget_short', { action: 'wait' });
  }

  return {
    kind: 'award',
    campaignId: version.campaignId,
    versionId: version.versionId,
    ruleKey: rule.rule.key,
    prizeKey: prize.key,
    prize,
    amountFen,
    budgetId,
    viaFallback,
    counterKeys: prize.kind === 'nothing' ? NOWHERE : counterKeysOf(version, facts),
  };
}

const NOWHERE: readonly string[] = [];
const OUT_OF_SCOPE: PassedOver = { kind: 'passed_over', why: 'out_of_scope' };
const OVER: PassedOver = { kind: 'passed_over', why: 'over' };
const ARMED: PassedOver = { kind: 'passed_over', why: 'armed' };
const NO_RULE_MATCHES: PassedOver = { kind: 'passed_over', why: 'no_rule_matches' };

/**
 * The first rule that is true, from the top. A rule that only lacks a place, and could be true with one, stops the search: the member
 * is asked for a location, unless they chose to go without.
 */
function firstMatch(
  { rules }: CompiledVersion,
  facts: ScanFacts,
  { withoutLocation = false }: DecideOptions,
): { readonly rule: CompiledRule; readonly needsPlace: boolean } | null {
  for (const rule of rules) {
    const result = rule.matches(facts);
    if (result === 'true') return { rule, needsPlace: false };
    if (result === 'unknown' && !withoutLocation && rule.matchesAtBest(facts) === 'true') {
      return { rule, needsPlace: true };
    }
  }
  return null;
}

/** The first task the member has not done. Not knowing counts as not done. */
function openGate({ content }: CompiledVersion, { member }: ScanFacts): Gate['kind'] | null {
  for (const { kind } of content.gates) {
    if (TASK_DONE[kind](member) !== true) return kind;
  }
  return null;
}

function stepsOf({ content }: CompiledVersion, { member }: ScanFacts): NonNullable<Cure['steps']> {
  return content.gates.map(({ kind }) => ({ action: kind, done: TASK_DONE[kind](member) === true }));
}

const TASK_DONE: Record<Gate['kind'], (member: MemberScanFacts) => boolean | null> = {
  phone: (member) => member.phoneBound,
  follow: (member) => member.follows,
  share: (member) => member.shared,
};

// In both, a number that is no number reads as reached: doubt never pays.

/** The first cap that has no room for one more award. */
function fullCap({ campaignId, caps }: CompiledVersion, facts: ScanFacts, state: DecisionState): Cap | null {
  for (const { cap, counterKey } of caps) {
    if (cap.count === null) continue;
    const key = counterKey(facts);
    if (key !== null && !(state.used(campaignId, key).count + 1 <= cap.count)) return cap;
  }
  return null;
}

/** The first cap that has no room for so much money. */
function spentCap(
  { campaignId, caps }: CompiledVersion,
  facts: ScanFacts,
  state: DecisionState,
  amountFen: number,
): Cap | null {
  for (const { cap, counterKey } of caps) {
    if (cap.fen === null) continue;
    const key = counterKey(facts);
    if (key !== null && !(state.used(campaignId, key).fen + amountFen <= cap.fen)) return cap;
  }
  return null;
}

/** The caps that concern this scan, each with the key under which an award would count. */
export function capsOf({ caps }: CompiledVersion, facts: ScanFacts): { cap: Cap; key: string }[] {
  const concerned: { cap: Cap; key: string }[] = [];
  for (const { cap, counterKey } of caps) {
    const key = counterKey(facts);
    if (key !== null) concerned.push({ cap, key });
  }
  return concerned;
}

/** Where an award counts. Caps that count the same thing in the same window share a key, and it counts there once. */
function counterKeysOf({ caps }: CompiledVersion, facts: ScanFacts): readonly string[] {
  const keys: string[] = [];
  for (const { counterKey } of caps) {
    const key = counterKey(facts);
    if (key !== null && !keys.includes(key)) keys.push(key);
  }
  return keys;
}

/** A cap on one member or code says that these had enough; any other cap of money is a share of the budget. */
function isOwn({ per }: Cap): boolean {
  return per === 'member' || per === 'code';
}

function waitFor(cap: Cap, facts: ScanFacts): Cure {
  const at = windowEnd(cap.window, facts.at);
  return { action: 'wait', ...(at ? { at } : {}), cap };
}

function canPay(state: DecisionState, budgetId: number | null, amountFen: number): boolean {
  return budgetId !== null && state.budgetLeft(budgetId) >= amountFen;
}

function refusal(version: CompiledVersion, rule: CompiledRule, reason: RefusalReason, cure: Cure): Refused {
  const { campaignId, versionId } = version;
  return { kind: 'refused', reason, campaignId, versionId, ruleKey: rule.rule.key, cure };
}
