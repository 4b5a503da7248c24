import type { StopCause } from '../batches/stop-cause';
import { Ranges } from './ranges';

/** inactive: printed, not yet on sale; active: pays; frozen: stopped for now; void: destroyed or lost, for ever. */
export type SegmentState = 'inactive' | 'active' | 'frozen' | 'void';

/** One line of the append-only history of a layer's segments. */
export interface SegmentEvent {
  readonly id: number;
  readonly from: number;
  /** Half-open. */
  readonly to: number;
  readonly state: SegmentState;
  readonly cause: StopCause | null;
  readonly effectiveAt: Date;
}

export interface Segment {
  /** The event that decided. */
  readonly id: number;
  readonly state: SegmentState;
  readonly cause: StopCause | null;
}

/**
 * States of a layer's serials at any moment. Of the events that are in effect the one recorded last decides, so a later word stands
 * against an earlier one that takes effect after it: voiding a range today is not undone by the activation somebody scheduled last week.
 * A serial that no event names is inactive.
 */
export class SegmentTimeline {
  private folded: Ranges<Segment> = new Ranges();
  /** The fold holds for instants in `[validFrom, validTo)`, milliseconds. */
  private validFrom = Infinity;
  private validTo = -Infinity;
  private readonly events: SegmentEvent[] = [];

  constructor(events: readonly SegmentEvent[] = []) {
    this.append(events);
  }

  get lastEventId(): number {
    return this.events.at(-1)?.id ?? 0;
  }

  /** Takes in events recorded since, in ascending order of id; those it already has are passed over, so two readers may overlap. */
  append(events: readonly SegmentEvent[]): void {
    const last = this.lastEventId;
    const fresh = events.filter((event) => event.id > last);
    if (fresh.length === 0) return;
    for (const event of fresh) this.events.push(event);
    this.validFrom = Infinity;
    this.validTo = -Infinity;
  }

  /** The segment that decides for a serial at an instant, or null when no event names it. */
  at(serial: number, at: Date): Segment | null {
    return this.foldAt(at).at(serial);
  }

  /** All segments at an instant, in ascending order, neighbours with the same event joined. */
  foldAt(at: Date): Ranges<Segment> {
    const instant = at.getTime();
    if (instant < this.validFrom || instant >= this.validTo) this.fold(instant);
    return this.folded;
  }

  private fold(instant: number): void {
    const folded = new Ranges<Segment>();
    let validFrom = -Infinity;
    let validTo = Infinity;
    for (const event of this.events) {
      const effective = event.effectiveAt.getTime();
      if (effective <= instant) {
        validFrom = Math.max(validFrom, effective);
        folded.paint(event.from, event.to, { id: event.id, state: event.state, cause: event.cause });
      } else {
        validTo = Math.min(validTo, effective);
      }
    }
    this.folded = folded;
    this.validFrom = validFrom;
    this.validTo = validTo;
  }
}
