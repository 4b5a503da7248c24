import { createDecipheriv } from 'node:crypto';
import { BILLS, eventually, inbox, Rig, type Received } from './rig';

const PATH = '/v3/fund-app/mch-transfer/user-confirm-authorization';

interface Answer {
  out_authorization_no: string;
  state: string;
  authorization_id?: string;
  package_info?: string;
  close_info?: { close_reason: string };
  code?: string;
  fail_reason?: string;
  transfer_bill_no?: string;
}

jest.setTimeout(30_000);

describe('免确认收款授权 over HTTPS', () => {
  const rig = new Rig();
  let people = 0;
  beforeAll(() => rig.start());
  afterAll(() => rig.stop());
  afterEach(() => rig.admin('DELETE', '/faults'));

  /** Somebody nobody has asked yet. */
  const person = async (change: Record<string, unknown> = {}): Promise<{ id: string; openid: string }> => {
    const id = `agree-${++people}`;
    const place = { city: '合肥', latitude: 31.82, longitude: 117.23, ip: '36.32.0.1' };
    const made = await rig.admin<{ openid: string }>('POST', '/users', { id, nickname: id, ...place, ...change });
    return { id, openid: made.openid };
  };
  const wish = (no: string, openid: string, changes: Record<string, unknown> = {}) => ({
    out_authorization_no: no,
    appid: rig.appId,
    openid,
    transfer_scene_id: '1000',
    user_display_name: '会员1024',
    user_recv_perception: '活动奖励',
    authorization_notify_url: 'http://127.0.0.1:9/none',
    ...changes,
  });
  const ask = (no: string, openid: string, changes: Record<string, unknown> = {}) =>
    rig.v3<Answer>('POST', PATH, wish(no, openid, changes));
  const look = async (no: string) =>
    (await rig.v3<Answer>('GET', `${PATH}/out-authorization-no/${no}?is_display_authorization=true`)).json;
  const agreed = async (no: string): Promise<{ id: string; openid: string }> => {
    const one = await person();
    await ask(no, one.openid);
    await rig.admin('POST', `/authorizations/${no}/agree`, {});
    return one;
  };
  const silent = (no: string, changes: Record<string, unknown>) => {
    const order: Record<string, unknown> = { ...rig.order(no, ''), ...changes };
    delete order['openid'];
    return rig.v3<Answer>('POST', `${BILLS}/transfer`, order);
  };
  const billState = async (no: string) => (await rig.v3<Answer>('GET', `${BILLS}/out-bill-no/${no}`)).json;

  it('waits for the person, takes effect, pays silently, ends, and pays no more', async () => {
    const one = await person();
    const asked = await ask('A1', one.openid);
    expect(rig.signedByPlatform(asked)).toBe(true);
    expect(asked.json).toMatchObject({ out_authorization_no: 'A1', state: 'WAIT_USER_CONFIRM' });
    expect(asked.json.package_info).toEqual(expect.any(String));
    expect(asked.json).not.toHaveProperty('authorization_id');
    expect((await look('A1')).package_info).toEqual(expect.any(String));
    expect((await silent('SA0', { out_authorization_no: 'A1' })).json.code).toBe('INVALID_REQUEST');

    await rig.admin('POST', '/authorizations/A1/agree', {});
    const inForce = await look('A1');
    expect(inForce).toMatchObject({ state: 'TAKING_EFFECT', authorization_id: expect.any(String) });
    expect(inForce).not.toHaveProperty('package_info');

    const sent = await silent('SA1', { out_authorization_no: 'A1' });
    expect([sent.status, sent.json.state]).toEqual([200, 'TRANSFERING']);
    await eventually(async () => (await billState('SA1')).state === 'SUCCESS', 'the arrival');
    expect((await silent('SA1', { out_authorization_no: 'A1' })).json.state).toBe('SUCCESS');
    expect((await silent('SA2', { authorization_id: inForce.authorization_id })).status).toBe(200);
    await eventually(async () => (await billState('SA2')).state === 'SUCCESS', 'the arrival');
    expect(await rig.admin('GET', `/wallets/${one.id}`)).toMatchObject({ balanceFen: 376 });

    expect((await rig.v3<Answer>('POST', `${PATH}/out-authorization-no/A1/close`)).json).toMatchObject({
      state: 'CLOSED',
      close_info: { close_reason: 'CLOSE_VIA_MCH_API' },
    });
    expect((await silent('SA3', { out_authorization_no: 'A1' })).json.code).toBe('INVALID_REQUEST');
    // A number that was taken is answered as ever.
    expect((await silent('SA1', { out_authorization_no: 'A1' })).json.state).toBe('SUCCESS');
    expect(await rig.admin('GET', '/ledger/summary')).toMatchObject({ balanced: true, doubleCredits: 0 });
  });

  it('is re-entrant under one number; another content, another number while one is open, are refused', async () => {
    const one = await person();
    const first = await ask('B1', one.openid);
    expect((await ask('B1', one.openid)).json).toEqual(first.json);
    expect((await ask('B1', one.openid, { user_display_name: '别的' })).json.code).toBe('INVALID_REQUEST');
    expect((await ask('B2', one.openid)).json.code).toBe('INVALID_REQUEST');
    await rig.v3('POST', `${PATH}/out-authorization-no/B1/close`);
    expect((await ask('B2', one.openid)).json.state).toBe('WAIT_USER_CONFIRM');
    expect((await ask('B1', one.openid)).json.state).toBe('CLOSED');
  });

  it('ends by itself when nobody answers for 24 hours', async () => {
    const one = await person();
    await ask('C1', one.openid);
    await rig.advance(24 * 3_600 - 60);
    expect((await look('C1')).state).toBe('WAIT_USER_CONFIRM');
    await rig.advance(61);
    expect(await look('C1')).toMatchObject({
      state: 'CLOSED',
      close_info: { close_reason: 'USER_OVERDUE_UNCONFIRMED' },
    });
    expect((await rig.adminRaw('POST', '/authorizations/C1/agree', {})).status).toBe(409);
  });

  it('pays only the person who agreed, at the merchant that asked, and fails as that person fails', async () => {
    const one = await agreed('D1');
    const foreign = await rig.v3<Answer>(
      'POST',
      `${BILLS}/transfer`,
      (() => {
        const order: Record<string, unknown> = { ...rig.order('SD1', ''), out_authorization_no: 'D1' };
        delete order['openid'];
        return order;
      })(),
      { merchant: rig.keys.merchants[1] },
    );
    expect(foreign.json.code).toBe('INVALID_REQUEST');
    await rig.admin('POST', '/users', {
      ...{ id: one.id, nickname: one.id, city: '合肥', latitude: 31.82, longitude: 117.23, ip: '36.32.0.1' },
      transferFailReason: 'DAY_RECEIVED_COUNT_EXCEED',
    });
    await silent('SD2', { out_authorization_no: 'D1' });
    await eventually(async () => (await billState('SD2')).state === 'FAIL', 'the failure');
    expect((await billState('SD2')).fail_reason).toBe('DAY_RECEIVED_COUNT_EXCEED');
    expect(await rig.admin('GET', '/ledger/summary')).toMatchObject({ balanced: true });
  });

  it('a silent transfer waits for the balance like any other', async () => {
    await agreed('E1');
    await rig.admin('POST', '/faults', { scope: 'transfer.authorized', kind: 'processing', next: 1, ms: 50 });
    expect((await silent('SE1', { out_authorization_no: 'E1' })).json.state).toBe('PROCESSING');
    await eventually(async () => (await billState('SE1')).state === 'SUCCESS', 'the arrival');
  });

  it('one number is one bill, with and without an agreement', async () => {
    const one = await agreed('F1');
    await silent('SF1', { out_authorization_no: 'F1' });
    const again = await rig.v3<Answer>('POST', BILLS, rig.order('SF1', one.openid));
    expect([again.status, again.json.code]).toEqual([400, 'INVALID_REQUEST']);
    await rig.v3('POST', BILLS, rig.order('SF2', one.openid));
    expect((await silent('SF2', { out_authorization_no: 'F1' })).json.code).toBe('INVALID_REQUEST');
  });

  it('tells the merchant of the agreement and of its end, until it listens', async () => {
    const box = await inbox((count) => (count === 1 ? 500 : 204));
    try {
      const one = await person();
      await ask('G1', one.openid, { authorization_notify_url: box.url });
      await rig.admin('POST', '/authorizations/G1/agree', {});
      await rig.admin('POST', '/authorizations/G1/close', { reason: 'USER_CLOSE' });
      await eventually(() => box.got.length >= 3, 'three deliveries');
      const opened = box.got.map((one_) => open(one_));
      const kinds = new Set(opened.map(({ event }) => event));
      expect(kinds).toEqual(new Set(['MCHTRANSFER.AUTHORIZATION.CONFIRMED', 'MCHTRANSFER.AUTHORIZATION.CLOSED']));
      const confirmed = opened.find(({ event }) => event.endsWith('CONFIRMED'))!;
      expect(confirmed.document).toMatchObject({
        ...{ mch_id: rig.merchant.mchId, out_authorization_no: 'G1', openid: one.openid, state: 'TAKING_EFFECT' },
      });
      expect(confirmed.document).not.toHaveProperty('close_info');
      expect(opened.find(({ event }) => event.endsWith('CLOSED'))!.document).toMatchObject({
        close_info: { close_reason: 'USER_CLOSE' },
      });
    } finally {
      await box.close();
    }
  });

  it('survives a restart', async () => {
    await agreed('H1');
    const one = await person();
    await ask('H2', one.openid);
    await rig.restart();
    expect((await look('H1')).state).toBe('TAKING_EFFECT');
    await rig.advance(25 * 3_600);
    expect((await look('H2')).state).toBe('CLOSED');
    expect((await look('H1')).state).toBe('TAKING_EFFECT');
  });

  it.each([
    ['an unknown person', { openid: 'oNobody' }, 'PARAM_ERROR'],
    ['an emoji in the name', { user_display_name: '会员🎉' }, 'PARAM_ERROR'],
    ['a long name', { user_display_name: '字'.repeat(33) }, 'PARAM_ERROR'],
    ['a callback with a query', { authorization_notify_url: 'https://a.test/x?y=1' }, 'PARAM_ERROR'],
    ['a scene that is not granted', { transfer_scene_id: '1005' }, 'INVALID_REQUEST'],
    ['another appid', { appid: 'wxother' }, 'INVALID_REQUEST'],
  ])('refuses %s', async (_name, changes, code) => {
    const one = await person();
    const reply = await ask('BAD1', one.openid, changes);
    expect([reply.status, reply.json.code]).toEqual([400, code]);
    expect((await rig.v3<Answer>('GET', `${PATH}/out-authorization-no/BAD1`)).status).toBe(404);
  });

  it('shows the person what is asked, takes the answer, and lets it be taken back', async () => {
    const one = await person();
    const { package_info: sealed } = (await ask('P1', one.openid)).json;
    const query = new URLSearchParams({ package: sealed!, mchId: rig.merchant.mchId, appId: rig.appId });
    const cookie = `sandbox_user=${one.id}`;
    const page = (who: string) => fetch(`${rig.url('open')}/transfer/confirm?${query}`, { headers: { cookie: who } });
    expect(await (await page(cookie)).text()).toContain('申请免确认收款');
    expect(await (await page('sandbox_user=u02')).text()).toContain('你的微信号与商家指定的微信号不一致');
    const tap = (who: string) =>
      fetch(`${rig.url('open')}/transfer/confirm`, {
        ...{ method: 'POST', headers: { cookie: who, 'content-type': 'application/json' } },
        body: JSON.stringify(Object.fromEntries(query)),
      });
    expect((await tap('sandbox_user=u02')).status).toBe(409);
    expect((await tap(cookie)).status).toBe(200);
    expect(await (await page(cookie)).text()).toContain('授权成功');
    expect((await look('P1')).state).toBe('TAKING_EFFECT');

    const me = await (await fetch(`${rig.url('open')}/me`, { headers: { cookie } })).text();
    expect(me).toContain('免确认收款');
    const path = /action="(\/me\/authorizations\/[^"]+)"/.exec(me)![1]!;
    const close = (who: string) =>
      fetch(rig.url('open') + path, { method: 'POST', headers: { cookie: who }, redirect: 'manual' });
    expect((await close('sandbox_user=u02')).status).toBe(404);
    expect((await close(cookie)).status).toBe(303);
    expect(await look('P1')).toMatchObject({ state: 'CLOSED', close_info: { close_reason: 'USER_CLOSE' } });
  });

  function open({ body }: Received): { event: string; document: Record<string, unknown> } {
    const { event_type: event, resource } = JSON.parse(body) as {
      event_type: string;
      resource: { ciphertext: string; nonce: string; associated_data: string };
    };
    const bytes = Buffer.from(resource.ciphertext, 'base64');
    const decipher = createDecipheriv('aes-256-gcm', rig.merchant.apiV3Key, resource.nonce);
    decipher.setAAD(Buffer.from(resource.associated_data));
    decipher.setAuthTag(bytes.subarray(-16));
    const text = decipher.update(bytes.subarray(0, -16), undefined, 'utf8') + decipher.final('utf8');
    return { event, document: JSON.parse(text) as Record<string, unknown> };
  }
});
