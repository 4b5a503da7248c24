import { createCipheriv, generateKeyPairSync, sign } from 'node:crypto';
import { ManualClock } from '@app/kernel';
import { jsSignature } from './js-sdk';
import { decrypt, NotifyVerifier } from './notify-verifier';
import { OAUTH_ERRORS, oauthFailureOf } from './oauth-failures';
import { readBroken, readReply } from './read-reply';

const pair = () =>
  generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });

it('signs a page as in the official samples', () => {
  const ticket = 'sM4AOVdWfPE4DxkXGEs8VMCPGGVi4C3VM0P37wVUCFvkVAy_90u5h9nbSlYy3-Sl-HhTdfl2fzFy1AOcHKP7qg';
  const parts = { ticket, nonceStr: 'Wm3WZYTPz0wzccnW', timestamp: 1414587457 };
  expect(jsSignature({ ...parts, url: 'http://mp.weixin.qq.com?params=value' })).toBe(
    '0f9de62fce790f9a083d5c99e95740ceb90c27ed',
  );
  expect(jsSignature({ ...parts, url: 'http://mp.weixin.qq.com' })).toBe('f4d90daf4b3bca3078ab155816175ba34c443a7b');
});

it('decrypts the reference ciphertext, and nothing with another key, nonce or associated data', () => {
  const sealed = {
    ciphertext: 'DUcAl6TqAsMEOmUux7Cjo2R4gLBE4vlkwV26wRoAY352DG4=',
    nonce: 'fdasflkja484',
    associated_data: 'mch_payment',
  };
  const key = '0123456789abcdef0123456789abcdef';
  expect(decrypt(key, sealed)).toBe('{"state":"SUCCESS"}');
  expect(decrypt(key.replace('0', '1'), sealed)).toBeNull();
  expect(decrypt(key, { ...sealed, associated_data: '' })).toBeNull();
  expect(decrypt(key, { ...sealed, nonce: 'fdasflkja485' })).toBeNull();
  expect(decrypt(key, { ...sealed, ciphertext: 'AAAA' })).toBeNull();
});

it('verifies with both platform keys while one is being changed, and only within 300 seconds', () => {
  const [old, next] = [pair(), pair()];
  const clock = new ManualClock(new Date('2026-11-21T10:00:00Z'));
  const apiV3Key = '0123456789abcdef0123456789abcdef';
  const verifier = new NotifyVerifier(
    {
      platform: new Map([
        ['5157F09EFDC096DE', old.publicKey],
        ['PUB_KEY_ID_01', next.publicKey],
      ]),
      merchants: new Map([
        ['1900000110', 'x'.repeat(32)],
        ['1900000109', apiV3Key],
      ]),
    },
    clock,
  );
  const nonce = 'fdasflkja484';
  const cipher = createCipheriv('aes-256-gcm', apiV3Key, nonce).setAAD(Buffer.from(''));
  const sealed = Buffer.concat([cipher.update('{"out_bill_no":"Y1"}'), cipher.final(), cipher.getAuthTag()]);
  const resource = { algorithm: 'AEAD_AES_256_GCM', ciphertext: sealed.toString('base64'), nonce };
  const body = Buffer.from(JSON.stringify({ id: 'x', event_type: 'MCHTRANSFER.BILL.FINISHED', resource }));
  const headers = (serial: string, key: string) => {
    const message = Buffer.concat([Buffer.from('1795255200\nn\n'), body, Buffer.from('\n')]);
    return {
      'wechatpay-serial': serial,
      'wechatpay-timestamp': '1795255200',
      'wechatpay-nonce': 'n',
      'wechatpay-signature': sign('RSA-SHA256', message, key).toString('base64'),
    };
  };
  const at = Number(headers('', old.privateKey)['wechatpay-timestamp']);
  clock.set(new Date(at * 1000));
  for (const [serial, key] of [
    ['5157F09EFDC096DE', old.privateKey],
    ['PUB_KEY_ID_01', next.privateKey],
  ] as const) {
    expect(verifier.verifyNotify(headers(serial, key), body)).toMatchObject({
      kind: 'genuine',
      mchId: '1900000109',
      resource: { out_bill_no: 'Y1' },
    });
  }
  expect(verifier.verifyNotify(headers('PUB_KEY_ID_01', old.privateKey), body)).toEqual({
    kind: 'refused',
    reason: 'bad_signature',
  });
  const good = headers('PUB_KEY_ID_01', next.privateKey);
  for (const [seconds, reason] of [
    [299, null],
    [300, 'clock'],
    [-299, null],
    [-300, 'clock'],
  ] as const) {
    clock.set(new Date((at + seconds) * 1000));
    const verdict = verifier.verifyNotify(good, body);
    if (reason) expect(verdict).toEqual({ kind: 'refused', reason });
    else expect(verdict.kind).toBe('genuine');
  }
});

it('a code of OAuth leads to one reaction, an unlisted one to a quiet retry by the person', () => {
  expect(oauthFailureOf(40163)).toMatchObject({ reason: 'code_spent', cure: 'authorize_again' });
  expect(oauthFailureOf(40001)).toMatchObject({ cure: 'alarm' });
  expect(oauthFailureOf(99999)).toMatchObject({ cure: 'try_later', errcode: 99999 });
  expect(OAUTH_ERRORS.size).toBe(18);
});

describe('what the wire client makes of trouble', () => {
  const thrown = (code: string, response?: { status: number; data: unknown }) =>
    Object.assign(new Error(code), { code, response });

  it('knows when provably nothing was sent', () => {
    for (const code of [
      'ECONNREFUSED',
      'ENOTFOUND',
      'EAI_AGAIN',
      'EHOSTUNREACH',
      'CERT_HAS_EXPIRED',
      'ERR_TLS_CERT_ALTNAME_INVALID',
    ]) {
      expect(readBroken(thrown(code))).toMatchObject({ noReply: true, provablyNotSent: true });
    }
    const both = Object.assign(new AggregateError([thrown('ECONNREFUSED'), thrown('ECONNREFUSED')]), {
      code: 'ECONNREFUSED',
    });
    expect(readBroken(both)).toMatchObject({ provablyNotSent: true });
    const mixed = Object.assign(new AggregateError([thrown('ECONNREFUSED'), thrown('ETIMEDOUT')]), {
      code: 'ECONNREFUSED',
    });
    expect(readBroken(mixed)).toMatchObject({ provablyNotSent: false });
  });

  it('knows when it does not know', () => {
    for (const code of ['ECONNRESET', 'EPIPE', 'ECONNABORTED', 'ETIMEDOUT', 'ERR_CANCELED', 'SOMETHING_NEW', '']) {
      expect(readBroken(thrown(code))).toMatchObject({ noReply: true, provablyNotSent: false });
    }
    expect(
      readBroken(thrown('EV3_RES_HEADER_SIGNATURE_DIGEST', { status: 200, data: { state: 'SUCCESS' } })),
    ).toMatchObject({
      noReply: true,
      cause: 'unverified',
    });
    const page = { status: 502, data: '<html>bad gateway openid=o-secret</html>' };
    expect(readBroken(thrown('ERR_BAD_RESPONSE', page))).toMatchObject({ noReply: true, cause: 'unreadable' });
    expect(JSON.stringify(readBroken(thrown('ERR_BAD_RESPONSE', page)))).not.toContain('o-secret');
  });

  it('I23 keeps people and packages out of the evidence', () => {
    const data = {
      out_bill_no: 'Y1',
      openid: 'o-secret',
      package_info: 'p-secret',
      hblist: { hbinfo: [{ openid: 'o-secret' }] },
    };
    const reply = readReply({ status: 200, data });
    expect(reply).toMatchObject({ noReply: false, httpStatus: 200, code: null, body: data });
    expect(reply.raw).not.toContain('secret');
    expect(reply.raw).toContain('Y1');
  });

  it('reads codes of both generations', () => {
    expect(readBroken(thrown('ERR_BAD_REQUEST', { status: 403, data: { code: 'NOT_ENOUGH' } }))).toMatchObject({
      code: 'NOT_ENOUGH',
    });
    const v2 = (data: object) => readBroken(thrown('EV2_RES_STATUS_CODE_NOT_SUCESS', { status: 200, data }));
    expect(v2({ return_code: 'SUCCESS', result_code: 'FAIL', err_code: 'NOTENOUGH' })).toMatchObject({
      code: 'NOTENOUGH',
    });
    expect(v2({ return_code: 'FAIL', return_msg: '签名错误' })).toMatchObject({ code: 'RETURN_FAIL' });
    expect(v2({ return_code: 'SUCCESS', result_code: 'FAIL' })).toMatchObject({ code: 'NO_CODE' });
  });
});
