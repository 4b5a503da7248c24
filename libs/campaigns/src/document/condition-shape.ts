import { isAll, isAny, isNot, leavesOf, type Condition, type Leaf } from '@app/conditions';

/** True of every scan, whatever is known about it: `{all: []}` and what comes down to it. */
export function isEverybody(when: Condition): boolean {
  if (isAll(when)) return when.all.every(isEverybody);
  return isAny(when) && when.any.some(isEverybody);
}

/** The leaves that all have to be true, when the condition is nothing but such leaves; null for anything with `any` or `not`. */
export function conjunctionOf(when: Condition): readonly Leaf[] | null {
  if (isAll(when)) {
    const parts = when.all.map(conjunctionOf);
    return parts.every((part) => part !== null) ? parts.flat() : null;
  }
  return isAny(when) || isNot(when) ? null : [when];
}

/** Is every scan that meets `narrow` sure to meet `wide`? Says yes only when it can be read off; `ignore` drops leaves of these fields. */
export function implies(narrow: Condition, wide: Condition, ignore: ReadonlySet<string> = new Set()): boolean {
  if (isEverybody(wide)) return true;
  const wanted = conjunctionOf(wide)?.filter(({ field }) => !ignore.has(field));
  if (!wanted) return JSON.stringify(narrow) === JSON.stringify(wide);
  const given = new Set(requiredLeaves(narrow).map((leaf) => JSON.stringify(sorted(leaf))));
  return wanted.every((leaf) => given.has(JSON.stringify(sorted(leaf))));
}

/** Leaves that must be true for the condition to be: not those under `any` or `not`. */
export function requiredLeaves(when: Condition): readonly Leaf[] {
  if (isAll(when)) return when.all.flatMap(requiredLeaves);
  return isAny(when) || isNot(when) ? [] : [when];
}

const sorted = ({ field, op, value }: Leaf): Leaf => ({ field, op, value });

/** Every leaf over this field with its path below `root`. */
export function leavesOver(
  when: Condition,
  field: string,
  root = 'when',
): { readonly leaf: Leaf; readonly path: string }[] {
  return leavesOf(when, root).filter(({ leaf }) => leaf.field === field);
}

/** Where a condition can be true: `everywhere`, or only inside some of these regions; `partly` when `not` cuts something out. */
export interface Places {
  readonly everywhere: boolean;
  readonly regions: readonly number[];
}
const EVERYWHERE: Places = { everywhere: true, regions: [] };

/** The regions a condition insists on. Of several demands the finer one counts; what stands under `not` leaves no region certain. */
export function placesOf(when: Condition): Places {
  if (isAll(when)) return when.all.map(placesOf).reduce(narrower, EVERYWHERE);
  if (isAny(when)) {
    const parts = when.any.map(placesOf);
    if (parts.some(({ everywhere }) => everywhere)) return EVERYWHERE;
    return { everywhere: false, regions: parts.flatMap(({ regions }) => regions) };
  }
  if (isNot(when)) return leavesOver(when.not, 'region').length > 0 ? { everywhere: false, regions: [] } : EVERYWHERE;
  return when.field === 'region' ? { everywhere: false, regions: [when.value].flat().map(Number) } : EVERYWHERE;
}

/** Both demands together. */
export function narrower(a: Places, b: Places): Places {
  if (a.everywhere) return b;
  if (b.everywhere) return a;
  const inBoth = [
    ...a.regions.filter((region) => b.regions.some((other) => contains(other, region))),
    ...b.regions.filter((region) => a.regions.some((other) => contains(other, region))),
  ];
  return { everywhere: false, regions: [...new Set(inBoth)] };
}

/** Is `place` the region itself or inside it? Levels are read off the trailing zeros: 340000 ⊃ 340100 ⊃ 340104. */
export function contains(region: number, place: number): boolean {
  const unit = region % 10_000 === 0 ? 10_000 : region % 100 === 0 ? 100 : 1;
  return Math.floor(place / unit) === region / unit;
}

/** Does a condition that can be true in `places` reach the whole of `area` (empty = the whole country)? */
export function coversArea(places: Places, area: readonly number[]): boolean {
  if (places.everywhere) return true;
  return area.length > 0 && area.every((place) => places.regions.some((region) => contains(region, place)));
}
