import { hmac } from '@noble/hashes/hmac.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, hexToBytes, utf8ToBytes } from '@noble/hashes/utils.js';

/**
 * What was dealt, laid out once more on the phone of whoever doubts it. Written from the published words alone, and not shared with the
 * server's own: two that agree prove more than one. A browser's own crypto is missing on http addresses, so it is not used.
 */
export interface DealTable {
  readonly segment: {
    readonly batch: number;
    readonly layer: number;
    readonly from: number;
    readonly to: number;
  };
  readonly prizes: readonly { readonly key: string; readonly count: number }[];
}

const keyedBy = (seed: string) => hmac.create(sha256, hexToBytes(seed)).clone();
type Keyed = ReturnType<typeof keyedBy>;

const ROUNDS = 12;

/** The table as it is committed to: `batch/layer/from-to;key=count;key=count`. */
export function tableText({ segment: { batch, layer, from, to }, prizes }: DealTable): string {
  return [`${batch}/${layer}/${from}-${to}`, ...prizes.map(({ key, count }) => `${key}=${count}`)].join(';');
}

/** SHA-256, in hex, of the seed in hex, a line break and the table. */
export function commitmentOf(seed: string, text: string): string {
  return bytesToHex(sha256(utf8ToBytes(`${seed}\n${text}`)));
}

/** The prize on which a place among all codes falls, prizes laid out in their order; null beyond the last. */
export function prizeAt(prizes: DealTable['prizes'], position: number): string | null {
  let end = 0;
  for (const { key, count } of prizes) {
    end += count;
    if (position < end) return key;
  }
  return null;
}

/** Where each of `n` codes stands: the permutation that only the seed knows. */
export class DealOrder {
  private readonly keyed: Keyed;
  private readonly work: Keyed;
  private readonly message = new Uint8Array(5);
  private readonly words = new DataView(this.message.buffer);
  private readonly digest = new Uint8Array(32);
  private readonly head = new DataView(this.digest.buffer);
  /** 2 to the half width of the smallest power of four that holds n. */
  private readonly size: number;

  /** `seed`: 64 hex characters. Throws for one that is not. */
  constructor(
    seed: string,
    private readonly n: number,
  ) {
    [this.keyed, this.work] = [keyedBy(seed), keyedBy(seed)];
    let bits = 1;
    while (4 ** bits < n) bits++;
    this.size = 2 ** bits;
  }

  /** Of the code that is `index`-th in its range, 0 … n − 1. */
  position(index: number): number {
    let at = index;
    do at = this.permute(at);
    while (at >= this.n);
    return at;
  }

  private permute(value: number): number {
    let left = Math.floor(value / this.size);
    let right = value % this.size;
    for (let round = 0; round < ROUNDS; round++) {
      this.words.setUint8(0, round);
      this.words.setUint32(1, right);
      this.keyed._cloneInto(this.work);
      this.work.update(this.message).digestInto(this.digest);
      const word = this.head.getUint32(0);
      [left, right] = [right, (left ^ (word % this.size)) >>> 0];
    }
    return left * this.size + right;
  }
}
