import { textOf } from '@app/database';
import { createLogger } from '@app/observability';
import { openTestDatabase, openTestSandbox, until, type TestDatabase, type TestSandbox } from '@app/testing';
import { NotifyVerifier } from '@app/wechat';
import { ApplyTransferNews } from './apply-transfer-news';
import { HandleTransferNotify } from './handle-transfer-notify';
import { openNotifyEdge, signedNotify, type NotifyEdge } from './notify-edge.contract';
import { TRANSFER_NOTIFY_PATH } from '../channels/transfer-confirm.channel';
import { LedgerCheck } from '../ledger/ledger-check';
import { LedgerSummaries } from '../ledger/ledger-summary';
import { PayoutViews } from '../views/payout-views';
import { openPayouts, QUICK, type PayoutsRig, type Prize } from '../driving/payouts-rig.contract';
import { ReconcilePayouts } from '../driving/reconcile-payouts';

jest.setTimeout(60_000);

let db: TestDatabase;
let sandbox: TestSandbox;
let rig: PayoutsRig;
let edge: NotifyEdge;

beforeAll(async () => {
  db = await openTestDatabase({ own: 'ledger' });
  sandbox = await openTestSandbox();
  edge = await openNotifyEdge();
  const config = sandbox.config({
    notifyUrl: edge.url,
    waitsChange: { ...QUICK, payoutLeaseMs: 2000, wechatTimeoutMs: 1500 },
  });
  rig = await openPayouts(db, { config, realChannels: true });
  edge.handlers = { [TRANSFER_NOTIFY_PATH]: (headers, body) => rig.get(HandleTransferNotify).run(headers, body) };
}, 90_000);
beforeEach(() => {
  edge.deaf = false;
});
afterEach(() => sandbox.noFaults());
afterAll(async () => {
  await rig.close();
  edge.close();
  await sandbox.stop();
  await db.close();
});

/** A prize whose owner has a WeChat wallet in the sandbox. */
let people = 0;
async function prizeOfWalletOwner(amountFen = 188): Promise<Prize> {
  const openid = await sandbox.addUser(`notify-${++people}`);
  return rig.prize(amountFen, openid);
}
const stateOf = async (prize: Prize) => (await rig.payout(prize)).state;
const statesOf = async (prizes: readonly Prize[]) =>
  (
    await db.database.query<{ state: Buffer }>(
      `SELECT state FROM payouts WHERE payout_key IN (${prizes.map(() => '?').join()})`,
      prizes.map(({ payoutKey }) => payoutKey),
    )
  ).map((row) => textOf(row.state));
async function waiting(): Promise<Prize & { billNo: string }> {
  const prize = await prizeOfWalletOwner();
  await rig.request(prize);
  await rig.drive(prize);
  const { billNo, state } = await rig.payout(prize);
  expect(state).toBe('WAIT_USER');
  return { ...prize, billNo: billNo! };
}
const confirm = (billNo: string) => sandbox.admin('POST', `/transfers/${billNo}/confirm`, {});
const bill = async (billNo: string) => (await sandbox.bills()).find((known) => known.outBillNo === billNo)!;
const incidents = async (prize: Prize) =>
  (
    await db.database.query<{ kind: Buffer }>('SELECT kind FROM payout_incidents WHERE payout_key = ?', [
      prize.payoutKey,
    ])
  ).map((row) => textOf(row.kind));

const callback = (resource: object, change: Parameters<typeof signedNotify>[3] = {}) =>
  signedNotify(sandbox, 'MCHTRANSFER.BILL.FINISHED', resource, change);
const finished = (prize: Prize & { billNo: string }, change: object = {}) => ({
  out_bill_no: prize.billNo,
  transfer_bill_no: '1330000000',
  state: 'SUCCESS',
  mch_id: sandbox.mchId,
  transfer_amount: prize.amountFen,
  openid: prize.openid,
  ...change,
});
const deliver = ({ headers, body }: ReturnType<typeof callback>) => rig.get(HandleTransferNotify).run(headers, body);

it('a person confirms, WeChat calls back, the money is settled without a query', async () => {
  const prize = await waiting();
  const view = (await rig.get(PayoutViews).payoutViews([prize.payoutKey])).get(prize.payoutKey)!;
  expect(view.confirm?.mchId).toBe(sandbox.mchId);
  expect(view.billExpiresAt!.getTime() - Date.now()).toBeGreaterThan(23 * 3_600_000);
  await confirm(prize.billNo);
  await until('settled', async () => (await stateOf(prize)) === 'SETTLED');
  expect((await bill(prize.billNo)).creditedFen).toBe(prize.amountFen);
});

it('the callback never comes: a query finds out', async () => {
  const prize = await waiting();
  edge.deaf = true;
  await confirm(prize.billNo);
  await until('settled', async () => {
    await rig.drive(prize);
    return (await stateOf(prize)) === 'SETTLED';
  });
});

it('I9 a thousand equal callbacks: one settle, all answered 200', async () => {
  const prize = await waiting();
  const one = callback(finished(prize));
  const all: number[] = [];
  // All at once, then again now that it is settled; another process has a handler of its own.
  const other = new HandleTransferNotify(
    createLogger('spec', 'silent'),
    NotifyVerifier.fromConfig(sandbox.config()),
    rig.unitOfWork,
    rig.get(ApplyTransferNews),
  );
  const everybody = () => Array.from({ length: 500 }, () => [deliver(one), other.run(one.headers, one.body)]).flat();
  for (let round = 0; round < 2; round++) all.push(...(await Promise.all(everybody())).map(({ status }) => status));
  expect(all).toHaveLength(2000);
  expect(new Set(all)).toEqual(new Set([200]));
  const moves = await db.database.query(
    "SELECT move_no FROM payout_moves WHERE payout_key = ? AND to_state = 'SETTLED'",
    [prize.payoutKey],
  );
  expect(moves).toHaveLength(1);
  await confirm(prize.billNo);
});

it('a callback before the reply: settled at once, and the worker that comes late changes nothing', async () => {
  const prize = await prizeOfWalletOwner();
  await rig.request(prize);
  await sandbox.fault({ scope: 'transfer.create', kind: 'timeout_after_commit', next: 1, ms: 1200 });
  const sending = rig.drive(prize);
  const billNo = await until('WeChat has it', async () => {
    const known = (await rig.payout(prize)).billNo;
    return known !== null && (await bill(known)) ? known : null;
  });
  await confirm(billNo!);
  await until('settled by the callback', async () => (await stateOf(prize)) === 'SETTLED');
  const before = await rig.payout(prize);
  await sending;
  expect(await rig.payout(prize)).toEqual(before);
});

it('a failure that will hit every bill pauses the channel of that merchant, until a send goes through again', async () => {
  const failed = await waiting();
  const fail = { state: 'FAIL', fail_reason: 'PRODUCT_AUTH_CHECK_FAIL' };
  expect((await deliver(callback(finished(failed, fail)))).body.message).toBe('failed');
  const block = async () => {
    const [row] = await db.database.query<{ reason: Buffer }>(
      'SELECT reason FROM channel_blocks WHERE mch_id = ? AND channel = ?',
      [sandbox.mchId, 'transfer_confirm_v3'],
    );
    return row ? textOf(row.reason) : '';
  };
  expect(await block()).toBe('PRODUCT_AUTH_CHECK_FAIL');
  const next = await prizeOfWalletOwner();
  await rig.request(next);
  await rig.drive(next);
  expect(await stateOf(next)).toBe('PENDING');
  await until('paid again', async () => {
    await rig.drive(next);
    return (await stateOf(next)) === 'WAIT_USER';
  });
  expect(await block()).toBe('');
});

it('success after failure and failure after success raise an incident, change nothing, and freeze the prize', async () => {
  const paid = await waiting();
  expect((await deliver(callback(finished(paid)))).status).toBe(200);
  expect((await deliver(callback(finished(paid, { state: 'FAIL', fail_reason: 'OVERDUE_CLOSE' })))).status).toBe(200);
  expect([await stateOf(paid), await incidents(paid)]).toEqual(['SETTLED', ['contradiction']]);
  await confirm(paid.billNo);

  const failed = await waiting();
  const fail = { state: 'FAIL', fail_reason: 'OVERDUE_CLOSE' };
  expect((await deliver(callback(finished(failed, fail)))).status).toBe(200);
  expect((await deliver(callback(finished(failed)))).status).toBe(200);
  expect([await stateOf(failed), await incidents(failed)]).toEqual(['FAILED', ['contradiction']]);
  expect(await rig.request(failed)).toEqual({ kind: 'frozen', state: 'FAILED' });
});

it('another amount, person or merchant, an unknown bill, nonsense: refused, nothing moves', async () => {
  const prize = await waiting();
  const before = await rig.payout(prize);
  for (const change of [{ transfer_amount: prize.amountFen + 1 }, { openid: 'o-thief' }, { mch_id: '1900000110' }]) {
    expect((await deliver(callback(finished(prize, change)))).status).toBe(403);
  }
  expect(await incidents(prize)).toEqual(['mismatch']);
  expect(await deliver(callback(finished(prize, { out_bill_no: 'Y0000000000000000000000000' })))).toEqual({
    status: 404,
    body: { code: 'FAIL', message: 'unknown_bill' },
  });
  expect((await deliver(callback({ ...finished(prize), transfer_amount: '188' }))).status).toBe(403);
  expect((await deliver(callback({ hello: 'world' }))).status).toBe(403);
  expect(await rig.payout(prize)).toEqual(before);
});

it('a wrong signature, an old one, a foreign key, changed bytes and probes are refused before anything is read', async () => {
  const prize = await waiting();
  const good = finished(prize);
  const foreign = sandbox.secrets.sandbox.server.privateKey;
  const now = Math.floor(Date.now() / 1000);
  const refused = async (one: ReturnType<typeof callback>) => {
    const { status, body } = await deliver(one);
    expect(status).toBe(401);
    return body.message;
  };
  expect(await refused(callback(good, { key: foreign }))).toBe('bad_signature');
  expect(await refused(callback(good, { timestamp: now - 301 }))).toBe('clock');
  expect(await refused(callback(good, { timestamp: now + 301 }))).toBe('clock');
  expect(await refused(callback(good, { serial: 'PUB_KEY_ID_0100' }))).toBe('unknown_key');
  expect(await refused(callback(good, { body: '{}' }))).toBe('bad_signature');
  const probe = callback(good);
  probe.headers['wechatpay-signature'] = `WECHATPAY/SIGNTEST/${probe.headers['wechatpay-signature']}`;
  expect(await refused(probe)).toBe('probe');
  expect(await refused({ ...callback(good), headers: {} as never })).toBe('headers_missing');
  expect(await stateOf(prize)).toBe('WAIT_USER');
});

it('I6 a whole rehearsal in small: every fault, some never confirm, a day passes; both ledgers agree to the fen', async () => {
  await sandbox.noFaults();
  const before = await rig.get(LedgerSummaries).ledgerSummary();
  const creditedBefore = (await sandbox.admin<{ creditedFen: number }>('GET', '/ledger/summary')).creditedFen;
  const prizes: Prize[] = [];
  for (let at = 0; at < 24; at++) prizes.push(await prizeOfWalletOwner(100 + at));
  for (const [scope, kind] of [
    ['transfer.create', 'timeout_after_commit'],
    ['transfer.create', 'timeout_before_commit'],
    ['transfer.create', 'system_error_after_commit'],
    ['transfer.create', 'rate_limited'],
    ['transfer.create', 'bad_signature'],
    ['transfer.query', 'system_error'],
    ['notify', 'no_notify'],
    ['notify', 'duplicate_notify'],
  ] as const) {
    await sandbox.fault({ scope, kind, percent: 10, ms: 1600 });
  }
  await sandbox.fault({ scope: 'transfer.create', kind: 'not_enough', next: 2 });
  for (const prize of prizes) await rig.request(prize);
  let running = Promise.resolve();
  let idle = true;
  const reconcile = () => {
    if (!idle) return;
    idle = false;
    running = rig
      .get(ReconcilePayouts)
      .run()
      .finally(() => (idle = true));
  };
  const driveUntil = (what: string, done: (states: string[]) => boolean) =>
    until(
      what,
      async () => {
        reconcile();
        return done(await statesOf(prizes));
      },
      60_000,
    );
  await driveUntil('all wait for their person', (states) => states.every((state) => state === 'WAIT_USER'));
  await sandbox.noFaults();
  for (const prize of prizes.slice(0, 16)) await confirm((await rig.payout(prize)).billNo!);
  await sandbox.admin('POST', '/clock/advance', { seconds: 25 * 3600 });
  await driveUntil('all are over', (states) => states.every((state) => state === 'SETTLED' || state === 'FAILED'));

  const after = await rig.get(LedgerSummaries).ledgerSummary();
  const theirs = await sandbox.admin<{ creditedFen: number; balanced: boolean }>('GET', '/ledger/summary');
  const expected = prizes.slice(0, 16).reduce((sum, { amountFen }) => sum + amountFen, 0);
  expect(after.settledFen - before.settledFen).toBe(expected);
  expect(theirs).toMatchObject({ balanced: true, creditedFen: creditedBefore + expected });
  for (const { payoutKey, amountFen, openid } of prizes) {
    const [row] = await db.database.query<{ state: Buffer }>('SELECT state FROM payouts WHERE payout_key = ?', [
      payoutKey,
    ]);
    const credited = (await sandbox.bills())
      .filter((known) => known.openid === openid)
      .reduce((sum, one) => sum + one.creditedFen, 0);
    expect(credited).toBe(textOf(row!.state) === 'SETTLED' ? amountFen : 0);
  }
  rig.get(ReconcilePayouts).onModuleDestroy();
  await running;
  expect(await rig.get(LedgerCheck).run()).toEqual([]);
}, 150_000);
