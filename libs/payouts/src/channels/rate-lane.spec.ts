import fc from 'fast-check';
import { RateLane, type LaneClock } from './rate-lane';
import { SHARE } from './rate-limits';
import type { RateSlots } from './rate-slots.repository';

/** A clock that moves by hand; `stall` keeps everything that is due from running, as a blocked event loop does. */
class HandClock implements LaneClock {
  at = 0;
  private calls: { due: number; call: () => void }[] = [];

  now(): number {
    return this.at;
  }

  wake(ms: number, call: () => void): void {
    this.calls.push({ due: this.at + Math.max(1, Math.ceil(ms)), call });
  }

  async run(untilMs: number, stalls: readonly { at: number; ms: number }[] = []): Promise<void> {
    const left = [...stalls];
    while (this.at < untilMs) {
      this.at += 1;
      const stall = left[0];
      if (stall && this.at >= stall.at) this.at += left.shift()!.ms;
      const due = this.calls.filter((each) => each.due <= this.at);
      this.calls = this.calls.filter((each) => each.due > this.at);
      for (const { call } of due) call();
      for (let turn = 0; turn < 6; turn++) await Promise.resolve();
    }
  }
}

/** One row for all lanes, as the database keeps it. */
class Row {
  freeAt = 0;

  constructor(private readonly clock: HandClock) {}

  lease =
    (everyMs: number) =>
    (count: number): Promise<RateSlots> => {
      const firstAt = Math.max(this.freeAt, this.clock.at);
      this.freeAt = firstAt + count * everyMs;
      return Promise.resolve({ firstAt, everyMs, count });
    };
}

function most(times: readonly number[], withinMs: number): number {
  let from = 0;
  let highest = 0;
  for (let at = 0; at < times.length; at++) {
    while (times[at]! - times[from]! >= withinMs) from++;
    highest = Math.max(highest, at - from + 1);
  }
  return highest;
}

const world = (perSecond: number, lanes: number) => {
  const clock = new HandClock();
  const row = new Row(clock);
  const everyMs = 1000 / (perSecond * SHARE);
  return { clock, lanes: Array.from({ length: lanes }, () => new RateLane(everyMs, row.lease(everyMs), clock)) };
};

/** Asks again as soon as it was served, with some asking at a time. */
function press(lane: RateLane, clock: HandClock, times: number[], asking: number): void {
  const one = async (): Promise<void> => {
    for (;;) {
      await lane.pass();
      times.push(clock.at);
    }
  };
  for (let at = 0; at < asking; at++) void one();
}

it.each([30, 100])('uses at least 98 %% of %d a second, and never more than all of it', async (perSecond) => {
  const { clock, lanes } = world(perSecond, 1);
  const times: number[] = [];
  press(lanes[0]!, clock, times, 40);
  await clock.run(20_000);
  expect(times.length / 20).toBeGreaterThanOrEqual(0.98 * perSecond);
  expect(most(times, 1000)).toBeLessThanOrEqual(perSecond);
});

it('never more than the limit in any second, with two workers, whatever stalls', async () => {
  const stall = fc.record({ at: fc.integer({ min: 0, max: 4000 }), ms: fc.integer({ min: 1, max: 400 }) });
  await fc.assert(
    fc.asyncProperty(
      fc.array(stall, { maxLength: 8 }),
      fc.constantFrom(20, 30, 100),
      fc.integer({ min: 1, max: 60 }),
      async (stalls, perSecond, asking) => {
        const { clock, lanes } = world(perSecond, 2);
        const times: number[] = [];
        for (const lane of lanes) press(lane, clock, times, asking);
        const sorted = [...stalls].sort((one, other) => one.at - other.at);
        await clock.run(5000, sorted);
        expect(most(times, 1000)).toBeLessThanOrEqual(perSecond);
      },
    ),
    { numRuns: 60 },
  );
});

it('serves in the order of asking; a lease that fails is told to those who wait, and the next ones are served', async () => {
  const clock = new HandClock();
  const row = new Row(clock);
  let broken = true;
  const lease = row.lease(10);
  const lane = new RateLane(10, (count) => (broken ? Promise.reject(new Error('no database')) : lease(count)), clock);
  await expect(lane.pass()).rejects.toThrow('no database');
  broken = false;
  const served: number[] = [];
  for (let at = 0; at < 30; at++) void lane.pass().then(() => served.push(at));
  await clock.run(400);
  expect(served).toEqual(Array.from({ length: 30 }, (_, at) => at));
});

it('lets in as many as soon have their turn, together and not one by one; who is waited for goes first', async () => {
  const { clock, lanes } = world(100, 1);
  const lane = lanes[0]!;
  const inside: string[] = [];
  const leaves: (() => void)[] = [];
  const enter = (name: string, urgent = false) =>
    void lane.enter(urgent).then((leave) => {
      inside.push(name);
      leaves.push(leave);
    });
  for (let at = 0; at < 80; at++) enter(`${at}`);
  await clock.run(5);
  const seats = inside.length;
  expect(seats).toBeGreaterThanOrEqual(16);
  expect(seats).toBeLessThan(60);
  leaves[0]!();
  leaves[0]!();
  await clock.run(10);
  expect(inside.length).toBe(seats);
  enter('urgent', true);
  await clock.run(15);
  expect(inside.at(-1)).toBe('urgent');
  for (const leave of leaves.slice(1, 1 + seats / 2)) leave();
  await clock.run(20);
  expect(inside.length).toBeGreaterThanOrEqual(seats + Math.floor(seats / 2));
});
