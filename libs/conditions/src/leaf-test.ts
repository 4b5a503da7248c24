import { Defect } from '@app/kernel';
import type { Leaf, LeafValue, Scalar, Truth } from './condition';
import type { Fact, FieldDefinition } from './field-registry';
import { comparable, isAdcode, isSpan } from './leaf-value';

/** Kleene's values as small numbers: `not` is a minus, `all` a minimum, `any` a maximum, and nothing is allocated. */
export type Kleene = -1 | 0 | 1;
export type Test<Facts> = (facts: Facts) => Kleene;

const TRUTHS: readonly Truth[] = ['false', 'unknown', 'true'];

export function truthOf(value: Kleene): Truth {
  return TRUTHS[value + 1]!;
}

type Read<Facts> = (facts: Facts) => Fact;

/**
 * A leaf as one closure that reads its fact and decides it. Every way of comparing has a closure of its own: hundreds of leaves are
 * asked in one decision. A missing fact, or one of the wrong type, is unknown.
 */
export function leafTest<Facts>(leaf: Leaf, field: FieldDefinition<Facts>): Test<Facts> {
  const test = plainTest(leaf, field);
  return field.mayRise ? (facts) => (test(facts) === 1 ? 1 : 0) : test;
}

function plainTest<Facts>(leaf: Leaf, field: FieldDefinition<Facts>): Test<Facts> {
  const { read } = field;
  switch (field.type) {
    case 'set':
      return setTest(read, leaf);
    case 'adcode':
      return withinTest(read, listOf(leaf.value).map(Number));
    case 'string':
    case 'enum':
      return textTest(read, leaf);
    case 'boolean':
      return booleanTest(read, leaf);
    case 'number':
    case 'instant':
    case 'time-of-day':
    case 'weekday':
      return numberTest(read, leaf, field);
  }
}

function sure(value: boolean): Kleene {
  return value ? 1 : -1;
}

function isNumber(fact: Fact): fact is number {
  return typeof fact === 'number' && !Number.isNaN(fact);
}

/** A set is known whole or not at all; one entry that is neither text nor number makes all of it unknown. */
function setTest<Facts>(read: Read<Facts>, { op, value }: Leaf): Test<Facts> {
  const wanted = new Set(listOf(value));
  const onAny = sure(op === 'hasAny');
  const onNone = sure(op === 'hasNone');
  return (facts) => {
    const fact = read(facts);
    if (!Array.isArray(fact)) return 0;
    let result = onNone;
    for (const item of fact as readonly Fact[]) {
      if (typeof item !== 'string' && !isNumber(item)) return 0;
      if (wanted.has(item)) result = onAny;
    }
    return result;
  };
}

function textTest<Facts>(read: Read<Facts>, leaf: Leaf): Test<Facts> {
  const onHit = sure(leaf.op === 'eq' || leaf.op === 'in');
  const onMiss = sure(leaf.op === 'ne' || leaf.op === 'notIn');
  const wanted = new Set(listOf(leaf.value));
  const [only] = wanted;
  if (wanted.size > 1) {
    return (facts) => {
      const fact = read(facts);
      return typeof fact !== 'string' ? 0 : wanted.has(fact) ? onHit : onMiss;
    };
  }
  return (facts) => {
    const fact = read(facts);
    return typeof fact !== 'string' ? 0 : fact === only ? onHit : onMiss;
  };
}

function booleanTest<Facts>(read: Read<Facts>, leaf: Leaf): Test<Facts> {
  const wanted = scalarOf(leaf.value);
  return (facts) => {
    const fact = read(facts);
    return typeof fact === 'boolean' ? sure(fact === wanted) : 0;
  };
}

function numberTest<Facts>(read: Read<Facts>, leaf: Leaf, field: FieldDefinition<Facts>): Test<Facts> {
  const { op, value } = leaf;
  switch (op) {
    case 'in':
    case 'notIn':
      return memberTest(
        read,
        listOf(value).map((item) => limitOf(field, item)),
        sure(op === 'in'),
      );
    case 'between':
    case 'range':
      return spanTest(read, leaf, field);
    case 'everyNth': {
      const n = Number(scalarOf(value));
      return (facts) => {
        const fact = read(facts);
        return isNumber(fact) ? sure(fact > 0 && fact % n === 0) : 0;
      };
    }
    default:
      return orderTest(read, op, limitOf(field, scalarOf(value)));
  }
}

function memberTest<Facts>(read: Read<Facts>, list: readonly number[], onHit: Kleene): Test<Facts> {
  const wanted = new Set(list);
  const onMiss = sure(onHit === -1);
  return (facts) => {
    const fact = read(facts);
    if (!isNumber(fact)) return 0;
    return wanted.has(fact) ? onHit : onMiss;
  };
}

function orderTest<Facts>(read: Read<Facts>, op: Leaf['op'], limit: number): Test<Facts> {
  const on = (test: (fact: number) => boolean): Test<Facts> => {
    return (facts) => {
      const fact = read(facts);
      return isNumber(fact) ? sure(test(fact)) : 0;
    };
  };
  switch (op) {
    case 'eq':
      return (facts) => {
        const fact = read(facts);
        return isNumber(fact) ? sure(fact === limit) : 0;
      };
    case 'ne':
      return on((fact) => fact !== limit);
    case 'lt':
      return on((fact) => fact < limit);
    case 'lte':
      return on((fact) => fact <= limit);
    case 'gt':
      return on((fact) => fact > limit);
    case 'gte':
      return on((fact) => fact >= limit);
    default:
      throw new Defect(`${op} does not compare numbers`);
  }
}

function spanTest<Facts>(read: Read<Facts>, { op, value }: Leaf, field: FieldDefinition<Facts>): Test<Facts> {
  if (!isSpan(value)) throw new Defect(`${op} needs {from, to}`);
  const from = limitOf(field, value.from);
  const to = limitOf(field, value.to);
  if (op === 'range') {
    return (facts) => {
      const fact = read(facts);
      return isNumber(fact) ? sure(fact >= from && fact <= to) : 0;
    };
  }
  // Only a time of day may begin after it ends: 22:00 – 02:00 goes over midnight.
  const overMidnight = from > to;
  return (facts) => {
    const fact = read(facts);
    if (!isNumber(fact)) return 0;
    return sure(overMidnight ? fact >= from || fact < to : fact >= from && fact < to);
  };
}

/**
 * Is the place inside one of the regions? A place known only as coarsely as 340000 (Anhui) may or may not be inside 340100 (Hefei):
 * unknown. It is certainly not inside 440100. Levels are read off the trailing zeros: 340000 ⊃ 340100 ⊃ 340104.
 */
function withinTest<Facts>(read: Read<Facts>, regions: readonly number[]): Test<Facts> {
  const [region] = regions;
  if (region !== undefined && regions.length === 1) return withinOneTest(read, region);
  const wanted = new Set(regions);
  const above = new Set(regions.flatMap((region) => [provinceOf(region), cityOf(region)]));
  return (facts) => {
    const fact = read(facts);
    if (!isAdcode(fact)) return 0;
    if (wanted.has(fact) || wanted.has(cityOf(fact)) || wanted.has(provinceOf(fact))) return 1;
    return above.has(fact) ? 0 : -1;
  };
}

/** The same for the list of one, which is what most rules have. */
function withinOneTest<Facts>(read: Read<Facts>, region: number): Test<Facts> {
  const [province, city] = [provinceOf(region), cityOf(region)];
  const after = region + (region === province ? 10_000 : region === city ? 100 : 1);
  return (facts) => {
    const fact = read(facts);
    if (!isAdcode(fact)) return 0;
    if (fact >= region && fact < after) return 1;
    return fact === province || fact === city ? 0 : -1;
  };
}

function provinceOf(adcode: number): number {
  return adcode - (adcode % 10_000);
}

function cityOf(adcode: number): number {
  return adcode - (adcode % 100);
}

function limitOf<Facts>(field: FieldDefinition<Facts>, value: Scalar): number {
  return Number(comparable(field, value));
}

function scalarOf(value: LeafValue): Scalar {
  if (typeof value === 'object') throw new Defect('one value expected');
  return value;
}

function listOf(value: LeafValue): readonly Scalar[] {
  if (typeof value !== 'object') return [value];
  if (isSpan(value)) throw new Defect('a list expected');
  return value;
}
