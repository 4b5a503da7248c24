import type { Dice } from './dice';

/** So many of a hundred people know the brand when the story begins; the others come one after the other until its end. */
const FROM_THE_START = 0.4;

/** Who opens the next bottle: anybody who has joined by then, as likely as their thirst says. */
export class Crowd {
  /** Indices of people in the order in which they join, and the thirst of all of them up to each. */
  private readonly order: readonly number[];
  private readonly upTo: readonly number[];

  /** The last `early` of the people are there from the start. */
  constructor(
    thirst: readonly number[],
    early: number,
    private readonly dice: Dice,
  ) {
    const others = thirst.slice(0, thirst.length - early).map((_, index) => index);
    for (let at = others.length - 1; at > 0; at--) {
      const other = dice.below(at + 1);
      [others[at], others[other]] = [others[other]!, others[at]!];
    }
    const first = Array.from({ length: early }, (_, at) => thirst.length - early + at);
    this.order = [...first, ...others];
    let sum = 0;
    this.upTo = this.order.map((index) => (sum += thirst[index]!));
  }

  /** `progress`: how much of the story is told, 0 to 1. */
  next(progress: number): number {
    const joined = Math.ceil(this.order.length * (FROM_THE_START + (1 - FROM_THE_START) * progress));
    const wanted = this.dice.next() * this.upTo[joined - 1]!;
    let [low, high] = [0, joined - 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.upTo[middle]! > wanted) high = middle;
      else low = middle + 1;
    }
    return this.order[low]!;
  }
}
