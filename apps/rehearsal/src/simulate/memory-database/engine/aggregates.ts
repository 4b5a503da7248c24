import type { Call, Order } from '../sql/syntax';
import { as, inOrder } from './coerce';
import { folded, foldedInOrder } from './collation';
import { looseText, BIGINT, DECIMAL, NULL, safeInt, TEXT, type Type, type Value } from './values';
import { unsupported, type Frame, type Node } from './node';

/** One aggregate over the rows of a group. */
export interface Aggregate {
  readonly type: Type;
  start(): Running;
}

export interface Running {
  add(frame: Frame): void;
  result(): Value;
}

export const AGGREGATES = new Set(['COUNT', 'SUM', 'MIN', 'MAX', 'GROUP_CONCAT', 'AVG']);

/** Throws Defect for an aggregate beyond the subset. */
export function aggregateOf(call: Call, node: (of: Call['args'][number]) => Node): Aggregate {
  const [arg] = call.args;
  if (call.name === 'COUNT' && arg!.is === 'star') return counting(() => true);
  const value = node(arg!);
  switch (call.name) {
    case 'COUNT':
      return call.distinct ? countingDistinct(value) : counting((frame) => value.run(frame) !== null);
    case 'SUM':
      return call.distinct ? unsupported('SUM(DISTINCT)') : summing(value);
    case 'MIN':
      return extreme(value, -1);
    case 'MAX':
      return extreme(value, 1);
    case 'GROUP_CONCAT':
      return joining(call, value, node);
    default:
      return unsupported(call.name);
  }
}

function counting(counts: (frame: Frame) => boolean): Aggregate {
  return {
    type: BIGINT,
    start: () => {
      let count = 0;
      return {
        add: (frame) => {
          if (counts(frame)) count++;
        },
        result: () => count,
      };
    },
  };
}

function countingDistinct(value: Node): Aggregate {
  const key = keyOf(value.type);
  return {
    type: BIGINT,
    start: () => {
      const seen = new Set<Value>();
      return {
        add: (frame) => {
          const one = value.run(frame);
          if (one !== null) seen.add(key(one));
        },
        result: () => seen.size,
      };
    },
  };
}

function summing(value: Node): Aggregate {
  const { run, type } = as(value, value.type.kind === 'decimal' ? 'decimal' : 'int');
  if (type.kind === 'null') return { type: NULL, start: () => ({ add: () => undefined, result: () => null }) };
  return {
    type: DECIMAL,
    start: () => {
      let sum: number | null = null;
      return {
        add: (frame) => {
          const one = run(frame);
          if (one !== null) sum = safeInt((sum ?? 0) + (one as number));
        },
        result: () => sum,
      };
    },
  };
}

function extreme(value: Node, sign: 1 | -1): Aggregate {
  const key = value.type.kind === 'text' ? (one: Value) => foldedInOrder(one as string) : (one: Value) => one;
  return {
    type: value.type,
    start: () => {
      let best: Value = null;
      return {
        add: (frame) => {
          const one = value.run(frame);
          if (one === null) return;
          if (best === null || inOrder(key(one), key(best)) * sign > 0) best = one;
        },
        result: () => best,
      };
    },
  };
}

function joining(call: Call, value: Node, node: (of: Order['by']) => Node): Aggregate {
  const order = call.order.map(({ by, descending }) => ({ node: node(by), sign: descending ? -1 : 1 }));
  const type = value.type.kind === 'bytes' ? value.type : TEXT;
  return {
    type,
    start: () => {
      const found: { text: string; keys: Value[] }[] = [];
      return {
        add: (frame) => {
          const one = value.run(frame);
          const keys = order.map((by) => by.node.run(frame));
          if (one !== null) found.push({ text: looseText(one)!, keys });
        },
        result: () => {
          found.sort((one, other) => {
            const at = order.findIndex((_, index) => one.keys[index] !== other.keys[index]);
            return at < 0 ? 0 : inOrder(one.keys[at]!, other.keys[at]!) * order[at]!.sign;
          });
          const texts = call.distinct ? [...new Set(found.map(({ text }) => text))] : found.map(({ text }) => text);
          return texts.length === 0 ? null : texts.join(call.separator);
        },
      };
    },
  };
}

/** What values of a type are told apart by. */
export function keyOf({ kind }: Type): (value: Value) => Value {
  return kind === 'text' ? (value) => (value === null ? null : folded(value as string)) : (value) => value;
}
