import { ExpressionParser } from './parse-expression';
import type { Expression } from './syntax';
import { TokenStream } from './token-stream';

export interface ColumnText {
  readonly name: string;
  /** `BIGINT`, `VARBINARY`, … */
  readonly type: string;
  /** What stands in brackets behind it. */
  readonly sizes: readonly number[];
  readonly unsigned: boolean;
  readonly nullable: boolean;
  readonly autoIncrement: boolean;
  readonly byDefault: Expression | null;
}

export interface KeyText {
  readonly name: string;
  readonly unique: boolean;
  readonly columns: readonly string[];
}

export interface CheckText {
  readonly name: string;
  readonly condition: Expression;
}

/** What a CREATE TABLE or ALTER TABLE adds. `changes` are columns whose definition is replaced. */
export interface TableText {
  readonly create: boolean;
  readonly ifNotExists: boolean;
  readonly table: string;
  readonly columns: ColumnText[];
  readonly changes: ColumnText[];
  readonly keys: KeyText[];
  readonly checks: CheckText[];
  readonly dropped: { readonly what: 'COLUMN' | 'INDEX' | 'CONSTRAINT'; readonly name: string }[];
}

/** Throws Defect for what the migrations of this project do not use. */
export function parseTable(sql: string): TableText {
  return new TableParser(new TokenStream(sql)).statement();
}

class TableParser {
  private readonly expressions: ExpressionParser;
  private readonly found: Pick<TableText, 'columns' | 'changes' | 'keys' | 'checks' | 'dropped'> = {
    columns: [],
    changes: [],
    keys: [],
    checks: [],
    dropped: [],
  };

  constructor(private readonly stream: TokenStream) {
    this.expressions = new ExpressionParser(stream, () => stream.fail('no SELECT in a table'));
  }

  statement(): TableText {
    const { stream } = this;
    if (stream.takeWord('CREATE', 'TABLE')) {
      const ifNotExists = stream.takeWord('IF', 'NOT', 'EXISTS');
      const table = stream.needName();
      // Engine, character set and partitions come behind the brackets and change no answer.
      stream.brackets(() => this.definition());
      return { create: true, ifNotExists, table, ...this.found };
    }
    stream.needWord('ALTER', 'TABLE');
    const table = stream.needName();
    stream.list(() => this.alteration());
    stream.end();
    return { create: false, ifNotExists: false, table, ...this.found };
  }

  private alteration(): void {
    const { stream } = this;
    if (stream.takeWord('ADD')) return this.addition();
    if (stream.takeWord('MODIFY') || stream.takeWord('CHANGE')) {
      stream.takeWord('COLUMN');
      this.found.changes.push(this.column());
      return;
    }
    stream.needWord('DROP');
    const what = (['COLUMN', 'INDEX', 'CONSTRAINT'] as const).find((word) => stream.takeWord(word));
    if (!what && !stream.takeWord('KEY')) stream.fail('an alteration that is not known here');
    stream.takeWord('IF', 'EXISTS');
    this.found.dropped.push({ what: what ?? 'INDEX', name: stream.needName() });
  }

  private addition(): void {
    const { stream } = this;
    stream.takeWord('COLUMN');
    stream.takeWord('IF', 'NOT', 'EXISTS');
    this.definition();
    if (stream.takeWord('AFTER')) stream.needName();
    stream.takeWord('FIRST');
  }

  private definition(): void {
    const { stream } = this;
    if (stream.takeWord('PRIMARY', 'KEY')) return this.key('PRIMARY', true);
    if (stream.takeWord('UNIQUE')) {
      if (!stream.takeWord('KEY')) stream.takeWord('INDEX');
      stream.takeWord('IF', 'NOT', 'EXISTS');
      return this.key(stream.needName(), true);
    }
    if (stream.takeWord('KEY') || stream.takeWord('INDEX')) {
      stream.takeWord('IF', 'NOT', 'EXISTS');
      return this.key(stream.needName(), false);
    }
    if (stream.takeWord('CONSTRAINT')) {
      stream.takeWord('IF', 'NOT', 'EXISTS');
      const name = stream.needName();
      stream.needWord('CHECK');
      stream.needSign('(');
      this.found.checks.push({ name, condition: this.expressions.expression() });
      return stream.needSign(')');
    }
    this.found.columns.push(this.column());
  }

  private key(name: string, unique: boolean): void {
    const columns = this.stream.brackets(() => {
      const column = this.stream.take().text;
      if (!this.stream.takeWord('DESC')) this.stream.takeWord('ASC');
      return column;
    });
    this.found.keys.push({ name, unique, columns });
  }

  private column(): ColumnText {
    const { stream } = this;
    const name = stream.take().text;
    const type = stream.take().upper;
    const sizes = stream.isSign('(') ? stream.brackets(() => Number(stream.take().text)) : [];
    const unsigned = stream.takeWord('UNSIGNED');
    let [nullable, autoIncrement] = [true, false];
    let byDefault: Expression | null = null;
    for (;;) {
      if (stream.takeWord('NOT', 'NULL')) nullable = false;
      else if (stream.takeWord('NULL')) nullable = true;
      else if (stream.takeWord('AUTO_INCREMENT')) autoIncrement = true;
      else if (stream.takeWord('DEFAULT')) byDefault = this.expressions.expression();
      else if (stream.takeWord('COMMENT')) stream.take();
      else if (stream.takeWord('CHARACTER', 'SET') || stream.takeWord('COLLATE')) stream.take();
      else return { name, type, sizes, unsigned, nullable, autoIncrement, byDefault };
    }
  }
}
