import { publicEncrypt, constants } from 'node:crypto';
import { Agent } from 'node:https';
import { createRequire } from 'node:module';
import { BILLS, Rig } from './rig';

interface Verbs<T> {
  get(config?: object): Promise<{ data: T }>;
  post(data?: object, config?: object): Promise<{ data: T }>;
}
interface Client {
  chain<T = Record<string, unknown>>(path: string): Verbs<T>;
}
interface Failure {
  code?: string;
  response?: { status: number; data: Record<string, string> };
}
type Wechatpay = new (config: object) => Client;
const { Wechatpay } = createRequire(__filename)('wechatpay-axios-plugin') as { Wechatpay: Wechatpay };

jest.setTimeout(30_000);

/** The client library a merchant would use, pointed at the sandbox by nothing but its documented options. */
describe('a merchant with wechatpay-axios-plugin', () => {
  const rig = new Rig();
  let client: Client;
  let openid = '';
  beforeAll(async () => {
    await rig.start();
    openid = await rig.openid('u05');
    const { merchant, keys } = rig;
    const { publicKeyId, publicKey } = keys.secrets.wechat.platform;
    client = new Wechatpay({
      baseURL: `${rig.url('pay')}/`,
      timeout: 5_000,
      mchid: merchant.mchId,
      serial: merchant.serialNo,
      privateKey: merchant.privateKey,
      certs: { [publicKeyId]: publicKey },
      secret: merchant.apiV2Key,
      merchant: { cert: merchant.certificate, key: merchant.privateKey, ca: keys.ca },
      httpsAgent: new Agent({ ca: keys.ca }),
    });
  });
  afterAll(() => rig.stop());

  const packet = (no: string): object => ({
    nonce_str: 'N0123456789',
    mch_billno: no,
    mch_id: rig.merchant.mchId,
    wxappid: rig.appId,
    send_name: '青禾',
    re_openid: openid,
    total_amount: 188,
    total_num: 1,
    wishing: '开盖有礼',
    client_ip: '127.0.0.1',
    act_name: '扫码有礼',
    remark: '一物一码',
  });

  it('sends a red packet and asks for it', async () => {
    const sent = await client
      .chain<Record<string, string>>('v2/mmpaymkttransfers/sendredpack')
      .post(packet('V2A'), { security: true });
    expect(sent.data).toMatchObject({ result_code: 'SUCCESS', mch_billno: 'V2A' });
    const asked = await client
      .chain<Record<string, string>>('v2/mmpaymkttransfers/gethbinfo')
      .post(
        { nonce_str: 'N', mch_billno: 'V2A', mch_id: rig.merchant.mchId, appid: rig.appId, bill_type: 'MCHT' },
        { security: true },
      );
    expect(asked.data).toMatchObject({ total_amount: '188', status: expect.stringMatching(/^SEN/) });
  });

  it('is told CA_ERROR without its certificate', async () => {
    const failure = (await client
      .chain<Record<string, string>>('v2/mmpaymkttransfers/sendredpack')
      .post(packet('V2B'))
      .catch((error: unknown) => error)) as Failure;
    expect(failure.code).toBe('EV2_RES_STATUS_CODE_NOT_SUCESS');
    expect(failure.response?.data).toMatchObject({ err_code: 'CA_ERROR' });
  });

  it('creates, queries and cancels a transfer, and verifies every answer', async () => {
    const headers = { 'Wechatpay-Serial': rig.keys.secrets.wechat.platform.publicKeyId };
    const name = publicEncrypt(
      { key: rig.keys.secrets.wechat.platform.publicKey, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha1' },
      Buffer.from('梁志强'),
    ).toString('base64');
    const created = await client.chain(BILLS.slice(1)).post(rig.order('V3A', openid, { user_name: name }), { headers });
    expect(created.data).toMatchObject({ state: 'WAIT_USER_CONFIRM' });
    const queried = await client.chain(`${BILLS.slice(1)}/out-bill-no/V3A`).get({ headers });
    expect(queried.data).toMatchObject({ state: 'WAIT_USER_CONFIRM', openid, transfer_amount: 188 });
    const cancelled = await client.chain(`${BILLS.slice(1)}/out-bill-no/V3A/cancel`).post(undefined, { headers });
    expect(cancelled.data).toMatchObject({ state: 'CANCELING' });
  });

  it('notices a spoiled signature and is told business refusals', async () => {
    await rig.admin('POST', '/faults', { scope: 'transfer.create', kind: 'bad_signature', next: 1 });
    const spoiled = (await client
      .chain(BILLS.slice(1))
      .post(rig.order('V3B', openid))
      .catch((error: unknown) => error)) as Failure;
    expect(spoiled.code).toBe('EV3_RES_HEADER_SIGNATURE_DIGEST');
    const refused = (await client
      .chain(BILLS.slice(1))
      .post(rig.order('V3B', openid, { transfer_amount: 200 }))
      .catch((error: unknown) => error)) as Failure;
    expect(refused.response).toMatchObject({ status: 400, data: { code: 'INVALID_REQUEST' } });
  });
});
