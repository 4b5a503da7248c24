import type { SqlValue } from '@app/database';
import { parseEnding, parseStatement } from '../sql/parse-statement';
import type { Delete, Insert, Select, Statement, Update } from '../sql/syntax';
import { ChangePlan } from './change-rows';
import { inputsOf, type Program } from './compile';
import { GuardedTable } from './guarded-table';
import { InsertPlan, type RawRows } from './insert';
import { unsupported, type Run } from './node';
import type { Attempt, Plan, Result } from './plan';
import { denied } from './refusals';
import { SelectPlan } from './select';
import type { Right } from './shape';
import type { Table } from './table';
import type { Transaction } from './transaction';
import { decoded } from './values';

const MOST_PLANS = 20_000;

/** Compiles each text once. `enforce`: the rights of the app's user hold. */
export class Statements {
  private readonly plans = new Map<string, Plan>();
  private readonly bulks = new Map<string, BulkPlan>();
  private readonly guarded = new Map<string, GuardedTable>();

  constructor(
    private readonly tables: ReadonlyMap<string, Table>,
    private readonly enforce: boolean,
  ) {}

  /** Throws Defect, with the text, for what is beyond the subset. */
  plan(sql: string): Plan {
    const known = this.plans.get(sql);
    if (known) return known;
    const plan = this.compiled(sql, () => this.made(parseStatement(sql)));
    if (this.plans.size >= MOST_PLANS) this.plans.clear();
    this.plans.set(sql, plan);
    return plan;
  }

  /** The plan of bulkInsert and bulkUpsert, for any number of rows. */
  bulk(table: string, columns: readonly string[], ending: string): BulkPlan {
    const text = `INSERT INTO ${table} (${columns.join(',')}) VALUES …${ending}`;
    const known = this.bulks.get(text);
    if (known) return known;
    const insert: Insert = { is: 'insert', table, columns, rows: null, update: parseEnding(ending), ignore: false };
    const plan = this.compiled(text, () => new BulkPlan(this.insert(insert, this.program()), this.rightsOf(insert)));
    this.bulks.set(text, plan);
    return plan;
  }

  private compiled<T>(sql: string, compile: () => T): T {
    try {
      return compile();
    } catch (error) {
      throw new Error(`${error instanceof Error ? error.message : String(error)} in ${sql}`, { cause: error });
    }
  }

  private program(): Program {
    const program: Program = {
      slots: [],
      select: (select, outer) => new SelectPlan(program, this.tables, select, outer),
    };
    return program;
  }

  private made(statement: Statement): Plan {
    const program = this.program();
    switch (statement.is) {
      case 'select':
        return this.read(statement, program);
      case 'insert': {
        const plan = this.insert(statement, program);
        return this.write(program, this.rightsOf(statement), (run, transaction, attempt) =>
          plan.apply(run, transaction, attempt, null),
        );
      }
      default: {
        const plan = new ChangePlan(this.guard(statement.table), statement, program);
        return this.write(program, this.rightsOf(statement), (run, transaction) => plan.apply(run, transaction));
      }
    }
  }

  private read(select: Select, program: Program): Plan {
    const plan = new SelectPlan(program, this.tables, select, null);
    const { names, types } = plan;
    return {
      run: (params, now, reader) => ({ params, inputs: inputsOf(program.slots, params), now, reader }),
      apply: (run, transaction) => {
        if (select.lock && !transaction) unsupported('FOR UPDATE outside a transaction');
        return plan.read(run, select.lock ? transaction : null).map((row) => {
          const object: Record<string, unknown> = {};
          for (let at = 0; at < names.length; at++) object[names[at]!] = decoded(row[at]!, types[at]!);
          return object;
        });
      },
    };
  }

  private write(
    program: Program,
    refused: Error | null,
    apply: (run: Run, transaction: Transaction, attempt: Attempt) => Result,
  ): Plan {
    return {
      run: (params, now, reader) => ({ params, inputs: inputsOf(program.slots, params), now, reader }),
      apply: (run, transaction, attempt) => {
        if (refused) throw refused;
        return transaction ? apply(run, transaction, attempt) : unsupported('a write outside a transaction');
      },
    };
  }

  private insert(insert: Insert, program: Program): InsertPlan {
    return new InsertPlan(this.guard(insert.table), insert, program);
  }

  private guard(name: string): GuardedTable {
    const known = this.guarded.get(name);
    if (known) return known;
    const made = new GuardedTable(this.tables.get(name) ?? unsupported(`the unknown table ${name}`));
    this.guarded.set(name, made);
    return made;
  }

  /** The refusal that MariaDB would give the app's user, or null. */
  private rightsOf(statement: Insert | Update | Delete): Error | null {
    if (!this.enforce) return null;
    const wanted: Right[] = [statement.is === 'insert' ? 'INSERT' : statement.is === 'update' ? 'UPDATE' : 'DELETE'];
    if (statement.is === 'insert' && statement.update.length > 0) wanted.push('UPDATE');
    const { rights } = this.guard(statement.table).table.shape;
    const missing = wanted.find((right) => !rights.has(right));
    return missing ? denied(missing, statement.table) : null;
  }
}

/** An INSERT whose rows come with each run. */
export class BulkPlan {
  constructor(
    private readonly insert: InsertPlan,
    private readonly refused: Error | null,
  ) {}

  /** A plan for these rows. */
  with(rows: RawRows): Plan {
    return {
      run: (params: readonly SqlValue[], now, reader) => ({ params, inputs: [], now, reader }),
      apply: (run, transaction, attempt) => {
        if (this.refused) throw this.refused;
        return transaction
          ? this.insert.apply(run, transaction, attempt, rows)
          : unsupported('a write outside a transaction');
      },
    };
  }
}
