import { addDays, shanghaiDay, shanghaiDayStart } from '@app/kernel';
import { LANES } from './document/campaign-content';
import type {
  CompiledRule,
  CompiledVersion,
  Cure,
  DecideOptions,
  Decision,
  DecisionState,
  Draw,
  Refused,
  RefusalReason,
  ScanFacts,
} from './decision';
import { drawPrize } from './draw-prize';

/** What one campaign says to a scan: a decision, or that it has nothing to say. */
export type Answer = Exclude<Decision, { kind: 'no_rule' }> | PassedOver;
export interface PassedOver {
  readonly kind: 'passed_over';
  readonly why: 'out_of_scope' | 'over' | 'no_rule_matches';
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
export function inOrder(candidates: readonly CompiledVersion[]): CompiledVersion[] {
  return [...candidates].sort(
    (a, b) =>
      LANES.indexOf(a.lane) - LANES.indexOf(b.lane) ||
      b.priority - a.priority ||
      b.specificity - a.specificity ||
      a.campaignId - b.campaignId,
  );
}

function ask(
  version: CompiledVersion,
  facts: ScanFacts,
  state: DecisionState,
  draw: Draw,
  options: DecideOptions,
): Answer {
  const status = state.status(version.campaignId);
  if (!version.covers(facts)) return { kind: 'passed_over', why: 'out_of_scope' };
  if (status === 'ended' || facts.at >= version.to) return { kind: 'passed_over', why: 'over' };

  const match = firstMatch(version, facts, options);
  if (!match) return { kind: 'passed_over', why: 'no_rule_matches' };
  const { rule, needsPlace } = match;
  const refuse = (reason: RefusalReason, cure: Cure): Refused => refusal(version, rule, reason, cure);

  if (status === 'scheduled' || facts.at < version.from) {
    return refuse('not_started', { action: 'wait', at: version.from });
  }
  if (needsPlace) return refuse('place_needed', { action: 'location' });
  if (status === 'paused') return refuse('paused', { action: 'wait' });
  if (version.content.gates.length > 0) return refuse('gate_open', { action: 'wait' });

  const capped = reachedCap(version, facts, state);
  if (capped) return refuse('cap_reached', capped);

  const { prize, amountFen, viaFallback } = drawPrize(version, rule.table, state, draw);
  const budgetId = amountFen === 0 ? null : version.content.budgetId;
  // A promised prize never becomes 谢谢参与: when the budget cannot pay it, the code stays unclaimed.
  if (amountFen > 0 && !canPay(state, budgetId, amountFen)) return refuse('budget_short', { action: 'wait' });

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
  };
}

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

/** The cure when the member has had enough awards for now: wait for the next day or month. */
function reachedCap({ campaignId, content }: CompiledVersion, facts: ScanFacts, state: DecisionState): Cure | null {
  const { memberPerDay, memberPerMonth } = content.caps;
  if (memberPerDay === null && memberPerMonth === null) return null;
  const { countDay, countMonth } = state.capUsed(campaignId);
  // Written so that a count that is no number reads as reached: doubt never pays.
  if (memberPerMonth !== null && !(countMonth < memberPerMonth)) {
    return { action: 'wait', at: nextMonthStart(facts.at), cap: { per: 'month', count: memberPerMonth } };
  }
  if (memberPerDay !== null && !(countDay < memberPerDay)) {
    return {
      action: 'wait',
      at: shanghaiDayStart(addDays(shanghaiDay(facts.at), 1)),
      cap: { per: 'day', count: memberPerDay },
    };
  }
  return null;
}

function nextMonthStart(at: Date): Date {
  const firstOfMonth = `${shanghaiDay(at).slice(0, 7)}-01`;
  return shanghaiDayStart(`${addDays(firstOfMonth, 31).slice(0, 7)}-01`);
}

function canPay(state: DecisionState, budgetId: number | null, amountFen: number): boolean {
  return budgetId !== null && state.budgetLeft(budgetId) >= amountFen;
}

function refusal(version: CompiledVersion, rule: CompiledRule, reason: RefusalReason, cure: Cure): Refused {
  const { campaignId, versionId } = version;
  return { kind: 'refused', reason, campaignId, versionId, ruleKey: rule.rule.key, cure };
}
