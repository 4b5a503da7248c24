import type { Comparison } from '../sql/syntax';
import { folded, foldedInOrder } from './collation';
import { instantOf } from './instants';
import { unsupported, type Frame, type Node } from './node';
import {
  asBytes,
  BIGINT,
  BYTES,
  DATE,
  DECIMAL,
  INSTANT,
  INT,
  NULL,
  TEXT,
  type Kind,
  type Type,
  type Value,
} from './values';

export function constant(type: Type, value: Value): Node {
  return { type, fixed: value, run: () => value };
}

export const NULL_NODE = constant(NULL, null);

const TYPES: Record<Kind, Type> = {
  int: BIGINT,
  decimal: DECIMAL,
  fixed: { kind: 'fixed', unsigned: false, wide: false },
  instant: INSTANT,
  date: DATE,
  text: TEXT,
  bytes: BYTES,
  null: NULL,
  any: { kind: 'any', unsigned: false, wide: false },
};

export function typeOfKind(kind: Kind): Type {
  return TYPES[kind];
}

const WHOLE = /^-?\d{1,16}$/;

/** The node as a value of this kind. Throws Defect where MariaDB would convert in a way that is not modelled. */
export function as(node: Node, kind: Kind): Node {
  const from = node.type.kind;
  if (from === kind || from === 'null') return node;
  if (node.as) return node.as(kind);
  if (same(from, kind)) return { ...node, type: TYPES[kind] };
  if (from === 'text' && kind === 'bytes') return mapped(node, BYTES, (value) => asBytes(value as string));
  if (from === 'text' && node.fixed !== undefined) return constantAs(node.fixed as string, kind);
  return unsupported(`${from} as ${kind}`);
}

function same(from: Kind, to: Kind): boolean {
  const numbers = new Set<Kind>(['int', 'decimal']);
  const times = new Set<Kind>(['instant', 'date']);
  return (numbers.has(from) && numbers.has(to)) || (times.has(from) && times.has(to));
}

function constantAs(text: string, kind: Kind): Node {
  if (kind === 'int' && WHOLE.test(text)) return constant(BIGINT, Number(text));
  const instant = kind === 'instant' || kind === 'date' ? instantOf(text) : null;
  return instant === null ? unsupported(`the text ${JSON.stringify(text)} as ${kind}`) : constant(TYPES[kind], instant);
}

/** A node over the value of another, when that is not NULL. */
export function mapped(node: Node, type: Type, change: (value: number | string) => Value): Node {
  const { run, fixed } = node;
  if (fixed !== undefined) return constant(type, fixed === null ? null : change(fixed));
  return {
    type,
    run: (frame) => {
      const value = run(frame);
      return value === null ? null : change(value);
    },
  };
}

/** The kind in which values of these kinds meet. */
export function commonKind(nodes: readonly Node[]): Kind {
  const kinds = new Set<Kind>(nodes.map(({ type }) => type.kind).filter((kind) => kind !== 'null' && kind !== 'any'));
  if (kinds.size === 0) return nodes.some(({ type }) => type.kind === 'any') ? 'any' : 'null';
  if (kinds.size === 1) return [...kinds][0]!;
  const pairs: readonly (readonly [Kind, Kind])[] = [
    ['bytes', 'text'],
    ['instant', 'date'],
    ['instant', 'text'],
    ['date', 'text'],
    ['decimal', 'int'],
    ['int', 'text'],
  ];
  const pair = pairs.find(([one, other]) => kinds.size === 2 && kinds.has(one) && kinds.has(other));
  return pair ? pair[0] : unsupported(`${[...kinds].join(' with ')}`);
}

/** The type of IF, CASE, COALESCE … over these results. */
export function commonType(nodes: readonly Node[]): Type {
  const kind = commonKind(nodes);
  if (kind !== 'int') return TYPES[kind];
  const numbers = nodes.filter(({ type }) => type.kind === 'int');
  const unsigned = numbers.every(({ type }) => type.unsigned);
  const mixed = !unsigned && numbers.some(({ type }) => type.unsigned);
  return { kind, unsigned, wide: mixed || numbers.some(({ type }) => type.wide) || numbers.length === 0 };
}

/** All as one kind. A text that is no constant meets nothing but texts and bytes. */
export function aligned(nodes: readonly Node[]): readonly Node[] {
  const kind = commonKind(nodes);
  if (kind === 'any') return nodes;
  return nodes.map((node) => as(node, kind));
}

type Test = (order: number) => boolean;

const TESTS: Record<Exclude<Comparison, '<=>'>, Test> = {
  '=': (order) => order === 0,
  '<>': (order) => order !== 0,
  '<': (order) => order < 0,
  '<=': (order) => order <= 0,
  '>': (order) => order > 0,
  '>=': (order) => order >= 0,
};

/** 1, 0 or NULL. */
export function compared(sign: Comparison, one: Node, other: Node): Node {
  const [left, right] = aligned([one, other]) as [Node, Node];
  const kind = commonKind([left, right]);
  if (kind === 'any' || kind === 'fixed') unsupported(`comparing ${kind}`);
  if (sign === '<=>') return nullSafe(left, right, kind);
  return { type: INT, run: kind === 'text' ? textTest(sign, left, right) : plainTest(sign, left.run, right.run) };
}

function nullSafe(left: Node, right: Node, kind: Kind): Node {
  const key = kind === 'text' ? folded : (value: string) => value;
  const of = (value: Value): Value => (typeof value === 'string' ? key(value) : value);
  return { type: INT, run: (frame) => (of(left.run(frame)) === of(right.run(frame)) ? 1 : 0) };
}

function textTest(sign: Exclude<Comparison, '<=>'>, left: Node, right: Node): Node['run'] {
  const key = sign === '=' || sign === '<>' ? folded : foldedInOrder;
  const fold = (node: Node): Node => mapped(node, TEXT, (value) => key(value as string));
  return plainTest(sign, fold(left).run, fold(right).run);
}

function plainTest(sign: Exclude<Comparison, '<=>'>, left: Node['run'], right: Node['run']): Node['run'] {
  if (sign === '=') {
    return (frame: Frame) => {
      const [one, other] = [left(frame), right(frame)];
      if (one === null || other === null) return null;
      return one === other ? 1 : 0;
    };
  }
  const test = TESTS[sign];
  return (frame: Frame) => {
    const [one, other] = [left(frame), right(frame)];
    if (one === null || other === null) return null;
    return test(one < other ? -1 : one > other ? 1 : 0) ? 1 : 0;
  };
}

/** For ORDER BY: NULL first, as in MariaDB. */
export function inOrder(one: Value, other: Value): number {
  if (one === other) return 0;
  if (one === null) return -1;
  if (other === null) return 1;
  return one < other ? -1 : 1;
}
