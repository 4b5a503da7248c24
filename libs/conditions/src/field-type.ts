import type { Operator } from './condition';

/**
 * What a field is, and so how its facts are read and how an author writes a value for it:
 *
 * | type | fact | value written |
 * |---|---|---|
 * | number | finite number | finite number |
 * | string, enum | text | text (enum: one of the options) |
 * | boolean | true / false | true / false |
 * | adcode | finest known GB/T 2260 code, six digits | six digits at any level |
 * | instant | milliseconds since 1970 UTC | ISO 8601 with offset |
 * | time-of-day | minute of the day 0 … 1439 | `HH:MM` |
 * | weekday | 1 = Monday … 7 = Sunday | 1 … 7 |
 * | set | list of texts or of numbers, known whole or not at all; the empty list is known | text or number (`items` says which) |
 */
export type FieldType =
  'number' | 'string' | 'boolean' | 'enum' | 'adcode' | 'instant' | 'time-of-day' | 'weekday' | 'set';

/** Which operators a type has. */
export const OPERATORS_OF: Record<FieldType, readonly Operator[]> = {
  number: ['eq', 'ne', 'in', 'notIn', 'lt', 'lte', 'gt', 'gte', 'between', 'range', 'everyNth'],
  string: ['eq', 'ne', 'in', 'notIn'],
  boolean: ['eq'],
  enum: ['eq', 'ne', 'in', 'notIn'],
  adcode: ['within'],
  instant: ['lt', 'gte', 'between'],
  'time-of-day': ['between'],
  weekday: ['eq', 'in', 'notIn'],
  set: ['hasAny', 'hasNone'],
};

/** `list`: one to MAX_LIST values; `span`: `{from, to}`. */
export type ValueShape = 'one' | 'list' | 'span';

const LIST_OPERATORS: ReadonlySet<Operator> = new Set(['in', 'notIn', 'within', 'hasAny', 'hasNone'] as const);

export function valueShapeOf(op: Operator): ValueShape {
  if (op === 'between' || op === 'range') return 'span';
  return LIST_OPERATORS.has(op) ? 'list' : 'one';
}

/** Operators as a builder offers them, in Chinese. */
export const OPERATOR_LABELS: Readonly<Record<Operator, string>> = {
  eq: '等于',
  ne: '不等于',
  in: '是其中之一',
  notIn: '不在其中',
  lt: '小于',
  lte: '不超过',
  gt: '大于',
  gte: '不少于',
  between: '从（含）到（不含）',
  within: '位于',
  range: '从（含）到（含）',
  everyNth: '每逢第几次',
  hasAny: '含其中任一',
  hasNone: '不含其中任何一个',
};

const LABELS_OF_TYPE: Partial<Record<FieldType, Partial<Record<Operator, string>>>> = {
  instant: { lt: '早于', gte: '不早于', between: '从（含）到（不含）' },
  boolean: { eq: '为' },
  weekday: { eq: '是', in: '是其中之一', notIn: '不是其中之一' },
  enum: { eq: '是', ne: '不是', notIn: '不是其中之一' },
  string: { eq: '是', ne: '不是', notIn: '不是其中之一' },
};

/** The label of an operator on a field of this type: a number is 小于, a time is 早于. */
export function operatorLabel(op: Operator, type: FieldType): string {
  return LABELS_OF_TYPE[type]?.[op] ?? OPERATOR_LABELS[op];
}
