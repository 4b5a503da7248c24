import type { Arithmetic } from '../sql/syntax';
import { as, mapped, NULL_NODE, typeOfKind } from './coerce';
import { folded } from './collation';
import { functionNode } from './functions';
import { addMonths, dateText, instantText, unitLength } from './instants';
import { unsupported, type Node } from './node';
import { beyondUnsigned } from './refusals';
import { asBytes, BIGINT, BYTES, INSTANT, INT, safeInt, TEXT, type Kind } from './values';

const OPERATIONS: Partial<Record<Arithmetic, (x: number, y: number) => number | null>> = {
  '+': (x, y) => x + y,
  '-': (x, y) => x - y,
  '*': (x, y) => x * y,
  DIV: (x, y) => (y === 0 ? null : Math.trunc(x / y) + 0),
  '%': (x, y) => (y === 0 ? null : (x % y) + 0),
};

/** Whole numbers only. With an unsigned side the result is unsigned, and an error when it would be negative. */
export function arithmeticNode(sign: Arithmetic, one: Node, other: Node): Node {
  const [left, right] = [as(one, numberKind(one)), as(other, numberKind(other))];
  const decimal = left.type.kind === 'decimal' || right.type.kind === 'decimal';
  if (left.type.kind === 'null' || right.type.kind === 'null') return NULL_NODE;
  const unsigned = left.type.unsigned || right.type.unsigned;
  const type = decimal ? typeOfKind('decimal') : { ...BIGINT, unsigned };
  const apply = OPERATIONS[sign] ?? unsupported('division into fractions');
  const [first, second] = [left.run, right.run];
  return {
    type,
    run: (frame) => {
      const [x, y] = [first(frame), second(frame)];
      if (x === null || y === null) return null;
      const result = apply(x as number, y as number);
      if (unsigned && !decimal && result !== null && result < 0) throw beyondUnsigned();
      return result === null ? null : safeInt(result);
    },
  };
}

function numberKind({ type }: Node): Kind {
  return type.kind === 'decimal' ? 'decimal' : 'int';
}

/** `base + INTERVAL amount unit` */
export function shiftNode(base: Node, by: Node, { back, unit }: { back: boolean; unit: string }): Node {
  const amount = as(by, 'int');
  const day = unit === 'DAY' || unit === 'WEEK' || unit === 'MONTH' || unit === 'YEAR';
  const isDate = base.type.kind === 'date' && day;
  const [time, sign] = [as(base, isDate ? 'date' : 'instant'), back ? -1 : 1];
  const length = unitLength(unit);
  const months = unit === 'YEAR' ? 12 : 1;
  return {
    type: isDate ? typeOfKind('date') : INSTANT,
    run: (frame) => {
      const [us, count] = [time.run(frame), amount.run(frame)];
      if (us === null || count === null) return null;
      const signed = sign * (count as number);
      return length === undefined ? addMonths(us as number, signed * months) : (us as number) + signed * length;
    },
  };
}

/** The casts of the subset. */
export function castNode(node: Node, to: string): Node {
  const { kind } = node.type;
  const number = kind === 'int' || kind === 'decimal';
  if (/^(SIGNED|INTEGER|INT)$/.test(to) && number) return { ...node, type: BIGINT };
  if (/^UNSIGNED/.test(to) && number) return { ...node, type: { ...BIGINT, unsigned: true } };
  if (to === 'CHAR') return asWords(node);
  if (to === 'BINARY')
    return kind === 'bytes' ? node : mapped(asWords(node), BYTES, (value) => asBytes(value as string));
  if (to === 'DATE') return functionNode('DATE', [node]);
  return unsupported(`CAST(${kind} AS ${to})`);
}

function asWords(node: Node): Node {
  switch (node.type.kind) {
    case 'text':
    case 'null':
      return node;
    case 'int':
    case 'decimal':
      return mapped(node, TEXT, String);
    case 'bytes':
      return mapped(node, TEXT, (value) => Buffer.from(value as string, 'latin1').toString('utf8'));
    case 'date':
      return mapped(node, TEXT, (us) => dateText(us as number));
    case 'instant':
      // Columns that keep no fractions of a second are nobody's here.
      return mapped(node, TEXT, (us) => instantText(us as number, 6));
    default:
      return unsupported(`${node.type.kind} in words`);
  }
}

export function likeNode(value: Node, pattern: Node): Node {
  const text = pattern.type.kind === 'any' ? as(pattern, value.type.kind) : pattern;
  const key = value.type.kind === 'text' ? folded : (one: string) => one;
  return {
    type: INT,
    run: (frame) => {
      const [whole, wanted] = [value.run(frame), text.run(frame)];
      if (whole === null || wanted === null) return null;
      return patternOf(key(wanted as string)).test(key(whole as string)) ? 1 : 0;
    },
  };
}

function patternOf(like: string): RegExp {
  const source = like.replace(/\\(.)|([%_])|([^%_\\])/gs, (_, escaped?: string, wild?: string, plain?: string) => {
    if (wild) return wild === '%' ? '[^]*' : '[^]';
    return (escaped ?? plain!).replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  });
  return new RegExp(`^${source}$`, 'u');
}
