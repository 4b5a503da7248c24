import { compileAtBest, FieldRegistry, leavesOf, type Condition, type FieldDefinition } from '@app/conditions';
import type { MemberScanFacts } from '../decision';
import { SCAN_FIELDS } from '../scan-fields';
import type { CampaignContent, Rule } from './campaign-content';
import { keysOf } from './prize-worth';

export type Tier = NonNullable<MemberScanFacts['tier']>;
const TIERS: readonly Tier[] = ['regular', 'gold', 'platinum'];

/** A rule that some tiers can meet and others cannot. */
export interface TierRule {
  readonly rule: Rule;
  /** Who can meet it, lowest first; whatever else it asks may still be missing. */
  readonly tiers: readonly Tier[];
  /** Names of the prizes in its table, 谢谢参与 left out. */
  readonly prizes: readonly string[];
}

/** The rules of a document that make a difference between tiers and give something. */
export function tierRules({ rules, prizes }: Pick<CampaignContent, 'rules' | 'prizes'>): TierRule[] {
  const given = new Map(prizes.filter(({ kind }) => kind !== 'nothing').map(({ key, name }) => [key, name]));
  return rules.flatMap((rule) => {
    const tiers = tiersOf(rule.when);
    const names = [...new Set(keysOf(rule.then).flatMap((key) => given.get(key) ?? []))];
    return tiers.length === 0 || tiers.length === TIERS.length || names.length === 0
      ? []
      : [{ rule, tiers, prizes: names }];
  });
}

/** The tiers for which a condition is not false, whatever the rest of the scan turns out to be. */
function tiersOf(when: Condition): Tier[] {
  const keys = [...new Set(leavesOf(when).map(({ leaf }) => leaf.field))];
  if (!keys.includes('tier')) return [...TIERS];
  const fields = keys.flatMap((key): FieldDefinition<Tier>[] => {
    const field = SCAN_FIELDS.get(key);
    if (!field) return [];
    const { note: _note, ...plain } = field;
    return [{ ...plain, read: (tier: Tier) => (key === 'tier' ? tier : null) }];
  });
  const others = new Set(keys.filter((key) => key !== 'tier'));
  const mayBe = compileAtBest(when, new FieldRegistry(fields), others);
  return TIERS.filter((tier) => mayBe(tier) !== 'false');
}
