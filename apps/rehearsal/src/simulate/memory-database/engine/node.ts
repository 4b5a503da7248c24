import { Defect } from '@app/kernel';
import type { SqlValue } from '@app/database';
import type { Transaction } from './transaction';
import type { Kind, Row, Type, Value } from './values';

/** What one run of a statement knows beside its rows. */
export interface Run {
  readonly params: readonly SqlValue[];
  /** Values of the places, converted once, by the slots that the compiler gave out. */
  readonly inputs: readonly Value[];
  /** Microseconds since 1970. */
  readonly now: number;
  /** Whose uncommitted changes are seen; null outside a transaction. */
  readonly reader: Transaction | null;
}

/** The rows that an expression looks at, one for each table of its SELECT; a SELECT inside another sees that one's too. */
export interface Frame {
  readonly rows: Row[];
  readonly run: Run;
  readonly outer: Frame | null;
  /** Results of aggregates, by their number. */
  sums: readonly Value[];
  /** The row that was to be inserted, for VALUES(column). */
  fresh: Row | null;
}

/** A compiled expression. */
export interface Node {
  readonly type: Type;
  readonly run: (frame: Frame) => Value;
  /** The same as a value of another kind, for nodes of kind `any`: their neighbours tell what they are. */
  readonly as?: (kind: Kind) => Node;
  /** Number of the place, for a `?` that stands alone. */
  readonly place?: number;
  /** The value, of what is the same in every run. */
  readonly fixed?: Value;
}

export function unsupported(what: string): never {
  throw new Defect(`memory database: ${what} is beyond its SQL`);
}

interface ScopeColumn {
  readonly name: string;
  readonly index: number;
  readonly type: Type;
}

export interface ScopeTable {
  readonly alias: string;
  readonly columns: readonly ScopeColumn[];
}

export interface Found {
  readonly depth: number;
  readonly table: number;
  readonly column: ScopeColumn;
}

/** Which names an expression may use. */
export class Scope {
  readonly tables: ScopeTable[] = [];
  /** Numbers of the tables that were named since it was last emptied, also by a SELECT inside. */
  readonly touched = new Set<number>();

  constructor(readonly outer: Scope | null) {}

  /** Null for a name that is no column. Throws Defect for one that two tables have. */
  find(table: string | null, name: string): Found | null {
    const own = this.own(table, name);
    if (own) return own;
    const further = this.outer?.find(table, name);
    return further ? { ...further, depth: further.depth + 1 } : null;
  }

  private own(table: string | null, name: string): Found | null {
    let found: Found | null = null;
    const wanted = name.toLowerCase();
    this.tables.forEach(({ alias, columns }, index) => {
      if (table !== null && alias !== table) return;
      const column = columns.find((one) => one.name.toLowerCase() === wanted);
      if (!column) return;
      if (found) unsupported(`the column ${name}, which two tables have,`);
      found = { depth: 0, table: index, column };
    });
    if (found !== null) this.touched.add((found as Found).table);
    return found;
  }
}
