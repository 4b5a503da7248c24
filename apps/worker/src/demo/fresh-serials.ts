import type { CodeBook } from '@app/codes';
import type { ExplainScan } from '@app/scans';
import { BATCH_QUANTITY } from './demo-brand';

/** Where fresh bottles for newcomers begin; history stays below. */
export const FRESH_FROM = BATCH_QUANTITY / 2;
const LOOK_AT_MOST = 400;

/** Serials of a demo batch's first layer that nobody has scanned, in order; the last ones when all that it may look at were. */
export async function freshSerials(
  scans: ExplainScan,
  codeBook: CodeBook,
  batch: number,
  count: number,
  from = FRESH_FROM,
): Promise<number[]> {
  let serial = from;
  for (; serial < from + LOOK_AT_MOST; serial++) {
    const code = codeBook.encode({ batch, layer: 0, serial });
    if (!(await scans.anyOf(code))) break;
  }
  // Newcomers open them one after the other: behind the first fresh one all are.
  return Array.from({ length: count }, (_, at) => serial + at);
}
