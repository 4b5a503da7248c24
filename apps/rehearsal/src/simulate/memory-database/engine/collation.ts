import { Defect } from '@app/kernel';

const PLAIN = /^[ -~]*$/;
/** Letters of which utf8mb4_unicode_ci makes no two alike: those of ASCII but for their case, and Han characters. */
const KNOWN = /^[ -~\u3007\u4e00-\u9fa5]*$/;
const LETTERS = /^[ 0-9A-Za-z\u4e00-\u9fa5]*$/;

/** What two texts are compared by under utf8mb4_unicode_ci. Throws Defect for characters whose weight is not known here. */
export function folded(text: string): string {
  if (!PLAIN.test(text) && !KNOWN.test(text)) {
    throw new Defect(`memory database: the collation of ${JSON.stringify(text)} is not known`);
  }
  return text.replace(/ +$/, '').toLowerCase();
}

/** The same for an order, in which signs would stand elsewhere than in ASCII. */
export function foldedInOrder(text: string): string {
  if (!LETTERS.test(text)) throw new Defect(`memory database: the order of ${JSON.stringify(text)} is not known`);
  return folded(text);
}
