import { createCipheriv, createSign, randomBytes } from 'node:crypto';
import type { Test } from 'supertest';
import { ApiRig, type Phone } from './rig';

let rig: ApiRig;
let phone: Phone;
beforeAll(async () => {
  rig = await ApiRig.open();
  await rig.startWorker();
  phone = await rig.phone();
});
afterAll(() => rig.close());

const PATH = '/v1/wechat/notify/transfers';

interface Finished {
  out_bill_no: string;
  state: string;
  mch_id: string;
  transfer_amount: number;
}

/** A callback exactly as WeChat Pay makes one; `spoil` changes the body after it was signed. */
function notify(finished: Finished, spoil: (body: string) => string = (body) => body): Test {
  const { secrets } = rig.sandbox;
  const [merchant] = secrets.wechat.merchants;
  const [nonce, aad] = [randomBytes(6).toString('hex'), 'mch_payment'];
  const cipher = createCipheriv('aes-256-gcm', Buffer.from(merchant!.apiV3Key), Buffer.from(nonce));
  cipher.setAAD(Buffer.from(aad));
  const sealed = Buffer.concat([cipher.update(JSON.stringify(finished), 'utf8'), cipher.final(), cipher.getAuthTag()]);
  const resource = {
    algorithm: 'AEAD_AES_256_GCM',
    original_type: 'mch_payment',
    ciphertext: sealed.toString('base64'),
    nonce,
    associated_data: aad,
  };
  const body = JSON.stringify({
    id: randomBytes(8).toString('hex'),
    create_time: new Date().toISOString(),
    event_type: 'MCHTRANSFER.BILL.FINISHED',
    resource_type: 'encrypt-resource',
    summary: '商家转账',
    resource,
  });
  const timestamp = String(Math.floor(Date.now() / 1000));
  const salt = randomBytes(8).toString('hex');
  const signer = createSign('RSA-SHA256').update(`${timestamp}\n${salt}\n${body}\n`);
  return rig.http
    .post(PATH)
    .set('content-type', 'application/json')
    .set('wechatpay-serial', secrets.wechat.platform.publicKeyId)
    .set('wechatpay-timestamp', timestamp)
    .set('wechatpay-nonce', salt)
    .set('wechatpay-signature', signer.sign(secrets.sandbox.platformPrivateKey, 'base64'))
    .send(spoil(body));
}

/** A bill that waits for its person, and where its money is. */
async function waitingBill(): Promise<{ bill: Finished; state: () => Promise<string> }> {
  const batch = await rig.batch();
  await rig.campaign([batch.id]);
  const { body } = await phone.scan(batch.text(1)).expect(200);
  const { awardId } = body.reward;
  await phone.agent.post(`/v1/h5/awards/${awardId}/claim`).expect(202);
  await phone.award(awardId, 'confirm');
  const key = `${batch.id}:0:1:0`;
  const read = (): Promise<{ bill: Buffer; state: Buffer }[]> =>
    rig.db.database.query('SELECT bill_no AS bill, state FROM payouts WHERE payout_key = ?', [key]);
  const [row] = await read();
  const out_bill_no = row!.bill.toString();
  return {
    bill: { out_bill_no, state: 'SUCCESS', mch_id: rig.sandbox.mchId, transfer_amount: 88 },
    state: async () => (await read())[0]!.state.toString(),
  };
}

it('a bad signature changes nothing', async () => {
  const { bill, state } = await waitingBill();
  const { body } = await notify(bill, (text) => text.replace('encrypt-resource', 'encrypt-rezource')).expect(401);
  expect(body).toEqual({ code: 'FAIL', message: 'bad_signature' });
  expect(await state()).toBe('WAIT_USER');
});

it('another amount changes nothing and raises an incident', async () => {
  const { bill, state } = await waitingBill();
  await notify({ ...bill, transfer_amount: 8800 }).expect(403, { code: 'FAIL', message: 'mismatch' });
  expect(await state()).toBe('WAIT_USER');
  const incidents = await rig.count('SELECT COUNT(*) FROM payout_incidents WHERE bill_no = ?', [bill.out_bill_no]);
  expect(incidents).toBe(1);
});

it('a bill that is not ours is refused and writes nothing', async () => {
  const before = await rig.count('SELECT COUNT(*) FROM payout_moves');
  const stranger = {
    out_bill_no: 'Y0000000000000000000000000',
    state: 'SUCCESS',
    mch_id: rig.sandbox.mchId,
    transfer_amount: 88,
  };
  await notify(stranger).expect(404, { code: 'FAIL', message: 'unknown_bill' });
  expect(await rig.count('SELECT COUNT(*) FROM payout_moves')).toBe(before);
});

it('a genuine one settles once, however often it comes', async () => {
  const { bill, state } = await waitingBill();
  await notify(bill).expect(200, { code: 'SUCCESS', message: 'settled' });
  expect(await state()).toBe('SETTLED');
  await notify(bill).expect(200, { code: 'SUCCESS', message: 'duplicate' });
  const moves = 'SELECT COUNT(*) FROM payout_moves WHERE bill_no = ? AND to_state = ?';
  expect(await rig.count(moves, [bill.out_bill_no, 'SETTLED'])).toBe(1);
});

it.each([
  ['no headers', {}],
  ['a signature test of WeChat', { 'wechatpay-signature': 'WECHATPAY/SIGNTEST/abc' }],
])('%s: refused', async (_what, headers) => {
  const full = { 'wechatpay-serial': 'x', 'wechatpay-timestamp': '1', 'wechatpay-nonce': 'n', ...headers };
  const request = rig.http.post(PATH).set('content-type', 'application/json');
  await request
    .set(Object.keys(headers).length === 0 ? {} : full)
    .send('{}')
    .expect(401);
});

it('a callback that is no JSON at all gets past the reader and is refused by the verifier', async () => {
  await rig.http.post(PATH).set('content-type', 'application/json').send('not json').expect(401);
});
