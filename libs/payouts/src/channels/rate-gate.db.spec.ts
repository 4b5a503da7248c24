import { createLogger } from '@app/observability';
import { openTestDatabase, type TestDatabase } from '@app/testing';
import { RateGate } from './rate-gate';
import { RateLimits, WECHAT_LIMITS } from './rate-limits';
import { RateSlotsRepository } from './rate-slots.repository';

jest.setTimeout(30_000);

let one: TestDatabase;
let other: TestDatabase;
beforeAll(async () => {
  [one, other] = [await openTestDatabase(), await openTestDatabase()];
}, 60_000);
afterAll(async () => {
  await one.close();
  await other.close();
});

const gateOf = (db: TestDatabase) =>
  new RateGate(createLogger('spec', 'silent'), new RateLimits(), new RateSlotsRepository(db.unitOfWork));

async function press(gates: readonly RateGate[], mchId: string, forMs: number, asking: number): Promise<number[]> {
  const times: number[] = [];
  const until = performance.now() + forMs;
  const caller = async (gate: RateGate): Promise<void> => {
    while (performance.now() < until) {
      await gate.pass('transfer_confirm_v3', mchId, 'send');
      times.push(performance.now());
    }
  };
  await Promise.all(gates.flatMap((gate) => Array.from({ length: asking }, () => caller(gate))));
  return times.sort((a, b) => a - b);
}

it('two workers share one limit: together never over it in any second', async () => {
  const { perSecond } = WECHAT_LIMITS.transfer_confirm_v3.send;
  const times = await press([gateOf(one), gateOf(other)], `m${process.pid}`, 4_000, 30);
  for (let at = 0; at + perSecond < times.length; at++) {
    expect(times[at + perSecond]! - times[at]!).toBeGreaterThanOrEqual(1000);
  }
  // How much of it is used is measured by the bench; here it must only be more than one second's worth.
  expect(times.length).toBeGreaterThan(perSecond);
});

it('when WeChat says "too fast" all workers slow down', async () => {
  const [slow, told] = [gateOf(one), gateOf(other)];
  const mchId = `s${process.pid}`;
  await press([slow, told], mchId, 300, 10);
  slow.heed('transfer_confirm_v3', mchId, 'send', { kind: 'retry_same_id', why: 'FREQUENCY_LIMITED', when: 'soon' });
  await new Promise((resolve) => setTimeout(resolve, 100));
  const times = await press([told], mchId, 2_000, 20);
  const seconds = (times.at(-1)! - times[0]!) / 1000;
  expect(times.length / seconds).toBeLessThan(85);
});

it('channels that share an address share its limit; others and other merchants have their own', () => {
  const { transfer_confirm_v3: confirm, transfer_authorized_v3: authorized, redpack_v2: redpack } = WECHAT_LIMITS;
  expect(confirm.query.endpoint).toBe(authorized.query.endpoint);
  expect(new Set([confirm.send, authorized.send, redpack.send].map(({ endpoint }) => endpoint)).size).toBe(3);
});
