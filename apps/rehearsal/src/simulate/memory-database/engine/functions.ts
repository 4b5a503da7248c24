import { aligned, as, commonType, compared, constant, inOrder, mapped, NULL_NODE } from './coerce';
import { folded } from './collation';
import { dateText, instantText, startOfDay, unitLength } from './instants';
import { unsupported, type Frame, type Node } from './node';
import { asBytes, BIGINT, BYTES, DATE, INSTANT, INT, looseText, TEXT, type Type, type Value } from './values';

type Maker = (args: readonly Node[]) => Node;

/** Scalar functions of the subset. */
const MAKERS: Record<string, Maker> = {
  UTC_TIMESTAMP: now,
  NOW: now,
  CURRENT_TIMESTAMP: now,
  UTC_DATE: () => ({ type: DATE, run: ({ run }) => startOfDay(run.now) }),
  COALESCE: coalesce,
  IFNULL: coalesce,
  IF: ([test, then, otherwise]) => choice([{ when: test!, then: then! }], otherwise!),
  NULLIF: ([value, other]) => choice([{ when: compared('=', value!, other!), then: NULL_NODE }], value!),
  LEAST: (args) => extreme(args, -1),
  GREATEST: (args) => extreme(args, 1),
  CONCAT: concat,
  CONCAT_WS: concatWith,
  CHAR_LENGTH: ([text]) => mapped(as(text!, 'text'), INT, (value) => [...(value as string)].length),
  LENGTH: ([bytes]) => mapped(as(bytes!, 'bytes'), INT, (value) => (value as string).length),
  LOWER: ([text]) => mapped(ascii(text!), text!.type, (value) => (value as string).toLowerCase()),
  UPPER: ([text]) => mapped(ascii(text!), text!.type, (value) => (value as string).toUpperCase()),
  SUBSTRING: substring,
  LEFT: ([text, count]) => substring([text!, constant(INT, 1), count!]),
  REPLACE: (args) => lifted(args[0]!.type, aligned(args), ([text, from, to]) => replaced(text!, from!, to!)),
  LOCATE: locate,
  ABS: ([value]) => mapped(as(value!, 'int'), BIGINT, (number) => Math.abs(number as number)),
  DATE: ([value]) => mapped(as(value!, 'instant'), DATE, (us) => startOfDay(us as number)),
  MICROSECOND: ([value]) => mapped(as(value!, 'instant'), INT, (us) => (us as number) % 1_000_000),
  DATE_FORMAT: dateFormat,
  REPEAT: (args) => lifted(args[0]!.type, args, ([text, count]) => String(text).repeat(count as number)),
  CHAR: (args) => lifted(BYTES, args, (codes) => String.fromCharCode(...(codes as number[]))),
  HEX: ([bytes]) => mapped(as(bytes!, 'bytes'), TEXT, (value) => hex(value as string)),
  LAST_INSERT_ID: () => unsupported('LAST_INSERT_ID'),
};

const DIFFERENCE = 'TIMESTAMPDIFF_';

/** Throws Defect for a function that is not known here. */
export function functionNode(name: string, args: readonly Node[]): Node {
  if (name.startsWith(DIFFERENCE)) return difference(name.slice(DIFFERENCE.length), args);
  const maker = MAKERS[name];
  return maker ? maker(args) : unsupported(`the function ${name}`);
}

/** CASE: the first branch whose condition holds. */
export function choice(whens: readonly { readonly when: Node; readonly then: Node }[], otherwise: Node): Node {
  const results = [...whens.map(({ then }) => then), otherwise];
  const type = commonType(results);
  const nodes = aligned(results);
  const [tests, runs] = [whens.map(({ when }) => when.run), nodes.map((node) => node.run)];
  const made: Node = {
    type,
    run: (frame) => {
      for (let at = 0; at < tests.length; at++) if (isTrue(tests[at]!(frame))) return runs[at]!(frame);
      return runs[tests.length]!(frame);
    },
  };
  if (type.kind !== 'any') return made;
  return {
    ...made,
    as: (kind) =>
      choice(
        whens.map(({ when, then }) => ({ when, then: as(then, kind) })),
        as(otherwise, kind),
      ),
  };
}

export function isTrue(value: Value): boolean {
  return value !== null && value !== 0;
}

function now(args: readonly Node[]): Node {
  const digits = args.length === 0 ? 0 : Number(args[0]!.fixed);
  const unit = 10 ** (6 - digits);
  return { type: INSTANT, run: ({ run }) => run.now - (run.now % unit) };
}

function coalesce(args: readonly Node[]): Node {
  const type = commonType(args);
  const runs = aligned(args).map((node) => node.run);
  const run = (frame: Frame): Value => {
    for (const one of runs) {
      const value = one(frame);
      if (value !== null) return value;
    }
    return null;
  };
  return type.kind === 'any' ? { type, run, as: (kind) => coalesce(args.map((arg) => as(arg, kind))) } : { type, run };
}

function extreme(args: readonly Node[], sign: 1 | -1): Node {
  const [type, nodes] = [commonType(args), aligned(args)];
  if (type.kind === 'text' || type.kind === 'any') unsupported(`LEAST and GREATEST of ${type.kind}`);
  return lifted(type, nodes, (values) =>
    values.reduce((best, value) => (inOrder(value, best) * sign > 0 ? value : best)),
  );
}

/** Over values none of which is NULL; NULL when one is. */
function lifted(type: Type, nodes: readonly Node[], of: (values: (number | string)[]) => Value): Node {
  const runs = nodes.map((node) => node.run);
  return {
    type,
    run: (frame) => {
      const values: (number | string)[] = [];
      for (const run of runs) {
        const value = run(frame);
        if (value === null) return null;
        values.push(value);
      }
      return of(values);
    },
  };
}

function concat(args: readonly Node[]): Node {
  const bytes = args.some(({ type }) => type.kind === 'bytes');
  const parts = args.map((arg) => (bytes ? as(worded(arg), 'bytes') : worded(arg)));
  return lifted(bytes ? BYTES : TEXT, parts, (values) => values.join(''));
}

/** With a separator between; what is NULL is left out. */
function concatWith([separator, ...args]: readonly Node[]): Node {
  const between = worded(separator!);
  const parts = args.map(worded);
  return {
    type: TEXT,
    run: (frame) => {
      const text = between.run(frame);
      if (text === null) return null;
      const values = parts.map(({ run }) => run(frame)).filter((value) => value !== null);
      return values.join(String(text));
    },
  };
}

/** Numbers and places as their words. */
function worded(node: Node): Node {
  const { place } = node;
  if (place !== undefined) return { type: TEXT, run: ({ run }) => looseText(run.params[place]!) };
  const { kind } = node.type;
  if (kind === 'text' || kind === 'bytes' || kind === 'null') return node;
  return kind === 'int' || kind === 'decimal' ? mapped(node, TEXT, String) : unsupported(`CONCAT of ${kind}`);
}

function ascii(node: Node): Node {
  return mapped(as(node, 'text'), node.type, (value) => {
    if (asBytes(value as string) !== value || /[^\0-\x7f]/.test(value)) unsupported('letters beyond ASCII');
    return value;
  });
}

function substring(args: readonly Node[]): Node {
  const [text, from, length] = args;
  const all = length ?? constant(INT, Number.MAX_SAFE_INTEGER);
  return lifted(text!.type, [text!, as(from!, 'int'), as(all, 'int')], ([value, start, count]) => {
    const letters = text!.type.kind === 'bytes' ? (value as string).split('') : [...(value as string)];
    const at = (start as number) > 0 ? (start as number) - 1 : letters.length + (start as number);
    return start === 0 || at < 0 ? '' : letters.slice(at, at + (count as number)).join('');
  });
}

function replaced(text: number | string, from: number | string, to: number | string): string {
  return from === '' ? String(text) : String(text).split(String(from)).join(String(to));
}

function locate(args: readonly Node[]): Node {
  const [part, text] = aligned(args.slice(0, 2)) as [Node, Node];
  if (args.length > 2) unsupported('LOCATE from a position');
  const key = text.type.kind === 'text' ? folded : (value: string) => value;
  return lifted(INT, [part, text], ([wanted, whole]) => key(whole as string).indexOf(key(wanted as string)) + 1);
}

const FIELDS: Record<string, (us: number) => string> = {
  Y: (us) => dateText(us).slice(0, 4),
  m: (us) => dateText(us).slice(5, 7),
  d: (us) => dateText(us).slice(8, 10),
  H: (us) => instantText(us, 0).slice(11, 13),
  i: (us) => instantText(us, 0).slice(14, 16),
  s: (us) => instantText(us, 0).slice(17, 19),
  f: (us) => instantText(us, 6).slice(20),
};

function dateFormat([value, format]: readonly Node[]): Node {
  const pattern = format!.fixed;
  if (typeof pattern !== 'string') return unsupported('a format that is no constant');
  return mapped(as(value!, 'instant'), TEXT, (us) =>
    pattern.replace(/%(.)/g, (_, field: string) => FIELDS[field]?.(us as number) ?? unsupported(`%${field}`)),
  );
}

function hex(bytes: string): string {
  return Buffer.from(bytes, 'latin1').toString('hex').toUpperCase();
}

function difference(unit: string, args: readonly Node[]): Node {
  const length = unitLength(unit) ?? unsupported(`TIMESTAMPDIFF of ${unit}`);
  const times = args.map((arg) => as(arg, 'instant'));
  return lifted(BIGINT, times, ([from, to]) => Math.trunc(((to as number) - (from as number)) / length) + 0);
}
