import { Defect } from '@app/kernel';
import { migrations } from '../../../../../migrations';
import { parseTable } from './sql/parse-table';
import { TableMaking, type Right, type TableShape } from './engine/shape';

type Runner = Parameters<InstanceType<(typeof migrations)[number]>['up']>[0];

const APP_USER = 'app';

/** The tables as the real migrations leave them, with keys, checks, defaults and the rights of the app's user. */
export class Schema {
  private constructor(
    readonly tables: readonly TableShape[],
    /** INSERTs of the migrations, made again in each empty database. */
    readonly planted: readonly string[],
  ) {}

  /** Runs the statements of all migrations through a runner that only reads them. Throws Defect for one that is not understood. */
  static async fromMigrations(): Promise<Schema> {
    const reader = new MigrationReader();
    const runner = { query: (sql: string) => reader.query(sql) } as unknown as Runner;
    for (const Migration of migrations) await new Migration().up(runner);
    return new Schema(reader.shapes(), reader.planted);
  }
}

class MigrationReader {
  readonly planted: string[] = [];
  private readonly tables = new Map<string, TableMaking>();

  shapes(): TableShape[] {
    return [...this.tables.values()].map((table) => table.made());
  }

  query(sql: string): Promise<unknown[]> {
    const text = sql.trim();
    if (text.startsWith('SELECT @app_user')) return Promise.resolve([{ appUser: APP_USER, db: 'memory' }]);
    if (/^(CREATE|ALTER) TABLE/.test(text)) this.define(text);
    else if (text.startsWith('GRANT ')) this.grant(text);
    else if (text.startsWith('REVOKE ')) this.revoke(text);
    else if (/^(INSERT [^(]+\([^)]*\)\s+SELECT|UPDATE|DELETE FROM)\s/.test(text)) this.assertEmpty(text);
    else if (text.startsWith('INSERT ')) this.planted.push(text.replace(/^INSERT IGNORE/, 'INSERT'));
    else throw new Defect(`memory database: the migration statement ${text} is not known`);
    return Promise.resolve([]);
  }

  private define(sql: string): void {
    const text = parseTable(sql);
    const known = this.tables.get(text.table);
    if (text.create && known) return;
    const table = known ?? new TableMaking(text.table);
    this.tables.set(text.table, table);
    table.add(text);
  }

  private grant(sql: string): void {
    const { rights, table } = this.rightsIn(/^GRANT (.+) ON `memory`\.`(\w+)` TO /, sql);
    table.grant(rights);
  }

  private revoke(sql: string): void {
    const { rights, table } = this.rightsIn(/^REVOKE (.+) ON `memory`\.`(\w+)` FROM /, sql);
    table.revoke(rights);
  }

  private rightsIn(pattern: RegExp, sql: string): { rights: Right[]; table: TableMaking } {
    const [, rights, name] = pattern.exec(sql) ?? [];
    const table = this.tables.get(name ?? '');
    if (!rights || !table) throw new Defect(`memory database: ${sql} is not known`);
    return { rights: rights.split(', ') as Right[], table };
  }

  /** A migration that moves or changes what is there moves nothing here, when its tables have no rows yet. */
  private assertEmpty(sql: string): void {
    const named = [...sql.matchAll(/\b(?:UPDATE|FROM|JOIN)\s+(\w+)/g)].map(([, table]) => table!);
    const planted = named.find((table) => this.planted.some((insert) => insert.startsWith(`INSERT INTO ${table} `)));
    if (planted) throw new Defect(`memory database: ${sql} uses planted rows of ${planted}`);
  }
}
