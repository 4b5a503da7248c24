import fc from 'fast-check';
import {
  compileAtBest,
  compileCondition,
  FieldRegistry,
  validateCondition,
  type Condition,
  type Leaf,
  type Truth,
} from './index';

interface Facts {
  n: number | null;
  color: 'red' | 'green' | 'blue' | null;
  flag: boolean | null;
  place: number | null;
  minute: number | null;
  weekday: number | null;
  at: number | null;
  tags: readonly string[] | null;
}

const registry = new FieldRegistry<Facts>([
  { key: 'n', label: '次数', type: 'number', whole: true, read: (f) => f.n },
  {
    key: 'color',
    label: '颜色',
    type: 'enum',
    options: [
      { value: 'red', label: '红' },
      { value: 'green', label: '绿' },
      { value: 'blue', label: '蓝' },
    ],
    read: (f) => f.color,
  },
  { key: 'flag', label: '首扫', type: 'boolean', read: (f) => f.flag },
  { key: 'place', label: '所在地', type: 'adcode', read: (f) => f.place },
  { key: 'minute', label: '时刻', type: 'time-of-day', read: (f) => f.minute },
  { key: 'weekday', label: '星期', type: 'weekday', read: (f) => f.weekday },
  { key: 'at', label: '时间', type: 'instant', read: (f) => f.at },
  { key: 'tags', label: '标签', type: 'set', items: 'string', read: (f) => f.tags },
]);

const places = [340000, 340100, 340104, 340200, 440000, 440600];
const instants = ['2026-06-01T00:00:00+08:00', '2026-06-02T12:00:00Z', '2026-07-01T00:00:00+08:00'];
const clock = fc.constantFrom('00:00', '06:30', '12:00', '18:00', '23:59');
const small = fc.integer({ min: 1, max: 9 });
const leaf: fc.Arbitrary<Leaf> = fc.oneof(
  fc.record({ field: fc.constant('n'), op: fc.constantFrom('eq', 'ne', 'lt', 'lte', 'gt', 'gte'), value: small }),
  fc.record({ field: fc.constant('n'), op: fc.constantFrom('in', 'notIn'), value: fc.array(small, { minLength: 1 }) }),
  fc.record({
    field: fc.constant('n'),
    op: fc.constantFrom('between', 'range'),
    value: fc.tuple(small, small).map(([a, b]) => ({ from: Math.min(a, b), to: Math.max(a, b) + 1 })),
  }),
  fc.record({ field: fc.constant('n'), op: fc.constant('everyNth'), value: fc.integer({ min: 2, max: 4 }) }),
  fc.record({ field: fc.constant('color'), op: fc.constantFrom('eq', 'ne'), value: fc.constantFrom('red', 'green') }),
  fc.record({ field: fc.constant('flag'), op: fc.constant('eq'), value: fc.boolean() }),
  fc.record({ field: fc.constant('place'), op: fc.constant('within'), value: fc.constantFrom(...places) }),
  fc.record({
    field: fc.constant('place'),
    op: fc.constant('within'),
    value: fc.uniqueArray(fc.constantFrom(...places), { minLength: 1 }),
  }),
  fc.record({
    field: fc.constant('minute'),
    op: fc.constant('between'),
    value: fc.uniqueArray(clock, { minLength: 2, maxLength: 2 }).map(([from, to]) => ({ from: from!, to: to! })),
  }),
  fc.record({ field: fc.constant('weekday'), op: fc.constantFrom('in', 'notIn'), value: fc.constant([6, 7]) }),
  fc.record({ field: fc.constant('at'), op: fc.constantFrom('lt', 'gte'), value: fc.constantFrom(...instants) }),
  fc.record({
    field: fc.constant('tags'),
    op: fc.constantFrom('hasAny', 'hasNone'),
    value: fc.array(fc.constantFrom('a', 'b', 'c'), { minLength: 1, maxLength: 3 }),
  }),
) as fc.Arbitrary<Leaf>;

const tree: fc.Arbitrary<Condition> = fc.letrec<{ node: Condition }>((tie) => ({
  node: fc.oneof(
    { depthSize: 'small', maxDepth: 5, withCrossShrink: true },
    leaf,
    fc.record({ all: fc.array(tie('node'), { maxLength: 4 }) }),
    fc.record({ any: fc.array(tie('node'), { minLength: 1, maxLength: 4 }) }),
    fc.record({ not: tie('node') }),
  ),
})).node;

const facts: fc.Arbitrary<Facts> = fc.record({
  n: fc.option(fc.integer({ min: 0, max: 12 })),
  color: fc.option(fc.constantFrom('red' as const, 'green' as const, 'blue' as const)),
  flag: fc.option(fc.boolean()),
  place: fc.option(fc.constantFrom(...places)),
  minute: fc.option(fc.integer({ min: 0, max: 1439 })),
  weekday: fc.option(fc.integer({ min: 1, max: 7 })),
  at: fc.option(fc.constantFrom(...instants).map((text) => Date.parse(text))),
  tags: fc.option(fc.subarray(['a', 'b', 'x'])),
});

const evaluate = (condition: Condition, known: Facts): Truth => compileCondition(condition, registry).evaluate(known);

/** Written for obviousness and with nothing shared: numbers −1 / 0 / 1, min for all, max for any, minus for not. */
function interpret(node: Condition, known: Facts): -1 | 0 | 1 {
  if ('all' in node) return Math.min(1, ...node.all.map((part) => interpret(part, known))) as -1 | 0 | 1;
  if ('any' in node) return Math.max(-1, ...node.any.map((part) => interpret(part, known))) as -1 | 0 | 1;
  if ('not' in node) return -interpret(node.not, known) as -1 | 0 | 1;
  const fact = known[node.field as keyof Facts];
  if (fact === null) return 0;
  if (node.field === 'place') return interpretPlace(fact as number, node.value as number | number[]);
  return interpretLeaf(node, fact) ? 1 : -1;
}

function interpretPlace(fact: number, value: number | number[]): -1 | 0 | 1 {
  const prefix = (code: number): string => String(code).replace(/(00)+$/, '');
  const results = [value].flat().map((region) => {
    if (String(fact).startsWith(prefix(region))) return 1;
    return String(region).startsWith(prefix(fact)) ? 0 : -1;
  });
  return Math.max(...results) as -1 | 0 | 1;
}

function interpretLeaf({ field, op, value }: Leaf, fact: Facts[keyof Facts]): boolean {
  const minutes = (text: string): number => Number(text.slice(0, 2)) * 60 + Number(text.slice(3));
  const number = fact as number;
  if (op === 'eq') return fact === value;
  if (op === 'ne') return fact !== value;
  if (op === 'hasAny') return (fact as string[]).filter((tag) => (value as string[]).includes(tag)).length > 0;
  if (op === 'hasNone') return (value as string[]).every((tag) => !(fact as string[]).includes(tag));
  if (op === 'in') return (value as unknown[]).includes(fact);
  if (op === 'notIn') return !(value as unknown[]).includes(fact);
  if (op === 'everyNth') return [1, 2, 3, 4, 5, 6, 7, 8].some((k) => k * (value as number) === number);
  if (field === 'at') return op === 'lt' ? number < Date.parse(String(value)) : number >= Date.parse(String(value));
  if (op === 'lt') return number < (value as number);
  if (op === 'lte') return number <= (value as number);
  if (op === 'gt') return number > (value as number);
  if (op === 'gte') return number >= (value as number);
  const { from, to } = value as { from: number; to: number };
  if (field === 'minute') {
    const [a, b] = [minutes(String(from)), minutes(String(to))];
    return a < b ? a <= number && number < b : a <= number || number < b;
  }
  return op === 'between' ? from <= number && number < to : from <= number && number <= to;
}

const WORD = { '-1': 'false', '0': 'unknown', '1': 'true' } as const;

describe('evaluation', () => {
  it('equals a plain interpreter over random trees and facts, with and without trace', () => {
    fc.assert(
      fc.property(tree, facts, (condition, known) => {
        const compiled = compileCondition(condition, registry);
        const expected = WORD[String(interpret(condition, known)) as '-1' | '0' | '1'];
        expect(compiled.evaluate(known)).toBe(expected);
        expect(compiled.evaluateWithTrace(known).result).toBe(expected);
      }),
      { numRuns: 3000 },
    );
  });

  it('never turns a non-match into a match when a fact is removed, nor changes a certain answer into its opposite', () => {
    const keys = ['n', 'color', 'flag', 'place', 'minute', 'weekday', 'at', 'tags'] as const;
    fc.assert(
      fc.property(tree, facts, fc.subarray([...keys], { minLength: 1 }), (condition, known, removed) => {
        const less = { ...known, ...Object.fromEntries(removed.map((key) => [key, null])) };
        const after = evaluate(condition, less);
        if (after !== 'unknown') expect(evaluate(condition, known)).toBe(after);
      }),
      { numRuns: 3000 },
    );
  });

  it('never turns a non-match into a match when a place is known less finely', () => {
    fc.assert(
      fc.property(tree, facts, (condition, known) => {
        fc.pre(known.place !== null && known.place % 10_000 !== 0);
        const coarse = Math.floor(known.place! / 10_000) * 10_000;
        const after = evaluate(condition, { ...known, place: coarse });
        if (after !== 'unknown') expect(evaluate(condition, known)).toBe(after);
      }),
      { numRuns: 2000 },
    );
  });

  it('obeys De Morgan, double negation and the absorption of unknown', () => {
    fc.assert(
      fc.property(tree, tree, facts, (a, b, known) => {
        expect(evaluate({ not: { all: [a, b] } }, known)).toBe(evaluate({ any: [{ not: a }, { not: b }] }, known));
        expect(evaluate({ not: { any: [a, b] } }, known)).toBe(evaluate({ all: [{ not: a }, { not: b }] }, known));
        expect(evaluate({ not: { not: a } }, known)).toBe(evaluate(a, known));
        expect(evaluate({ all: [a, { any: [a, b] }] }, known)).toBe(evaluate(a, known));
      }),
    );
  });

  it('has Kleene tables: no excluded middle for what is unknown', () => {
    const unknown: Leaf = { field: 'flag', op: 'eq', value: true };
    const nothing: Facts = {
      n: null,
      color: null,
      flag: null,
      place: null,
      minute: null,
      weekday: null,
      at: null,
      tags: null,
    };
    const yes: Condition = { all: [] };
    const no: Condition = { not: yes };
    expect(evaluate({ any: [unknown, { not: unknown }] }, nothing)).toBe('unknown');
    expect(evaluate({ all: [unknown, no] }, nothing)).toBe('false');
    expect(evaluate({ any: [unknown, yes] }, nothing)).toBe('true');
    expect(evaluate({ all: [unknown, yes] }, nothing)).toBe('unknown');
    expect(evaluate({ not: unknown }, nothing)).toBe('unknown');
  });

  it('takes NaN and facts of the wrong type for unknown', () => {
    const known = {
      n: Number.NaN,
      color: 7,
      flag: 'yes',
      place: 12,
      minute: null,
      weekday: null,
      at: null,
      tags: ['a', null],
    };
    const odd = known as unknown as Facts;
    expect(evaluate({ field: 'n', op: 'ne', value: 3 }, odd)).toBe('unknown');
    expect(evaluate({ field: 'color', op: 'ne', value: 'red' }, odd)).toBe('unknown');
    expect(evaluate({ field: 'flag', op: 'eq', value: false }, odd)).toBe('unknown');
    expect(evaluate({ field: 'place', op: 'within', value: 340000 }, odd)).toBe('unknown');
    expect(evaluate({ field: 'tags', op: 'hasAny', value: ['a'] }, odd)).toBe('unknown');
    expect(evaluate({ field: 'tags', op: 'hasAny', value: ['a'] }, { ...odd, tags: 'a' as never })).toBe('unknown');
  });

  it('knows that an empty set has none, and knows nothing of a missing one', () => {
    const of = (tags: Facts['tags'], op: 'hasAny' | 'hasNone'): Truth =>
      evaluate({ field: 'tags', op, value: ['a', 'b'] }, { tags } as Facts);
    expect([of([], 'hasAny'), of([], 'hasNone')]).toEqual(['false', 'true']);
    expect([of(['x', 'b'], 'hasAny'), of(['x', 'b'], 'hasNone')]).toEqual(['true', 'false']);
    expect([of(null, 'hasAny'), of(null, 'hasNone')]).toEqual(['unknown', 'unknown']);
  });
});

describe('places', () => {
  const within = (known: number | null, value: number | number[]): Truth =>
    evaluate({ field: 'place', op: 'within', value }, { place: known } as Facts);

  it.each([
    [340100, 340000, 'true'],
    [340104, 340000, 'true'],
    [340104, 340100, 'true'],
    [340100, 340100, 'true'],
    [340000, 340100, 'unknown'],
    [340100, 340104, 'unknown'],
    [340200, 340100, 'false'],
    [440000, 340100, 'false'],
    [419001, 410000, 'true'],
    [null, 340000, 'unknown'],
  ] as const)('%s within %s is %s', (known, value, expected) => {
    expect(within(known, value)).toBe(expected);
  });

  it('reads a list as any of', () => {
    expect(within(320100, [340000, 320000])).toBe('true');
    expect(within(320000, [340000, 320100])).toBe('unknown');
    expect(within(110100, [340000, 320100])).toBe('false');
  });
});

describe('what it would be at best', () => {
  const curable = new Set(['place']);
  const anhui: Leaf = { field: 'place', op: 'within', value: 340000 };
  const gold: Leaf = { field: 'color', op: 'eq', value: 'red' };
  const nowhere: Facts = {
    n: 1,
    color: 'red',
    flag: null,
    place: null,
    minute: null,
    weekday: null,
    at: null,
    tags: null,
  };
  const best = (condition: Condition, known: Facts): Truth => compileAtBest(condition, registry, curable)(known);

  it('hopes for the place only, and in the helpful direction', () => {
    expect(best({ all: [anhui, gold] }, nowhere)).toBe('true');
    expect(best({ not: anhui }, nowhere)).toBe('true');
    expect(best({ all: [anhui, { field: 'color', op: 'eq', value: 'blue' }] }, nowhere)).toBe('false');
    expect(best({ all: [anhui, { field: 'flag', op: 'eq', value: true }] }, nowhere)).toBe('unknown');
    expect(best(anhui, { ...nowhere, place: 440000 })).toBe('false');
  });

  it('bounds every outcome: what matches once the place is known was hoped for', () => {
    fc.assert(
      fc.property(tree, facts, fc.constantFrom(...places), (condition, known, place) => {
        if (evaluate(condition, { ...known, place }) === 'true') {
          expect(best(condition, { ...known, place: null })).toBe('true');
        }
      }),
      { numRuns: 2000 },
    );
  });
});

it('admits every tree the generator makes, as an equal copy', () => {
  fc.assert(
    fc.property(tree, (condition) => {
      const checked = validateCondition(condition, registry);
      expect(checked).toEqual({ ok: true, condition });
    }),
  );
});
