import {
  explainCondition,
  explainLeaf,
  compileCondition,
  FieldRegistry,
  MAX_DEPTH,
  MAX_NODES,
  validateCondition,
  type Condition,
} from './index';

interface Facts {
  n?: number;
  tier?: string;
  first?: boolean;
  place?: number;
  minute?: number;
  at?: number;
  tags?: readonly string[];
  audience?: readonly number[];
}
const registry = new FieldRegistry<Facts>([
  { key: 'n', label: '第几次扫码', type: 'number', whole: true, min: 1, max: 100, read: (f) => f.n },
  {
    key: 'tier',
    label: '等级',
    type: 'enum',
    options: [
      { value: 'regular', label: '普卡' },
      { value: 'gold', label: '金卡' },
    ],
    read: (f) => f.tier,
  },
  { key: 'first', label: '本码首扫', type: 'boolean', read: (f) => f.first },
  { key: 'place', label: '所在地', type: 'adcode', read: (f) => f.place, note: () => '按 IP' },
  { key: 'minute', label: '时刻', type: 'time-of-day', read: (f) => f.minute },
  { key: 'at', label: '时间', type: 'instant', read: (f) => f.at },
  { key: 'tags', label: '标签', type: 'set', items: 'string', optionsFrom: 'tags', read: (f) => f.tags },
  { key: 'audience', label: '人群', type: 'set', items: 'number', whole: true, min: 1, read: (f) => f.audience },
  {
    key: 'days',
    label: '距上次扫码',
    type: 'number',
    unit: '天',
    sentence: '{label}{seen} {op} {value}',
    read: () => 5,
  },
]);

const problemsOf = (input: unknown): string[] => {
  const checked = validateCondition(input, registry, 'rules[2].when');
  return checked.ok ? [] : checked.problems.map(({ path, code }) => `${path} ${code}`);
};
const leaf = { field: 'n', op: 'eq', value: 1 };

describe('refused conditions', () => {
  it.each<[string, unknown, string[]]>([
    ['no object', null, ['rules[2].when not_a_condition']],
    ['text', 'n = 1', ['rules[2].when not_a_condition']],
    ['empty object', {}, ['rules[2].when not_a_condition']],
    ['a class instance', new Date(), ['rules[2].when not_a_condition']],
    ['unknown field', { field: 'm', op: 'eq', value: 1 }, ['rules[2].when.field unknown_field']],
    ['a field called toString', { field: 'toString', op: 'eq', value: 1 }, ['rules[2].when.field unknown_field']],
    ['unknown operator', { field: 'n', op: 'like', value: 1 }, ['rules[2].when.op unknown_operator']],
    ['operator of another type', { field: 'tier', op: 'lt', value: 'gold' }, ['rules[2].when.op operator_not_allowed']],
    ['text for a number', { field: 'n', op: 'eq', value: '1' }, ['rules[2].when.value wrong_type']],
    ['a fraction', { field: 'n', op: 'eq', value: 1.5 }, ['rules[2].when.value wrong_type']],
    ['NaN', { field: 'n', op: 'eq', value: Number.NaN }, ['rules[2].when.value not_finite']],
    ['Infinity', { field: 'n', op: 'lt', value: Infinity }, ['rules[2].when.value not_finite']],
    ['out of bounds', { field: 'n', op: 'eq', value: 101 }, ['rules[2].when.value out_of_range']],
    ['an option that is none', { field: 'tier', op: 'eq', value: 'diamond' }, ['rules[2].when.value bad_option']],
    ['an empty list', { field: 'tier', op: 'in', value: [] }, ['rules[2].when.value empty']],
    ['one bad item', { field: 'n', op: 'in', value: [1, 'x'] }, ['rules[2].when.value[1] wrong_type']],
    [
      'a hole in a list',
      { field: 'n', op: 'in', value: Array(3) },
      [0, 1, 2].map((i) => `rules[2].when.value[${i}] wrong_type`),
    ],
    ['a reversed span', { field: 'n', op: 'between', value: { from: 5, to: 5 } }, ['rules[2].when.value bad_span']],
    [
      'a span with more',
      { field: 'n', op: 'range', value: { from: 1, to: 2, step: 1 } },
      ['rules[2].when.value unknown_key'],
    ],
    ['a place by name', { field: 'place', op: 'within', value: '安徽省' }, ['rules[2].when.value wrong_type']],
    ['a short adcode', { field: 'place', op: 'within', value: 34 }, ['rules[2].when.value wrong_type']],
    [
      '25 o’clock',
      { field: 'minute', op: 'between', value: { from: '25:00', to: '08:00' } },
      ['rules[2].when.value.from wrong_type'],
    ],
    ['a time without zone', { field: 'at', op: 'lt', value: '2026-06-01T00:00' }, ['rules[2].when.value wrong_type']],
    ['a 13th month', { field: 'at', op: 'lt', value: '2026-13-01T00:00:00Z' }, ['rules[2].when.value wrong_type']],
    ['every 1st', { field: 'n', op: 'everyNth', value: 1 }, ['rules[2].when.value wrong_type']],
    ['one tag where a list belongs', { field: 'tags', op: 'hasAny', value: 'x' }, ['rules[2].when.value wrong_type']],
    ['no tag', { field: 'tags', op: 'hasNone', value: [] }, ['rules[2].when.value empty']],
    ['a number for a tag', { field: 'tags', op: 'hasAny', value: ['x', 1] }, ['rules[2].when.value[1] wrong_type']],
    [
      'an audience by name',
      { field: 'audience', op: 'hasAny', value: ['老客'] },
      ['rules[2].when.value[0] wrong_type'],
    ],
    ['a set equal to', { field: 'tags', op: 'in', value: ['x'] }, ['rules[2].when.op operator_not_allowed']],
    ['a number that has any', { field: 'n', op: 'hasAny', value: [1] }, ['rules[2].when.op operator_not_allowed']],
    ['an empty any', { any: [] }, ['rules[2].when.any empty']],
    ['two shapes at once', { all: [leaf], any: [leaf] }, ['rules[2].when unknown_key']],
    ['a leaf with more', { ...leaf, sql: '1=1' }, ['rules[2].when unknown_key']],
    ['a leaf with less', { field: 'n', op: 'eq' }, ['rules[2].when not_a_condition']],
    ['an own __proto__', JSON.parse('{"__proto__": {"field": "n"}}'), ['rules[2].when forbidden_key']],
    ['all that is no list', { all: leaf }, ['rules[2].when.all not_a_condition']],
  ])('%s', (_, input, expected) => {
    expect(problemsOf(input)).toEqual(expected);
  });

  it('names every faulty leaf by its path, in reading order', () => {
    const input = { all: [{ any: [leaf, { field: 'x', op: 'eq', value: 1 }] }, { not: { ...leaf, value: 'a' } }] };
    expect(problemsOf(input)).toEqual([
      'rules[2].when.all[0].any[1].field unknown_field',
      'rules[2].when.all[1].not.value wrong_type',
    ]);
  });

  it('admits the deepest and the largest allowed tree and refuses the next', () => {
    const nested = (depth: number): unknown => (depth === 1 ? leaf : { not: nested(depth - 1) });
    expect(problemsOf(nested(MAX_DEPTH))).toEqual([]);
    expect(problemsOf(nested(MAX_DEPTH + 1))).toEqual([`rules[2].when${'.not'.repeat(MAX_DEPTH)} too_deep`]);
    expect(problemsOf({ all: Array(MAX_NODES - 1).fill(leaf) })).toEqual([]);
    expect(problemsOf({ all: Array(MAX_NODES).fill(leaf) })).toEqual(['rules[2].when too_many_nodes']);
  });

  it('refuses a million nodes, wide or deep, at once', () => {
    let deep: unknown = leaf;
    for (let index = 0; index < 1_000_000; index++) deep = { not: deep };
    const wide = { all: Array(1_000_000).fill(leaf) };
    const bushy = { any: Array(1000).fill({ all: Array(1000).fill(leaf) }) };
    const started = performance.now();
    expect(problemsOf(deep)[0]).toMatch(/too_deep$/);
    expect(problemsOf(wide)).toEqual(['rules[2].when.all too_many_nodes']);
    expect(problemsOf(bushy)).toEqual(['rules[2].when too_many_nodes']);
    expect(performance.now() - started).toBeLessThan(500);
  });

  it('refuses a tree that contains itself', () => {
    const loop: { all: unknown[] } = { all: [leaf] };
    loop.all.push({ not: loop });
    expect(problemsOf(loop)).toEqual(['rules[2].when.all[1].not cycle']);
  });

  it('gives back a copy that later changes to the input cannot reach', () => {
    const input = { all: [{ field: 'n', op: 'in', value: [1, 2] }] };
    const checked = validateCondition(input, registry);
    input.all[0]!.value.push(3);
    expect(checked).toEqual({ ok: true, condition: { all: [{ field: 'n', op: 'in', value: [1, 2] }] } });
  });
});

describe('words', () => {
  const nameOf = (field: string, value: unknown): string | undefined =>
    field === 'place' && value === 340000 ? '安徽省' : undefined;

  it('explains each leaf with what was seen, wanted and found', () => {
    const condition: Condition = {
      all: [
        { field: 'place', op: 'within', value: 340000 },
        { field: 'tier', op: 'eq', value: 'gold' },
        { field: 'first', op: 'eq', value: true },
        { field: 'n', op: 'everyNth', value: 3 },
        { not: { field: 'minute', op: 'between', value: { from: '22:00', to: '02:00' } } },
      ],
    };
    const compiled = compileCondition(condition, registry);
    const { result, leaves } = compiled.evaluateWithTrace({ place: 340000, tier: 'regular', n: 6, minute: 90 });
    expect(result).toBe('false');
    expect(leaves.map((one) => explainLeaf(one, registry, nameOf))).toEqual([
      '所在地 安徽省（按 IP）∈ 安徽省 ✓',
      '等级 普卡 = 金卡 ✗',
      '本码首扫 未知 = 是 ？',
      '第几次扫码 6 是 3 的倍数 ✓',
      '时刻 01:30 ∈ [22:00, 02:00) ✓',
    ]);
    expect(leaves.map((one) => one.path)).toEqual([0, 1, 2, 3].map((i) => `when.all[${i}]`).concat('when.all[4].not'));
    expect(compiled.fields).toEqual(new Set(['place', 'tier', 'first', 'n', 'minute']));
  });

  it('says sets, measures and sentences of their own', () => {
    const condition: Condition = {
      all: [
        { field: 'tags', op: 'hasAny', value: ['老客', '高端'] },
        { field: 'audience', op: 'hasNone', value: [7] },
        { field: 'days', op: 'gte', value: 3 },
      ],
    };
    const { leaves } = compileCondition(condition, registry).evaluateWithTrace({
      tags: ['高端', '团购'],
      audience: [],
    });
    expect(leaves.map((one) => explainLeaf(one, registry))).toEqual([
      '标签 高端、团购 含任一 老客、高端 ✓',
      '人群 无 均不含 7 ✓',
      '距上次扫码5 天 ≥ 3 天 ✓',
    ]);
  });

  it('describes fields so that a builder needs no list of its own', () => {
    const described = registry.describe();
    expect(described.find(({ key }) => key === 'tags')).toEqual({
      ...{ key: 'tags', label: '标签', type: 'set', items: 'string', optionsFrom: 'tags' },
      ops: ['hasAny', 'hasNone'],
      operators: [
        { op: 'hasAny', label: '含其中任一', value: 'list' },
        { op: 'hasNone', label: '不含其中任何一个', value: 'list' },
      ],
      sentence: '{label} {seen} {op} {value}',
    });
    expect(described.find(({ key }) => key === 'days')).toMatchObject({
      unit: '天',
      sentence: '{label}{seen} {op} {value}',
    });
    const at = described.find(({ key }) => key === 'at');
    expect(at?.operators.map(({ op, label, value }) => `${op} ${label} ${value}`)).toEqual([
      'lt 早于 one',
      'gte 不早于 one',
      'between 从（含）到（不含） span',
    ]);
  });

  it('reads a whole condition back to its author', () => {
    const condition: Condition = {
      all: [
        { field: 'place', op: 'within', value: [340000, 320000] },
        { any: [{ field: 'tier', op: 'eq', value: 'gold' }, { not: { field: 'n', op: 'lt', value: 3 } }] },
      ],
    };
    expect(explainCondition(condition, registry, nameOf)).toBe(
      '所在地 ∈ 安徽省、320000 且 （等级 = 金卡 或 非（第几次扫码 < 3））',
    );
    expect(explainCondition({ all: [] }, registry)).toBe('所有人');
  });

  it('refuses registries that contradict themselves', () => {
    const field = { key: 'n', label: 'n', type: 'number' as const, read: () => 1 };
    expect(() => new FieldRegistry([field, field])).toThrow('two fields');
    expect(() => new FieldRegistry([{ ...field, ops: ['within'] }])).toThrow('no operator within');
  });
});
