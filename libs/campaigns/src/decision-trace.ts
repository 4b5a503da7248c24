import type { LeafTrace, Truth } from '@app/conditions';
import { ODDS_TOTAL, type Cap, type Lane, type PrizeKind } from './document/campaign-content';
import { capsOf, decide, inOrder, type Answer } from './decide';
import type {
  CampaignStatus,
  CompiledVersion,
  DecideOptions,
  Decision,
  DecisionState,
  Draw,
  ScanFacts,
  Used,
} from './decision';
import { drawPrize } from './draw-prize';

/** Everything a decision looked at, as plain data, in the order in which it was looked at. */
export interface DecisionTrace {
  /** ISO 8601, UTC. */
  readonly at: string;
  readonly withoutLocation: boolean;
  readonly decision: Decision;
  /** All candidates; those after the deciding one are `not_asked`. */
  readonly campaigns: readonly CampaignTrace[];
}

export interface CampaignTrace {
  readonly campaignId: number;
  readonly versionId: number;
  readonly versionNo: number;
  readonly name: string;
  readonly lane: Lane;
  readonly priority: number;
  /** ISO 8601, UTC. */
  readonly from: string;
  readonly to: string;
  readonly status: CampaignStatus;
  readonly answer: Answer | { readonly kind: 'not_asked' };
  /** The rules that were tried, up to the one that was taken. */
  readonly rules: readonly RuleTrace[];
  /** The caps that concern this scan; present when the campaign got as far as its caps. */
  readonly caps?: readonly { readonly cap: Cap; readonly used: Used }[];
  /** Tasks before the claim; present when there are any. */
  readonly gates?: readonly string[];
  /** Present when a prize was given; what an unclaimed code holds is told to nobody. */
  readonly draw?: DrawTrace;
}

export interface RuleTrace {
  readonly key: string;
  readonly name: string;
  readonly result: Truth;
  /** True when only an unknown place keeps it from matching. */
  readonly lacksPlace: boolean;
  readonly leaves: readonly LeafTrace[];
}

export interface DrawTrace {
  readonly mode: 'drawn' | 'dealt';
  /** 0 … 999,999 of a drawn table, the position in the deal of a dealt one. */
  readonly point: number;
  /** How many points there are: a million, or the codes of the deal. */
  readonly of: number;
  readonly drawn: {
    readonly key: string;
    readonly name: string;
    /** Points that fall on this prize. */
    readonly odds: number;
    readonly stockLeft: number | null;
  };
  readonly given: {
    readonly key: string;
    readonly name: string;
    readonly kind: PrizeKind;
    readonly amountFen: number;
    readonly viaFallback: boolean;
  };
  /** Present when the prize costs money. */
  readonly budget?: { readonly id: number; readonly leftFen: number };
}

/** `decide`, and all it saw. The decision is made by `decide` itself; the trace reads the same unmoved state once more. */
export function decideWithTrace(
  candidates: readonly CompiledVersion[],
  facts: ScanFacts,
  state: DecisionState,
  draw: Draw,
  options: DecideOptions = {},
): { readonly decision: Decision; readonly trace: DecisionTrace } {
  const answers = new Map<CompiledVersion, Answer>();
  const decision = decide(candidates, facts, state, draw, options, (version, answer) => answers.set(version, answer));
  const campaigns = inOrder(candidates).map((version) => {
    const answer = answers.get(version) ?? NOT_ASKED;
    // The final decision knows more than the campaign's own answer: whether a nationwide prize is there instead.
    const final = answer.kind === decision.kind && answer.campaignId === decision.campaignId ? decision : answer;
    return traceOf(version, final, facts, state, draw);
  });
  const withoutLocation = options.withoutLocation ?? false;
  return { decision, trace: { at: facts.at.toISOString(), withoutLocation, decision, campaigns } };
}

const NOT_ASKED = { kind: 'not_asked' } as const;

function traceOf(
  version: CompiledVersion,
  answer: CampaignTrace['answer'],
  facts: ScanFacts,
  state: DecisionState,
  draw: Draw,
): CampaignTrace {
  const { campaignId, versionId, versionNo, lane, priority, content } = version;
  // Only of what was given: an unclaimed code keeps what it holds to itself, whoever asks.
  const drew = answer.kind === 'award';
  const reachedCaps = drew || isRefusal(answer, 'cap_reached') || isRefusal(answer, 'budget_short');
  const { gates } = content;
  return {
    campaignId,
    versionId,
    versionNo,
    name: content.name,
    lane,
    priority,
    from: version.from.toISOString(),
    to: version.to.toISOString(),
    status: state.status(campaignId),
    answer,
    rules: rulesTried(version, answer, facts),
    ...(gates.length > 0 ? { gates: gates.map(({ kind }) => kind) } : {}),
    ...(reachedCaps ? { caps: capsUsed(version, facts, state) } : {}),
    ...(drew ? { draw: drawTrace(version, answer.ruleKey, facts, state, draw) } : {}),
  };
}

function capsUsed(version: CompiledVersion, facts: ScanFacts, state: DecisionState): { cap: Cap; used: Used }[] {
  return capsOf(version, facts).map(({ cap, key }) => ({ cap, used: state.used(version.campaignId, key) }));
}

function isRefusal(answer: CampaignTrace['answer'], reason: string): answer is Extract<Answer, { kind: 'refused' }> {
  return answer.kind === 'refused' && answer.reason === reason;
}

function rulesTried(version: CompiledVersion, answer: CampaignTrace['answer'], facts: ScanFacts): RuleTrace[] {
  const silent = answer.kind === 'not_asked' || (answer.kind === 'passed_over' && answer.why !== 'no_rule_matches');
  if (silent) return [];
  const taken = answer.kind === 'passed_over' ? null : answer.ruleKey;
  const last = version.rules.findIndex(({ rule }) => rule.key === taken);
  const tried = last < 0 ? version.rules : version.rules.slice(0, last + 1);
  return tried.map(({ rule, matches, matchesAtBest, leaves }) => {
    const result = matches(facts);
    const lacksPlace = result === 'unknown' && matchesAtBest(facts) === 'true';
    return { key: rule.key, name: rule.name, result, lacksPlace, leaves: leaves(facts) };
  });
}

function drawTrace(
  version: CompiledVersion,
  ruleKey: string | null,
  facts: ScanFacts,
  state: DecisionState,
  draw: Draw,
): DrawTrace | undefined {
  const rule = version.rules.find((candidate) => candidate.rule.key === ruleKey);
  if (!rule) return undefined;
  const { point, share, prize, amountFen, viaFallback } = drawPrize(version, rule, facts, state, draw);
  const { budgetId } = version.content;
  const { segment } = rule.table;
  const limited = segment === null && share.prize.kind !== 'nothing';
  const stockLeft = limited ? state.stockLeft(version.campaignId, share.prize.key) : null;
  return {
    mode: segment ? 'dealt' : 'drawn',
    point,
    of: segment ? segment.to - segment.from : ODDS_TOTAL,
    drawn: { key: share.prize.key, name: share.prize.name, odds: share.odds, stockLeft },
    given: { key: prize.key, name: prize.name, kind: prize.kind, amountFen, viaFallback },
    ...(amountFen > 0 && budgetId !== null ? { budget: { id: budgetId, leftFen: state.budgetLeft(budgetId) } } : {}),
  };
}
