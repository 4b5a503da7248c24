import { call, type Arithmetic, type Call, type Comparison, type Expression, type Order, type Select } from './syntax';
import type { TokenStream } from './token-stream';

const COMPARISONS: Record<string, Comparison> = {
  '=': '=',
  '<>': '<>',
  '!=': '<>',
  '<': '<',
  '<=': '<=',
  '>': '>',
  '>=': '>=',
  '<=>': '<=>',
};
const UNITS = new Set(['MICROSECOND', 'SECOND', 'MINUTE', 'HOUR', 'DAY', 'WEEK', 'MONTH', 'YEAR']);

/** One expression, by the precedence of MariaDB. `select` parses what stands in brackets and begins with SELECT. */
export class ExpressionParser {
  constructor(
    private readonly stream: TokenStream,
    private readonly select: () => Select,
  ) {}

  expression(): Expression {
    const parts = [this.conjunction()];
    while (this.stream.takeWord('OR')) parts.push(this.conjunction());
    return parts.length === 1 ? parts[0]! : { is: 'or', parts };
  }

  order(): Order {
    const by = this.expression();
    const descending = this.stream.takeWord('DESC');
    if (!descending) this.stream.takeWord('ASC');
    return { by, descending };
  }

  private conjunction(): Expression {
    const parts = [this.negation()];
    while (this.stream.takeWord('AND')) parts.push(this.negation());
    return parts.length === 1 ? parts[0]! : { is: 'and', parts };
  }

  private negation(): Expression {
    if (this.stream.takeWord('NOT')) return { is: 'not', of: this.negation() };
    return this.comparison();
  }

  private comparison(): Expression {
    let left = this.sum();
    for (;;) {
      const sign = this.stream.token.kind === 'sign' ? COMPARISONS[this.stream.token.text] : undefined;
      if (sign) {
        this.stream.take();
        left = { is: 'compare', sign, left, right: this.sum() };
      } else if (this.stream.takeWord('IS')) left = this.afterIs(left);
      else {
        const not = this.stream.isWord('NOT');
        const word = this.stream.ahead(not ? 1 : 0).upper;
        if (word !== 'IN' && word !== 'BETWEEN' && word !== 'LIKE') return left;
        if (not) this.stream.take();
        const found = this.membership(left);
        left = not ? { is: 'not', of: found } : found;
      }
    }
  }

  private afterIs(of: Expression): Expression {
    const not = this.stream.takeWord('NOT');
    this.stream.needWord('NULL');
    const test: Expression = { is: 'is_null', of };
    return not ? { is: 'not', of: test } : test;
  }

  private membership(of: Expression): Expression {
    if (this.stream.takeWord('LIKE')) return { is: 'like', of, pattern: this.sum() };
    if (this.stream.takeWord('BETWEEN')) {
      const low = this.sum();
      this.stream.needWord('AND');
      return { is: 'between', of, low, high: this.sum() };
    }
    this.stream.needWord('IN');
    if (this.stream.ahead(1).upper !== 'SELECT') {
      return { is: 'in', of, list: this.stream.brackets(() => this.expression()) };
    }
    return { is: 'in_select', of, select: this.bracketed() };
  }

  private bracketed(): Select {
    this.stream.needSign('(');
    const select = this.select();
    this.stream.needSign(')');
    return select;
  }

  private sum(): Expression {
    let left = this.product();
    for (;;) {
      const sign = (['+', '-'] as const).find((one) => this.stream.takeSign(one));
      if (!sign) return left;
      if (this.stream.takeWord('INTERVAL')) left = this.shift(left, sign === '-');
      else left = { is: 'arithmetic', sign, left, right: this.product() };
    }
  }

  private shift(of: Expression, back: boolean): Expression {
    const by = this.sum();
    const unit = this.stream.take().upper;
    if (!UNITS.has(unit)) this.stream.fail('a unit of time expected');
    return { is: 'shift', of, back, by, unit };
  }

  private product(): Expression {
    let left = this.unary();
    for (;;) {
      const sign = this.factorSign();
      if (!sign) return left;
      left = { is: 'arithmetic', sign, left, right: this.unary() };
    }
  }

  private factorSign(): Arithmetic | null {
    if (this.stream.takeWord('DIV')) return 'DIV';
    if (this.stream.takeWord('MOD')) return '%';
    return (['*', '/', '%'] as const).find((sign) => this.stream.takeSign(sign)) ?? null;
  }

  private unary(): Expression {
    if (this.stream.takeSign('-')) return { is: 'minus', of: this.unary() };
    if (this.stream.takeSign('+')) return this.unary();
    return this.primary();
  }

  private primary(): Expression {
    const { stream } = this;
    const { kind, text, place } = stream.token;
    if (kind === 'sign' && text === '(') return this.group();
    if (kind === 'word') return this.word();
    if (kind === 'end' || kind === 'sign') return stream.fail('a value expected');
    stream.take();
    if (kind === 'place') return { is: 'place', index: place };
    return kind === 'number' ? { is: 'number', value: Number(text) } : { is: kind, value: text };
  }

  private group(): Expression {
    if (this.stream.ahead(1).upper === 'SELECT') return { is: 'select', select: this.bracketed() };
    const items = this.stream.brackets(() => this.expression());
    return items.length === 1 ? items[0]! : { is: 'row', items };
  }

  private word(): Expression {
    const { stream } = this;
    if (stream.takeWord('NULL')) return { is: 'null' };
    if (stream.takeWord('TRUE')) return { is: 'number', value: 1 };
    if (stream.takeWord('FALSE')) return { is: 'number', value: 0 };
    if (stream.takeWord('CASE')) return this.caseOf();
    if (stream.takeWord('EXISTS')) return { is: 'exists', select: this.bracketed() };
    const calls = stream.ahead(1).kind === 'sign' && stream.ahead(1).text === '(' && stream.token.upper !== '';
    return calls ? this.call() : this.column();
  }

  private column(): Expression {
    const name = this.stream.needName();
    if (!this.stream.takeSign('.')) return { is: 'column', table: null, name };
    if (this.stream.takeSign('*')) return { is: 'star', table: name };
    return { is: 'column', table: name, name: this.stream.take().text };
  }

  private caseOf(): Expression {
    const { stream } = this;
    const subject = stream.isWord('WHEN') ? null : this.expression();
    const whens: { when: Expression; then: Expression }[] = [];
    while (stream.takeWord('WHEN')) {
      const when = this.expression();
      stream.needWord('THEN');
      const then = this.expression();
      whens.push({ when: subject ? { is: 'compare', sign: '=', left: subject, right: when } : when, then });
    }
    const otherwise = stream.takeWord('ELSE') ? this.expression() : null;
    stream.needWord('END');
    return { is: 'case', whens, otherwise };
  }

  private call(): Expression {
    const { stream } = this;
    const name = stream.take().upper;
    stream.needSign('(');
    if (name === 'VALUES' || name === 'VALUE') {
      const column = stream.needName();
      stream.needSign(')');
      return { is: 'new_value', column };
    }
    if (name === 'CAST') return this.cast();
    if (name === 'TIMESTAMPDIFF') return this.difference();
    const made = this.argumentsOf(name);
    stream.needSign(')');
    return made;
  }

  private argumentsOf(name: string): Call {
    const { stream } = this;
    const distinct = stream.takeWord('DISTINCT');
    if (stream.isSign(')')) return call(name, []);
    const args = stream.list((): Expression =>
      stream.takeSign('*') ? { is: 'star', table: null } : this.expression(),
    );
    const order = stream.takeWord('ORDER', 'BY') ? stream.list(() => this.order()) : [];
    const separator = stream.takeWord('SEPARATOR') ? stream.take().text : ',';
    return { is: 'call', name, args, distinct, order, separator };
  }

  private cast(): Expression {
    const of = this.expression();
    this.stream.needWord('AS');
    let to = '';
    for (let depth = 0; depth > 0 || !this.stream.isSign(')');) {
      const { text } = this.stream.take();
      if (text === '(') depth++;
      if (text === ')') depth--;
      to += `${text} `;
    }
    this.stream.needSign(')');
    return { is: 'cast', of, to: to.trim().toUpperCase() };
  }

  private difference(): Expression {
    const unit = this.stream.take().upper;
    if (!UNITS.has(unit)) this.stream.fail('a unit of time expected');
    this.stream.needSign(',');
    const args = this.stream.list(() => this.expression());
    this.stream.needSign(')');
    return call(`TIMESTAMPDIFF_${unit}`, args);
  }
}
