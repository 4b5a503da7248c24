import { Defect } from '@app/kernel';
import {
  isAll,
  isAny,
  isNot,
  type AllOf,
  type AnyOf,
  type Condition,
  type Leaf,
  type LeafValue,
  type Operator,
  type Truth,
} from './condition';
import type { FieldDefinition, FieldRegistry, KnownFact } from './field-registry';
import { leafTest, truthOf, type Kleene, type Test } from './leaf-test';

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
  const test = build(condition, (leaf) => leafTest(leaf, fieldOf(leaf, registry)));
  return {
    evaluate: (facts) => truthOf(test(facts)),
    evaluateWithTrace: (facts) => ({
      result: truthOf(test(facts)),
      leaves: leaves.map(({ leaf, path, field, test: leafOnly }) => {
        const note = field.note?.(facts);
        const seen = field.read(facts) ?? null;
        return { path, ...leaf, seen, ...(note === undefined ? {} : { note }), result: truthOf(leafOnly(facts)) };
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
  const test = build<Facts>(condition, (leaf, negated) => {
    const plain = leafTest(leaf, fieldOf(leaf, registry));
    if (!curable.has(leaf.field)) return plain;
    const hoped: Kleene = negated ? -1 : 1;
    return (facts) => plain(facts) || hoped;
  });
  return (facts) => truthOf(test(facts));
}

type LeafBuilder<Facts> = (leaf: Leaf, negated: boolean) => Test<Facts>;

function build<Facts>(node: Condition, leaf: LeafBuilder<Facts>, negated = false): Test<Facts> {
  if (isAll(node))
    return decidedBy(
      -1,
      partsOf(node, isAll, (part) => build(part, leaf, negated)),
    );
  if (isAny(node))
    return decidedBy(
      1,
      partsOf(node, isAny, (part) => build(part, leaf, negated)),
    );
  if (isNot(node)) {
    const part = build(node.not, leaf, !negated);
    return (facts) => (0 - part(facts)) as Kleene;
  }
  return leaf(node, negated);
}

/** The parts of an `all` or `any`; one that stands directly inside another of its kind is the same as its parts. */
function partsOf<Facts, Branch extends AllOf | AnyOf>(
  node: Branch,
  isSameKind: (node: Condition) => node is Branch,
  build: (part: Condition) => Test<Facts>,
): Test<Facts>[] {
  const parts: readonly Condition[] = 'all' in node ? node.all : node.any;
  return parts.flatMap((part) => (isSameKind(part) ? partsOf(part, isSameKind, build) : build(part)));
}

/** `all` is decided by its first false, `any` by its first true; else one unknown makes it unknown. */
function decidedBy<Facts>(decisive: -1 | 1, parts: readonly Test<Facts>[]): Test<Facts> {
  const otherwise: Kleene = decisive === 1 ? -1 : 1;
  const [only] = parts;
  if (only && parts.length === 1) return only;
  return (facts) => {
    let result: Kleene = otherwise;
    for (let at = 0; at < parts.length; at++) {
      const value = parts[at]!(facts);
      if (value === decisive) return decisive;
      if (value === 0) result = 0;
    }
    return result;
  };
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
