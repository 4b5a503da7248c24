import { CROCKFORD, Defect, type CodeTriple } from '@app/kernel';
import { BODY_LENGTH, type Halves } from './code-cipher';

/** Key character + 16 characters. */
export const CODE_LENGTH = 1 + BODY_LENGTH;
export const MAX_BATCH = 2 ** 22 - 1;
export const MAX_LAYER = 2 ** 4 - 1;
/** Serials are 0 … 2^30 - 1, so a batch layer holds at most 1,073,741,824 codes. */
export const MAX_SERIAL = 2 ** 30 - 1;

/** Longer input is refused unread: a code with dashes and spaces between all its characters fits well. */
const LONGEST_INPUT = 64;
const DIGIT_OF = digitTable();

/**
 * What a person typed or a scanner read → the 17 characters of a code in upper case, or null if it cannot be one. Dashes and spaces
 * are dropped, I and L are read as 1 and O as 0 (Crockford); U and everything else is refused. No key is needed, nothing is looked up.
 */
export function parseCode(text: string): string | null {
  if (text.length > LONGEST_INPUT) return null;
  let code = '';
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit === 0x2d || unit === 0x20) continue;
    const digit = unit < 128 ? DIGIT_OF[unit]! : -1;
    if (digit < 0) return null;
    code += CROCKFORD[digit];
  }
  return code.length === CODE_LENGTH ? code : null;
}

/** `A-XXXX-XXXX-XXXX-XXXX`: how people read and type a code. Takes the 17 characters of `parseCode`. */
export function formatCode(code: string): string {
  return `${code[0]}-${code.slice(1, 5)}-${code.slice(5, 9)}-${code.slice(9, 13)}-${code.slice(13, 17)}`;
}

/** Throws Defect for a triple that does not fit its bits. */
export function assertTriple(code: CodeTriple): void {
  if (!isBelow(code.batch, MAX_BATCH) || !isBelow(code.layer, MAX_LAYER) || !isBelow(code.serial, MAX_SERIAL)) {
    throw new Defect(`not a code triple: ${code.batch}:${code.layer}:${code.serial}`);
  }
}

function isBelow(value: number, largest: number): boolean {
  return Number.isInteger(value) && value >= 0 && value <= largest;
}

/** The plain 80 bits `batch:22 | layer:4 | serial:30 | zero:24`. The zero bits are what proves a text genuine. */
export function packTriple(code: CodeTriple): Halves {
  return {
    leftHigh: code.batch >>> 14,
    leftLow: ((code.batch << 18) | (code.layer << 14) | (code.serial >>> 16)) >>> 0,
    rightHigh: (code.serial >>> 8) & 255,
    rightLow: (code.serial << 24) >>> 0,
  };
}

/** The triple of a plain value, or null when a check bit is set: then nobody with the key made that text. */
export function unpackTriple(plain: Halves): CodeTriple | null {
  if ((plain.rightLow & 0xffffff) !== 0) return null;
  return {
    batch: (plain.leftHigh << 14) | (plain.leftLow >>> 18),
    layer: (plain.leftLow >>> 14) & 15,
    serial: ((plain.leftLow & 0x3fff) << 16) | (plain.rightHigh << 8) | (plain.rightLow >>> 24),
  };
}

/** Body characters of a parsed code → the encrypted value. */
export function readBody(code: string): Halves {
  const left = readHalf(code, 1);
  const right = readHalf(code, 9);
  return { leftHigh: left.high, leftLow: left.low, rightHigh: right.high, rightLow: right.low };
}

function readHalf(code: string, at: number): { high: number; low: number } {
  const first = (DIGIT_OF[code.charCodeAt(at)]! << 5) | DIGIT_OF[code.charCodeAt(at + 1)]!;
  let low = first & 3;
  for (let i = at + 2; i < at + 8; i++) low = (low << 5) | DIGIT_OF[code.charCodeAt(i)]!;
  return { high: first >> 2, low: low >>> 0 };
}

/** The encrypted value → its 16 characters, most significant digit first. */
export function writeBody(value: Halves): string {
  return writeHalf(value.leftHigh, value.leftLow) + writeHalf(value.rightHigh, value.rightLow);
}

function writeHalf(high: number, low: number): string {
  let text = CROCKFORD[high >> 3]! + CROCKFORD[((high & 7) << 2) | (low >>> 30)]!;
  for (let shift = 25; shift >= 0; shift -= 5) text += CROCKFORD[(low >>> shift) & 31]!;
  return text;
}

function digitTable(): Int8Array {
  const table = new Int8Array(128).fill(-1);
  for (let digit = 0; digit < 32; digit++) {
    table[CROCKFORD.charCodeAt(digit)] = digit;
    table[CROCKFORD.toLowerCase().charCodeAt(digit)] = digit;
  }
  for (const [letters, digit] of [
    ['IiLl', 1],
    ['Oo', 0],
  ] as const) {
    for (const letter of letters) table[letter.charCodeAt(0)] = digit;
  }
  return table;
}
