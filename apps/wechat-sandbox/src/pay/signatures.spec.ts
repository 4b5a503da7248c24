import { createHash, generateKeyPairSync } from 'node:crypto';
import { jsSignature } from '../page/js-routes';
import { encrypt, parseAuthorization, requestMessage, responseMessage, signature, verifies } from './v3-signature';
import { md5Sign, readXml, writeXml } from './v2-wire';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const KEY = '192006250b4c09247ec02edce69f6a2d';

describe('v2 signature', () => {
  it('equals the official example', () => {
    const fields = {
      appid: 'wxd930ea5d5a258f4f',
      body: 'test',
      device_info: '1000',
      mch_id: '10000100',
      nonce_str: 'ibuaiVcKdpRxkhJA',
    };
    expect(md5Sign(fields, KEY)).toBe('9A0A8659F005D6984697E2CA0A9CF3B7');
    expect(md5Sign({ ...fields, sign: 'ignored', empty: '' }, KEY)).toBe('9A0A8659F005D6984697E2CA0A9CF3B7');
  });

  it.each([
    [
      {
        act_name: 'ACT',
        client_ip: '127.0.0.1',
        mch_billno: '100000982014111112345678',
        mch_id: '10000098',
        nonce_str: 'NONCE0123456789',
        re_openid: 'oxTWIuGaIt6gTKsQRLau2M0yL16E',
        remark: 'R',
        scene_id: 'PRODUCT_2',
        send_name: 'SHOP',
        total_amount: '100',
        total_num: '1',
        wishing: 'HI',
        wxappid: 'wx8888888888888888',
      },
      '793155C02EA1ACD67E0CC6A91ECF8E53',
    ],
    [
      {
        wxappid: 'wx8888888888888888',
        act_name: '猜灯谜抢红包活动',
        client_ip: '192.168.0.1',
        mch_billno: '10000098201411111234567890',
        mch_id: '10000098',
        nonce_str: '5K8264ILTKCH16CQ2502SI8ZNMTM67VS',
        re_openid: 'oxTWIuGaIt6gTKsQRLau2M0yL16E',
        remark: '猜越多得越多，快来抢！',
        scene_id: 'PRODUCT_2',
        send_name: '天虹百货',
        total_amount: '1000',
        total_num: '1',
        wishing: '感谢您参加猜灯谜活动，祝您元宵节快乐！',
      },
      '004407BF2FAEBA79F19A877F83E306DA',
    ],
    [
      {
        appid: 'wxe062425f740d30d8',
        bill_type: 'MCHT',
        mch_billno: '10000098201411111234567890',
        mch_id: '10000098',
        nonce_str: '5K8264ILTKCH16CQ2502SI8ZNMTM67VS',
      },
      '3C2F21F0DA04C5D8BDAC3608066A3D42',
    ],
  ])('of a request in any field order: %#', (fields, sign) => {
    expect(md5Sign(fields, KEY)).toBe(sign);
  });
});

describe('v2 XML', () => {
  it('comes back as it went out', () => {
    const fields = { a: 'x ]]> y', b: '<&>"\'', c: '中文' };
    expect(readXml(writeXml(fields))).toEqual(fields);
    expect(readXml('<xml><a>1 &amp;lt; 2</a></xml>')).toEqual({ a: '1 &lt; 2' });
  });

  it.each([
    '',
    'x',
    '<xml><a><b>1</b></a></xml>',
    '<xml><a>1</a><a>2</a></xml>',
    '<xml><a>1</b></xml>',
    '<other><a>1</a></other>',
  ])('refuses %j', (text) => expect(readXml(text)).toBeUndefined());
});

describe('JS-SDK signature', () => {
  const ticket = 'sM4AOVdWfPE4DxkXGEs8VMCPGGVi4C3VM0P37wVUCFvkVAy_90u5h9nbSlYy3-Sl-HhTdfl2fzFy1AOcHKP7qg';
  it('equals the official examples', () => {
    const of = (url: string): string => jsSignature(ticket, 'Wm3WZYTPz0wzccnW', '1414587457', url);
    expect(of('http://mp.weixin.qq.com?params=value')).toBe('0f9de62fce790f9a083d5c99e95740ceb90c27ed');
    expect(of('http://mp.weixin.qq.com')).toBe('f4d90daf4b3bca3078ab155816175ba34c443a7b');
  });
});

describe('v3 messages', () => {
  const [time, nonce] = ['1554208460', '593BEC0C930BF1AFEB40B4A08C8FB242'];

  it('of requests', () => {
    const get = requestMessage('GET', '/v3/certificates', time, nonce, '');
    expect([get.length, sha256(get)]).toEqual([66, 'fab5c8a222049f386cb01453c7dc712c7997e756271557b0ef6e2e5060575373']);
    const cancel = requestMessage(
      'POST',
      '/v3/fund-app/mch-transfer/transfer-bills/out-bill-no/plfk2020042013/cancel',
      time,
      nonce,
      '',
    );
    expect([cancel.length, sha256(cancel)]).toEqual([
      125,
      'ce2c45d3699354dd841c2c22fb04926c144f0f749506c800a5d4b27cb251e8a1',
    ]);
    const body =
      '{"appid":"wxf636efh567hg4356","out_bill_no":"plfk2020042013","transfer_scene_id":"1000","openid":"o-MYE42l80oelYMDE34nYD456Xoy","transfer_amount":100,"transfer_remark":"scan reward","transfer_scene_report_infos":[{"info_type":"活动名称","info_content":"扫码有礼"},{"info_type":"奖励说明","info_content":"一物一码红包"}]}';
    const create = requestMessage('POST', '/v3/fund-app/mch-transfer/transfer-bills', time, nonce, body);
    expect([Buffer.byteLength(create), sha256(create)]).toEqual([
      429,
      '7f966157d277f6cf38073e107485c6e0c34cb161d290e6a59b21e39ac2ac1d79',
    ]);
  });

  it('of responses', () => {
    const message = responseMessage('1554209980', 'c5ac7061fccab6bf3e254dcf98995b8c', '{"code":"SUCCESS"}');
    expect([message.length, sha256(message)]).toEqual([
      63,
      '492689d553e0df633ebcc02c56a3f401a3466f0356e71224f5f5fdd8727c2606',
    ]);
  });

  it('are verified to the byte', async () => {
    const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const made = await signature('source', privateKey);
    expect(verifies('source', made, publicKey)).toBe(true);
    expect(verifies('source ', made, publicKey)).toBe(false);
    expect(await signature('source', privateKey)).toBe(made);
  });

  it('are announced in a header whose parameters come in any order', () => {
    const header = 'WECHATPAY2-SHA256-RSA2048 serial_no="S",nonce_str="N",mchid="M",timestamp="1",signature="a+b/c=="';
    expect(parseAuthorization(header)).toEqual({
      mchid: 'M',
      nonce_str: 'N',
      signature: 'a+b/c==',
      timestamp: '1',
      serial_no: 'S',
    });
    expect(parseAuthorization(header.replace(',timestamp="1"', ''))).toEqual({ missing: 'timestamp' });
    expect(parseAuthorization(`Bearer ${header}`)).toEqual({ missing: 'WECHATPAY2-SHA256-RSA2048' });
    expect(parseAuthorization(undefined)).toEqual({ missing: 'Authorization' });
  });
});

describe('callback encryption', () => {
  it('is AES-256-GCM with the tag behind', () => {
    const sealed = encrypt('{"state":"SUCCESS"}', '0123456789abcdef0123456789abcdef', 'fdasflkja484', 'mch_payment');
    expect(sealed).toBe('DUcAl6TqAsMEOmUux7Cjo2R4gLBE4vlkwV26wRoAY352DG4=');
  });
});
