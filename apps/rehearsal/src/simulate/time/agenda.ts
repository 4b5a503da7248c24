/** Something that happens at an instant unless it is called off. */
export interface Appointment {
  readonly at: number;
  readonly order: number;
  readonly work: () => void;
  off: boolean;
}

/** A binary heap by time, then by the order in which appointments were made. */
export class Agenda {
  private heap: Appointment[] = [];
  private made = 0;

  add(at: number, work: () => void): Appointment {
    const appointment: Appointment = { at, order: this.made++, work, off: false };
    this.heap.push(appointment);
    this.rise(this.heap.length - 1);
    return appointment;
  }

  /** The next one that still stands, taken out; null when there is none, or none until `until`. */
  next(until: number): Appointment | null {
    for (let first = this.heap[0]; first !== undefined; first = this.heap[0]) {
      if (!first.off && first.at > until) return null;
      this.takeFirst();
      if (!first.off) return first;
    }
    return null;
  }

  /** When the next one is, as far as is known without looking whether it still stands. */
  get earliest(): number {
    return this.heap[0]?.at ?? Infinity;
  }

  private takeFirst(): void {
    const last = this.heap.pop()!;
    if (this.heap.length === 0) return;
    this.heap[0] = last;
    this.sink(0);
  }

  private rise(at: number): void {
    for (let parent = (at - 1) >> 1; at > 0 && this.before(at, parent); parent = (at - 1) >> 1) {
      this.swap(at, parent);
      at = parent;
    }
  }

  private sink(at: number): void {
    for (;;) {
      const left = 2 * at + 1;
      let least = at;
      if (left < this.heap.length && this.before(left, least)) least = left;
      if (left + 1 < this.heap.length && this.before(left + 1, least)) least = left + 1;
      if (least === at) return;
      this.swap(at, least);
      at = least;
    }
  }

  private before(one: number, other: number): boolean {
    const [a, b] = [this.heap[one]!, this.heap[other]!];
    return a.at < b.at || (a.at === b.at && a.order < b.order);
  }

  private swap(one: number, other: number): void {
    const kept = this.heap[one]!;
    this.heap[one] = this.heap[other]!;
    this.heap[other] = kept;
  }
}
