import fc from 'fast-check';
import { liftRecall } from './lift-recall';
import { SegmentTimeline, type SegmentEvent, type SegmentState } from './segment-timeline';

const NOW = 1_000_000;
const SERIALS = 40;
const STATES: readonly SegmentState[] = ['active', 'inactive', 'frozen', 'void'];

/** Histories as the console can write them: a recall is a freeze or a void; times around now. */
const histories = fc
  .array(
    fc.record({
      from: fc.integer({ min: 0, max: SERIALS - 1 }),
      size: fc.integer({ min: 1, max: 25 }),
      state: fc.constantFrom(...STATES),
      recall: fc.boolean(),
      at: fc.integer({ min: -3, max: 3 }),
    }),
    { minLength: 1, maxLength: 10 },
  )
  .map((list) =>
    list.map(({ from, size, state, recall, at }, i): SegmentEvent => {
      const cause = recall && (state === 'frozen' || state === 'void') ? 'recall' : null;
      return {
        id: i + 1,
        from,
        to: Math.min(SERIALS, from + size),
        state,
        cause,
        effectiveAt: new Date(NOW + at * 1000),
      };
    }),
  );
const stretch = fc
  .tuple(fc.integer({ min: 0, max: SERIALS - 1 }), fc.integer({ min: 1, max: SERIALS }))
  .map(([from, size]) => ({ from, to: Math.min(SERIALS, from + size) }));

it('makes every recalled code what it would be had nobody recalled it, now and later, and touches no other', () => {
  fc.assert(
    fc.property(histories, fc.array(stretch, { minLength: 1, maxLength: 3 }), (events, within) => {
      const lifted = liftRecall(events, new Date(NOW), within);
      const after = new SegmentTimeline([
        ...events,
        ...lifted.map((one, i) => ({ ...one, cause: null, id: events.length + i + 1 })),
      ]);
      const before = new SegmentTimeline(events);
      const never = new SegmentTimeline(events.filter(({ cause, state }) => cause !== 'recall' || state === 'void'));
      for (let serial = 0; serial < SERIALS; serial++) {
        const meant = within.some(({ from, to }) => serial >= from && serial < to);
        const touched = meant && before.at(serial, new Date(NOW))?.cause === 'recall';
        for (const later of [0, 500, 1000, 2000, 2500, 3000, 9000]) {
          const at = new Date(NOW + later);
          const [is, was] = [after.at(serial, at), before.at(serial, at)];
          if (!touched) expect(is).toEqual(was);
          else expect([is?.state, is?.cause]).toEqual([never.at(serial, at)?.state ?? 'inactive', null]);
        }
      }
    }),
    { numRuns: 150 },
  );
});

it('says nothing where nothing is recalled, and says one stretch once', () => {
  const event = (id: number, from: number, to: number, state: SegmentState, recall = false): SegmentEvent => {
    return { id, from, to, state, cause: recall ? 'recall' : null, effectiveAt: new Date(NOW - id) };
  };
  const history = [event(1, 0, 10, 'active'), event(2, 10, 20, 'active'), event(3, 5, 15, 'frozen', true)];
  expect(liftRecall(history, new Date(NOW), [{ from: 15, to: 40 }])).toEqual([]);
  expect(liftRecall(history, new Date(NOW), [{ from: 0, to: 40 }])).toEqual([
    { from: 5, to: 15, state: 'active', effectiveAt: new Date(NOW) },
  ]);
});
