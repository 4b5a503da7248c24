/** What the parser makes of the subset of SQL that the libraries use. */
export type Expression =
  | { readonly is: 'text' | 'bytes'; readonly value: string }
  | { readonly is: 'number'; readonly value: number }
  | { readonly is: 'null' }
  | { readonly is: 'place'; readonly index: number }
  | { readonly is: 'column'; readonly table: string | null; readonly name: string }
  | { readonly is: 'star'; readonly table: string | null }
  | { readonly is: 'minus' | 'not'; readonly of: Expression }
  | { readonly is: 'arithmetic'; readonly sign: Arithmetic; readonly left: Expression; readonly right: Expression }
  | { readonly is: 'compare'; readonly sign: Comparison; readonly left: Expression; readonly right: Expression }
  | { readonly is: 'and' | 'or'; readonly parts: readonly Expression[] }
  | { readonly is: 'is_null'; readonly of: Expression }
  | { readonly is: 'in'; readonly of: Expression; readonly list: readonly Expression[] }
  | { readonly is: 'in_select'; readonly of: Expression; readonly select: Select }
  | { readonly is: 'between'; readonly of: Expression; readonly low: Expression; readonly high: Expression }
  | { readonly is: 'like'; readonly of: Expression; readonly pattern: Expression }
  | { readonly is: 'row'; readonly items: readonly Expression[] }
  | {
      readonly is: 'case';
      readonly whens: readonly { readonly when: Expression; readonly then: Expression }[];
      readonly otherwise: Expression | null;
    }
  | {
      readonly is: 'shift';
      readonly of: Expression;
      readonly back: boolean;
      readonly by: Expression;
      readonly unit: string;
    }
  | { readonly is: 'select'; readonly select: Select }
  | { readonly is: 'exists'; readonly select: Select }
  | { readonly is: 'new_value'; readonly column: string }
  | { readonly is: 'cast'; readonly of: Expression; readonly to: string }
  | Call;

export interface Call {
  readonly is: 'call';
  readonly name: string;
  readonly args: readonly Expression[];
  readonly distinct: boolean;
  readonly order: readonly Order[];
  readonly separator: string;
}

export type Arithmetic = '+' | '-' | '*' | '/' | 'DIV' | '%';
export type Comparison = '=' | '<>' | '<' | '<=' | '>' | '>=' | '<=>';

export interface Order {
  readonly by: Expression;
  readonly descending: boolean;
}

export interface Source {
  /** A table's name, or a SELECT in brackets. */
  readonly from: string | Select;
  readonly alias: string;
  readonly join: 'first' | 'inner' | 'left';
  readonly on: Expression | null;
  readonly using: readonly string[];
}

export interface Select {
  readonly is: 'select';
  readonly items: readonly { readonly of: Expression; readonly name: string }[];
  readonly distinct: boolean;
  readonly sources: readonly Source[];
  readonly where: Expression | null;
  readonly group: readonly Expression[];
  readonly having: Expression | null;
  readonly order: readonly Order[];
  readonly limit: Expression | null;
  readonly offset: Expression | null;
  readonly lock: boolean;
  /** SELECTs after UNION ALL; order and limit then belong to the whole. */
  readonly unionAll: readonly Select[];
}

export interface Assignment {
  readonly column: string;
  readonly value: Expression;
}

export interface Insert {
  readonly is: 'insert';
  readonly table: string;
  readonly columns: readonly string[];
  /** Null for the rows that bulkInsert brings by itself; 'default' for the keyword. */
  readonly rows: readonly (readonly (Expression | 'default')[])[] | Select | null;
  readonly update: readonly Assignment[];
  readonly ignore: boolean;
}

export interface Update {
  readonly is: 'update';
  readonly table: string;
  readonly alias: string;
  readonly set: readonly Assignment[];
  readonly where: Expression | null;
  readonly order: readonly Order[];
  readonly limit: Expression | null;
}

export interface Delete {
  readonly is: 'delete';
  readonly table: string;
  readonly where: Expression | null;
  readonly order: readonly Order[];
  readonly limit: Expression | null;
}

export type Statement = Select | Insert | Update | Delete;

export function call(name: string, args: readonly Expression[]): Call {
  return { is: 'call', name, args, distinct: false, order: [], separator: ',' };
}

/** The parts of a condition that must all hold. */
export function conjuncts(condition: Expression | null): readonly Expression[] {
  if (condition === null) return [];
  return condition.is === 'and' ? condition.parts.flatMap(conjuncts) : [condition];
}
