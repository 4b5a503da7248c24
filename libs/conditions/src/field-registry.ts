import { Defect } from '@app/kernel';
import type { Operator, Scalar } from './condition';
import { operatorLabel, OPERATORS_OF, valueShapeOf, type FieldType, type ValueShape } from './field-type';

/** A fact as read; null and undefined mean unknown, and so does a value of the wrong type: doubt never matches. */
export type Fact = KnownFact | null | undefined;
export type KnownFact = Scalar | readonly (string | number)[];

/** Where a rule builder finds the values people may choose from, when they are rows of the database and not `options`. */
export type OptionsSource =
  'products' | 'batches' | 'lots' | 'distributors' | 'stores' | 'tags' | 'audiences' | 'regions' | 'arms';

export interface FieldDefinition<Facts> {
  readonly key: string;
  /** As people read it, in Chinese. */
  readonly label: string;
  readonly type: FieldType;
  /** Narrows the operators of the type. */
  readonly ops?: readonly Operator[];
  /** The values an enum may have, or names for known values of other types. */
  readonly options?: readonly { readonly value: Scalar; readonly label: string }[];
  /** Known values are rows: the builder asks for them by this name. */
  readonly optionsFrom?: OptionsSource;
  /** What a set holds; left out: texts or numbers. */
  readonly items?: 'string' | 'number';
  /** Measure of a number, in Chinese, said behind it: 「3 天」. */
  readonly unit?: string;
  /** For numbers: whole numbers only, and bounds, both included. */
  readonly whole?: boolean;
  readonly min?: number;
  readonly max?: number;
  /** More knowledge may raise the fact: where it does not reach what is asked, the answer is unknown and not false. Asked by `gte` only. */
  readonly mayRise?: boolean;
  /** How a leaf is put in words, out of `{label}`, `{seen}`, `{op}` and `{value}`; DEFAULT_SENTENCE when left out. */
  readonly sentence?: string;
  readonly read: (facts: Facts) => Fact;
  /** A remark on how the fact is known, such as 「按 IP」. */
  note?(facts: Facts): string | undefined;
}

/** `所在地 安徽省 ∈ 江苏省`: label, what was seen (empty in a rule that is only read), sign, value. */
export const DEFAULT_SENTENCE = '{label} {seen} {op} {value}';

/** A field as a rule builder on a screen needs it: nothing about fields or operators has to be known there besides. */
export interface FieldDescription extends Pick<
  FieldDefinition<never>,
  'key' | 'label' | 'type' | 'options' | 'optionsFrom' | 'items' | 'unit' | 'whole' | 'min' | 'max'
> {
  readonly ops: readonly Operator[];
  /** The same operators with their names for this type, and the shape of the value each wants. */
  readonly operators: readonly { readonly op: Operator; readonly label: string; readonly value: ValueShape }[];
  readonly sentence: string;
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
      ...{ key: field.key, label: field.label, type: field.type, ops: this.operatorsOf(field) },
      operators: this.operatorsOf(field).map((op) => ({
        ...{ op, label: operatorLabel(op, field.type), value: valueShapeOf(op) },
      })),
      sentence: field.sentence ?? DEFAULT_SENTENCE,
      ...(field.options ? { options: field.options } : {}),
      ...(field.optionsFrom ? { optionsFrom: field.optionsFrom } : {}),
      ...(field.items ? { items: field.items } : {}),
      ...(field.unit ? { unit: field.unit } : {}),
      ...(field.whole ? { whole: field.whole } : {}),
      ...(field.min === undefined ? {} : { min: field.min }),
      ...(field.max === undefined ? {} : { max: field.max }),
    }));
  }
}
