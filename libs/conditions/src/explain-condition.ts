import { Defect, shanghaiFields } from '@app/kernel';
import {
  isAll,
  isAny,
  isNot,
  type Condition,
  type Leaf,
  type LeafValue,
  type Operator,
  type Scalar,
} from './condition';
import type { LeafTrace } from './compile-condition';
import { DEFAULT_SENTENCE, type FieldDefinition, type FieldRegistry, type KnownFact } from './field-registry';
import { comparable, isSpan } from './leaf-value';

/** Names for values that only the caller knows, such as regions and products; undefined = show the value itself. */
export type NameOf = (field: string, value: Scalar) => string | undefined;

const SIGNS: Record<Operator, string> = {
  eq: '=',
  ne: '≠',
  in: '∈',
  notIn: '∉',
  lt: '<',
  lte: '≤',
  gt: '>',
  gte: '≥',
  between: '∈',
  within: '∈',
  range: '∈',
  everyNth: '是',
  hasAny: '含任一',
  hasNone: '均不含',
};
const MARKS = { true: '✓', false: '✗', unknown: '？' } as const;
const WEEKDAYS = ['周一', '周二', '周三', '周四', '周五', '周六', '周日'];

/** 「所在地 安徽省（按 IP）∈ 安徽省 ✓」 */
export function explainLeaf<Facts>(leaf: LeafTrace, registry: FieldRegistry<Facts>, nameOf: NameOf = nameless): string {
  const field = fieldOf(leaf, registry);
  const note = leaf.note === undefined ? '' : `（${leaf.note}）`;
  const seen = leaf.seen === null ? '未知' : seenWords(field, leaf.seen, nameOf);
  return `${sentence(field, leaf, `${seen}${note}`, nameOf)} ${MARKS[leaf.result]}`;
}

/** The condition as its author reads it: 「所在地 ∈ 安徽省 且 等级 = 金卡」. */
export function explainCondition<Facts>(
  condition: Condition,
  registry: FieldRegistry<Facts>,
  nameOf: NameOf = nameless,
): string {
  const words = (node: Condition, inside: boolean): string => {
    if (isNot(node)) return `非（${words(node.not, false)}）`;
    if (!isAll(node) && !isAny(node)) return sentence(fieldOf(node, registry), node, '', nameOf);
    const parts = isAll(node) ? node.all : node.any;
    if (parts.length === 0) return '所有人';
    const joined = parts.map((part) => words(part, parts.length > 1)).join(isAll(node) ? ' 且 ' : ' 或 ');
    return inside && parts.length > 1 ? `（${joined}）` : joined;
  };
  return words(condition, false);
}

function sentence<Facts>(
  field: FieldDefinition<Facts>,
  leaf: Pick<Leaf, 'op' | 'value'>,
  seen: string,
  nameOf: NameOf,
): string {
  const words: Record<string, string> = {
    label: field.label,
    seen,
    op: SIGNS[leaf.op],
    value: valueWords(field, leaf.op, leaf.value, nameOf),
  };
  return (field.sentence ?? DEFAULT_SENTENCE)
    .replace(/\{(label|seen|op|value)\}/g, (_, key: string) => words[key] ?? '')
    .replace(/ {2,}/g, ' ')
    .replace('） ', '）')
    .trim();
}

function valueWords<Facts>(field: FieldDefinition<Facts>, op: Operator, value: LeafValue, nameOf: NameOf): string {
  const one = (item: Scalar): string => factWords(field, comparable(field, item), nameOf);
  if (op === 'everyNth') return `${String(value)} 的倍数`;
  if (typeof value !== 'object') return one(value);
  if (isSpan(value))
    return op === 'range' ? `${one(value.from)}–${one(value.to)}` : `[${one(value.from)}, ${one(value.to)})`;
  return value.map(one).join('、');
}

function seenWords<Facts>(field: FieldDefinition<Facts>, seen: KnownFact, nameOf: NameOf): string {
  if (typeof seen !== 'object') return factWords(field, seen, nameOf);
  return seen.length === 0 ? '无' : seen.map((item) => factWords(field, item, nameOf)).join('、');
}

/** A fact, or a value in its comparable form, as people read it. */
function factWords<Facts>(field: FieldDefinition<Facts>, value: Scalar, nameOf: NameOf): string {
  const named = nameOf(field.key, value) ?? field.options?.find((option) => option.value === value)?.label;
  if (named !== undefined) return named;
  if (typeof value === 'boolean') return value ? '是' : '否';
  if (field.type === 'weekday') return WEEKDAYS[Number(value) - 1] ?? String(value);
  if (field.type === 'time-of-day') return clock(Math.floor(Number(value) / 60), Number(value) % 60);
  if (field.type !== 'instant') return field.unit === undefined ? String(value) : `${value} ${field.unit}`;
  const { day, hour, minute } = shanghaiFields(new Date(Number(value)));
  return `${day} ${clock(hour, minute)}`;
}

function clock(hour: number, minute: number): string {
  return `${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}`;
}

function nameless(): undefined {
  return undefined;
}

function fieldOf<Facts>(leaf: { readonly field: string }, registry: FieldRegistry<Facts>): FieldDefinition<Facts> {
  const field = registry.get(leaf.field);
  if (!field) throw new Defect(`no field ${leaf.field} in this registry`);
  return field;
}
