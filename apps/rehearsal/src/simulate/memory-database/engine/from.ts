import { conjuncts, type Expression, type Select, type Source } from '../sql/syntax';
import { AccessPlanner, type Access } from './access';
import { Compiler, type Program } from './compile';
import { unsupported, type Frame, type Scope } from './node';
import type { Record } from './record';
import type { Table } from './table';
import type { Transaction } from './transaction';
import type { Row } from './values';

export type Test = (frame: Frame) => boolean;

/** One table of a FROM, or a SELECT in its place. */
interface Level {
  readonly access: Access | null;
  readonly derived: ((frame: Frame) => readonly Row[]) | null;
  readonly left: boolean;
  /** Of a LEFT JOIN: what joins; of others everything that can be tested here. */
  readonly on: readonly Test[];
  /** Conditions of the WHERE that can be tested here, behind a LEFT JOIN. */
  readonly where: readonly Test[];
  readonly missing: Row;
}

/** The tables of a SELECT, joined from left to right. */
export class From {
  private readonly levels: Level[] = [];
  readonly columns: { readonly alias: string; readonly names: readonly string[] }[] = [];

  constructor(
    private readonly program: Program,
    private readonly scope: Scope,
    private readonly tables: ReadonlyMap<string, Table>,
    select: Select,
  ) {
    const open = [...conjuncts(select.where)];
    select.sources.forEach((source, at) => this.levels.push(this.level(source, at, open)));
    // What names no table of ours: decided with the first row, or once where there is no table at all.
    if (open.length > 0) this.levels.push({ ...ONE_ROW, on: open.map((condition) => this.compiler().test(condition)) });
  }

  /** Tables in whose order rows come; null when there are several. */
  get only(): Table | null {
    return this.levels.length === 1 ? this.tableAt(0) : null;
  }

  /** Calls `found` with the frame filled for each joined row, until it returns false. With `lock` their rows are locked. */
  each(frame: Frame, lock: Transaction | null, found: (frame: Frame) => boolean): void {
    this.visit(0, frame, lock, found);
  }

  private readonly tableOf: (Table | null)[] = [];

  private tableAt(level: number): Table | null {
    return this.tableOf[level] ?? null;
  }

  private compiler(): Compiler {
    return new Compiler(this.program, this.scope);
  }

  private level(source: Source, at: number, open: Expression[]): Level {
    const table = this.enter(source);
    const left = source.join === 'left';
    const on = [...conjuncts(source.on), ...source.using.map((name) => this.same(name, source, at))];
    const ready = this.takeReady(open, at);
    const conditions = left ? on : [...on, ...ready];
    const planner = table && new AccessPlanner(table, at, this.scope, this.compiler());
    const width = this.scope.tables[at]!.columns.length;
    return {
      access: planner ? planner.plan(conditions) : null,
      derived: table ? null : this.derived(source),
      left,
      on: conditions.map((condition) => this.compiler().test(condition)),
      where: left ? ready.map((condition) => this.compiler().test(condition)) : [],
      missing: new Array<null>(width).fill(null),
    };
  }

  private enter({ from, alias }: Source): Table | null {
    if (typeof from !== 'string') {
      const inner = this.program.select(from, this.scope);
      const columns = from.items.map(({ name }, index) => ({ name, index, type: inner.types[index]! }));
      if (columns.length !== inner.types.length) unsupported('a star in a SELECT in FROM');
      this.add(alias, columns);
      this.tableOf.push(null);
      return null;
    }
    const table = this.tables.get(from) ?? unsupported(`the unknown table ${from}`);
    this.add(alias, table.shape.columns);
    this.tableOf.push(table);
    return table;
  }

  private add(alias: string, columns: Scope['tables'][number]['columns']): void {
    this.scope.tables.push({ alias, columns });
    this.columns.push({ alias, names: columns.map(({ name }) => name) });
  }

  private derived({ from }: Source): (frame: Frame) => readonly Row[] {
    const inner = this.program.select(from as Select, this.scope);
    return (frame) => inner.rows(frame) as readonly Row[];
  }

  private same(name: string, { alias }: Source, at: number): Expression {
    const before = this.scope.tables.slice(0, at).find(({ columns }) => columns.some((column) => column.name === name));
    if (!before) return unsupported(`USING (${name})`);
    const column = (table: string): Expression => ({ is: 'column', table, name });
    return { is: 'compare', sign: '=', left: column(before.alias), right: column(alias) };
  }

  /** Takes the conditions out of `open` that name no table behind this one. */
  private takeReady(open: Expression[], at: number): Expression[] {
    const ready: Expression[] = [];
    for (const condition of [...open]) {
      const last = this.lastTable(condition);
      if (last === null || last > at) continue;
      ready.push(condition);
      open.splice(open.indexOf(condition), 1);
    }
    return ready;
  }

  /** Null while it names a table that is not there yet. */
  private lastTable(condition: Expression): number | null {
    this.scope.touched.clear();
    try {
      this.compiler().node(condition);
    } catch {
      return null;
    }
    return Math.max(0, ...this.scope.touched);
  }

  private visit(at: number, frame: Frame, lock: Transaction | null, found: (frame: Frame) => boolean): boolean {
    const level = this.levels[at];
    if (!level) return found(frame);
    const { left, on, where, missing } = level;
    let matched = false;
    const one = (): boolean => {
      matched = true;
      return !passes(where, frame) || this.visit(at + 1, frame, lock, found);
    };
    if (!this.rows(level, at, frame, lock, on, one)) return false;
    if (!left || matched) return true;
    frame.rows[at] = missing;
    return !passes(where, frame) || this.visit(at + 1, frame, lock, found);
  }

  private rows(
    { access, derived }: Level,
    at: number,
    frame: Frame,
    lock: Transaction | null,
    on: readonly Test[],
    one: () => boolean,
  ): boolean {
    if (!access) {
      for (const row of derived!(frame)) {
        frame.rows[at] = row;
        if (passes(on, frame) && !one()) return false;
      }
      return true;
    }
    const records = access.records(frame);
    // A copy where rows may come or go while we look: only a locking read waits in between, and then it starts anew.
    for (const record of records) {
      if (lock && !locked(record, lock, access.point, at, frame, on)) continue;
      const row = lock ? record.current : record.seenBy(frame.run.reader);
      if (row === null) continue;
      frame.rows[at] = row;
      if (passes(on, frame) && !one()) return false;
    }
    return true;
  }
}

const ONE_ROW: Level = {
  access: null,
  derived: () => [[]],
  left: false,
  on: [],
  where: [],
  missing: [],
};

export function passes(tests: readonly Test[], frame: Frame): boolean {
  for (const test of tests) if (!test(frame)) return false;
  return true;
}

/**
 * Takes the write lock of a row that may match; false when it cannot. A whole unique key is waited for whatever the row holds; in other
 * searches a row of somebody else is waited for when it matches as committed or as changed. Throws MustWait.
 */
function locked(
  record: Record,
  transaction: Transaction,
  point: boolean,
  at: number,
  frame: Frame,
  tests: readonly Test[],
): boolean {
  const foreign = record.writer !== null && record.writer !== transaction;
  const versions = foreign ? [record.committed, record.current] : [record.seenBy(transaction)];
  const matches = versions.some((row) => {
    if (row === null) return false;
    frame.rows[at] = row;
    return passes(tests, frame);
  });
  if (!matches && !(point && record.owner !== null && record.owner !== transaction)) return false;
  transaction.lock(record, 'write');
  return true;
}
