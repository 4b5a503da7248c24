import { compileAtBest, compileCondition, isAll, isAny, isNot, leavesOf, type Condition } from '@app/conditions';
import { Defect } from '@app/kernel';
import { compileCap } from './caps';
import type {
  CampaignContent,
  Cap,
  DealtSegment,
  Prize,
  PrizeTable,
  Rule,
  RuleTrust,
} from './document/campaign-content';
import type { CompiledRule, CompiledTable, CompiledVersion, PrizeShare } from './decision';
import { periodOf } from './document/period';
import { PLACE_FIELDS, scanFields } from './scan-fields';

/** A published version as it is stored. */
export interface PublishedVersion {
  readonly campaignId: number;
  readonly versionId: number;
  readonly versionNo: number;
  readonly contentHash: string;
  readonly content: CampaignContent;
}

/** Prepares a version for deciding: closures for its conditions, cumulated odds, instants for its period. Done once per version. */
export function compileCampaign(version: PublishedVersion): CompiledVersion {
  const { content } = version;
  const { from, to } = periodOf(content.period);
  if (!from || !to) throw new Defect(`version ${version.versionId} has no valid period`);
  const products = new Set(content.scope.products);
  const batches = new Set(content.scope.batches);
  const rules = content.rules.map((rule) => ({ ...rule, when: effectiveWhen(rule, content) }));
  return {
    ...version,
    lane: content.lane,
    priority: content.priority,
    specificity: Math.max(...rules.map(({ when }) => levelOf(when))) as CompiledVersion['specificity'],
    from,
    to,
    rules: rules.map((rule) => compileRule(rule, version)),
    caps: [...content.caps, ...burstCaps(content)].map((cap) => compileCap(cap, leastTrustOf(rules))),
    audiences: audiencesOf(rules),
    covers: ({ product, batch }) =>
      (products.size === 0 || products.has(product)) && (batches.size === 0 || batches.has(batch)),
  };
}

/** What a rule asks, with what its campaign implies: inside the fence of a burst, inside the segment of a deal. */
function effectiveWhen({ when, then }: Rule, { burst }: CampaignContent): Condition {
  const implied: Condition[] = [
    ...(burst ? [{ field: 'region', op: 'within', value: burst.fence } as const] : []),
    ...(then.mode === 'dealt' ? insideOf(then.segment) : []),
  ];
  return implied.length === 0 ? when : { all: [...implied, when] };
}

function insideOf({ batch, layer, from, to }: DealtSegment): Condition[] {
  return [
    { field: 'batch', op: 'eq', value: batch },
    { field: 'layer', op: 'eq', value: layer },
    { field: 'serial', op: 'range', value: { from, to: to - 1 } },
  ];
}

/** The lowest trust that a rule settles for; undefined when none asks for less than usual. */
function leastTrustOf(rules: readonly Rule[]): RuleTrust | undefined {
  const asked = rules.map(({ minTrust }) => minTrust);
  return (['claimed', 'ip'] as const).find((trust) => asked.includes(trust));
}

/** The plan's own limits, which nobody who starts it can raise. */
function burstCaps({ burst }: CampaignContent): Cap[] {
  return burst ? [{ per: 'campaign', window: 'total', count: burst.maxCount, fen: burst.maxFen }] : [];
}

function audiencesOf(rules: readonly Rule[]): number[] {
  const asked = rules
    .flatMap(({ when }) => leavesOf(when))
    .filter(({ leaf }) => leaf.field === 'audience')
    .flatMap(({ leaf }) => [leaf.value].flat().map(Number));
  return [...new Set(asked)].sort((a, b) => a - b);
}

function compileRule(rule: Rule, { campaignId, content }: PublishedVersion): CompiledRule {
  const fields = scanFields({ campaignId, minTrust: rule.minTrust, experiment: content.experiment });
  const condition = compileCondition(rule.when, fields);
  return {
    rule,
    matches: condition.evaluate,
    matchesAtBest: compileAtBest(rule.when, fields, PLACE_FIELDS),
    leaves: (facts) => condition.evaluateWithTrace(facts).leaves,
    table: compileTable(rule.then, content.prizes),
  };
}

function compileTable(table: PrizeTable, prizes: readonly Prize[]): CompiledTable {
  const find = (key: string): Prize => {
    const prize = prizes.find((candidate) => candidate.key === key);
    if (!prize) throw new Defect(`no prize ${key} in this version`);
    return prize;
  };
  if (table.mode === 'dealt') {
    const shares = cumulated(table.prizes.map(({ key, count }) => ({ prize: find(key), odds: count })));
    return { shares, fallback: null, segment: table.segment };
  }
  const shares = cumulated(table.prizes.map(({ key, odds }) => ({ prize: find(key), odds })));
  return { shares, fallback: table.fallbackPrizeKey === null ? null : find(table.fallbackPrizeKey), segment: null };
}

function cumulated(parts: readonly { prize: Prize; odds: number }[]): PrizeShare[] {
  let upTo = 0;
  return parts.map((part) => ({ ...part, upTo: (upTo += part.odds) }));
}

/** The finest place a condition insists on: a campaign with a rule for Hefei is asked before one for all of Anhui. */
function levelOf(node: Condition): number {
  if (isAll(node)) return Math.max(0, ...node.all.map(levelOf));
  if (isAny(node)) return Math.min(...node.any.map(levelOf));
  if (isNot(node) || node.field !== 'region') return 0;
  return Math.min(...[node.value].flat().map((adcode) => levelOfAdcode(Number(adcode))));
}

function levelOfAdcode(adcode: number): CompiledVersion['specificity'] {
  if (adcode % 10_000 === 0) return 1;
  return adcode % 100 === 0 ? 2 : 3;
}
