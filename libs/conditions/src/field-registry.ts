import { Defect } from '@app/kernel';
import type { Operator, Scalar } from './condition';

/**
 * What a field is, and so how its facts are read and how an author writes a value for it:
 *
 * | type | fact | value written |
 * |---|---|---|
 * | number | finite number | finite number |
 * | string, enum | text | text (enum: one of the options) |
 * | boolean | true / false | true / false |
 * | adcode | finest known GB/T 2260 code, six digits | six digits at any level |
 * | instant | milliseconds since 1970 UTC | ISO 8601 with offset |
 * | time-of-day | minute of the day 0 … 1439 | `HH:MM` |
 * | weekday | 1 = Monday … 7 = Sunday | 1 … 7 |
 */
export type FieldType = 'number' | 'string' | 'boolean' | 'enum' | 'adcode' | 'instant' | 'time-of-day' | 'weekday';

/** A fact as read; null and undefined mean unknown, and so does a value of the wrong type: doubt never matches. */
export type Fact = Scalar | null | undefined;

const OPERATORS_OF: Record<FieldType, readonly Operator[]> = {
  number: ['eq', 'ne', 'in', 'notIn', 'lt', 'lte', 'gt', 'gte', 'between', 'range', 'everyNth'],
  string: ['eq', 'ne', 'in', 'notIn'],
  boolean: ['eq'],
  enum: ['eq', 'ne', 'in', 'notIn'],
  adcode: ['within'],
  instant: ['lt', 'gte', 'between'],
  'time-of-day': ['between'],
  weekday: ['eq', 'in', 'notIn'],
};

export interface FieldDefinition<Facts> {
  readonly key: string;
  /** As people read it, in Chinese. */
  readonly label: string;
  readonly type: FieldType;
  /** Narrows the operators of the type. */
  readonly ops?: readonly Operator[];
  /** The values an enum may have, or names for known values of other types. */
  readonly options?: readonly { readonly value: Scalar; readonly label: string }[];
  /** For numbers: whole numbers only, and bounds, both included. */
  readonly whole?: boolean;
  readonly min?: number;
  readonly max?: number;
  /** How a leaf is put in words; `{label} {seen} {op} {value}` when left out. */
  readonly sentence?: string;
  read(facts: Facts): Fact;
  /** A remark on how the fact is known, such as 「按 IP」. */
  note?(facts: Facts): string | undefined;
}

/** A field as a rule builder on a screen needs it. */
export interface FieldDescription {
  readonly key: string;
  readonly label: string;
  readonly type: FieldType;
  readonly ops: readonly Operator[];
  readonly options?: readonly { readonly value: Scalar; readonly label: string }[];
}

/** The closed list of fields a condition may speak of. */
export class FieldRegistry<Facts> {
  private readonly fields = new Map<string, FieldDefinition<Facts>>();

  /** Throws Defect for two fields of one key or an operator that the type does not have. */
  constructor(definitions: readonly FieldDefinition<Facts>[]) {
    for (const field of definitions) {
      if (this.fields.has(field.key)) throw new Defect(`two fields are called ${field.key}`);
      const stray = field.ops?.find((op) => !OPERATORS_OF[field.type].includes(op));
      if (stray) throw new Defect(`${field.key} is a ${field.type}, which has no operator ${stray}`);
      if (field.type === 'enum' && !field.options?.length) throw new Defect(`enum ${field.key} has no options`);
      this.fields.set(field.key, field);
    }
  }

  get(key: string): FieldDefinition<Facts> | undefined {
    return this.fields.get(key);
  }

  operatorsOf(field: FieldDefinition<Facts>): readonly Operator[] {
    return field.ops ?? OPERATORS_OF[field.type];
  }

  describe(): FieldDescription[] {
    return [...this.fields.values()].map((field) => ({
      key: field.key,
      label: field.label,
      type: field.type,
      ops: this.operatorsOf(field),
      ...(field.options ? { options: field.options } : {}),
    }));
  }
}
