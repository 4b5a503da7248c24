import { generateKeyPairSync, sign, verify } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { DrivePayouts, PayoutViews, WECHAT_LIMITS } from '@app/payouts';
import type { BenchSystem } from './bench-system';
import { compare, cpuRateOf, cpuSecondsOf, median, type Row } from './measure';
import { MockGateway } from './mock-gateway';
import { JobPerPayout, type Manner } from './peers/job-per-payout';
import { PayoutsWorld } from './payouts-world';
import { serverPids } from './processes';

const GATEWAY_MS = 20;
const AT_ONCE = 256;
/** Far above what the machine can do: no limit is in the way. */
const NO_LIMIT = 1_000_000;
const TAP_GATEWAY_MS = 300;
const TAPS_PER_SECOND = 20;
const PATIENCE_MS = 1_500;
const LIMIT = WECHAT_LIMITS.transfer_confirm_v3.send.perSecond;

/**
 * The line of payouts: how long a tap waits, how much of a channel's limit is used, what a payout costs, and how many a second go down it,
 * against one job per payout. The gateway is in this process and has no keys, so that the wire's share can be told apart.
 */
export async function payoutsSuite(system: BenchSystem, rounds: number, quick: boolean): Promise<Row[]> {
  const tap = await tapToPackage(system, quick ? 40 : 200);
  const share = await shareOfLimit(system, quick ? 4 : 12);
  return [tap, share, ...(await throughput(system, rounds, quick ? 600 : 2_000))];
}

/** From the commit that a tap makes to the package at rest, in an otherwise idle worker, at a steady pace. */
async function tapToPackage(system: BenchSystem, taps: number): Promise<Row> {
  const gateway = new MockGateway({ delayMs: TAP_GATEWAY_MS, answer: 'asks', perSecond: Infinity });
  const world = await PayoutsWorld.open(system.config, gateway, { run: true });
  const waits: number[] = [];
  const open = new Map<string, number>();
  // One pair of eyes for all who wait: a question each would measure the questions.
  const look = async (): Promise<void> => {
    const views = await world.use(PayoutViews).payoutViews([...open.keys()]);
    for (const [payoutKey, { confirm }] of views) {
      if (!confirm) continue;
      waits.push(performance.now() - open.get(payoutKey)! - TAP_GATEWAY_MS);
      open.delete(payoutKey);
    }
  };
  try {
    let tapping = true;
    const watching = (async () => {
      for (; tapping || open.size > 0; await sleep(10)) if (open.size > 0) await look();
    })();
    for (let at = 0; at < taps; at++) {
      const [payoutKey] = (await world.pending(1)) as [string];
      open.set(payoutKey, performance.now());
      await sleep(1_000 / TAPS_PER_SECOND);
    }
    tapping = false;
    await watching;
  } finally {
    await world.app.close();
  }
  const sorted = waits.sort((one, other) => one - other);
  const p95 = sorted[Math.floor(sorted.length * 0.95)]!;
  return {
    ...single(
      `tap to package beyond the gateway's ${TAP_GATEWAY_MS} ms: p50 ${median(sorted).toFixed(0)} ms, p95 ${p95.toFixed(0)} ms`,
    ),
    ...{
      a: 'p95 of the line',
      b: `${PATIENCE_MS} ms`,
      aRate: 1_000 / p95,
      bRate: 1_000 / PATIENCE_MS,
      ratio: PATIENCE_MS / p95,
    },
    ...{ goal: 'p95 ≤ 1.5 s', floor: '1x', aim: '3x' },
  };
}

/** A backlog against a gateway that counts any second: how much of the limit is used, and how often it said "too fast". */
async function shareOfLimit(system: BenchSystem, seconds: number): Promise<Row> {
  const gateway = new MockGateway({ delayMs: 150, answer: 'pays', perSecond: LIMIT });
  const world = await PayoutsWorld.open(system.config, gateway);
  const keys = await world.pending(LIMIT * (seconds + 2) + AT_ONCE);
  const before = { cpu: process.cpuUsage(), db: cpuSecondsOf(serverPids()) };
  const line = world.use(DrivePayouts);
  const left = [...keys];
  let [first, last] = [0, 0];
  const until = performance.now() + (seconds + 1) * 1_000;
  const lane = async (): Promise<void> => {
    for (let key = left.pop(); key !== undefined && performance.now() < until; key = left.pop()) {
      await line.run([key]);
      last = performance.now();
      first ||= last;
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, lane));
  const { user, system: kernel } = process.cpuUsage(before.cpu);
  const paid = await world.count(keys, 'SETTLED');
  await world.app.close();
  const rate = (paid * 1_000) / (last - first);
  const cost = `${((user + kernel) / paid).toFixed(0)} µs of this process and ${(((cpuSecondsOf(serverPids()) - before.db) * 1e6) / paid).toFixed(0)} µs of the servers a payout`;
  return {
    ...single(`a backlog at WeChat's ${LIMIT} a second: ${gateway.tooFast} times "too fast", ${cost}`),
    ...{ a: 'paid a second', b: 'the limit', aRate: rate, bRate: LIMIT, ratio: rate / LIMIT },
    ...{ goal: 'share of the limit', floor: '0.98x', aim: '0.99x' },
  };
}

async function throughput(system: BenchSystem, rounds: number, count: number): Promise<Row[]> {
  const gateway = new MockGateway({ delayMs: GATEWAY_MS, answer: 'pays', perSecond: Infinity });
  const world = await PayoutsWorld.open(system.config, gateway, { perSecond: NO_LIMIT });
  const costs: { ours: number; servers: number }[] = [];
  const ours = async (): Promise<number> => {
    const keys = await world.pending(count);
    const before = { cpu: process.cpuUsage(), db: cpuSecondsOf(serverPids()), at: performance.now() };
    const left = [...keys];
    const line = world.use(DrivePayouts);
    const lane = async (): Promise<void> => {
      for (let key = left.pop(); key !== undefined; key = left.pop()) await line.run([key]);
    };
    await Promise.all(Array.from({ length: AT_ONCE }, lane));
    const rate = (count * 1_000) / (performance.now() - before.at);
    const { user, system: kernel } = process.cpuUsage(before.cpu);
    costs.push({ ours: (user + kernel) / count, servers: ((cpuSecondsOf(serverPids()) - before.db) * 1e6) / count });
    if ((await world.count(keys, 'SETTLED')) !== count) throw new Error('not every payout was settled');
    return rate;
  };
  const rows: Row[] = [];
  for (const manner of ['textbook', 'one_by_one'] as const)
    rows.push(await against(system, manner, ours, rounds, count));
  if ([...gateway.bills.values()].some((sends) => sends > 1)) throw new Error('a bill was sent twice');
  await world.app.close();
  return [...rows, ...costRows(costs)];
}

/** What our rate is held against. A system that keeps two states and nothing else is shown for context and has no goal. */
const MANNERS: Readonly<Record<Manner, { readonly name: string; readonly goal: Partial<Row> }>> = {
  textbook: { name: 'one BullMQ job a payout, two UPDATEs and no other row', goal: {} },
  one_by_one: {
    name: 'one BullMQ job a payout, the statements of the drive as it was, one payout at a time',
    goal: { goal: 'against one job a payout', floor: '4x', aim: '6x' },
  },
};

async function against(
  system: BenchSystem,
  manner: Manner,
  ours: () => Promise<number>,
  rounds: number,
  count: number,
): Promise<Row> {
  const peer = await JobPerPayout.open(process.env.MIGRATOR_DATABASE_URL!, system.config.redis.url, manner, GATEWAY_MS);
  const row = await compare({
    ...{
      suite: 'payouts',
      what: `payouts a second, gateway of ${GATEWAY_MS} ms without keys`,
      rounds,
      ours: serverPids,
    },
    ...MANNERS[manner].goal,
    a: { name: 'the line: bill, attempt, moves, member event, ledger, fence', sample: ours },
    b: { name: MANNERS[manner].name, sample: () => peer.pay(count) },
  });
  await peer.assertPaid();
  await peer.close();
  return row;
}

/** What a payout costs without the wire, and what its two signatures and two checks would add. */
function costRows(costs: readonly { ours: number; servers: number }[]): Row[] {
  const ours = median(costs.map((cost) => cost.ours));
  const servers = median(costs.map((cost) => cost.servers));
  const rsa = 1e6 / rsaRate();
  return [
    {
      ...single(
        `processor of a payout without RSA: ${ours.toFixed(0)} µs here, ${servers.toFixed(0)} µs in MariaDB and Redis`,
      ),
      ...{ a: 'payouts a processor second', b: 'at 1 ms each', aRate: 1e6 / ours, bRate: 1_000, ratio: 1_000 / ours },
      ...{ goal: '≤ 1 ms a payout without RSA', floor: '1x', aim: '3x' },
    },
    {
      ...single(`RSA of a payout (sign the request, check reply and callback): ${rsa.toFixed(0)} µs`),
      ...{ a: 'RSA', b: 'RSA and all the rest of this process', aRate: 1e6 / rsa, bRate: 1e6 / (rsa + ours) },
      ratio: rsa / (rsa + ours),
    },
  ];
}

function rsaRate(): number {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const text = Buffer.from(
    `POST\n/v3/fund-app/mch-transfer/transfer-bills\n1554208460\n${'n'.repeat(32)}\n${'b'.repeat(400)}\n`,
  );
  const seal = sign('sha256', text, privateKey);
  return cpuRateOf(() => {
    sign('sha256', text, privateKey);
    verify('sha256', text, publicKey, seal);
    verify('sha256', text, publicKey, seal);
  }, 600);
}

/** A figure that has no pairs. */
function single(what: string): Row {
  return {
    ...{
      suite: 'payouts',
      what,
      a: '',
      b: '',
      aRate: 0,
      bRate: 0,
      ratio: 0,
      min: 0,
      max: 0,
      rounds: 1,
      othersCpu: null,
    },
    ...{ goal: '', floor: '', aim: '' },
  };
}
