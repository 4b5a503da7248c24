import { createHash, createHmac, type KeyObject } from 'node:crypto';
import { Defect } from '@app/kernel';
import type { DealtSegment, DealtTable } from './document/campaign-content';

const ROUNDS = 12;
const LARGEST = 2 ** 30;

/**
 * The seed of one deal, 32 bytes. It is derived from a key outside the database and stored nowhere until the deal is opened: whoever
 * reads the database, its backups or our logs learns nothing of what an unscanned code holds. Publishing it opens this deal only.
 */
export function dealSeed(
  drawKey: KeyObject | Buffer,
  campaignId: number,
  ruleKey: string,
  { batch, layer, from, to }: DealtSegment,
): Buffer {
  return createHmac('sha256', drawKey).update(`deal|${campaignId}|${ruleKey}|${batch}|${layer}|${from}|${to}`).digest();
}

/**
 * Where the `index`-th code of a segment of `n` codes stands among the prizes laid out in order: a bijection of 0 … n − 1 that only
 * the seed knows. A balanced Feistel network of 12 rounds over the next power of four, round function HMAC-SHA256(seed, round ‖ half),
 * walked on while the result lies outside (cycle walking; fewer than four steps on average). 1 ≤ n ≤ 2^30.
 */
export function dealPosition(seed: Buffer, n: number, index: number): number {
  if (!Number.isInteger(n) || n < 1 || n > LARGEST) throw new Defect(`a deal cannot have ${n} codes`);
  if (!Number.isInteger(index) || index < 0 || index >= n) throw new Defect(`no code ${index} in a deal of ${n}`);
  const bits = halfBits(n);
  let at = index;
  do at = permute(seed, bits, at);
  while (at >= n);
  return at;
}

/** Half the width of the smallest power of four that holds n values; at least one bit, so that there are two halves. */
function halfBits(n: number): number {
  let bits = 1;
  while (4 ** bits < n) bits++;
  return bits;
}

function permute(seed: Buffer, bits: number, value: number): number {
  const size = 2 ** bits;
  let left = Math.floor(value / size);
  let right = value % size;
  const message = Buffer.alloc(5);
  for (let round = 0; round < ROUNDS; round++) {
    message[0] = round;
    message.writeUInt32BE(right, 1);
    const word = createHmac('sha256', seed).update(message).digest().readUInt32BE(0);
    [left, right] = [right, (left ^ (word % size)) >>> 0];
  }
  return left * size + right;
}

/**
 * What is published with the campaign: SHA-256 over the seed in hex, a line break and the table as text. Whoever is shown the seed
 * afterwards can check that neither seed nor table was changed.
 */
export function dealCommitment(seed: Buffer, table: Pick<DealtTable, 'segment' | 'prizes'>): Buffer {
  return createHash('sha256')
    .update(`${seed.toString('hex')}\n${dealText(table)}`)
    .digest();
}

/** The table as it is committed to: `batch/layer/from-to;key=count;key=count`, prizes in their order. */
export function dealText({ segment, prizes }: Pick<DealtTable, 'segment' | 'prizes'>): string {
  const { batch, layer, from, to } = segment;
  return [`${batch}/${layer}/${from}-${to}`, ...prizes.map(({ key, count }) => `${key}=${count}`)].join(';');
}
