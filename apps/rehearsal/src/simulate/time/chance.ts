/** Numbers of a seed (sfc32). Streams of one seed are independent of each other: taking one away leaves the others as they were. */
export class Chance {
  private a: number;
  private b: number;
  private c: number;
  private counter = 1;

  constructor(seed: number, stream = 0) {
    this.a = seed >>> 0;
    this.b = Math.imul(stream + 1, 0x9e3779b9) >>> 0;
    this.c = Math.floor(seed / 2 ** 32) ^ 0x5bd1e995;
    for (let round = 0; round < 12; round++) this.bits();
  }

  /** 32 bits. */
  bits(): number {
    const sum = (((this.a + this.b) >>> 0) + this.counter) >>> 0;
    this.counter = (this.counter + 1) >>> 0;
    this.a = this.b ^ (this.b >>> 9);
    this.b = (this.c + (this.c << 3)) >>> 0;
    this.c = (((this.c << 21) | (this.c >>> 11)) + sum) >>> 0;
    return sum;
  }

  /** 0 ≤ x < 1 */
  next(): number {
    return this.bits() / 2 ** 32;
  }

  /** A whole number, both ends included. */
  whole(least: number, most: number): number {
    return least + Math.floor(this.next() * (most - least + 1));
  }

  /** True with this probability. */
  happens(probability: number): boolean {
    return probability > 0 && this.next() < probability;
  }

  pick<T>(list: readonly T[]): T {
    return list[Math.floor(this.next() * list.length)]!;
  }

  /** Between the ends, each order of magnitude as likely as the next: most waits are short, some are very long. */
  span(least: number, most: number): number {
    return least * (most / least) ** this.next();
  }

  fill(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length; at++) bytes[at] = this.bits() & 0xff;
  }
}
