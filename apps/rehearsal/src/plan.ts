import type { Dice } from './dice';
import type { FakeUser } from './sandbox';
import type { World } from './world';

/** What a shopper holds in the hand. */
export type BottleKind = 'own' | 'shared' | 'void' | 'inactive' | 'verify' | 'forged' | 'malformed';

export interface Bottle {
  readonly kind: BottleKind;
  readonly code: string;
}

/** What a shopper is like; decided by the seed. */
export interface Habits {
  /** The phone sends the same scan twice (double tap, bad network). */
  readonly tapsTwice: boolean;
  /** Scans the bottle once more later. */
  readonly looksAgain: boolean;
  readonly claims: boolean;
  readonly confirms: boolean;
  /** After 24 hours without a tap: asks for the money again. */
  readonly comesBack: boolean;
  /** And taps this time. */
  readonly confirmsThen: boolean;
  /** When the page asks for the place. */
  readonly sharesPlace: boolean;
}

export interface ShopperPlan {
  readonly user: FakeUser;
  readonly habits: Habits;
  readonly bottles: readonly Bottle[];
}

/** People who stand at one table; `shared` is a bottle they all scan at the same moment. */
export interface Party {
  readonly shoppers: readonly ShopperPlan[];
  readonly shared: Bottle | null;
}

/** How many fresh bottles one shopper opens at most; more than the cap allows prizes for. */
const MOST_BOTTLES = 5;

/** A safe number of codes for the plans of so many shoppers. */
export function bottlesNeeded(shoppers: number): number {
  return shoppers * (MOST_BOTTLES + 1);
}

/** Everything the shoppers of one rehearsal are going to do, from the seed alone. */
export function makePlans(users: readonly FakeUser[], codes: World['codes'], dice: Dice): Party[] {
  const fresh = [...codes.active];
  const take = (): string => {
    const code = fresh.pop();
    if (code === undefined) throw new Error('the batch is too small for the plans');
    return code;
  };
  const waiting = [...users];
  const parties: Party[] = [];
  while (waiting.length > 0) {
    const together = dice.percent(10) ? dice.whole(2, 5) : 1;
    const people = waiting.splice(0, together);
    const shoppers = people.map((user) => ({ user, habits: habits(dice), bottles: bottles(dice, codes, take) }));
    parties.push({ shoppers, shared: people.length > 1 ? { kind: 'shared', code: take() } : null });
  }
  return parties;
}

function habits(dice: Dice): Habits {
  return {
    tapsTwice: dice.percent(12),
    looksAgain: dice.percent(12),
    claims: !dice.percent(10),
    confirms: !dice.percent(15),
    comesBack: dice.percent(60),
    confirmsThen: dice.percent(75),
    sharesPlace: dice.percent(60),
  };
}

function bottles(dice: Dice, codes: World['codes'], take: () => string): Bottle[] {
  const many = dice.percent(6) ? MOST_BOTTLES : dice.whole(1, 2);
  const list: Bottle[] = Array.from({ length: many }, () => ({ kind: 'own', code: take() }));
  if (dice.percent(3)) list.push({ kind: 'void', code: dice.pick(codes.void) });
  if (dice.percent(3)) list.push({ kind: 'inactive', code: dice.pick(codes.inactive) });
  if (dice.percent(4)) list.push({ kind: 'verify', code: dice.pick(codes.verify) });
  if (dice.percent(4)) list.push({ kind: 'forged', code: forge(dice.pick(codes.active), dice) });
  if (dice.percent(3))
    list.push({ kind: 'malformed', code: dice.pick(['HELLO', '692012345678', `A${'0'.repeat(40)}`]) });
  return list;
}

const DIGITS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** One character of a genuine code changed, as somebody does who tries his luck. */
export function forge(code: string, dice: Dice): string {
  const at = dice.whole(1, code.length - 1);
  const others = [...DIGITS].filter((digit) => digit !== code[at]);
  return code.slice(0, at) + dice.pick(others) + code.slice(at + 1);
}
