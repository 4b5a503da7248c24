import type { Agent } from 'node:https';
import { connect, type TLSSocket } from 'node:tls';
import { XMLParser } from 'fast-xml-parser';
import { eventually, Rig, v2Sign } from './rig';

type Fields = Record<string, string>;

jest.setTimeout(30_000);

describe('现金红包 over mTLS', () => {
  // Scenes and the pause between two tries of one number are tested on their own.
  const rig = new Rig(undefined, { limits: { redpackSameBillMs: 0 } });
  let agent: Agent;
  let openid = '';
  beforeAll(async () => {
    await rig.start();
    openid = await rig.openid('u01');
    agent = rig.makeAgent({ cert: rig.merchant.certificate, key: rig.merchant.privateKey });
    await rig.admin('POST', '/limits', {
      redpackPerUserDay: 1_000,
      redpackFenPerUserDay: 100_000_000,
      redpackPerSecond: 1_000,
    });
  });
  afterAll(() => rig.stop());
  afterEach(() => rig.admin('DELETE', '/faults'));

  const parser = new XMLParser({ parseTagValue: false });
  const toXml = (fields: Fields): string =>
    `<xml>${Object.entries(fields)
      .map(([name, value]) => `<${name}><![CDATA[${value}]]></${name}>`)
      .join('')}</xml>`;
  const post = async (path: string, fields: Fields, by: Agent = agent, raw?: string): Promise<Fields> => {
    const signed = { ...fields, sign: fields['sign'] ?? v2Sign(fields, rig.merchant.apiV2Key) };
    const reply = await rig.pay(
      'POST',
      `/mmpaymkttransfers/${path}`,
      raw ?? toXml(signed),
      { 'content-type': 'text/xml' },
      by,
    );
    expect(reply.status).toBe(200);
    return (parser.parse(reply.text) as { xml: Fields }).xml;
  };
  const packet = (no: string, changes: Fields = {}): Fields => ({
    nonce_str: 'NONCE0123456789',
    mch_billno: no,
    mch_id: rig.merchant.mchId,
    wxappid: rig.appId,
    send_name: '青禾',
    re_openid: openid,
    total_amount: '188',
    total_num: '1',
    wishing: '开盖有礼 <&>',
    client_ip: '127.0.0.1',
    act_name: '扫码有礼',
    remark: '一物一码',
    ...changes,
  });
  const sendPacket = (no: string, changes: Fields = {}): Promise<Fields> => post('sendredpack', packet(no, changes));
  const query = (no: string): Promise<Fields> =>
    post('gethbinfo', {
      nonce_str: 'N',
      mch_billno: no,
      mch_id: rig.merchant.mchId,
      appid: rig.appId,
      bill_type: 'MCHT',
    });

  it('sends, delivers, is received once', async () => {
    const sent = await sendPacket('R1');
    expect(sent).toMatchObject({
      return_code: 'SUCCESS',
      result_code: 'SUCCESS',
      mch_billno: 'R1',
      re_openid: openid,
      total_amount: '188',
    });
    expect(sent).not.toHaveProperty('sign');
    expect(sent['send_listid']).toEqual(expect.any(String));
    await eventually(async () => (await query('R1'))['status'] === 'SENT', 'the delivery');
    await rig.admin('POST', '/redpacks/R1/receive');
    await rig.admin('POST', '/redpacks/R1/receive');
    const info = await query('R1');
    expect(info).toMatchObject({ status: 'RECEIVED', total_amount: '188', hb_type: 'NORMAL', send_type: 'API' });
    expect(info['hblist']).toMatchObject({ hbinfo: { openid, amount: '188' } });
    expect(await rig.admin('GET', '/wallets/u01')).toMatchObject({ balanceFen: 188 });
    expect(await rig.admin('GET', '/ledger/summary')).toMatchObject({
      balanced: true,
      creditedFen: 188,
      successBills: 1,
    });
  });

  it('takes the same number again and refuses it with other content', async () => {
    const first = await sendPacket('R2');
    expect((await sendPacket('R2'))['send_listid']).toBe(first['send_listid']);
    expect(await sendPacket('R2', { total_amount: '189' })).toMatchObject({
      result_code: 'FAIL',
      err_code: 'FATAL_ERROR',
    });
    expect(await sendPacket('R2', { re_openid: await rig.openid('u02') })).toMatchObject({ err_code: 'FATAL_ERROR' });
  });

  it('gives the money back after 24 virtual hours', async () => {
    await sendPacket('R3');
    await eventually(async () => (await query('R3'))['status'] === 'SENT');
    await rig.advance(86_401);
    await eventually(async () => (await query('R3'))['status'] === 'REFUND', 'the refund');
    expect(await query('R3')).toMatchObject({ refund_amount: '188', refund_time: expect.any(String) });
    expect((await rig.adminRaw('POST', '/redpacks/R3/receive')).status).toBe(409);
    expect(await rig.admin('GET', '/ledger/summary')).toMatchObject({ balanced: true });
  });

  it.each([
    ['another appid', { wxappid: 'wxother' }, 'ILLEGAL_APPID'],
    ['too little without a scene', { total_amount: '99' }, 'MONEY_LIMIT'],
    ['too much without a scene', { total_amount: '20001' }, 'MONEY_LIMIT'],
    ['a scene that is not opened', { total_amount: '30', scene_id: 'PRODUCT_2' }, 'PARAM_ERROR'],
    ['an unknown scene', { scene_id: 'PRODUCT_9' }, 'PARAM_ERROR'],
    ['two packets', { total_num: '2' }, 'PARAM_ERROR'],
    ['an unknown openid', { re_openid: 'oNobody' }, 'OPENID_ERROR'],
    ['no wishing', { wishing: '' }, 'PARAM_ERROR'],
    ['a long number', { mch_billno: '1'.repeat(29) }, 'PARAM_ERROR'],
    ['a negative amount', { total_amount: '-188' }, 'PARAM_ERROR'],
  ])('refuses %s', async (_name, changes, code) => {
    expect(await sendPacket('BAD', changes)).toMatchObject({
      return_code: 'SUCCESS',
      result_code: 'FAIL',
      err_code: code,
    });
    expect(await query('BAD')).toMatchObject({ err_code: 'NOT_FOUND' });
  });

  it('refuses a virtual account and one that risk control blocks', async () => {
    expect(await sendPacket('RV', { re_openid: await rig.openid('u12') })).toMatchObject({ err_code: 'NO_AUTH' });
    await rig.admin('POST', '/users', {
      id: 'bad',
      nickname: '坏人',
      city: '合肥市',
      latitude: 31,
      longitude: 117,
      ip: '36.60.80.132',
      blocked: true,
    });
    expect(await sendPacket('RB', { re_openid: await rig.openid('bad') })).toMatchObject({ err_code: 'NO_AUTH' });
  });

  it('refuses a wrong signature and what is not XML', async () => {
    expect(await sendPacket('RS', { sign: '0'.repeat(32) })).toMatchObject({
      return_code: 'FAIL',
      err_code: 'SIGN_ERROR',
    });
    expect(await post('sendredpack', {}, agent, 'not xml')).toMatchObject({
      return_code: 'FAIL',
      err_code: 'XML_ERROR',
    });
    const bomb = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]><xml><mch_id>&a;</mch_id></xml>';
    expect(await post('sendredpack', {}, agent, bomb)).toMatchObject({ err_code: 'XML_ERROR' });
  });

  describe('client certificate', () => {
    it.each([
      ['none', () => rig.agent],
      [
        "another merchant's",
        () => rig.makeAgent({ cert: rig.keys.merchants[1].certificate, key: rig.keys.merchants[1].privateKey }),
      ],
      [
        "a stranger's for this number",
        () => rig.makeAgent({ cert: rig.keys.strangerCertificate, key: rig.keys.strangerPrivateKey }),
      ],
    ])('refuses %s', async (_name, by) => {
      expect(await post('sendredpack', packet('RC'), by())).toMatchObject({
        return_code: 'FAIL',
        err_code: 'CA_ERROR',
      });
    });

    it('is not fooled by a resumed session that shows no certificate', async () => {
      const port = Number(new URL(rig.url('pay')).port);
      const dial = (session?: Buffer): Promise<TLSSocket> =>
        new Promise((resolve, reject) => {
          const socket = connect({ host: '127.0.0.1', port, ca: rig.keys.ca, session }, () => resolve(socket));
          socket.on('error', reject);
        });
      const first = await dial();
      first.write('GET /x HTTP/1.1\r\nhost: x\r\n\r\n');
      const session = await new Promise<Buffer | undefined>((resolve) => {
        first.once('session', resolve);
        setTimeout(() => resolve(first.getSession()), 200);
      });
      first.destroy();
      const second = await dial(session);
      const body = toXml({ ...packet('RR'), sign: v2Sign(packet('RR'), rig.merchant.apiV2Key) });
      second.write(
        `POST /mmpaymkttransfers/sendredpack HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-type: text/xml\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
      );
      let answer = '';
      for await (const chunk of second) answer += String(chunk);
      expect(answer).toContain('CA_ERROR');
    });
  });

  describe('limits', () => {
    const fresh = async (id: string): Promise<string> => {
      await rig.admin('POST', '/users', {
        id,
        nickname: id,
        city: '合肥市',
        latitude: 31,
        longitude: 117,
        ip: '36.60.80.132',
      });
      return rig.openid(id);
    };

    it('10 packets a day and user, until the next Beijing day', async () => {
      await rig.admin('POST', '/limits', { redpackPerUserDay: 10 });
      const re_openid = await fresh('many');
      for (let n = 0; n < 10; n += 1)
        expect(await sendPacket(`D${n}`, { re_openid })).toMatchObject({ result_code: 'SUCCESS' });
      expect(await sendPacket('D10', { re_openid })).toMatchObject({ err_code: 'SENDNUM_LIMIT' });
      await rig.advance(86_400);
      expect(await sendPacket('D10', { re_openid })).toMatchObject({ result_code: 'SUCCESS' });
      await rig.admin('POST', '/limits', { redpackPerUserDay: 1_000 });
    });

    it('1,000 yuan a day and user, and the merchant total', async () => {
      await rig.admin('POST', '/limits', { redpackFenPerUserDay: 100_000 });
      const re_openid = await fresh('rich');
      for (let n = 0; n < 5; n += 1)
        expect(await sendPacket(`A${n}`, { re_openid, total_amount: '20000' })).toMatchObject({
          result_code: 'SUCCESS',
        });
      expect(await sendPacket('A5', { re_openid, total_amount: '100' })).toMatchObject({
        err_code: 'RCVDAMOUNT_LIMIT',
      });
      await rig.admin('POST', '/limits', { redpackFenPerUserDay: 100_000_000, redpackFenPerMerchantDay: 100 });
      expect(await sendPacket('A6')).toMatchObject({ err_code: 'SENDAMOUNT_LIMIT' });
      await rig.admin('POST', '/limits', { redpackFenPerMerchantDay: 100_000_000 });
    });

    it('calls a second and tries of one number', async () => {
      await rig.admin('POST', '/limits', { redpackPerSecond: 2 });
      const replies = await Promise.all(['Q1', 'Q2', 'Q3', 'Q4', 'Q5', 'Q6'].map((no) => sendPacket(no)));
      expect(replies.filter((reply) => reply['err_code'] === 'FREQ_LIMIT').length).toBeGreaterThanOrEqual(2);
      await rig.admin('POST', '/limits', { redpackPerSecond: 1_000, redpackSameBillMs: 1_000 });
      await sendPacket('Q9');
      expect(await sendPacket('Q9')).toMatchObject({ err_code: 'FREQ_LIMIT' });
      await rig.admin('POST', '/limits', { redpackSameBillMs: 0 });
    });
  });

  describe('faults', () => {
    const order = (scope: string, kind: string, more: object = {}) =>
      rig.admin('POST', '/faults', { scope, kind, next: 1, ...more });

    it.each([
      ['system_error', 'SYSTEMERROR', true],
      ['system_error_before_commit', 'SYSTEMERROR', false],
      ['not_enough', 'NOTENOUGH', false],
      ['rate_limited', 'FREQ_LIMIT', false],
      ['unknown_code', 'NEW_CODE_NOBODY_KNOWS', true],
      ['processing', 'PROCESSING', true],
    ])('%s answers %s; packet made: %s', async (kind, code, made) => {
      await order('sendredpack', kind, { ms: 30 });
      const no = `X${kind.replaceAll('_', '')}`;
      expect(await sendPacket(no)).toMatchObject({ err_code: code });
      const found = await query(no);
      expect(found['result_code'] === 'SUCCESS').toBe(made);
      await eventually(async () => (await sendPacket(no))['result_code'] === 'SUCCESS', 'the retry');
    });

    it.each(['timeout_after_commit', 'truncated_body'])('%s loses the answer, not the packet', async (kind) => {
      await order('sendredpack', kind, { ms: 30 });
      await expect(sendPacket(`Y${kind.replaceAll('_', '')}`)).rejects.toThrow();
      expect(await query(`Y${kind.replaceAll('_', '')}`)).toMatchObject({ result_code: 'SUCCESS' });
    });

    it('accepts and fails later, money back', async () => {
      await order('sendredpack', 'processing_then_failed', { ms: 30 });
      expect(await sendPacket('Z1')).toMatchObject({ err_code: 'PROCESSING' });
      await eventually(async () => (await query('Z1'))['status'] === 'FAILED', 'the failure');
      await order('sendredpack', 'send_failed');
      expect(await sendPacket('Z2')).toMatchObject({ err_code: 'SEND_FAILED' });
      expect(await query('Z2')).toMatchObject({ status: 'FAILED' });
      await order('gethbinfo', 'not_found');
      expect(await query('Z2')).toMatchObject({ err_code: 'NOT_FOUND' });
      expect(await rig.admin('GET', '/ledger/summary')).toMatchObject({ balanced: true });
    });
  });

  it('shows RECEIVED without the list when asked to', async () => {
    await rig.admin('POST', '/faults', { scope: 'gethbinfo', kind: 'missing_hblist', next: 1 });
    const info = await query('R1');
    expect(info['status']).toBe('RECEIVED');
    expect(info).not.toHaveProperty('hblist');
  });
});
