/** A half-open range of serials that stands for one value. */
export interface Range<T> {
  readonly from: number;
  readonly to: number;
  readonly value: T;
}

/** Disjoint ranges in ascending order; what lies between them has no value. */
export class Ranges<T> {
  private readonly ranges: Range<T>[] = [];

  /** Lays a value over `[from, to)`; what was there before shows no longer. */
  paint(from: number, to: number, value: T): void {
    if (from >= to) return;
    const first = this.firstEndingAfter(from);
    let last = first;
    while (last < this.ranges.length && this.ranges[last]!.from < to) last++;
    const pieces: Range<T>[] = [];
    const before = this.ranges[first];
    if (last > first && before!.from < from) pieces.push({ ...before!, to: from });
    pieces.push({ from, to, value });
    const after = this.ranges[last - 1];
    if (last > first && after!.to > to) pieces.push({ ...after!, from: to });
    this.ranges.splice(first, last - first, ...pieces);
  }

  /** The value at a serial, or null. */
  at(serial: number): T | null {
    const range = this.ranges[this.firstEndingAfter(serial)];
    return range !== undefined && range.from <= serial ? range.value : null;
  }

  list(): readonly Range<T>[] {
    return this.ranges;
  }

  /** Index of the first range whose end lies behind the serial. */
  private firstEndingAfter(serial: number): number {
    let low = 0;
    let high = this.ranges.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.ranges[middle]!.to > serial) high = middle;
      else low = middle + 1;
    }
    return low;
  }
}
