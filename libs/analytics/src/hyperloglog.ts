import { Defect } from '@app/kernel';

const PRECISION = 12;
const REGISTERS = 1 << PRECISION;
/** Bits of the 64-bit hash that remain after the register's number. */
const RANK_BITS = 64 - PRECISION;
const SPARSE = 1;
const DENSE = 2;
const SPARSE_ENTRY_BYTES = 3;
const ALPHA_INFINITE = 1 / (2 * Math.LN2);

/**
 * Counts distinct members in 4,096 registers with a standard error of 1.6 %. The union of two sketches is the sketch of both
 * sets. Flajolet et al. 2007 with 64-bit hashes; the estimate is Ertl's of 2017 (arXiv:1702.01284, algorithm 6), which needs no
 * correction tables at either end.
 */
export class HyperLogLog {
  private readonly registers = new Uint8Array(REGISTERS);

  /** `id` is a whole number below 2^53. */
  add(id: number): void {
    const low = mix(id >>> 0);
    const high = mix(low ^ Math.floor(id / 2 ** 32) ^ 0x9e3779b9);
    const rest = mix(high ^ 0x85ebca6b ^ (low >>> 16));
    const index = high >>> (32 - PRECISION);
    const upper = (high << PRECISION) >>> 0;
    const leading = upper !== 0 ? Math.clz32(upper) : 32 - PRECISION + Math.clz32(rest);
    this.raise(index, Math.min(leading, RANK_BITS) + 1);
  }

  /** Adds everything that a stored sketch has seen. */
  addSketch(bytes: Buffer): void {
    const body = bytes.subarray(1);
    if (bytes[0] === DENSE && body.length === REGISTERS) {
      for (let index = 0; index < REGISTERS; index++) this.raise(index, body[index]!);
      return;
    }
    if (bytes[0] !== SPARSE || body.length % SPARSE_ENTRY_BYTES !== 0) throw new Defect('not a sketch of people');
    for (let at = 0; at < body.length; at += SPARSE_ENTRY_BYTES) this.raise(body.readUInt16BE(at), body[at + 2]!);
  }

  /** The sketch as bytes: a list of the registers in use while that is shorter, else all of them. */
  toBytes(): Buffer {
    const used: number[] = [];
    for (let index = 0; index < REGISTERS; index++) if (this.registers[index] !== 0) used.push(index);
    if (used.length * SPARSE_ENTRY_BYTES >= REGISTERS) return Buffer.concat([Buffer.of(DENSE), this.registers]);
    const bytes = Buffer.alloc(1 + used.length * SPARSE_ENTRY_BYTES);
    bytes[0] = SPARSE;
    used.forEach((index, position) => {
      bytes.writeUInt16BE(index, 1 + position * SPARSE_ENTRY_BYTES);
      bytes[3 + position * SPARSE_ENTRY_BYTES] = this.registers[index]!;
    });
    return bytes;
  }

  /** How many distinct members, rounded. */
  count(): number {
    const histogram = new Array<number>(RANK_BITS + 2).fill(0);
    for (const rank of this.registers) histogram[rank]!++;
    let z = REGISTERS * tau(1 - histogram[RANK_BITS + 1]! / REGISTERS);
    for (let rank = RANK_BITS; rank >= 1; rank--) z = 0.5 * (z + histogram[rank]!);
    z += REGISTERS * sigma(histogram[0]! / REGISTERS);
    return Math.round((ALPHA_INFINITE * REGISTERS * REGISTERS) / z);
  }

  private raise(index: number, rank: number): void {
    if (this.registers[index]! < rank) this.registers[index] = rank;
  }
}

/** Murmur3's 32-bit finaliser. */
function mix(value: number): number {
  let h = value >>> 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

function sigma(start: number): number {
  if (start === 1) return Infinity;
  let x = start;
  let y = 1;
  let z = x;
  for (let before = NaN; z !== before; y += y) {
    x *= x;
    before = z;
    z += x * y;
  }
  return z;
}

function tau(start: number): number {
  if (start === 0 || start === 1) return 0;
  let x = start;
  let y = 1;
  let z = 1 - x;
  for (let before = NaN; z !== before;) {
    x = Math.sqrt(x);
    before = z;
    y *= 0.5;
    z -= (1 - x) ** 2 * y;
  }
  return z / 3;
}
