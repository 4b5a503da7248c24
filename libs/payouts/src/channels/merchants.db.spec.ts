import { placeholders, textOf } from '@app/database';
import { openTestDatabase, openTestSandbox, until, type TestDatabase, type TestSandbox } from '@app/testing';
import { PaymentWire, TransferBillsApi } from '@app/wechat';
import { HandleTransferNotify } from '../callbacks/handle-transfer-notify';
import { openNotifyEdge, type NotifyEdge } from '../callbacks/notify-edge.contract';
import { DrivePayouts } from '../driving/drive-payouts';
import { openPayouts, QUICK, type PayoutsRig, type Prize } from '../driving/payouts-rig.contract';
import { newBillNo } from './payout-channel.contract';
import { TransferConfirmChannel, TRANSFER_NOTIFY_PATH } from './transfer-confirm.channel';

jest.setTimeout(60_000);

const NEXT_KEY = 'PUB_KEY_ID_0119000001092026112100000000000002';
let db: TestDatabase;
let sandbox: TestSandbox;
let rig: PayoutsRig;
let edge: NotifyEdge;
beforeAll(async () => {
  db = await openTestDatabase();
  sandbox = await openTestSandbox({ nextPlatformKey: true });
  edge = await openNotifyEdge();
  const waitsChange = { ...QUICK, payoutLeaseMs: 2000, wechatTimeoutMs: 1500 };
  const config = sandbox.config({ merchantCount: 2, notifyUrl: edge.url, waitsChange });
  rig = await openPayouts(db, { config, realChannels: true });
  edge.handlers = {
    [TRANSFER_NOTIFY_PATH]: (headers, body) => rig.get(HandleTransferNotify).run(headers, body),
  };
}, 90_000);
afterEach(() => sandbox.noFaults());
afterAll(async () => {
  await rig.close();
  edge.close();
  await sandbox.stop();
  await db.close();
});

let people = 0;
const prize = async (): Promise<Prize> => rig.prize(188, await sandbox.addUser(`merchant-${++people}`));
const rowOf = async (one: Prize) => {
  const { mchId, state, billNo } = await rig.payout(one);
  return { mchId, state, billNo };
};
const alarms = async () => {
  const rows = await db.database.query<{ incident_key: Buffer }>(
    "SELECT incident_key FROM payout_incidents WHERE kind = 'channel_blocked' AND resolved_at IS NULL",
  );
  return rows.map((row) => textOf(row.incident_key));
};

it('an account without money stops itself only, with one alarm, keeps its payouts, and goes on by itself after the top-up', async () => {
  const [empty, full] = ['1900000109', '1900000110'];
  await sandbox.fault({ scope: 'transfer.create', kind: 'not_enough', mchId: empty! });
  const prizes = await Promise.all(Array.from({ length: 24 }, prize));
  for (const one of prizes) await rig.request(one);
  const born = new Map(await Promise.all(prizes.map(async (one) => [one, (await rowOf(one)).mchId] as const)));
  const of = (mchId: string | undefined) => prizes.filter((one) => born.get(one) === mchId);
  expect([of(empty).length, of(full).length].every((count) => count > 3)).toBe(true);

  const began = Date.now();
  await until(
    'the other account has paid all of its own',
    async () => {
      // On a busy machine a turn may come after the lease: what was not driven comes again, as it would to a reconciler.
      await rig
        .get(DrivePayouts)
        .run(prizes.map(({ payoutKey }) => payoutKey))
        .catch(() => undefined);
      const states = await Promise.all(of(full).map(rowOf));
      return states.every(({ state }) => state === 'WAIT_USER');
    },
    30_000,
  );
  for (const one of of(empty)) expect(await rowOf(one)).toMatchObject({ mchId: empty, state: 'PENDING' });
  expect(await alarms()).toEqual([`channel_blocked:${empty}:transfer_confirm_v3`]);
  // Met once by those under way, then by single probes: never once per waiting payout and turn.
  const keys = of(empty).map(({ payoutKey }) => payoutKey);
  const [sent] = await db.database.query<{ sends: string }>(
    `SELECT COUNT(*) AS sends FROM payout_attempts a JOIN payout_bills b ON b.bill_no = a.bill_no
     WHERE a.act = 'send' AND b.payout_key IN (${placeholders(keys)})`,
    keys,
  );
  const probes = 2 + Math.ceil((Date.now() - began) / QUICK.retryMs[0]);
  expect(Number(sent!.sends)).toBeLessThanOrEqual(keys.length + probes);

  await sandbox.noFaults();
  await until(
    'the first account goes on by itself',
    async () => {
      await rig.get(DrivePayouts).run(prizes.map(({ payoutKey }) => payoutKey));
      return (await Promise.all(prizes.map(rowOf))).every(({ state }) => state === 'WAIT_USER');
    },
    30_000,
  );
  expect(await alarms()).toEqual([]);
  for (const one of prizes) expect((await rowOf(one)).mchId).toBe(born.get(one));
  const bills = await sandbox.bills();
  for (const one of prizes) {
    const { billNo } = await rowOf(one);
    expect(bills.filter(({ outBillNo }) => outBillNo === billNo).map(({ mchId }) => mchId)).toEqual([born.get(one)]);
  }
});

it('while WeChat changes its key, both are believed: in callbacks and in answers', async () => {
  const one = await prize();
  await rig.request(one);
  await until('it waits for its person', async () => {
    await rig.drive(one);
    return (await rowOf(one)).state === 'WAIT_USER';
  });
  await sandbox.admin('POST', '/platform', { publicKeyId: NEXT_KEY });
  edge.answers.length = 0;
  await sandbox.admin('POST', `/transfers/${(await rowOf(one)).billNo}/confirm`, {});
  await until('settled by a callback under the next key', async () => (await rowOf(one)).state === 'SETTLED');
  expect(edge.answers).toEqual([200]);

  // WeChat no longer knows the key we ask for, and answers with the next one.
  const config = sandbox.config();
  const gone = { ...config.wechat.platform, publicKeyId: 'PUB_KEY_ID_0100' };
  const changed = { ...config, wechat: { ...config.wechat, platform: gone } };
  const wire = new PaymentWire(changed);
  const channel = new TransferConfirmChannel(changed, new TransferBillsApi(wire));
  const openid = await sandbox.addUser(`merchant-${++people}`);
  const frozen = channel.prepare({ billNo: newBillNo(), mchId: sandbox.mchId, amountFen: 188, openid });
  expect((await channel.send(frozen)).meaning.kind).toBe('wait_user');
  wire.onApplicationShutdown();

  // Without the next key in our file nobody can say that WeChat wrote it.
  const deaf = { ...changed, wechat: { ...changed.wechat, platform: { ...gone, others: [] } } };
  const deafWire = new PaymentWire(deaf);
  const unread = await new TransferConfirmChannel(deaf, new TransferBillsApi(deafWire)).query(frozen);
  expect(unread.meaning).toEqual({ kind: 'unknown', why: 'unverified', alarm: true });
  deafWire.onApplicationShutdown();
  await sandbox.admin('POST', '/platform', { publicKeyId: sandbox.secrets.wechat.platform.publicKeyId });
});
