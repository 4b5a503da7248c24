import type { Operator } from './condition';
import type { FieldType } from './field-registry';

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
