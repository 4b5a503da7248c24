/** Crockford's base32 alphabet, upper case: no I, L, O, U. */
export const CROCKFORD = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** Base32 text of the first `length` × 5 bits of `bytes`, most significant bit first. */
export function crockford(bytes: Uint8Array, length: number): string {
  if (bytes.length * 8 < length * 5) throw new RangeError('too few bytes for that many characters');
  let text = '';
  let bits = 0;
  let held = 0;
  let next = 0;
  while (text.length < length) {
    if (held < 5) {
      bits = ((bits << 8) | bytes[next++]!) & 0xfff;
      held += 8;
    }
    held -= 5;
    text += CROCKFORD[(bits >> held) & 31];
  }
  return text;
}
