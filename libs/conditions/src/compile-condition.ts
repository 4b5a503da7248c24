import { Defect } from '@app/kernel';
import { isAll, isAny, isNot, type Condition, type Leaf, type LeafValue, type Operator, type Truth } from './condition';
import type { FieldDefinition, FieldRegistry, KnownFact } from './field-registry';
import { leafTest } from './leaf-test';

export type Evaluate<Facts> = (facts: Facts) => Truth;

/** One leaf as it came out: enough to put in words later, without the facts. */
export interface LeafTrace {
  readonly path: string;
  readonly field: string;
  readonly op: Operator;
  readonly value: LeafValue;
  /** What the field read; null = unknown. */
  readonly seen: KnownFact | null;
  readonly note?: string;
  readonly result: Truth;
}

export interface CompiledCondition<Facts> {
  /** Fast: stops as soon as the answer is certain, keeps no trace. */
  readonly evaluate: Evaluate<Facts>;
  /** The same answer, with every leaf evaluated and reported in reading order. */
  evaluateWithTrace(facts: Facts): { readonly result: Truth; readonly leaves: readonly LeafTrace[] };
  /** The keys of all fields the condition speaks of. */
  readonly fields: ReadonlySet<string>;
}

/** Turns a validated condition into closures, once. Throws Defect for a field that the registry does not have. */
export function compileCondition<Facts>(
  condition: Condition,
  registry: FieldRegistry<Facts>,
  root = 'when',
): CompiledCondition<Facts> {
  const leaves = leavesOf(condition, root).map(({ leaf, path }) => {
    const field = fieldOf(leaf, registry);
    return { leaf, path, field, test: leafTest(leaf, field) };
  });
  const evaluate = build(condition, (leaf) => leafTest(leaf, fieldOf(leaf, registry)));
  return {
    evaluate,
    evaluateWithTrace: (facts) => ({
      result: evaluate(facts),
      leaves: leaves.map(({ leaf, path, field, test }) => {
        const note = field.note?.(facts);
        const seen = field.read(facts) ?? null;
        return { path, ...leaf, seen, ...(note === undefined ? {} : { note }), result: test(facts) };
      }),
    }),
    fields: new Set(leaves.map(({ leaf }) => leaf.field)),
  };
}

/**
 * What the condition would be if every unknown leaf over the `curable` fields turned out as helpful as it can (false where it stands
 * under `not`). `true` here and `unknown` in `evaluate` means: only those fields are missing, and knowing them may make it match.
 */
export function compileAtBest<Facts>(
  condition: Condition,
  registry: FieldRegistry<Facts>,
  curable: ReadonlySet<string>,
): Evaluate<Facts> {
  return build(condition, (leaf, negated) => {
    const test = leafTest(leaf, fieldOf(leaf, registry));
    if (!curable.has(leaf.field)) return test;
    const hoped: Truth = negated ? 'false' : 'true';
    return (facts) => {
      const result = test(facts);
      return result === 'unknown' ? hoped : result;
    };
  });
}

function build<Facts>(
  node: Condition,
  leaf: (leaf: Leaf, negated: boolean) => Evaluate<Facts>,
  negated = false,
): Evaluate<Facts> {
  if (isAll(node))
    return decidedBy(
      'false',
      node.all.map((part) => build(part, leaf, negated)),
    );
  if (isAny(node))
    return decidedBy(
      'true',
      node.any.map((part) => build(part, leaf, negated)),
    );
  if (isNot(node)) {
    const part = build(node.not, leaf, !negated);
    return (facts) => not(part(facts));
  }
  return leaf(node, negated);
}

/** `all` is decided by its first false, `any` by its first true; else one unknown makes it unknown. */
function decidedBy<Facts>(decisive: 'true' | 'false', parts: readonly Evaluate<Facts>[]): Evaluate<Facts> {
  const otherwise = not(decisive);
  const [only] = parts;
  if (only && parts.length === 1) return only;
  return (facts) => {
    let result = otherwise;
    for (const part of parts) {
      const value = part(facts);
      if (value === decisive) return decisive;
      if (value === 'unknown') result = 'unknown';
    }
    return result;
  };
}

function not(value: Truth): Truth {
  if (value === 'unknown') return 'unknown';
  return value === 'true' ? 'false' : 'true';
}

function fieldOf<Facts>(leaf: Leaf, registry: FieldRegistry<Facts>): FieldDefinition<Facts> {
  const field = registry.get(leaf.field);
  if (!field) throw new Defect(`no field ${leaf.field}: the condition was not validated against this registry`);
  return field;
}

/** All leaves in reading order, with their paths below `root`. */
export function leavesOf(node: Condition, root = 'when'): { readonly leaf: Leaf; readonly path: string }[] {
  if (isAll(node)) return node.all.flatMap((part, index) => leavesOf(part, `${root}.all[${index}]`));
  if (isAny(node)) return node.any.flatMap((part, index) => leavesOf(part, `${root}.any[${index}]`));
  if (isNot(node)) return leavesOf(node.not, `${root}.not`);
  return [{ leaf: node, path: root }];
}
