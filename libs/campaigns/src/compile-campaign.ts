import { compileAtBest, compileCondition, isAll, isAny, isNot, type Condition } from '@app/conditions';
import { Defect } from '@app/kernel';
import type { CampaignContent, Prize, PrizeTable, Rule } from './document/campaign-content';
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
  const { content, campaignId } = version;
  const { from, to } = periodOf(content.period);
  if (!from || !to) throw new Defect(`version ${version.versionId} has no valid period`);
  const products = new Set(content.scope.products);
  const batches = new Set(content.scope.batches);
  return {
    ...version,
    lane: content.lane,
    priority: content.priority,
    specificity: specificityOf(content),
    from,
    to,
    rules: content.rules.map((rule) => compileRule(rule, campaignId, content.prizes)),
    covers: ({ product, batch }) =>
      (products.size === 0 || products.has(product)) && (batches.size === 0 || batches.has(batch)),
  };
}

function compileRule(rule: Rule, campaignId: number, prizes: readonly Prize[]): CompiledRule {
  const fields = scanFields({ campaignId, minTrust: rule.minTrust });
  const condition = compileCondition(rule.when, fields);
  return {
    rule,
    matches: condition.evaluate,
    matchesAtBest: compileAtBest(rule.when, fields, PLACE_FIELDS),
    leaves: (facts) => condition.evaluateWithTrace(facts).leaves,
    table: compileTable(rule.then, prizes),
  };
}

function compileTable(table: PrizeTable, prizes: readonly Prize[]): CompiledTable {
  const find = (key: string): Prize => {
    const prize = prizes.find((candidate) => candidate.key === key);
    if (!prize) throw new Defect(`no prize ${key} in this version`);
    return prize;
  };
  let upTo = 0;
  const shares = table.prizes.map(({ key, odds }): PrizeShare => {
    upTo += odds;
    return { prize: find(key), odds, upTo };
  });
  return { shares, fallback: table.fallbackPrizeKey === null ? null : find(table.fallbackPrizeKey) };
}

type Level = CompiledVersion['specificity'];

/** The finest place any rule insists on: a campaign with a rule for Hefei is asked before one for all of Anhui. */
function specificityOf({ rules }: CampaignContent): Level {
  return Math.max(...rules.map(({ when }) => levelOf(when))) as Level;
}

function levelOf(node: Condition): number {
  if (isAll(node)) return Math.max(0, ...node.all.map(levelOf));
  if (isAny(node)) return Math.min(...node.any.map(levelOf));
  if (isNot(node) || node.field !== 'region') return 0;
  return Math.min(...[node.value].flat().map((adcode) => levelOfAdcode(Number(adcode))));
}

function levelOfAdcode(adcode: number): Level {
  if (adcode % 10_000 === 0) return 1;
  return adcode % 100 === 0 ? 2 : 3;
}
