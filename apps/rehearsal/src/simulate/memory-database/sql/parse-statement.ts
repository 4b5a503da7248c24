import { ExpressionParser } from './parse-expression';
import type { Assignment, Delete, Expression, Insert, Order, Select, Source, Statement, Update } from './syntax';
import { TokenStream } from './token-stream';

/** Throws Defect, with the text, for a statement beyond the subset. */
export function parseStatement(sql: string): Statement {
  return new StatementParser(new TokenStream(sql)).statement();
}

/** The assignments after ON DUPLICATE KEY UPDATE, as bulkUpsert hands them over; `ending` may be empty. */
export function parseEnding(ending: string): readonly Assignment[] {
  const stream = new TokenStream(ending);
  const update = new StatementParser(stream).onDuplicate();
  stream.end();
  return update;
}

class StatementParser {
  private readonly expressions: ExpressionParser;

  constructor(private readonly stream: TokenStream) {
    this.expressions = new ExpressionParser(stream, () => this.select());
  }

  statement(): Statement {
    const parsed = this.parse();
    this.stream.end();
    return parsed;
  }

  onDuplicate(): readonly Assignment[] {
    return this.stream.takeWord('ON', 'DUPLICATE', 'KEY', 'UPDATE') ? this.assignments() : [];
  }

  private parse(): Statement {
    switch (this.stream.token.upper) {
      case 'SELECT':
        return this.select();
      case 'INSERT':
        return this.insert();
      case 'UPDATE':
        return this.update();
      case 'DELETE':
        return this.delete();
      default:
        return this.stream.fail('no statement that is known here');
    }
  }

  private select(): Select {
    const first = this.selectBody();
    const unionAll: Select[] = [];
    while (this.stream.takeWord('UNION', 'ALL')) unionAll.push(this.selectBody());
    if (this.stream.isWord('UNION')) this.stream.fail('only UNION ALL');
    return { ...first, ...this.tail(), unionAll };
  }

  private selectBody(): Select {
    const { stream } = this;
    stream.needWord('SELECT');
    const distinct = stream.takeWord('DISTINCT');
    const items = stream.list(() => this.item());
    const sources = stream.takeWord('FROM') ? this.sources() : [];
    const where = stream.takeWord('WHERE') ? this.expressions.expression() : null;
    const group = stream.takeWord('GROUP', 'BY') ? stream.list(() => this.expressions.expression()) : [];
    const having = stream.takeWord('HAVING') ? this.expressions.expression() : null;
    const nothing = { order: [], limit: null, offset: null, lock: false, unionAll: [] };
    return { is: 'select', items, distinct, sources, where, group, having, ...nothing };
  }

  private tail(): { order: readonly Order[]; limit: Expression | null; offset: Expression | null; lock: boolean } {
    const order = this.orders();
    let limit = this.limit();
    let offset: Expression | null = null;
    if (limit && this.stream.takeWord('OFFSET')) offset = this.expressions.expression();
    else if (limit && this.stream.takeSign(',')) [offset, limit] = [limit, this.expressions.expression()];
    return { order, limit, offset, lock: this.stream.takeWord('FOR', 'UPDATE') };
  }

  private orders(): readonly Order[] {
    return this.stream.takeWord('ORDER', 'BY') ? this.stream.list(() => this.expressions.order()) : [];
  }

  private limit(): Expression | null {
    return this.stream.takeWord('LIMIT') ? this.expressions.expression() : null;
  }

  private item(): Select['items'][number] {
    if (this.stream.takeSign('*')) return { of: { is: 'star', table: null }, name: '*' };
    const start = this.stream.token.at;
    const of = this.expressions.expression();
    if (this.stream.takeWord('AS')) return { of, name: this.stream.take().text };
    if (this.stream.isName()) return { of, name: this.stream.needName() };
    return { of, name: of.is === 'column' ? of.name : this.stream.textFrom(start) };
  }

  private sources(): Source[] {
    const sources = [this.source('first')];
    for (;;) {
      const join = this.join();
      if (!join) return sources;
      const source = this.source(join);
      const on = this.stream.takeWord('ON') ? this.expressions.expression() : null;
      const using = this.stream.takeWord('USING') ? this.stream.brackets(() => this.stream.needName()) : [];
      sources.push({ ...source, on, using });
    }
  }

  private join(): 'inner' | 'left' | null {
    const { stream } = this;
    if (stream.takeSign(',') || stream.takeWord('CROSS', 'JOIN')) return 'inner';
    if (stream.takeWord('INNER', 'JOIN') || stream.takeWord('JOIN')) return 'inner';
    if (stream.takeWord('LEFT', 'OUTER', 'JOIN') || stream.takeWord('LEFT', 'JOIN')) return 'left';
    return null;
  }

  private source(join: Source['join']): Source {
    const { stream } = this;
    const plain = { join, on: null, using: [] };
    if (stream.takeSign('(')) {
      const from = this.select();
      stream.needSign(')');
      stream.takeWord('AS');
      return { ...plain, from, alias: stream.needName() };
    }
    const from = stream.needName();
    const alias = this.alias() ?? from;
    // Which index is used changes no answer.
    if (stream.takeWord('FORCE', 'INDEX') || stream.takeWord('USE', 'INDEX')) stream.brackets(() => stream.take());
    return { ...plain, from, alias };
  }

  private alias(): string | null {
    if (this.stream.takeWord('AS')) return this.stream.needName();
    return this.stream.isName() ? this.stream.needName() : null;
  }

  private insert(): Insert {
    const { stream } = this;
    stream.needWord('INSERT');
    const ignore = stream.takeWord('IGNORE');
    stream.needWord('INTO');
    const table = stream.needName();
    const columns = stream.brackets(() => stream.take().text);
    const rows = stream.isWord('SELECT') ? this.select() : this.values();
    return { is: 'insert', table, columns, rows, update: this.onDuplicate(), ignore };
  }

  private values(): (Expression | 'default')[][] {
    const { stream } = this;
    if (!stream.takeWord('VALUES')) stream.needWord('VALUE');
    return stream.list(() =>
      stream.brackets(() => (stream.takeWord('DEFAULT') ? 'default' : this.expressions.expression())),
    );
  }

  private assignments(): readonly Assignment[] {
    return this.stream.list(() => {
      let column = this.stream.take().text;
      if (this.stream.takeSign('.')) column = this.stream.take().text;
      this.stream.needSign('=');
      return { column, value: this.expressions.expression() };
    });
  }

  private update(): Update {
    const { stream } = this;
    stream.needWord('UPDATE');
    const table = stream.needName();
    const alias = this.alias() ?? table;
    stream.needWord('SET');
    const set = this.assignments();
    const where = stream.takeWord('WHERE') ? this.expressions.expression() : null;
    return { is: 'update', table, alias, set, where, order: this.orders(), limit: this.limit() };
  }

  private delete(): Delete {
    const { stream } = this;
    stream.needWord('DELETE', 'FROM');
    const table = stream.needName();
    const where = stream.takeWord('WHERE') ? this.expressions.expression() : null;
    return { is: 'delete', table, where, order: this.orders(), limit: this.limit() };
  }
}
