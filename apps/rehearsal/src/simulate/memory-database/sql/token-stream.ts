import { Defect } from '@app/kernel';
import { tokensOf, type Token } from './tokens';

/** Words that end an expression or an alias: never taken for a name without backquotes. */
const RESERVED = new Set(
  `ADD ALL ALTER AND AS ASC BETWEEN BY CASE CHECK COLLATE CONSTRAINT CREATE CROSS DEFAULT DELETE DESC DISTINCT DIV ELSE END EXISTS FOR
   FORCE FROM FULL GROUP HAVING IF IGNORE IN INDEX INNER INSERT INTERVAL INTO IS JOIN KEY LEFT LIKE LIMIT MOD NATURAL NOT NULL OFFSET ON
   OR ORDER OUTER PRIMARY RIGHT SELECT SET THEN UNION UNIQUE UPDATE USE USING VALUES WHEN WHERE WITH`.split(/\s+/),
);

/** The tokens of one statement, read from left to right. */
export class TokenStream {
  private readonly tokens: readonly Token[];
  private next = 0;

  constructor(private readonly sql: string) {
    this.tokens = tokensOf(sql);
  }

  get token(): Token {
    return this.tokens[this.next]!;
  }

  ahead(by: number): Token {
    return this.tokens[Math.min(this.next + by, this.tokens.length - 1)]!;
  }

  take(): Token {
    const token = this.token;
    if (token.kind !== 'end') this.next++;
    return token;
  }

  /** Whether the next tokens are these keywords. */
  isWord(...words: readonly string[]): boolean {
    return words.every((word, index) => this.ahead(index).upper === word);
  }

  takeWord(...words: readonly string[]): boolean {
    if (!this.isWord(...words)) return false;
    this.next += words.length;
    return true;
  }

  needWord(...words: readonly string[]): void {
    if (!this.takeWord(...words)) this.fail(`${words.join(' ')} expected`);
  }

  isSign(sign: string): boolean {
    return this.token.kind === 'sign' && this.token.text === sign;
  }

  takeSign(sign: string): boolean {
    if (!this.isSign(sign)) return false;
    this.next++;
    return true;
  }

  needSign(sign: string): void {
    if (!this.takeSign(sign)) this.fail(`${sign} expected`);
  }

  /** Whether a name comes: a word that is no reserved one, or anything in backquotes. */
  isName(): boolean {
    return this.token.kind === 'word' && !RESERVED.has(this.token.upper);
  }

  needName(): string {
    if (!this.isName()) this.fail('a name expected');
    return this.take().text;
  }

  /** The text from a position up to the next token, without spaces at its end. */
  textFrom(start: number): string {
    return this.sql.slice(start, this.token.at).trim();
  }

  /** `one, two, three` */
  list<T>(one: () => T): T[] {
    const items = [one()];
    while (this.takeSign(',')) items.push(one());
    return items;
  }

  /** `(one, two)` */
  brackets<T>(one: () => T): T[] {
    this.needSign('(');
    const items = this.list(one);
    this.needSign(')');
    return items;
  }

  end(): void {
    this.takeSign(';');
    if (this.token.kind !== 'end') this.fail('the end expected');
  }

  fail(why: string): never {
    const { at } = this.token;
    throw new Defect(`memory database: ${why} at «${this.sql.slice(at, at + 40)}» of ${this.sql}`);
  }
}
