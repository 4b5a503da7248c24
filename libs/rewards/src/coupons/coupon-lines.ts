/** Why a line of an import gave no coupon: unusable text, twice in this import, or in the pool before. */
export type LineFault = 'bad' | 'repeated' | 'known';

/** Lines of one import: what a request holds comfortably. A bigger pool is filled by several imports. */
export const MOST_COUPON_LINES = 20_000;

/** 6 to 64 visible ASCII characters: what tills and partners' pages take. */
const USABLE = /^[\x21-\x7e]{6,64}$/;

/** The lines of a text file; a byte order mark and any kind of line end are understood, a line end at the end begins no line. */
export function couponLines(text: string): string[] {
  const lines = text.replace(/^\uFEFF/, '').split(/\r\n|\n|\r/);
  if (lines.at(-1) === '') lines.pop();
  return lines;
}

/** The code of a line, null for one that cannot be a code, and '' for a blank line. */
export function couponOf(line: string): string | null {
  const code = line.trim();
  return code === '' || USABLE.test(code) ? code : null;
}
