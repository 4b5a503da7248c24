/** The closed condition tree: the only shape in which rules and audiences are written, stored and evaluated. */
export type Condition = AllOf | AnyOf | NotOf | Leaf;

/** True when every part is true; `{all: []}` is true for everybody. */
export interface AllOf {
  readonly all: readonly Condition[];
}
/** True when at least one part is true; never empty. */
export interface AnyOf {
  readonly any: readonly Condition[];
}
export interface NotOf {
  readonly not: Condition;
}
/** One comparison of a fact (`field`, a key of the registry) with a value written by the author. */
export interface Leaf {
  readonly field: string;
  readonly op: Operator;
  readonly value: LeafValue;
}

export const OPERATORS = [
  'eq',
  'ne',
  'in',
  'notIn',
  'lt',
  'lte',
  'gt',
  'gte',
  'between',
  'within',
  'range',
  'everyNth',
  'hasAny',
  'hasNone',
] as const;
export type Operator = (typeof OPERATORS)[number];

export type Scalar = number | string | boolean;
/** `{from, to}`: half-open for `between`, both ends included for `range`. */
export interface Span {
  readonly from: Scalar;
  readonly to: Scalar;
}
export type LeafValue = Scalar | readonly Scalar[] | Span;

/** Kleene's three values: a fact that is missing, or not trusted enough, is unknown and stays unknown under `not`. */
export type Truth = 'true' | 'false' | 'unknown';

export const isAll = (node: Condition): node is AllOf => 'all' in node;
export const isAny = (node: Condition): node is AnyOf => 'any' in node;
export const isNot = (node: Condition): node is NotOf => 'not' in node;
