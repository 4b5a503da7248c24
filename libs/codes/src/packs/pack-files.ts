/** A roll is a file of its own; more of them than this is no delivery that anybody checks. */
export const MOST_ROLLS = 2000;
/** The largest number that can stand on a roll. */
export const MOST_ROLL_NO = 999_999;
/** Honey codes at the end of each file. */
export const MOST_HONEY = 5;
/** What a sealed pack gets when nobody says otherwise. */
export const USUAL_HONEY = 2;

/** How a pack is cut. Serials `[from, to)` are to be printed; honey serials lie past the end of the batch. */
export interface PackPlan {
  readonly from: number;
  readonly to: number;
  /** Codes to be printed on a roll; the last roll takes what is left. Null = one file. */
  readonly rollSize: number | null;
  /** Number of the first roll; they are numbered on from there. */
  readonly firstRoll: number;
  readonly honeyPerFile: number;
  /** First honey serial; null = none. */
  readonly honeyFrom: number | null;
}

interface Stretch {
  readonly from: number;
  /** Not included. */
  readonly to: number;
}

/** One file: codes that are printed, in order, then codes that never are. */
export interface PackFile extends Stretch {
  readonly name: string;
  /** Null for a pack that is not cut. */
  readonly roll: number | null;
  /** Empty when there are none. */
  readonly honey: Stretch;
}

export function fileCount({ from, to, rollSize }: Pick<PackPlan, 'from' | 'to' | 'rollSize'>): number {
  return rollSize === null ? 1 : Math.ceil((to - from) / rollSize);
}

/** Pure: the files with these positions, `first` ≤ position < `end`, by default all. They cover `[from, to)` exactly, in order. */
export function* packFiles(plan: PackPlan, first = 0, end = fileCount(plan)): Generator<PackFile> {
  const count = fileCount(plan);
  const width = Math.max(4, String(plan.firstRoll + count - 1).length);
  for (let at = first; at < Math.min(end, count); at++) {
    const size = plan.rollSize ?? plan.to - plan.from;
    const from = plan.from + at * size;
    const roll = plan.rollSize === null ? null : plan.firstRoll + at;
    const name = roll === null ? 'codes.csv' : `roll-${String(roll).padStart(width, '0')}.csv`;
    yield { name, roll, from, to: Math.min(plan.to, from + size), honey: honeyOf(plan, at) };
  }
}

function honeyOf({ honeyFrom, honeyPerFile }: PackPlan, at: number): Stretch {
  if (honeyFrom === null) return { from: 0, to: 0 };
  const from = honeyFrom + at * honeyPerFile;
  return { from, to: from + honeyPerFile };
}

/** Serials `[honeyFrom, honeyTo)` of the whole pack; null when it has none. */
export function honeyTo(plan: PackPlan): number | null {
  return plan.honeyFrom === null ? null : plan.honeyFrom + fileCount(plan) * plan.honeyPerFile;
}

/** Pure: the file that a honey serial stands in, or null for a serial that is none of this pack's. */
export function fileOfHoney(plan: PackPlan, serial: number): PackFile | null {
  const end = honeyTo(plan);
  if (plan.honeyFrom === null || end === null || serial < plan.honeyFrom || serial >= end) return null;
  const at = Math.floor((serial - plan.honeyFrom) / plan.honeyPerFile);
  return [...packFiles(plan, at, at + 1)][0] ?? null;
}
