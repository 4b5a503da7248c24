import type { SqlValue } from '@app/database';
import type { Call, Expression, Select } from '../sql/syntax';
import { as, compared, constant, mapped, NULL_NODE, typeOfKind } from './coerce';
import { folded } from './collation';
import { choice, functionNode, isTrue } from './functions';
import { arithmeticNode, castNode, likeNode, shiftNode } from './operators';
import { Scope, unsupported, type Frame, type Node } from './node';
import { ANY, BIGINT, BYTES, inputAs, INT, plainInput, safeInt, TEXT, type Kind, type Value } from './values';

/** A place of the statement as a value of one kind: made once per run. */
export interface Slot {
  readonly place: number;
  readonly kind: Kind;
}

/** Rows that a SELECT inside an expression gives. */
export interface InnerSelect {
  readonly types: readonly Node['type'][];
  readonly rows: (outer: Frame) => readonly (readonly Value[])[];
}

/** What belongs to the whole statement. */
export interface Program {
  readonly slots: Slot[];
  select(select: Select, outer: Scope): InnerSelect;
}

/** Turns aggregates into the places of their results; without one they are refused. */
export type Aggregates = (call: Call) => Node | null;

export function inputsOf(slots: readonly Slot[], params: readonly SqlValue[]): Value[] {
  return slots.map(({ place, kind }) => {
    const value = params[place];
    if (value === undefined) unsupported('a place without a value');
    return kind === 'any' ? plainInput(value) : inputAs(kind, value);
  });
}

/** Compiles the expressions of one SELECT, or of one write. */
export class Compiler {
  constructor(
    private readonly program: Program,
    private readonly scope: Scope,
    private readonly aggregates: Aggregates = () => null,
    /** Names of the SELECT's items, for ORDER BY and HAVING. */
    private readonly items: ReadonlyMap<string, Expression> = new Map(),
  ) {}

  node(of: Expression): Node {
    switch (of.is) {
      case 'text':
        return constant(TEXT, of.value);
      case 'bytes':
        return constant(BYTES, of.value);
      case 'number':
        return constant(Math.abs(of.value) < 1e9 ? INT : BIGINT, safeInt(of.value));
      case 'null':
        return NULL_NODE;
      case 'place':
        return this.place(of.index, 'any');
      case 'column':
        return this.column(of.table, of.name);
      case 'new_value':
        return this.newValue(of.column);
      case 'call':
        return (
          this.aggregates(of) ??
          functionNode(
            of.name,
            of.args.map((arg) => this.node(arg)),
          )
        );
      case 'case':
        return choice(
          of.whens.map(({ when, then }) => ({ when: this.node(when), then: this.node(then) })),
          of.otherwise ? this.node(of.otherwise) : NULL_NODE,
        );
      case 'select':
        return this.scalar(of.select);
      default:
        return this.operation(of);
    }
  }

  /** True exactly where the condition is TRUE. */
  test(condition: Expression): (frame: Frame) => boolean {
    if (condition.is === 'and') {
      const tests = condition.parts.map((part) => this.test(part));
      return (frame) => tests.every((test) => test(frame));
    }
    if (condition.is === 'or') {
      const tests = condition.parts.map((part) => this.test(part));
      return (frame) => tests.some((test) => test(frame));
    }
    const { run } = this.node(condition);
    return (frame) => isTrue(run(frame));
  }

  private operation(of: Expression): Node {
    switch (of.is) {
      case 'minus':
        return mapped(as(this.node(of.of), 'int'), BIGINT, (value) => -(value as number) + 0);
      case 'not':
        return mapped(this.node(of.of), INT, (value) => (value === 0 ? 1 : 0));
      case 'and':
      case 'or':
        return this.logic(of.is, of.parts);
      case 'is_null': {
        const { run } = this.node(of.of);
        return { type: INT, run: (frame) => (run(frame) === null ? 1 : 0) };
      }
      case 'arithmetic':
        return arithmeticNode(of.sign, this.node(of.left), this.node(of.right));
      case 'compare':
        return this.comparison(of);
      case 'between':
        return this.node({
          is: 'and',
          parts: [
            { is: 'compare', sign: '>=', left: of.of, right: of.low },
            { is: 'compare', sign: '<=', left: of.of, right: of.high },
          ],
        });
      case 'shift':
        return shiftNode(this.node(of.of), this.node(of.by), of);
      default:
        return this.membership(of);
    }
  }

  private membership(of: Expression): Node {
    switch (of.is) {
      case 'in':
        return this.inList(of.of, of.list);
      case 'in_select':
        return this.inSelect(of.of, of.select);
      case 'exists': {
        const inner = this.program.select(of.select, this.scope);
        return { type: INT, run: (frame) => (inner.rows(frame).length > 0 ? 1 : 0) };
      }
      case 'cast':
        return castNode(this.node(of.of), of.to);
      case 'like':
        return likeNode(this.node(of.of), this.node(of.pattern));
      default:
        return unsupported(`${of.is} as a value`);
    }
  }

  private place(index: number, kind: Kind): Node {
    const slots = this.program.slots;
    let slot = slots.findIndex((one) => one.place === index && one.kind === kind);
    if (slot < 0) slot = slots.push({ place: index, kind }) - 1;
    const type = kind === 'any' ? ANY : typeOfKind(kind);
    const run = (frame: Frame): Value => frame.run.inputs[slot]!;
    return kind === 'any' ? { type, run, place: index, as: (wanted) => this.place(index, wanted) } : { type, run };
  }

  private column(table: string | null, name: string): Node {
    const item = table === null ? this.items.get(name.toLowerCase()) : undefined;
    if (item) return new Compiler(this.program, this.scope, this.aggregates).node(item);
    const found = this.scope.find(table, name) ?? unsupported(`the unknown column ${name}`);
    const { depth, table: at, column } = found;
    const { index, type } = column;
    if (depth === 0) return { type, run: (frame) => frame.rows[at]![index]! };
    if (depth === 1) return { type, run: (frame) => frame.outer!.rows[at]![index]! };
    return {
      type,
      run: (frame) => {
        let further = frame;
        for (let up = 0; up < depth; up++) further = further.outer!;
        return further.rows[at]![index]!;
      },
    };
  }

  private newValue(name: string): Node {
    const found = this.scope.find(null, name) ?? unsupported(`the unknown column ${name}`);
    const { index, type } = found.column;
    return { type, run: (frame) => frame.fresh![index]! };
  }

  private scalar(select: Select): Node {
    const inner = this.program.select(select, this.scope);
    const type = inner.types[0]!;
    return {
      type,
      run: (frame) => {
        const rows = inner.rows(frame);
        if (rows.length > 1) unsupported('a SELECT of several rows as one value');
        return rows[0]?.[0] ?? null;
      },
    };
  }

  private logic(is: 'and' | 'or', parts: readonly Expression[]): Node {
    const runs = parts.map((part) => this.node(part).run);
    // TRUE decides an OR, FALSE an AND; NULL is what is left undecided.
    const deciding = is === 'or';
    return {
      type: INT,
      run: (frame) => {
        let open = false;
        for (const run of runs) {
          const value = run(frame);
          if (value === null) open = true;
          else if (isTrue(value) === deciding) return deciding ? 1 : 0;
        }
        return open ? null : deciding ? 0 : 1;
      },
    };
  }

  private comparison({ sign, left, right }: Extract<Expression, { is: 'compare' }>): Node {
    if (left.is !== 'row') return compared(sign, this.node(left), this.node(right));
    if (right.is !== 'row' || right.items.length !== left.items.length) unsupported('a comparison of unequal rows');
    const pairs = left.items.map((item, index) => [item, right.items[index]!] as const);
    if (sign === '=') return this.allEqual(pairs);
    if (sign === '<>' || sign === '<=>') unsupported(`rows with ${sign}`);
    return this.rowOrder(sign as '<' | '>' | '<=' | '>=', pairs);
  }

  private allEqual(pairs: readonly (readonly [Expression, Expression])[]): Node {
    return this.node({ is: 'and', parts: pairs.map(([left, right]) => ({ is: 'compare', sign: '=', left, right })) });
  }

  /** `(a, b) > (x, y)` is `a > x OR (a = x AND b > y)`. */
  private rowOrder(sign: '<' | '>' | '<=' | '>=', pairs: readonly (readonly [Expression, Expression])[]): Node {
    const [[left, right], ...rest] = pairs as [readonly [Expression, Expression], ...(typeof pairs)[number][]];
    if (rest.length === 0) return this.node({ is: 'compare', sign, left, right });
    const strict = sign[0] as '<' | '>';
    const [lefts, rights] = [rest.map(([one]) => one), rest.map(([, other]) => other)];
    return this.node({
      is: 'or',
      parts: [
        { is: 'compare', sign: strict, left, right },
        {
          is: 'and',
          parts: [
            { is: 'compare', sign: '=', left, right },
            { is: 'compare', sign, left: { is: 'row', items: lefts }, right: { is: 'row', items: rights } },
          ],
        },
      ],
    });
  }

  private inList(of: Expression, list: readonly Expression[]): Node {
    if (of.is === 'row') {
      const parts = list.map((item): Expression => ({ is: 'compare', sign: '=', left: of, right: item }));
      return this.logic('or', parts);
    }
    const value = this.node(of);
    if (list.every((item) => item.is === 'place' || item.is === 'number' || item.is === 'text')) {
      return this.inConstants(value, list);
    }
    const tests = list.map((item) => compared('=', { ...value, run: (frame) => frame.sums[0]! }, this.node(item)));
    return this.logicOf(tests, value.run);
  }

  /** Values that do not change from row to row: nothing is compared twice. */
  private inConstants(value: Node, list: readonly Expression[]): Node {
    const { kind } = value.type;
    const nodes = list.map((item) => as(this.node(item), kind));
    const key = (one: Value): Value => (kind === 'text' && one !== null ? folded(one as string) : one);
    return {
      type: INT,
      run: (frame) => {
        const wanted = key(value.run(frame));
        if (wanted === null) return null;
        let open = false;
        for (const node of nodes) {
          const item = key(node.run(frame));
          if (item === wanted) return 1;
          if (item === null) open = true;
        }
        return open ? null : 0;
      },
    };
  }

  private logicOf(tests: readonly Node[], run: Node['run']): Node {
    return {
      type: INT,
      run: (frame) => {
        const inner: Frame = { ...frame, sums: [run(frame)] };
        let open = false;
        for (const test of tests) {
          const found = test.run(inner);
          if (found === 1) return 1;
          if (found === null) open = true;
        }
        return open ? null : 0;
      },
    };
  }

  private inSelect(of: Expression, select: Select): Node {
    const values = (of.is === 'row' ? of.items : [of]).map((item) => this.node(item));
    const inner = this.program.select(select, this.scope);
    const tests = values.map((value, index) => {
      const found: Node = { type: inner.types[index]!, run: (frame) => frame.sums[index]! };
      return compared('=', value, found);
    });
    return {
      type: INT,
      run: (frame) => {
        let open = false;
        for (const row of inner.rows(frame)) {
          const results = tests.map((test) => test.run({ ...frame, sums: row }));
          if (results.every((result) => result === 1)) return 1;
          if (results.includes(null) && !results.includes(0)) open = true;
        }
        return open ? null : 0;
      },
    };
  }
}
