import type { CodeBook } from '@app/codes';
import { LINES } from '../cluster/catalogue';

/** What is printed on the bottles of all lines. */
export function codeTexts(book: CodeBook, codesPerLine: number): Map<string, string> {
  const texts = new Map<string, string>();
  for (const { batch } of LINES) {
    for (let serial = 0; serial < codesPerLine; serial++) {
      texts.set(`${batch}:0:${serial}:0`, book.encode({ batch, layer: 0, serial }));
    }
  }
  return texts;
}
