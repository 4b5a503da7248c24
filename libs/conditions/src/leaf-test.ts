import { Defect } from '@app/kernel';
import type { Leaf, LeafValue, Scalar, Truth } from './condition';
import type { Fact, FieldDefinition, FieldType } from './field-registry';
import { comparable, isAdcode, isSpan } from './leaf-value';

/** Decides a known fact. */
export type FactTest = (fact: Scalar) => Truth;

const FACT_JS_TYPE: Record<Exclude<FieldType, 'set'>, 'number' | 'string' | 'boolean'> = {
  number: 'number',
  string: 'string',
  boolean: 'boolean',
  enum: 'string',
  adcode: 'number',
  instant: 'number',
  'time-of-day': 'number',
  weekday: 'number',
};

/** A leaf as one closure from facts to truth; a missing fact, or one of the wrong type, is unknown. */
export function leafTest<Facts>(leaf: Leaf, field: FieldDefinition<Facts>): (facts: Facts) => Truth {
  if (field.type === 'set') return setTest(leaf, field);
  const test = factTest(leaf, field);
  const jsType = FACT_JS_TYPE[field.type];
  return (facts) => {
    const fact = field.read(facts);
    return isKnown(fact, jsType) ? test(fact) : 'unknown';
  };
}

/** A set is known whole or not at all; one entry that is neither text nor number makes all of it unknown. */
function setTest<Facts>({ op, value }: Leaf, field: FieldDefinition<Facts>): (facts: Facts) => Truth {
  const wanted = new Set(listOf(value));
  const onAny = truth(op === 'hasAny');
  const onNone = truth(op === 'hasNone');
  return (facts) => {
    const fact = field.read(facts);
    if (!isKnownSet(fact)) return 'unknown';
    return fact.some((item) => wanted.has(item)) ? onAny : onNone;
  };
}

function isKnownSet(fact: Fact): fact is readonly (string | number)[] {
  if (!Array.isArray(fact)) return false;
  return fact.every((item) => typeof item === 'string' || (typeof item === 'number' && !Number.isNaN(item)));
}

function isKnown(fact: Fact, jsType: string): fact is Scalar {
  return typeof fact === jsType && !Number.isNaN(fact);
}

function factTest<Facts>(leaf: Leaf, field: FieldDefinition<Facts>): FactTest {
  const { op, value } = leaf;
  switch (op) {
    case 'eq':
    case 'ne': {
      const wanted = comparable(field, scalarOf(value));
      const onEqual = truth(op === 'eq');
      const onOther = truth(op === 'ne');
      return (fact) => (fact === wanted ? onEqual : onOther);
    }
    case 'in':
    case 'notIn': {
      const wanted = new Set(listOf(value).map((item) => comparable(field, item)));
      const inside = truth(op === 'in');
      const outside = truth(op === 'notIn');
      return (fact) => (wanted.has(fact) ? inside : outside);
    }
    case 'within':
      return withinTest(listOf(value).map(Number));
    case 'everyNth': {
      const n = Number(scalarOf(value));
      return (fact) => truth(Number(fact) > 0 && Number(fact) % n === 0);
    }
    case 'between':
    case 'range':
      return spanTest(leaf, field);
    case 'hasAny':
    case 'hasNone':
      throw new Defect(`${op} is for sets`);
    default:
      return orderTest(op, comparable(field, scalarOf(value)));
  }
}

function orderTest(op: 'lt' | 'lte' | 'gt' | 'gte', limit: Scalar): FactTest {
  switch (op) {
    case 'lt':
      return (fact) => truth(fact < limit);
    case 'lte':
      return (fact) => truth(fact <= limit);
    case 'gt':
      return (fact) => truth(fact > limit);
    case 'gte':
      return (fact) => truth(fact >= limit);
  }
}

function spanTest<Facts>(leaf: Leaf, field: FieldDefinition<Facts>): FactTest {
  if (!isSpan(leaf.value)) throw new Defect(`${leaf.op} needs {from, to}`);
  const from = comparable(field, leaf.value.from);
  const to = comparable(field, leaf.value.to);
  if (leaf.op === 'range') return (fact) => truth(fact >= from && fact <= to);
  // Only a time of day may begin after it ends: 22:00 – 02:00 goes over midnight.
  if (from > to) return (fact) => truth(fact >= from || fact < to);
  return (fact) => truth(fact >= from && fact < to);
}

/**
 * Is the place inside one of the regions? A place known only as coarsely as 340000 (Anhui) may or may not be inside 340100 (Hefei):
 * unknown. It is certainly not inside 440100.
 */
function withinTest(regions: readonly number[]): FactTest {
  return (fact) => {
    if (!isAdcode(fact)) return 'unknown';
    let result: Truth = 'false';
    for (const region of regions) {
      if (contains(region, fact)) return 'true';
      if (contains(fact, region)) result = 'unknown';
    }
    return result;
  };
}

/** Is `place` the region itself or inside it? Levels are read off the trailing zeros: 340000 ⊃ 340100 ⊃ 340104. */
function contains(region: number, place: number): boolean {
  const unit = region % 10_000 === 0 ? 10_000 : region % 100 === 0 ? 100 : 1;
  return Math.floor(place / unit) === region / unit;
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

function truth(value: boolean): Truth {
  return value ? 'true' : 'false';
}
