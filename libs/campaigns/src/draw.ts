import type { KeyObject } from 'node:crypto';
import { codeKey, Defect, type CodeTriple } from '@app/kernel';
import { dealPosition, dealSeed } from './deal';
import type { Draw } from './decision';
import { QuickHmac } from './quick-hmac';

/** One HMAC-SHA256 is cut into five numbers of 48 bits. */
const SLOTS = 5;
const TWO_16 = 2 ** 16;
const TWO_32 = 2 ** 32;

/**
 * The luck of one code in one campaign: HMAC-SHA256(drawKey, campaign ‖ code), cut into 48-bit numbers. It depends on nothing else, so
 * passing the bottle round, trying again or another version of the campaign re-rolls nothing. Slot 0 draws the prize, slot 1 the amount.
 */
export function drawFor(drawKey: KeyObject | Buffer, campaignId: number, code: CodeTriple): (slot: number) => number {
  const words = QuickHmac.of(drawKey).digest(drawText(campaignId, code)).slice();
  return (slot) => drawnNumber(words, slot);
}

/** What is drawn over: the code in the campaign. */
export function drawText(campaignId: number, code: CodeTriple): string {
  return `draw|${campaignId}|${codeKey(code)}`;
}

/** The same without the serial, which comes last. */
export function drawTextStart(campaignId: number, { batch, layer }: Pick<CodeTriple, 'batch' | 'layer'>): string {
  return drawText(campaignId, { batch, layer, serial: 0 }).slice(0, -1);
}

/** Cuts 48-bit numbers out of the eight 32-bit words of a draw. Throws Defect for a slot that is not there. */
export function drawnNumber(words: Int32Array, slot: number): number {
  if (!Number.isInteger(slot) || slot < 0 || slot >= SLOTS) throw new Defect(`no draw slot ${slot}`);
  // They begin on a word for even slots, in the middle of one for odd slots.
  const word = (slot * 3) >> 1;
  const first = words[word]! >>> 0;
  const second = words[word + 1]! >>> 0;
  return slot % 2 === 0 ? first * TWO_16 + (second >>> 16) : (first & 0xffff) * TWO_32 + second;
}

/** The draws of one code in all campaigns, each computed when first asked for: the form `decide` takes. */
export function drawsOf(drawKey: KeyObject | Buffer, code: CodeTriple): Draw {
  const drawn = new Map<number, (slot: number) => number>();
  return {
    number(campaignId, slot) {
      let draw = drawn.get(campaignId);
      if (!draw) drawn.set(campaignId, (draw = drawFor(drawKey, campaignId, code)));
      return draw(slot);
    },
    position(campaignId, ruleKey, segment) {
      const outside = code.batch !== segment.batch || code.layer !== segment.layer;
      if (outside || code.serial < segment.from || code.serial >= segment.to) {
        throw new Defect(`code ${codeKey(code)} is not dealt in ${ruleKey} of campaign ${campaignId}`);
      }
      const seed = dealSeed(drawKey, campaignId, ruleKey, segment);
      return dealPosition(seed, segment.to - segment.from, code.serial - segment.from);
    },
  };
}

const HALF = 2 ** 24;
const WHOLE = 2 ** 48;

/**
 * Maps a draw 0 ≤ x < 2^48 to 0 … n − 1: ⌊x · n / 2^48⌋, exactly, although x · n does not fit a number. n ≤ 2^28. No outcome is more than
 * n / 2^48 likelier than another: at a million parts 4 in 10^9.
 */
export function scaleDraw(x: number, n: number): number {
  if (!Number.isInteger(x) || x < 0 || x >= WHOLE) throw new Defect(`not a draw: ${x}`);
  const high = Math.floor(x / HALF);
  const low = x % HALF;
  return Math.floor((high * n + Math.floor((low * n) / HALF)) / HALF);
}
