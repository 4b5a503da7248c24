import { Ranges } from './ranges';
import { SegmentTimeline, type SegmentEvent, type SegmentState } from './segment-timeline';

interface Stretch {
  readonly from: number;
  /** Not included. */
  readonly to: number;
}

/** An event that puts a stretch back to what it would be had nobody recalled it. */
export interface Lifted extends Stretch {
  readonly state: SegmentState;
  readonly effectiveAt: Date;
}

/**
 * Pure: the events that end every recall which is in effect at an instant on the stretches `within`, in the order in which they must be
 * recorded. What was planned for later and is no recall is said again, because a later word stands against an earlier one; a recall that
 * was planned there is dropped. What was destroyed with the recall stays void.
 */
export function liftRecall(events: readonly SegmentEvent[], at: Date, within: readonly Stretch[]): Lifted[] {
  const recalled = clip(
    new SegmentTimeline(events)
      .foldAt(at)
      .list()
      .filter(({ value }) => value.cause === 'recall'),
    within,
  );
  if (recalled.length === 0) return [];
  const kept = events.filter(({ cause, state }) => cause !== 'recall' || state === 'void');
  const timeline = new SegmentTimeline(kept);
  const pieces = cut(recalled, kept);
  const lifted: Lifted[] = [];
  let before: readonly SegmentState[] | null = null;
  for (const instant of instantsFrom(at, kept)) {
    const states = pieces.map(({ from }) => timeline.at(from, instant)?.state ?? 'inactive');
    const changed = new Ranges<SegmentState>();
    for (const [i, { from, to }] of pieces.entries()) {
      if (before?.[i] !== states[i]) changed.paint(from, to, states[i]!);
    }
    lifted.push(...joined(changed.list()).map((one) => ({ ...one, effectiveAt: instant })));
    before = states;
  }
  return lifted;
}

function instantsFrom(at: Date, events: readonly SegmentEvent[]): Date[] {
  const later = new Set(events.map(({ effectiveAt }) => effectiveAt.getTime()).filter((time) => time > at.getTime()));
  return [at, ...[...later].sort((a, b) => a - b).map((time) => new Date(time))];
}

/** The parts of `ranges` that lie in `within`, ascending, each once. */
function clip(ranges: readonly Stretch[], within: readonly Stretch[]): readonly Stretch[] {
  const found = new Ranges<true>();
  for (const range of ranges) {
    for (const one of within) found.paint(Math.max(range.from, one.from), Math.min(range.to, one.to), true);
  }
  return found.list();
}

/** The same stretches, in pieces that no border of an event runs through. */
function cut(stretches: readonly Stretch[], events: readonly Stretch[]): Stretch[] {
  const borders = [...new Set(events.flatMap(({ from, to }) => [from, to]))].sort((a, b) => a - b);
  return stretches.flatMap(({ from, to }) => {
    const points = [from, ...borders.filter((border) => border > from && border < to), to];
    return points.slice(1).map((end, i) => ({ from: points[i]!, to: end }));
  });
}

/** Neighbours of one state as one. */
function joined(
  ranges: readonly (Stretch & { readonly value: SegmentState })[],
): (Stretch & { state: SegmentState })[] {
  const found: (Stretch & { state: SegmentState })[] = [];
  for (const { from, to, value } of ranges) {
    const last = found.at(-1);
    if (last?.to === from && last.state === value) found[found.length - 1] = { ...last, to };
    else found.push({ from, to, state: value });
  }
  return found;
}
