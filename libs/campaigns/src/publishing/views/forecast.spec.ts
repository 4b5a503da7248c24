import { forecast, type ForecastInput } from './forecast';

const at = new Date('2026-07-18T11:30:00Z');
const hour = (ago: number, wins: number, awardedFen: number) => ({
  ...{ hour: new Date(at.getTime() - ago * 3_600_000), wins, awardedFen },
});
const input: ForecastInput = {
  at,
  startsAt: new Date('2026-07-01T00:00:00Z'),
  endsAt: new Date('2026-07-19T11:30:00Z'),
  awardedFen: 100_000,
  hours: [hour(1, 100, 9_600), hour(2, 140, 14_400)],
  counters: [],
  caps: [],
  burst: null,
  budgetLeftFen: 1_000_000,
};

it('goes on at the rate of the last 24 hours until the end', () => {
  expect(forecast(input)).toEqual({
    ...{ winsPerHour: 10, fenPerHour: 1000, hoursLeft: 24, fenAtEnd: 124_000, budgetUntil: null, caps: [] },
  });
  expect(forecast({ ...input, budgetLeftFen: 6000 }).budgetUntil).toEqual(new Date('2026-07-18T17:30:00Z'));
  expect(forecast({ ...input, budgetLeftFen: 0 }).budgetUntil).toEqual(at);
  expect(forecast({ ...input, budgetLeftFen: null }).budgetUntil).toBeNull();
});

it('measures a young campaign by its own age, and one that is over or still to begin not at all', () => {
  const young = forecast({ ...input, startsAt: new Date('2026-07-18T07:30:00Z') });
  expect([young.winsPerHour, young.fenPerHour]).toEqual([60, 6000]);
  expect(forecast({ ...input, endsAt: at })).toMatchObject({ hoursLeft: 0, fenAtEnd: 100_000 });
  const startsAt = new Date('2026-07-19T09:30:00Z');
  expect(forecast({ ...input, startsAt, hours: [] })).toMatchObject({ hoursLeft: 2, fenPerHour: 0, budgetUntil: null });
});

it('holds each cap against what its present window counted, and says when the campaign reaches it', () => {
  const caps: ForecastInput['caps'] = [
    { per: 'member', window: 'day', count: 10, fen: null },
    { per: 'campaign', window: 'day', count: null, fen: 30_000 },
    { per: 'campaign', window: 'hour', count: 5, fen: null },
    { per: 'region', window: 'total', count: null, fen: 9_000, adcode: 340000 },
    { per: 'region', window: 'day', count: 100, fen: null },
    { per: 'store', window: 'week', count: 4, fen: null },
  ];
  const counters = [
    { key: 'c|d2026-07-18', awards: 200, fen: 28_000 },
    { key: 'c|d2026-07-17', awards: 999, fen: 99_999 },
    { key: 'c|h2026-07-18T19', awards: 5, fen: 500 },
    { key: 'r340000|t', awards: 30, fen: 3_000 },
    { key: 'r320000|t', awards: 30, fen: 3_000 },
    { key: 'r340000|d2026-07-18', awards: 25, fen: 2_000 },
    { key: 'r340100|d2026-07-18', awards: 25, fen: 2_000 },
    { key: 's12|w2026-07-13', awards: 1, fen: 88 },
  ];
  const uses = forecast({ ...input, caps, counters }).caps;
  expect(uses.map(({ subject, used, reachedAt }) => [subject, used, reachedAt?.toISOString() ?? null])).toEqual([
    [null, 28 / 30, '2026-07-18T13:30:00.000Z'],
    [null, 1, '2026-07-18T11:30:00.000Z'],
    [340000, 1 / 3, null],
    [340000, 0.25, null],
    [12, 0.25, null],
  ]);
  expect(uses[1]!.windowEnds).toEqual(new Date('2026-07-18T12:00:00Z'));
});

it('takes the plan of a burst as a cap on the whole campaign', () => {
  const burst = { fence: [340000], maxHours: 6, maxCount: 100, maxFen: 50_000 };
  const counters = [{ key: 'c|t', awards: 40, fen: 40_000 }];
  expect(forecast({ ...input, burst, counters }).caps).toMatchObject([{ awards: 40, used: 0.8 }]);
});
