import { generateKeyPairSync } from 'node:crypto';
import { ERROR_CODES, V3_ERRORS } from '../src/pay/error-codes';
import { makeKeys } from './keys';
import { BILLS, Rig } from './rig';

jest.setTimeout(30_000);

describe('faults with a code', () => {
  const next = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  });
  const keys = makeKeys();
  const NEXT_ID = 'PUB_KEY_ID_0119000001092026112100000000000002';
  keys.secrets.sandbox.otherPlatformKeys = [{ publicKeyId: NEXT_ID, privateKey: next.privateKey }];
  const rig = new Rig(keys);
  let openid = '';
  beforeAll(async () => {
    await rig.start();
    openid = await rig.openid('u01');
  });
  afterAll(() => rig.stop());
  afterEach(() => rig.admin('DELETE', '/faults'));

  it.each(ERROR_CODES['transfer.create']!.map((code) => [code]))(
    '%s before and after the work is done',
    async (code) => {
      const [status] = V3_ERRORS[code]!;
      const numbers = [
        `E${code.replaceAll('_', '')}`.slice(0, 20),
        `L${code.replaceAll('_', '')}`.slice(0, 20),
      ] as const;
      for (const [at, kind] of [
        [0, 'error'],
        [1, 'error_after_commit'],
      ] as const) {
        await rig.admin('POST', '/faults', { scope: 'transfer.create', kind, code, next: 1 });
        const reply = await rig.v3('POST', BILLS, rig.order(numbers[at], openid));
        expect([reply.status, reply.json['code']]).toEqual([status, code]);
        expect(rig.signedByPlatform(reply)).toBe(true);
      }
      expect((await rig.v3('GET', `${BILLS}/out-bill-no/${numbers[0]}`)).status).toBe(404);
      expect((await rig.v3('GET', `${BILLS}/out-bill-no/${numbers[1]}`)).status).toBe(200);
    },
  );

  it('a code that the call does not have is refused with those it has', async () => {
    for (const [scope, code] of [
      ['transfer.create', 'NOTENOUGH'],
      ['sendredpack', 'NOT_ENOUGH'],
      ['gethbinfo', 'SEND_FAILED'],
      ['oauth', '40029'],
    ]) {
      const refused = await rig.adminRaw('POST', '/faults', { scope, kind: 'error', code, next: 1 });
      expect(refused.status).toBe(400);
    }
  });

  it('signs with the key that the request names, and with the one that the operator chose otherwise', async () => {
    const first = rig.keys.secrets.wechat.platform.publicKeyId;
    const serialOf = async () => (await rig.v3('GET', `${BILLS}/out-bill-no/NONE`)).headers['wechatpay-serial'];
    expect(await serialOf()).toBe(first);
    await rig.admin('POST', '/platform', { publicKeyId: NEXT_ID });
    expect(await serialOf()).toBe(NEXT_ID);
    await rig.admin('POST', '/platform', { publicKeyId: first });
    expect((await rig.adminRaw('POST', '/platform', { publicKeyId: 'PUB_KEY_ID_09' })).status).toBe(404);
  });
});
