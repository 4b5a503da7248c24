import { openTestDatabase, openTestSandbox, until, type TestDatabase, type TestSandbox } from '@app/testing';
import { LedgerCheck } from '../ledger/ledger-check';
import { CheckBill } from './check-bill';
import { openPayouts, QUICK, type PayoutsRig, type Prize } from './payouts-rig.contract';
import { PayoutsRepository } from './payouts.repository';
import { RecordOutcome } from './record-outcome';

jest.setTimeout(60_000);

let db: TestDatabase;
let sandbox: TestSandbox;
let rig: PayoutsRig;
beforeAll(async () => {
  db = await openTestDatabase();
  sandbox = await openTestSandbox();
  const base = sandbox.config({ waitsChange: { ...QUICK, payoutLeaseMs: 2000, wechatTimeoutMs: 1500 } });
  const merchants = base.wechat.merchants.map((one) => ({ ...one, channels: ['redpack_v2'] as const }));
  const config = { ...base, wechat: { ...base.wechat, merchants } };
  rig = await openPayouts(db, { config, realChannels: true });
}, 90_000);
afterAll(async () => {
  await rig.close();
  await sandbox.stop();
  await db.close();
});

let people = 0;
/** A packet that lies in the chat, and that our books hold settled all the same: as two people may have decided. */
async function settledTooEarly(): Promise<Prize & { billNo: string }> {
  const prize = await rig.prize(188, await sandbox.addUser(`returned-${++people}`));
  await rig.request(prize);
  await rig.drive(prize);
  const { billNo, channel } = await rig.payout(prize);
  expect(channel).toBe('redpack_v2');
  await rig.unitOfWork.run(async (tx) => {
    const payout = (await rig.get(PayoutsRepository).lock(tx, prize.payoutKey))!;
    await rig.get(RecordOutcome).byCallback(tx, payout, { kind: 'succeeded' });
  });
  return { ...prize, billNo: billNo! };
}
const budget = async ({ budgetId }: Prize) => {
  const [row] = await db.database.query<{ reserved_fen: string; settled_fen: string }>(
    'SELECT reserved_fen, settled_fen FROM budgets WHERE id = ?',
    [budgetId],
  );
  return { reserved: Number(row!.reserved_fen), settled: Number(row!.settled_fen) };
};
const incidents = ({ payoutKey }: Prize) =>
  db.database.query('SELECT id FROM payout_incidents WHERE payout_key = ?', [payoutKey]);

it('SETTLED becomes REFUNDED only by WeChat’s own word REFUND; then the prize can be had again, once', async () => {
  const prize = await settledTooEarly();
  expect(await budget(prize)).toEqual({ reserved: 0, settled: 188 });
  await sandbox.admin('POST', '/clock/advance', { seconds: 25 * 3600 });
  await until('refunded', async () => {
    await rig.get(CheckBill).run(prize.billNo);
    return (await rig.payout(prize)).state === 'REFUNDED';
  });
  expect(await budget(prize)).toEqual({ reserved: 188, settled: 0 });
  expect((await rig.payout(prize)).failReason).toBe('REFUND');
  await rig.get(CheckBill).run(prize.billNo);
  expect(await budget(prize)).toEqual({ reserved: 188, settled: 0 });

  expect(await rig.request(prize)).toMatchObject({ kind: 'requested' });
  await rig.drive(prize);
  const { billNo, offerNo } = await rig.payout(prize);
  expect(offerNo).toBe(2);
  await until('sent', async () => {
    await rig.drive(prize);
    return (await sandbox.bills()).find(({ outBillNo }) => outBillNo === billNo)?.state === 'SENT';
  });
  await sandbox.admin('POST', `/redpacks/${billNo}/receive`, {});
  await until('settled', async () => {
    await db.asOwner.query(
      'UPDATE payouts SET next_at = UTC_TIMESTAMP(6) WHERE payout_key = ? AND next_at IS NOT NULL',
      [prize.payoutKey],
    );
    await rig.drive(prize);
    return (await rig.payout(prize)).state === 'SETTLED';
  });
  expect(await budget(prize)).toEqual({ reserved: 0, settled: 188 });
  const credited = (await sandbox.bills()).filter(({ openid }) => openid === prize.openid);
  expect(credited.reduce((sum, { creditedFen }) => sum + creditedFen, 0)).toBe(188);
  expect((await rig.get(LedgerCheck).run()).filter((fault) => JSON.stringify(fault).includes(prize.payoutKey))).toEqual(
    [],
  );
});

it('any other answer moves nothing: on its way, silence, not found; what contradicts goes to people', async () => {
  const prize = await settledTooEarly();
  const before = await rig.payout(prize);
  for (const fault of [
    { scope: 'gethbinfo', kind: 'timeout_before_commit', ms: 1700 },
    { scope: 'gethbinfo', kind: 'error', code: 'SYSTEMERROR' },
  ]) {
    await sandbox.fault({ ...fault, next: 1 });
    await rig.get(CheckBill).run(prize.billNo);
  }
  expect(await incidents(prize)).toEqual([]);
  await rig.get(CheckBill).run(prize.billNo);
  expect(await rig.payout(prize)).toMatchObject({ state: 'SETTLED', moveNo: before.moveNo });
  expect(await budget(prize)).toEqual({ reserved: 0, settled: 188 });
  expect(await incidents(prize)).toHaveLength(1);
});
