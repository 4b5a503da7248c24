import fc from 'fast-check';
import { Ranges } from './ranges';
import { SegmentTimeline, type Segment, type SegmentEvent, type SegmentState } from './segment-timeline';

const SERIALS = 60;
const STATES: readonly SegmentState[] = ['inactive', 'active', 'frozen', 'void'];

const range = fc
  .tuple(fc.integer({ min: 0, max: SERIALS }), fc.integer({ min: 0, max: SERIALS }))
  .map(([a, b]) => ({ from: Math.min(a, b), to: Math.max(a, b) }));

const histories = fc
  .array(fc.record({ range, state: fc.constantFrom(...STATES), effective: fc.integer({ min: 0, max: 20 }) }), {
    maxLength: 25,
  })
  .map((steps) =>
    steps.map(({ range: { from, to }, state, effective }, i): SegmentEvent => ({
      id: i + 1,
      from,
      to,
      state,
      // Wherever the state goes, its cause goes too.
      cause: i % 3 === 0 && (state === 'frozen' || state === 'void') ? 'recall' : null,
      effectiveAt: new Date(effective),
    })),
  );

/** The definition, without any cleverness: of the events in effect that name the serial the one recorded last. */
function naive(events: readonly SegmentEvent[], serial: number, at: Date): Segment | null {
  let found: SegmentEvent | null = null;
  for (const event of events) {
    if (event.effectiveAt <= at && event.from <= serial && serial < event.to) found = event;
  }
  return found && { id: found.id, state: found.state, cause: found.cause };
}

describe('ranges', () => {
  it('equal an array painted cell by cell, stay sorted and never overlap', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(range, fc.integer({ min: 1, max: 5 })), { maxLength: 40 }), (strokes) => {
        const ranges = new Ranges<number>();
        const cells = new Array<number | null>(SERIALS).fill(null);
        for (const [{ from, to }, value] of strokes) {
          ranges.paint(from, to, value);
          cells.fill(value, from, to);
        }
        expect(cells.map((_, serial) => ranges.at(serial))).toEqual(cells);
        expect([ranges.at(-1), ranges.at(SERIALS)]).toEqual([null, null]);
        let end = -1;
        for (const { from, to } of ranges.list()) {
          expect(from).toBeGreaterThanOrEqual(end);
          expect(to).toBeGreaterThan(from);
          end = to;
        }
      }),
      { numRuns: 1000 },
    );
  });
});

describe('segment timeline', () => {
  it('equals a scan over all events, for any history, serial and order of instants asked', () => {
    fc.assert(
      fc.property(
        histories,
        fc.array(fc.integer({ min: -1, max: 21 }), { minLength: 1, maxLength: 6 }),
        (events, instants) => {
          const timeline = new SegmentTimeline(events);
          for (const instant of instants) {
            const at = new Date(instant);
            const serials = Array.from({ length: SERIALS }, (_, serial) => serial);
            expect(serials.map((serial) => timeline.at(serial, at))).toEqual(
              serials.map((serial) => naive(events, serial, at)),
            );
          }
        },
      ),
      { numRuns: 500 },
    );
  });

  it('takes in later events as if they had always been there', () => {
    fc.assert(
      fc.property(histories, fc.nat(), (events, cut) => {
        const first = events.slice(0, cut % (events.length + 1));
        const timeline = new SegmentTimeline(first);
        timeline.foldAt(new Date(10));
        timeline.append(events.slice(first.length));
        expect(timeline.lastEventId).toBe(events.length);
        expect(timeline.foldAt(new Date(10)).list()).toEqual(new SegmentTimeline(events).foldAt(new Date(10)).list());
      }),
    );
  });

  it('switches exactly at the instant that was set', () => {
    const timeline = new SegmentTimeline([
      { id: 1, from: 0, to: 10, state: 'active', cause: null, effectiveAt: new Date(1000) },
    ]);
    expect([
      timeline.at(5, new Date(999)),
      timeline.at(5, new Date(1000))?.state,
      timeline.at(5, new Date(999)),
    ]).toEqual([null, 'active', null]);
  });

  it('lets a later void stand against an activation scheduled before it', () => {
    const timeline = new SegmentTimeline([
      { id: 1, from: 0, to: 10, state: 'active', cause: null, effectiveAt: new Date(2000) },
      { id: 2, from: 3, to: 5, state: 'void', cause: null, effectiveAt: new Date(1000) },
    ]);
    expect([2, 3, 4, 5].map((serial) => timeline.at(serial, new Date(3000))?.state)).toEqual([
      'active',
      'void',
      'void',
      'active',
    ]);
  });
});
