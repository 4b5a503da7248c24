import { Defect } from '@app/kernel';

/** `word` also stands for names in backquotes, which are never keywords: `quoted` tells. */
export interface Token {
  readonly kind: 'word' | 'number' | 'text' | 'bytes' | 'sign' | 'place' | 'end';
  /** As written; of texts without quotes and escapes; of bytes one character per byte. */
  readonly text: string;
  /** Upper case, for words that may be keywords; else ''. */
  readonly upper: string;
  /** Number of the `?`, from 0. */
  readonly place: number;
  readonly at: number;
}

const PATTERN =
  /\s+|(?<bytes>[xX]'(?<hex>[0-9A-Fa-f]*)')|(?<word>[A-Za-z_@][A-Za-z0-9_$@]*)|(?<number>\d+(?:\.\d+)?)|(?<text>'(?:[^'\\]|\\.|'')*')|`(?<name>[^`]*)`|(?<place>\?)|(?<sign><=>|<=|>=|<>|!=|:=|\|\||&&|[-+*/%(),.=<>!;])/gsy;

const ESCAPES: Record<string, string> = { n: '\n', t: '\t', r: '\r', '0': '\0', b: '\b', Z: '\x1a' };

/** Throws Defect for what is no token of the subset, such as a comment. */
export function tokensOf(sql: string): Token[] {
  const tokens: Token[] = [];
  let places = 0;
  PATTERN.lastIndex = 0;
  while (PATTERN.lastIndex < sql.length) {
    const at = PATTERN.lastIndex;
    const groups = PATTERN.exec(sql)?.groups;
    if (!groups) throw new Defect(`memory database: cannot read ${JSON.stringify(sql.slice(at, at + 40))} in ${sql}`);
    const token = tokenOf(groups, at, places);
    if (token?.kind === 'place') places++;
    if (token) tokens.push(token);
  }
  tokens.push({ kind: 'end', text: '', upper: '', place: -1, at: sql.length });
  return tokens;
}

function tokenOf(groups: Record<string, string | undefined>, at: number, places: number): Token | null {
  const { bytes, hex, word, number, text, name, place, sign } = groups;
  const plain = { upper: '', place: -1, at };
  if (bytes !== undefined) return { ...plain, kind: 'bytes', text: Buffer.from(hex!, 'hex').toString('latin1') };
  if (word !== undefined) return { ...plain, kind: 'word', text: word, upper: word.toUpperCase() };
  if (number !== undefined) return { ...plain, kind: 'number', text: number };
  if (text !== undefined) return { ...plain, kind: 'text', text: unquoted(text) };
  if (name !== undefined) return { ...plain, kind: 'word', text: name };
  if (place !== undefined) return { ...plain, kind: 'place', text: '?', place: places };
  return sign === undefined ? null : { ...plain, kind: 'sign', text: sign };
}

function unquoted(text: string): string {
  return text
    .slice(1, -1)
    .replace(/''|\\(.)/gs, (whole, escaped?: string) => (escaped === undefined ? "'" : (ESCAPES[escaped] ?? escaped)));
}
