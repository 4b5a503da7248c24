import { setTimeout as sleep } from 'node:timers/promises';
import { textOf } from '@app/database';
import { Defect, shanghaiDay } from '@app/kernel';
import { openTestDatabase, testConfig, until, type TestDatabase } from '@app/testing';
import { FakeWechat } from '../channels/fake-wechat.contract';
import { Incidents } from '../cases/incidents';
import { LedgerCheck } from '../ledger/ledger-check';
import { DailyCeilings } from './daily-ceilings';
import { DrivePayouts } from './drive-payouts';
import { openPayouts, QUICK, type PayoutsRig, type Prize } from './payouts-rig.contract';
import { ReconcilePayouts } from './reconcile-payouts';

const SETUP_MS = 60_000;
jest.setTimeout(40_000);

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
const keysOf = (prizes: readonly Prize[]) => prizes.map(({ payoutKey }) => payoutKey);
const statesOf = async (prizes: readonly Prize[]) =>
  Promise.all(prizes.map(async (prize) => (await rig.payout(prize)).state));
const run = (prizes: readonly Prize[]) => rig.get(DrivePayouts).run(keysOf(prizes));
const makeDue = async (prizes: readonly Prize[]) => {
  for (const { payoutKey } of prizes) {
    await query('UPDATE payouts SET next_at = UTC_TIMESTAMP(6) WHERE payout_key = ?', [payoutKey]);
  }
};
async function requested(count: number, fromFen = 100): Promise<Prize[]> {
  const prizes: Prize[] = [];
  for (let at = 0; at < count; at++) prizes.push(await rig.prize(fromFen + at));
  for (const prize of prizes) await rig.request(prize);
  return prizes;
}
const creditedTo = (prize: Prize) =>
  [...wechat.bills.values()].reduce((sum, bill) => sum + (bill.openid === prize.openid ? bill.creditedFen : 0), 0);
const all = <T>(count: number, value: T): T[] => Array<T>(count).fill(value);
/** Groups are known by their moves, which share the time of one statement. */
const groupsOf = async (prizes: readonly Prize[], to: string) =>
  (
    await query(
      `SELECT DISTINCT at FROM payout_moves WHERE to_state = ? AND payout_key IN (${prizes.map(() => '?').join()})`,
      [to, ...keysOf(prizes)],
    )
  ).length;

it('drives many at once: begun, recorded and settled in groups, each with its own bill, its own history and its own books', async () => {
  const prizes = await requested(40);
  let answer = () => undefined as void;
  const answers = new Promise<void>((resolve) => (answer = resolve));
  wechat.beforeReply = () => (wechat.bills.size === 40 ? Promise.resolve(answer()) : answers);
  await run([...prizes, { payoutKey: '4000000:1:7:0' } as Prize]);
  expect(await statesOf(prizes)).toEqual(all(40, 'WAIT_USER'));
  expect([wechat.sends, wechat.bills.size]).toEqual([40, 40]);
  expect(await groupsOf(prizes, 'SENDING')).toBeLessThanOrEqual(4);
  expect(await groupsOf(prizes, 'WAIT_USER')).toBeLessThanOrEqual(4);
  for (const prize of prizes) {
    const { billNo, packageSealed } = await rig.payout(prize);
    expect(packageSealed).not.toBeNull();
    expect(wechat.bills.get(billNo!)).toMatchObject({ openid: prize.openid, amountFen: prize.amountFen });
    await wechat.take(billNo!);
  }
  await makeDue(prizes);
  await run(prizes);
  expect(await statesOf(prizes)).toEqual(all(40, 'SETTLED'));
  expect(prizes.map(creditedTo)).toEqual(prizes.map(({ amountFen }) => amountFen));
  expect(await rig.get(LedgerCheck).run()).toEqual([]);
  await run(prizes);
  expect(wechat.sends).toBe(40);
});

it('one poisoned payout does not hold up the others, be its row, its bill or its place in the table to blame', async () => {
  const prizes = await requested(12);
  await run(prizes.slice(0, 1));
  await db.asOwner.query('UPDATE payouts SET amount_fen = amount_fen * 100 WHERE payout_key = ?', [
    prizes[0]!.payoutKey,
  ]);
  await db.asOwner.query(
    `INSERT INTO payout_bills (bill_no, payout_key, offer_no, channel, mch_id, amount_fen, payee_blind, request_sealed, request_hash, created_at)
     SELECT CONCAT('X', SUBSTRING(bill_no, 2)), ?, 1, channel, mch_id, amount_fen, payee_blind, request_sealed, request_hash, created_at
     FROM payout_bills WHERE payout_key = ?`,
    [prizes[1]!.payoutKey, prizes[0]!.payoutKey],
  );
  await makeDue(prizes);
  const failed = run(prizes);
  await expect(failed).rejects.toThrow(AggregateError);
  await expect(failed).rejects.toThrow('2 payouts');
  expect(await statesOf(prizes.slice(2))).toEqual(all(10, 'WAIT_USER'));
  expect(await statesOf(prizes.slice(0, 2))).toEqual(['WAIT_USER', 'PENDING']);
  await expect(run(prizes.slice(0, 1))).rejects.toThrow(Defect);
  await makeDue(prizes.slice(0, 1));
  const reconciled = rig.get(ReconcilePayouts).run();
  await until('it goes to the end of the line', async () => +(await rig.payout(prizes[0]!)).nextAt! > Date.now());
  rig.get(ReconcilePayouts).onModuleDestroy();
  await reconciled;
  await db.asOwner.query('UPDATE payouts SET amount_fen = amount_fen / 100 WHERE payout_key = ?', [
    prizes[0]!.payoutKey,
  ]);
  await db.asOwner.query("DELETE FROM payout_bills WHERE bill_no LIKE 'X%'");
});

it('a group that meets a deadlock runs again, whoever of the two the database sends back', async () => {
  const prizes = await requested(2);
  const [first, second] = keysOf(prizes).sort();
  const stranger = db.asOwner.createQueryRunner();
  await stranger.startTransaction();
  await stranger.query('SELECT state FROM payouts WHERE payout_key = ? FOR UPDATE', [second]);
  const driven = run(prizes);
  await sleep(150);
  await stranger
    .query('SELECT state FROM payouts WHERE payout_key = ? FOR UPDATE', [first])
    .catch((error: { errno?: number }) => expect(error.errno).toBe(1213));
  await stranger.rollbackTransaction().catch(() => undefined);
  await stranger.release();
  await driven;
  expect(await statesOf(prizes)).toEqual(['WAIT_USER', 'WAIT_USER']);
  expect(wechat.sends).toBe(2);
});

it('I21 in a group the result of a stale worker changes its own attempt only; the others are recorded', async () => {
  const prizes = await requested(3);
  let wake = () => undefined as void;
  const asleep = new Promise<void>((resolve) => (wake = resolve));
  let held = 0;
  wechat.beforeReply = () => (++held <= 3 ? asleep : Promise.resolve());
  const sleeper = run(prizes);
  await until('WeChat has all', () => wechat.bills.size === 3);
  const other = await openPayouts(db, { wechat });
  await until('another worker has driven the first on', async () => {
    await other.drive(prizes[0]!);
    return (await rig.payout(prizes[0]!)).state === 'WAIT_USER';
  });
  const before = await rig.payout(prizes[0]!);
  wake();
  await sleeper;
  expect(await rig.payout(prizes[0]!)).toEqual(before);
  expect(await statesOf(prizes)).toEqual(all(3, 'WAIT_USER'));
  expect(wechat.bills.size).toBe(3);
  await other.close();
});

it('a process that shuts down begins nothing more; what waits is due for the next one', async () => {
  const prizes = await requested(60);
  const driven = run(prizes);
  await until('some are sent', () => wechat.sends > 0);
  rig.get(DrivePayouts).onModuleDestroy();
  await driven.catch(() => undefined);
  const states = await statesOf(prizes);
  expect(states.every((state) => state === 'WAIT_USER' || state === 'PENDING')).toBe(true);
  expect(wechat.sends).toBe(states.filter((state) => state === 'WAIT_USER').length);
});

describe('a daily ceiling of a merchant account', () => {
  const ceilingFen = 1_000;
  const day = () => shanghaiDay(new Date());
  const capped = async () => {
    const mchId = `19${String(process.hrtime.bigint()).slice(-8)}`;
    const config = testConfig({ waitsChange: QUICK });
    const merchants = config.wechat.merchants.map((merchant) => ({
      ...merchant,
      ...{ mchId, dailyCeilingFen: ceilingFen },
    }));
    return { mchId, config: { ...config, wechat: { ...config.wechat, merchants } } };
  };

  it('is never passed by two workers together; what does not fit waits until tomorrow and people hear of it once', async () => {
    const { mchId, config } = await capped();
    const workers = [await openPayouts(db, { wechat, config }), await openPayouts(db, { wechat, config })] as const;
    const prizes: Prize[] = [];
    for (let at = 0; at < 12; at++) prizes.push(await workers[0].prize(150));
    for (const prize of prizes) await workers[0].request(prize);
    await Promise.all(workers.map((worker) => worker.get(DrivePayouts).run(keysOf(prizes))));
    const payouts = await Promise.all(prizes.map((prize) => rig.payout(prize)));
    expect(payouts.filter(({ state }) => state === 'WAIT_USER')).toHaveLength(6);
    const waiting = payouts.filter(({ state }) => state === 'PENDING');
    expect(waiting).toHaveLength(6);
    expect(waiting.every(({ nextAt, billNo }) => billNo === null && shanghaiDay(nextAt!) > day())).toBe(true);
    const [counted] = await query<{ born_fen: string; billed: string }>(
      `SELECT born_fen, (SELECT SUM(amount_fen) FROM payout_bills WHERE mch_id = ?) AS billed FROM merchant_days WHERE mch_id = ?`,
      [mchId, mchId],
    );
    expect([Number(counted!.born_fen), Number(counted!.billed)]).toEqual([900, 900]);
    const told = await query<{ incident_key: Buffer }>(
      'SELECT incident_key FROM payout_incidents WHERE incident_key LIKE ?',
      [`ceiling:${mchId}%`],
    );
    expect(told.map((row) => textOf(row.incident_key))).toEqual([`ceiling:${mchId}:${day()}`]);
    for (const worker of workers) await worker.close();
  });

  it('counts a bill once on a day, however often it is sent', async () => {
    const { mchId, config } = await capped();
    const worker = await openPayouts(db, { wechat, config });
    const prize = await worker.prize(600);
    await worker.request(prize);
    await wechat.disturb('not_sent', 'too_fast');
    for (let turn = 0; turn < 3; turn++) {
      await makeDue([prize]);
      await worker.drive(prize);
    }
    expect((await rig.payout(prize)).state).toBe('WAIT_USER');
    const [counted] = await query<{ born_fen: string }>('SELECT born_fen FROM merchant_days WHERE mch_id = ?', [mchId]);
    expect(Number(counted!.born_fen)).toBe(600);
    await worker.close();
  });

  /** As if it had been made, and sent in vain, yesterday. */
  const yesterday = async (prize: Prize, mchId: string) => {
    const { billNo } = await rig.payout(prize);
    await db.asOwner.query('UPDATE payout_attempts SET started_at = started_at - INTERVAL 1 DAY WHERE bill_no = ?', [
      billNo,
    ]);
    await db.asOwner.query('UPDATE payout_bills SET created_at = created_at - INTERVAL 1 DAY WHERE bill_no = ?', [
      billNo,
    ]);
    await db.asOwner.query('DELETE FROM merchant_days WHERE mch_id = ?', [mchId]);
  };
  const usedOf = async (mchId: string) => {
    const [row] = await query<{ born_fen: string }>('SELECT born_fen FROM merchant_days WHERE mch_id = ?', [mchId]);
    return Number(row?.born_fen ?? 0);
  };

  it('counts a bill of an earlier day that is sent today, and holds it back when today is used up', async () => {
    const { mchId, config } = await capped();
    const worker = await openPayouts(db, { wechat, config });
    const [old, older] = [await worker.prize(600), await worker.prize(600)];
    await wechat.disturb('not_sent');
    await worker.request(old);
    await worker.drive(old);
    await yesterday(old, mchId);
    await wechat.disturb('not_sent');
    await worker.request(older);
    await worker.drive(older);
    await yesterday(older, mchId);
    await makeDue([old, older]);
    await worker.drive(old);
    expect([(await rig.payout(old)).state, await usedOf(mchId)]).toEqual(['WAIT_USER', 600]);
    await worker.drive(older);
    const held = await rig.payout(older);
    expect([held.state, held.billNo !== null, shanghaiDay(held.nextAt!) > day()]).toEqual(['PENDING', true, true]);
    expect(await usedOf(mchId)).toBe(600);
    await worker.close();
  });

  it('counts a bill that WeChat did not have and that is sent anew today; one too many waits and is asked about on', async () => {
    const { mchId, config } = await capped();
    const worker = await openPayouts(db, { wechat, config });
    const prizes = [await worker.prize(600), await worker.prize(600)];
    for (const prize of prizes) {
      await wechat.disturb('silence_before_commit');
      await worker.request(prize);
      await worker.drive(prize);
      expect((await rig.payout(prize)).state).toBe('UNKNOWN');
      await yesterday(prize, mchId);
    }
    const sends = wechat.sends;
    for (const prize of prizes) {
      await makeDue([prize]);
      await worker.drive(prize);
    }
    expect(await statesOf(prizes)).toEqual(['WAIT_USER', 'UNKNOWN']);
    expect([wechat.sends - sends, await usedOf(mchId)]).toEqual([1, 600]);
    await worker.close();
  });

  it('its case closes by itself when the day is over, and not before', async () => {
    const { mchId } = await capped();
    const days = [day(), '2026-01-02'];
    await rig.unitOfWork.run(async (tx) => {
      for (const one of days) {
        const cause = {
          kind: 'ceiling',
          payoutKey: null,
          billNo: null,
          detail: one,
          scope: `${mchId}:${one}`,
        } as const;
        await rig.get(Incidents).raise(tx, cause);
      }
    });
    await rig.get(DailyCeilings).closeOfDaysPast();
    const open = await query<{ detail: string }>(
      "SELECT detail FROM payout_incidents WHERE kind = 'ceiling' AND resolved_at IS NULL AND incident_key LIKE ?",
      [`ceiling:${mchId}:%`],
    );
    expect(open.map(({ detail }) => detail)).toEqual([day()]);
  });
});
