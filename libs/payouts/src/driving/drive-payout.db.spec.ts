import { setTimeout as sleep } from 'node:timers/promises';
import { textOf } from '@app/database';
import { Defect } from '@app/kernel';
import { openTestDatabase, testConfig, until, type TestDatabase } from '@app/testing';
import { Incidents } from '../cases/incidents';
import { FakeWechat } from '../channels/fake-wechat.contract';
import { LedgerCheck } from '../ledger/ledger-check';
import { PayoutViews } from '../views/payout-views';
import { openPayouts, QUICK, type PayoutsRig, type Prize } from './payouts-rig.contract';
import { PayoutsRepository } from './payouts.repository';
import { ReconcilePayouts } from './reconcile-payouts';

const SETUP_MS = 60_000;
jest.setTimeout(30_000);

let db: TestDatabase;
let rig: PayoutsRig;
let wechat: FakeWechat;
beforeAll(async () => {
  db = await openTestDatabase({ own: 'ledger' });
}, SETUP_MS);
beforeEach(async () => {
  wechat = new FakeWechat();
  rig = await openPayouts(db, { wechat });
}, SETUP_MS);
afterEach(() => rig.close());
afterAll(() => db.close());

const query = <T>(sql: string, params: (string | number)[] = []) => db.database.query<T>(sql, params);
const makeDue = (prize: Prize) =>
  query('UPDATE payouts SET next_at = UTC_TIMESTAMP(6) WHERE payout_key = ?', [prize.payoutKey]);
const stateOf = async (prize: Prize) => (await rig.payout(prize)).state;
const billOf = async (prize: Prize) => (await rig.payout(prize)).billNo!;
/** Drives, as the reconciler would, until the payout is in this state. */
const driveTo = (prize: Prize, state: string) =>
  until(`${prize.payoutKey} is ${state}`, async () => {
    await rig.drive(prize);
    return (await stateOf(prize)) === state;
  });
const settleNow = async (prize: Prize) => {
  await wechat.take(await billOf(prize));
  await makeDue(prize);
  await driveTo(prize, 'SETTLED');
};
const movesOf = async (prize: Prize) =>
  (
    await query<{ from_state: Buffer; to_state: Buffer }>(
      'SELECT from_state, to_state FROM payout_moves WHERE payout_key = ? ORDER BY move_no',
      [prize.payoutKey],
    )
  ).map((row) => `${textOf(row.from_state)}>${textOf(row.to_state)}`);
const budgetOf = async ({ budgetId }: Prize) => {
  const [row] = await query<Record<'available_fen' | 'reserved_fen' | 'settled_fen', string>>(
    'SELECT available_fen, reserved_fen, settled_fen FROM budgets WHERE id = ?',
    [budgetId],
  );
  return [Number(row!.available_fen), Number(row!.reserved_fen), Number(row!.settled_fen)];
};
const paidEvents = async (prize: Prize) =>
  (await query('SELECT event_key FROM member_events WHERE member_id = ? AND kind = ?', [prize.memberId, 'received']))
    .length;
const incidentsOf = async (prize: Prize) =>
  (await query<{ kind: Buffer }>('SELECT kind FROM payout_incidents WHERE payout_key = ?', [prize.payoutKey])).map(
    (row) => textOf(row.kind),
  );
const expectPaidOnce = async (prize: Prize) => {
  const credited = [...wechat.bills.values()].reduce(
    (sum, bill) => sum + (bill.openid === prize.openid ? bill.creditedFen : 0),
    0,
  );
  expect(credited).toBe(prize.amountFen);
  expect(await budgetOf(prize)).toEqual([1_000_000 - prize.amountFen, 0, prize.amountFen]);
  expect(await paidEvents(prize)).toBe(1);
};

it('pays: asked for, accepted with a package, taken, settled, booked, told to members', async () => {
  const prize = await rig.prize();
  expect(await rig.request(prize)).toEqual({ kind: 'requested', state: 'PENDING' });
  await rig.drive(prize);
  const views = await rig.get(PayoutViews).payoutViews([prize.payoutKey, '1:1:1:9']);
  expect(views.size).toBe(1);
  const billNo = await billOf(prize);
  expect(views.get(prize.payoutKey)).toMatchObject({
    state: 'WAIT_USER',
    confirm: { mchId: wechat.mchId, appId: 'wx0123456789abcdef', package: `package-of-${billNo}` },
  });
  await settleNow(prize);
  expect(await movesOf(prize)).toEqual(['PENDING>SENDING', 'SENDING>WAIT_USER', 'WAIT_USER>SETTLED']);
  await expectPaidOnce(prize);
  expect((await rig.get(PayoutViews).payoutViews([prize.payoutKey])).get(prize.payoutKey)).toMatchObject({
    state: 'SETTLED',
    confirm: null,
  });
});

it('I23 keeps openid and package sealed: no clear copy in any column', async () => {
  const prize = await rig.prize();
  await rig.request(prize);
  await rig.drive(prize);
  for (const table of ['payouts', 'payout_bills', 'payout_attempts', 'payout_moves', 'outbox']) {
    const rows = JSON.stringify(await query(`SELECT * FROM ${table}`), (_key, value: unknown) => {
      const bytes = value as { type?: string; data?: number[] } | null;
      return bytes?.type === 'Buffer' ? Buffer.from(bytes.data!).toString('latin1') : value;
    });
    expect(rows).not.toContain(prize.openid);
    expect(rows).not.toContain('package-of-');
  }
});

it('two taps at once, sixteen times: one payout, one job, one bill', async () => {
  const prize = await rig.prize();
  const answers = await Promise.all(Array.from({ length: 16 }, () => rig.request(prize)));
  expect(answers.filter(({ kind }) => kind === 'requested')).toHaveLength(1);
  expect(
    await query("SELECT id FROM outbox WHERE job = 'payouts.send' AND job_key = ?", [prize.payoutKey]),
  ).toHaveLength(1);
  await Promise.all(Array.from({ length: 8 }, () => rig.drive(prize)));
  await Promise.all(Array.from({ length: 8 }, () => rig.drive(prize)));
  expect(wechat.sends).toBe(1);
  await settleNow(prize);
  expect(await rig.request(prize)).toEqual({ kind: 'settled', state: 'SETTLED' });
  await Promise.all(Array.from({ length: 8 }, () => rig.drive(prize)));
  await expectPaidOnce(prize);
});

it('I8 a made-up job finds no payout and does nothing', async () => {
  await rig.drive({ payoutKey: '4000000:1:7:0' } as Prize);
  expect(wechat.sends + wechat.queries).toBe(0);
});

describe('I5 a worker that dies', () => {
  const never = () => new Promise<void>(() => undefined);

  it('before WeChat heard of it: asks first, sends the same bill after the window', async () => {
    const prize = await rig.prize();
    await rig.request(prize);
    wechat.beforeArrival = never;
    void rig.drive(prize);
    await until('it is sending', async () => (await stateOf(prize)) === 'SENDING');
    const billNo = await billOf(prize);
    wechat.beforeArrival = () => Promise.resolve();
    await driveTo(prize, 'WAIT_USER');
    expect(wechat.queries).toBeGreaterThan(0);
    expect(await billOf(prize)).toBe(billNo);
    expect([...wechat.bills.keys()]).toEqual([billNo]);
    await settleNow(prize);
    await expectPaidOnce(prize);
  });

  it('after WeChat took it: asks, finds it, fetches the package under the same number', async () => {
    const prize = await rig.prize();
    await rig.request(prize);
    wechat.beforeReply = never;
    void rig.drive(prize);
    await until('WeChat has it', () => wechat.bills.size === 1);
    wechat.beforeReply = () => Promise.resolve();
    await driveTo(prize, 'WAIT_USER');
    expect(wechat.bills.size).toBe(1);
    expect((await rig.payout(prize)).packageSealed).not.toBeNull();
    await settleNow(prize);
    await expectPaidOnce(prize);
  });
});

it('I21 a worker that slept past its lease cannot record: no second settle, no state change', async () => {
  const prize = await rig.prize();
  await rig.request(prize);
  let wake = () => undefined as void;
  wechat.beforeReply = () => new Promise((resolve) => (wake = resolve));
  const sleeper = rig.drive(prize);
  await until('WeChat has it', () => wechat.bills.size === 1);
  wechat.beforeReply = () => Promise.resolve();
  await driveTo(prize, 'WAIT_USER');
  await settleNow(prize);
  const before = await rig.payout(prize);
  wake();
  await sleeper;
  expect(await rig.payout(prize)).toEqual(before);
  await expectPaidOnce(prize);
});

it('I21 nor may it undo what a younger attempt has found out', async () => {
  const prize = await rig.prize();
  await rig.request(prize);
  let wake = () => undefined as void;
  wechat.beforeReply = () => new Promise((resolve) => (wake = resolve));
  await wechat.disturb('silence_after_commit');
  const sleeper = rig.drive(prize);
  await until('WeChat has it', () => wechat.bills.size === 1);
  wechat.beforeReply = () => Promise.resolve();
  await driveTo(prize, 'WAIT_USER');
  const before = await rig.payout(prize);
  wake();
  await sleeper;
  expect(await rig.payout(prize)).toEqual(before);
  await settleNow(prize);
  await expectPaidOnce(prize);
});

it('time-out after acceptance: UNKNOWN, the bill is found, one effect', async () => {
  const prize = await rig.prize();
  await rig.request(prize);
  await wechat.disturb('silence_after_commit');
  await rig.drive(prize);
  expect(await stateOf(prize)).toBe('UNKNOWN');
  await driveTo(prize, 'WAIT_USER');
  await settleNow(prize);
  await expectPaidOnce(prize);
});

it('a late packet lands after NOT_FOUND and after the resend: the same bill, one effect', async () => {
  const prize = await rig.prize();
  await rig.request(prize);
  await wechat.disturb('silence_before_commit');
  await rig.drive(prize);
  await makeDue(prize);
  await rig.drive(prize);
  expect(await stateOf(prize)).toBe('UNKNOWN');
  expect(wechat.sends).toBe(1);
  await driveTo(prize, 'WAIT_USER');
  wechat.accept(wechat.prepare({ ...prize, billNo: await billOf(prize), mchId: wechat.mchId }));
  await settleNow(prize);
  expect(wechat.bills.size).toBe(1);
  await expectPaidOnce(prize);
});

it('refused before it was sent, or too fast: back to PENDING, the same bill later, no query', async () => {
  const prize = await rig.prize();
  await rig.request(prize);
  await wechat.disturb('not_sent', 'too_fast');
  await rig.drive(prize);
  expect(await stateOf(prize)).toBe('PENDING');
  const billNo = await billOf(prize);
  await driveTo(prize, 'WAIT_USER');
  expect([wechat.sends, wechat.queries, await billOf(prize)]).toEqual([3, 0, billNo]);
});

it('I5 not sent, but an earlier attempt may have arrived: stays UNKNOWN', async () => {
  const prize = await rig.prize();
  await rig.request(prize);
  await wechat.disturb('silence_before_commit', 'not_sent');
  await rig.drive(prize);
  await until('it was sent twice', async () => {
    await rig.drive(prize);
    return wechat.sends === 2;
  });
  expect(await stateOf(prize)).toBe('UNKNOWN');
  expect(await movesOf(prize)).not.toContain('SENDING>PENDING');
});

it('an unlisted code is UNKNOWN with an incident, never FAILED', async () => {
  const prize = await rig.prize();
  await rig.request(prize);
  await query(
    "UPDATE payout_incidents SET resolved_at = UTC_TIMESTAMP(6), incident_key = CONCAT(incident_key, '#', id) WHERE kind = 'unlisted' AND resolved_at IS NULL",
  );
  await wechat.disturb('unlisted');
  await rig.drive(prize);
  expect(await stateOf(prize)).toBe('UNKNOWN');
  expect(await incidentsOf(prize)).toEqual(['unlisted']);
  await driveTo(prize, 'WAIT_USER');
});

it('I4 not taken within the day: FAILED, fen stay reserved, the next tap makes the next offer with its own bill', async () => {
  const prize = await rig.prize();
  await rig.request(prize);
  await rig.drive(prize);
  const first = await billOf(prize);
  await wechat.dayPasses();
  await makeDue(prize);
  await rig.drive(prize);
  expect(await rig.payout(prize)).toMatchObject({ state: 'FAILED', failReason: 'OVERDUE_CLOSE', nextAt: null });
  expect(await budgetOf(prize)).toEqual([1_000_000 - 188, 188, 0]);
  const taps = await Promise.all([rig.request(prize), rig.request(prize), rig.request(prize)]);
  expect(taps.filter(({ kind }) => kind === 'requested')).toHaveLength(1);
  await rig.drive(prize);
  const second = await rig.payout(prize);
  expect(second).toMatchObject({ state: 'WAIT_USER', offerNo: 2, failReason: null });
  expect(second.billNo).not.toBe(first);
  await settleNow(prize);
  await expectPaidOnce(prize);
});

it('an offer that was asked for before people had to look is not sent until they have', async () => {
  const prize = await rig.prize();
  await rig.request(prize);
  await driveTo(prize, 'WAIT_USER');
  wechat.end(await billOf(prize), 'OVERDUE_CLOSE');
  await makeDue(prize);
  await driveTo(prize, 'FAILED');
  expect((await rig.request(prize)).kind).toBe('requested');
  const detail = 'success of an offer that had failed';
  const { payoutKey } = prize;
  await rig.unitOfWork.run((tx) =>
    rig.get(Incidents).raise(tx, { kind: 'contradiction', payoutKey, billNo: null, detail }),
  );
  const sends = wechat.sends;
  await rig.drive(prize);
  await makeDue(prize);
  await rig.drive(prize);
  expect([wechat.sends, await stateOf(prize)]).toEqual([sends, 'PENDING']);
});

describe('an empty balance', () => {
  it('stops the channel once, holds everybody without calling, and resumes by itself', async () => {
    const [one, two] = [await rig.prize(), await rig.prize()];
    await Promise.all([rig.request(one), rig.request(two)]);
    await wechat.emptyBalance();
    await rig.drive(one);
    await rig.drive(two);
    expect(wechat.sends).toBe(1);
    expect([await stateOf(one), await stateOf(two)]).toEqual(['PENDING', 'PENDING']);
    await sleep(QUICK.retryMs[0] + 10);
    await Promise.all([rig.drive(one), rig.drive(two)]);
    expect(wechat.sends).toBe(2);
    await wechat.fillBalance();
    await Promise.all([driveTo(one, 'WAIT_USER'), driveTo(two, 'WAIT_USER')]);
    const open = await query('SELECT kind FROM payout_incidents WHERE incident_key = ? AND resolved_at IS NULL', [
      `channel_blocked:${wechat.mchId}:${wechat.name}`,
    ]);
    expect(open).toEqual([]);
    expect(wechat.bills.size).toBe(2);
  });
});

it('I20 UNKNOWN for too long: people hear of it and WeChat is asked on; before WeChat forgets the bill, people alone have it', async () => {
  const waits = { ...QUICK, escalateAfterMs: 150, hardStopMs: 1_200 };
  const impatient = await openPayouts(db, {
    wechat,
    config: { ...testConfig({ waitsChange: waits }), wechat: (await configOf(rig)).wechat },
  });
  const prize = await impatient.prize();
  await impatient.request(prize);
  await wechat.disturb('silence_before_commit');
  await impatient.drive(prize);
  wechat.hideFromQueries(1_000);
  const drive = async () => {
    await makeDue(prize);
    await impatient.drive(prize);
    return stateOf(prize);
  };
  await until('people have heard', async () => {
    await wechat.disturbQuery();
    await drive();
    return (await incidentsOf(prize)).includes('stuck');
  });
  expect(await stateOf(prize)).toBe('UNKNOWN');
  const asked = wechat.queries;
  await wechat.disturbQuery();
  await drive();
  expect(wechat.queries).toBe(asked + 1);
  await until('people alone have it', async () => {
    await wechat.disturbQuery();
    return (await drive()) === 'MANUAL';
  });
  expect(await incidentsOf(prize)).toEqual(['stuck']);
  expect((await rig.payout(prize)).nextAt).toBeNull();
  await impatient.close();
});

describe('a bill cannot be changed while its outcome is unproven', () => {
  it('I7 a changed amount is a Defect before anything is sent', async () => {
    const prize = await rig.prize();
    await rig.request(prize);
    await wechat.disturb('silence_before_commit');
    await rig.drive(prize);
    await db.asOwner.query(
      'UPDATE payouts SET amount_fen = amount_fen * 100, next_at = UTC_TIMESTAMP(6) WHERE payout_key = ?',
      [prize.payoutKey],
    );
    await expect(rig.drive(prize)).rejects.toThrow(Defect);
    expect(wechat.sends).toBe(1);
    await db.asOwner.query('UPDATE payouts SET amount_fen = amount_fen / 100 WHERE payout_key = ?', [prize.payoutKey]);
    await driveTo(prize, 'WAIT_USER');
  });

  it('I4 another offer, another number and a jump in the graph are Defects', async () => {
    const prize = await rig.prize();
    await rig.request(prize);
    await wechat.disturb('silence_before_commit');
    await rig.drive(prize);
    const payouts = rig.get(PayoutsRepository);
    const unknown = await rig.payout(prize);
    const attempt = (work: Parameters<typeof rig.unitOfWork.run>[0]) => rig.unitOfWork.run(work);
    await expect(attempt((tx) => payouts.nextOffer(tx, unknown as never))).rejects.toThrow(Defect);
    await expect(attempt((tx) => payouts.move(tx, unknown, 'FAILED', 'x', { offerNo: 2 }))).rejects.toThrow(Defect);
    await expect(attempt((tx) => payouts.move(tx, unknown, 'SENDING', 'x', { billNo: 'Y1' }))).rejects.toThrow(Defect);
    await expect(attempt((tx) => payouts.move(tx, unknown, 'REFUNDED', 'x'))).rejects.toThrow(Defect);
    const stale = { ...unknown, attemptNo: unknown.attemptNo - 1 };
    await expect(attempt((tx) => payouts.move(tx, stale, 'SETTLED', 'x'))).rejects.toThrow(Defect);
    expect(await rig.payout(prize)).toEqual(unknown);
    await driveTo(prize, 'WAIT_USER');
  });
});

it('I5 I6 I19 I21 two workers, no queue, every kind of trouble, workers that sleep past their lease: each prize is paid once, to the fen', async () => {
  const other = await openPayouts(db, { wechat });
  // What other stories left open is not this one's: this WeChat has never heard of it.
  await query('UPDATE payouts SET next_at = NULL WHERE next_at IS NOT NULL');
  const prizes: Prize[] = [];
  for (let at = 0; at < 24; at++) prizes.push(await rig.prize(100 + at));
  const troubles = [
    'silence_before_commit',
    'silence_after_commit',
    'too_fast',
    'unlisted',
    'not_sent',
    'cut_off',
  ] as const;
  for (let at = 0; at < 48; at++) await wechat.disturb(troubles[(at * 7) % troubles.length]!);
  let arrivals = 0;
  wechat.beforeReply = () =>
    ++arrivals % 9 === 0 ? sleep(2 * QUICK.payoutLeaseMs).then(() => undefined) : Promise.resolve();
  for (const prize of prizes) await rig.request(prize);
  const rows = () =>
    query<{ state: Buffer; bill_no: Buffer | null }>(
      `SELECT state, bill_no FROM payouts WHERE payout_key IN (${prizes.map(() => '?').join()})`,
      prizes.map(({ payoutKey }) => payoutKey),
    );
  const workers = [rig, other].map((each) => each.get(ReconcilePayouts));
  let over = false;
  const running = workers.map(async (worker) => {
    // As the interval does: a run ends when nothing is due at the moment.
    for (; !over; await sleep(20)) await worker.run();
  });
  await until(
    'all are settled',
    async () => {
      const now = await rows();
      for (const { state, bill_no } of now) if (textOf(state) === 'WAIT_USER') await wechat.take(textOf(bill_no!));
      await sleep(50);
      return now.every(({ state }) => textOf(state) === 'SETTLED');
    },
    50_000,
  );
  over = true;
  workers.forEach((worker) => worker.onModuleDestroy());
  await Promise.all(running);
  for (const prize of prizes) await expectPaidOnce(prize);
  expect(await rig.get(LedgerCheck).run()).toEqual([]);
  await other.close();
}, 70_000);

async function configOf(from: PayoutsRig) {
  const { CONFIG } = await import('@app/config');
  return from.app.get<{ wechat: ReturnType<typeof testConfig>['wechat'] }>(CONFIG, { strict: false });
}
