import type { Condition, LeafValue } from './condition';
import { OPERATORS, type Operator } from './condition';
import type { FieldRegistry } from './field-registry';
import { valueProblems, type ValueProblem } from './leaf-value';

export const MAX_DEPTH = 16;
export const MAX_NODES = 1000;
/** Enough to see what is wrong; a longer list helps nobody. */
const MAX_PROBLEMS = 50;

/** `path` names the faulty place from the root given by the caller, such as `rules[2].when.all[0].value`; `message` is Chinese. */
export interface ConditionProblem {
  readonly path: string;
  readonly code:
    | ValueProblem['code']
    | 'not_a_condition'
    | 'forbidden_key'
    | 'unknown_field'
    | 'unknown_operator'
    | 'operator_not_allowed'
    | 'too_deep'
    | 'too_many_nodes'
    | 'cycle';
  readonly message: string;
}

export type ConditionCheck =
  | { readonly ok: true; readonly condition: Condition }
  | { readonly ok: false; readonly problems: readonly ConditionProblem[] };

interface Visit {
  readonly node: unknown;
  readonly path: string;
  readonly depth: number;
  readonly parent: Visit | null;
}

const FORBIDDEN_KEYS = new Set(['__proto__', 'constructor', 'prototype']);
const BRANCHES = ['all', 'any', 'not'] as const;
const LEAF_KEYS = new Set(['field', 'op', 'value']);

/**
 * Admits an untrusted value as a condition over the registry's fields. The walk keeps its own stack and gives up at MAX_NODES or
 * MAX_DEPTH, so neither a million nodes nor a tree that contains itself can hurt. What comes back is a fresh copy.
 */
export function validateCondition<Facts>(
  input: unknown,
  registry: FieldRegistry<Facts>,
  root = 'when',
): ConditionCheck {
  const problems: ConditionProblem[] = [];
  const stack: Visit[] = [{ node: input, path: root, depth: 1, parent: null }];
  let nodes = 1;
  for (let visit = stack.pop(); visit && problems.length < MAX_PROBLEMS; visit = stack.pop()) {
    const children = checkNode(visit, registry, problems);
    nodes += children.length;
    if (nodes > MAX_NODES) {
      problems.push({ path: root, code: 'too_many_nodes', message: `条件太多，最多 ${MAX_NODES} 个` });
      break;
    }
    // Backwards, so that problems are reported in reading order.
    for (let index = children.length - 1; index >= 0; index--) {
      const child = children[index];
      if (child) stack.push(child);
    }
  }
  if (problems.length > 0) return { ok: false, problems };
  return { ok: true, condition: copyOf(input as Condition) };
}

/** Checks one node on its own and returns the nodes below it that are still to be checked. */
function checkNode<Facts>(visit: Visit, registry: FieldRegistry<Facts>, problems: ConditionProblem[]): Visit[] {
  const { node, path, depth } = visit;
  const refuse = (code: ConditionProblem['code'], message: string, at = path): Visit[] => {
    problems.push({ path: at, code, message });
    return [];
  };
  if (!isPlainObject(node)) return refuse('not_a_condition', '这里应该是一个条件');
  if (depth > MAX_DEPTH) return refuse('too_deep', `条件嵌套太深，最多 ${MAX_DEPTH} 层`);
  for (let above = visit.parent; above; above = above.parent) {
    if (above.node === node) return refuse('cycle', '条件包含了它自己');
  }
  const keys = Object.keys(node);
  const forbidden = keys.find((key) => FORBIDDEN_KEYS.has(key));
  if (forbidden !== undefined) return refuse('forbidden_key', `不允许使用「${forbidden}」`);
  const branch = BRANCHES.find((key) => Object.hasOwn(node, key));
  if (branch === undefined) {
    checkLeaf(node, keys, path, registry, problems);
    return [];
  }
  if (keys.length > 1) return refuse('unknown_key', `「${branch}」旁边不能再有别的内容`);
  const below = (child: unknown, at: string): Visit => ({ node: child, path: at, depth: depth + 1, parent: visit });
  if (branch === 'not') return [below(node.not, `${path}.not`)];
  const parts = node[branch];
  if (!Array.isArray(parts)) return refuse('not_a_condition', `「${branch}」里应该是一组条件`, `${path}.${branch}`);
  if (parts.length === 0 && branch === 'any') {
    return refuse('empty', '「任一满足」里至少要有一个条件', `${path}.any`);
  }
  if (parts.length > MAX_NODES) return refuse('too_many_nodes', `条件太多，最多 ${MAX_NODES} 个`, `${path}.${branch}`);
  return Array.from(parts, (part: unknown, index) => below(part, `${path}.${branch}[${index}]`));
}

function checkLeaf<Facts>(
  node: Record<string, unknown>,
  keys: readonly string[],
  path: string,
  registry: FieldRegistry<Facts>,
  problems: ConditionProblem[],
): void {
  const refuse = (at: string, code: ConditionProblem['code'], message: string): void => {
    problems.push({ path: at, code, message });
  };
  const stray = keys.find((key) => !LEAF_KEYS.has(key));
  if (stray !== undefined) return refuse(path, 'unknown_key', `条件里不认识「${stray.slice(0, 40)}」`);
  if (keys.length < LEAF_KEYS.size) return refuse(path, 'not_a_condition', '条件要有 field、op 和 value 三项');
  const field = typeof node.field === 'string' ? registry.get(node.field) : undefined;
  if (!field) return refuse(`${path}.field`, 'unknown_field', `没有「${String(node.field).slice(0, 40)}」这个字段`);
  if (!isOperator(node.op)) return refuse(`${path}.op`, 'unknown_operator', '没有这个比较方式');
  if (!registry.operatorsOf(field).includes(node.op)) {
    return refuse(`${path}.op`, 'operator_not_allowed', `「${field.label}」不能用这个比较方式`);
  }
  for (const { at, code, message } of valueProblems(field, node.op, node.value)) {
    refuse(`${path}.value${at}`, code, `「${field.label}」：${message}`);
  }
}

function isOperator(value: unknown): value is Operator {
  return OPERATORS.some((op) => op === value);
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  // Not compared with Object.prototype itself: an object of another realm (a clone, a test) is as plain.
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

/** Only called on what was checked, so the recursion is at most MAX_DEPTH deep. */
function copyOf(node: Condition): Condition {
  if ('all' in node) return { all: node.all.map(copyOf) };
  if ('any' in node) return { any: node.any.map(copyOf) };
  if ('not' in node) return { not: copyOf(node.not) };
  return { field: node.field, op: node.op, value: copyOfValue(node.value) };
}

function copyOfValue(value: LeafValue): LeafValue {
  if (typeof value !== 'object') return value;
  return 'from' in value ? { from: value.from, to: value.to } : [...value];
}
