import { createDecipheriv, publicEncrypt, constants } from 'node:crypto';
import { BILLS, eventually, inbox, Rig, type Received } from './rig';

interface Created {
  out_bill_no: string;
  transfer_bill_no: string;
  state: string;
  package_info?: string;
  fail_reason?: string;
  code?: string;
  message?: string;
}

jest.setTimeout(30_000);

describe('商家转账 over HTTPS', () => {
  const rig = new Rig();
  let openid = '';
  beforeAll(async () => {
    await rig.start();
    openid = await rig.openid('u01');
  });
  afterAll(() => rig.stop());
  afterEach(() => rig.admin('DELETE', '/faults'));

  const create = (no: string, changes: Record<string, unknown> = {}) =>
    rig.v3<Created>('POST', BILLS, rig.order(no, openid, changes));
  const state = async (no: string): Promise<string> =>
    String((await rig.v3<Created>('GET', `${BILLS}/out-bill-no/${no}`)).json.state);

  it('locks the money, waits for the user, pays once', async () => {
    const before = await rig.admin<{ merchantBalanceFen: number }>('GET', '/ledger/summary');
    const made = await create('T1');
    expect(made.status).toBe(200);
    expect(rig.signedByPlatform(made)).toBe(true);
    expect(made.json).toMatchObject({ out_bill_no: 'T1', state: 'WAIT_USER_CONFIRM' });
    expect(made.json.package_info).toEqual(expect.any(String));
    const locked = await rig.admin<Record<string, number>>('GET', '/ledger/summary');
    expect(locked['merchantBalanceFen']).toBe(before.merchantBalanceFen - 188);

    await rig.admin('POST', '/transfers/T1/confirm');
    await rig.admin('POST', '/transfers/T1/confirm');
    expect(await state('T1')).toBe('SUCCESS');
    expect(await rig.admin('GET', '/wallets/u01')).toEqual({ userId: 'u01', balanceFen: 188 });
    expect(await rig.admin('GET', '/ledger/summary')).toMatchObject({
      balanced: true,
      doubleCredits: 0,
      creditedFen: 188,
    });

    const byNumber = await rig.v3('GET', `${BILLS}/transfer-bill-no/${made.json.transfer_bill_no}`);
    expect(byNumber.json).toMatchObject({
      mch_id: '1900000109',
      appid: rig.appId,
      transfer_amount: 188,
      openid,
      state: 'SUCCESS',
    });
    expect(byNumber.json).not.toHaveProperty('package_info');
  });

  it('answers a repeat with the same bill and refuses the same number with other content', async () => {
    const first = await create('T2');
    const again = await create('T2');
    expect(again.json).toEqual(first.json);
    const other = await create('T2', { transfer_amount: 189 });
    expect(other.status).toBe(400);
    expect(other.json).toMatchObject({ code: 'INVALID_REQUEST', message: '单号已存在但信息不一致，请查单后比较确认' });
    const { bills } = await rig.admin<{ bills: Record<string, unknown>[] }>('GET', '/ledger/bills');
    expect(bills.find((bill) => bill['outBillNo'] === 'T2')).toMatchObject({
      acceptedCount: 2,
      amountFen: 188,
      creditedFen: 0,
    });
  });

  it.each([
    ['another appid', { appid: 'wxother' }, 400, 'INVALID_REQUEST'],
    ['a scene that is not granted', { transfer_scene_id: '1005' }, 400, 'INVALID_REQUEST'],
    ['too little', { transfer_amount: 9 }, 400, 'INVALID_REQUEST'],
    ['too much', { transfer_amount: 20_001 }, 400, 'INVALID_REQUEST'],
    ['half a fen', { transfer_amount: 10.5 }, 400, 'PARAM_ERROR'],
    ['no report', { transfer_scene_report_infos: undefined }, 400, 'PARAM_ERROR'],
    [
      'half a report',
      { transfer_scene_report_infos: [{ info_type: '活动名称', info_content: 'x' }] },
      400,
      'PARAM_ERROR',
    ],
    ['an unknown perception', { user_recv_perception: '工资' }, 400, 'INVALID_REQUEST'],
    ['a callback with a query', { notify_url: 'https://a.test/x?y=1' }, 400, 'PARAM_ERROR'],
    ['a long remark', { transfer_remark: '字'.repeat(33) }, 400, 'PARAM_ERROR'],
    ['a bad number', { out_bill_no: 'a-b' }, 400, 'PARAM_ERROR'],
    ['an unknown openid', { openid: 'oNobody' }, 400, 'PARAM_ERROR'],
    ['a name that is not encrypted', { user_name: '张三' }, 400, 'PARAM_ERROR'],
  ])('refuses %s and makes no bill', async (_name, changes, status, code) => {
    const reply = await create('BAD1', changes);
    expect([reply.status, reply.json.code]).toEqual([status, code]);
    expect((await rig.v3('GET', `${BILLS}/out-bill-no/BAD1`)).json).toMatchObject({ code: 'NOT_FOUND' });
  });

  it('checks an encrypted name against the real one', async () => {
    const encrypt = (name: string): string =>
      publicEncrypt(
        {
          key: rig.keys.secrets.wechat.platform.publicKey,
          padding: constants.RSA_PKCS1_OAEP_PADDING,
          oaepHash: 'sha1',
        },
        Buffer.from(name),
      ).toString('base64');
    expect((await create('N1', { user_name: encrypt('陈禾') })).json.state).toBe('WAIT_USER_CONFIRM');
    // Encrypted anew the bytes differ, the name does not: still the same order.
    expect((await create('N1', { user_name: encrypt('陈禾') })).json.state).toBe('WAIT_USER_CONFIRM');
    expect((await create('N2', { user_name: encrypt('别人') })).json).toMatchObject({
      state: 'FAIL',
      fail_reason: 'NAME_NOT_CORRECT',
    });
    expect((await create('N3', { user_name: encrypt('陈禾'), transfer_amount: 20 })).status).toBe(400);
  });

  it('never pays a virtual account', async () => {
    const reply = await create('V1', { openid: await rig.openid('u12') });
    expect(reply.json).toMatchObject({ state: 'FAIL', fail_reason: 'ACCOUNT_NOT_EXIST' });
  });

  it('lets only the right user confirm', async () => {
    await create('W1');
    const reply = await rig.adminRaw('POST', '/transfers/W1/confirm', { userId: 'u02' });
    expect(reply.status).toBe(409);
    expect(await state('W1')).toBe('WAIT_USER_CONFIRM');
  });

  it('closes after 24 virtual hours and gives the money back', async () => {
    await create('E1');
    await rig.advance(24 * 3_600 - 60);
    expect(await state('E1')).toBe('WAIT_USER_CONFIRM');
    await rig.advance(61);
    const { json } = await rig.v3<Created>('GET', `${BILLS}/out-bill-no/E1`);
    expect(json).toMatchObject({ state: 'FAIL', fail_reason: 'OVERDUE_CLOSE' });
    expect((await rig.adminRaw('POST', '/transfers/E1/confirm')).status).toBe(409);
    expect(await rig.admin('GET', '/ledger/summary')).toMatchObject({ balanced: true });
  });

  it('cancels by way of CANCELING, never what is paid', async () => {
    await create('C1');
    const cancelled = await rig.v3<Created>('POST', `${BILLS}/out-bill-no/C1/cancel`);
    expect(cancelled.json).toMatchObject({ out_bill_no: 'C1', state: 'CANCELING' });
    await eventually(async () => (await state('C1')) === 'CANCELLED', 'the cancel');
    expect((await rig.v3('POST', `${BILLS}/out-bill-no/NONE/cancel`, '{}')).json).toMatchObject({ code: 'NOT_FOUND' });

    await create('C2');
    await rig.admin('POST', '/transfers/C2/confirm');
    expect((await rig.v3('POST', `${BILLS}/out-bill-no/C2/cancel`)).json).toMatchObject({ code: 'INVALID_REQUEST' });
  });

  it('shows one merchant nothing of another', async () => {
    await create('M1');
    const other = { merchant: rig.keys.merchants[1] };
    expect((await rig.v3('GET', `${BILLS}/out-bill-no/M1`, '', other)).status).toBe(404);
    expect((await rig.v3('POST', BILLS, rig.order('M1', openid), other)).json).toMatchObject({
      state: 'WAIT_USER_CONFIRM',
    });
  });

  it('forgets a bill after 30 days', async () => {
    await create('O1');
    await rig.advance(30 * 86_400 + 10);
    expect((await rig.v3('GET', `${BILLS}/out-bill-no/O1`)).status).toBe(404);
  });

  it('has no certificates in public-key mode and no old batch product', async () => {
    expect((await rig.v3('GET', '/v3/certificates')).json).toMatchObject({ code: 'RESOURCE_NOT_EXISTS' });
    const batch = await rig.v3('POST', '/v3/transfer/batches', {});
    expect([batch.status, batch.json['code']]).toEqual([403, 'NO_AUTH']);
  });

  describe('signatures', () => {
    const probe = (options: Parameters<Rig['v3']>[3]) => rig.v3('GET', `${BILLS}/out-bill-no/X`, '', options);

    it('answers a wrong one exactly like the gateway', async () => {
      const nonce = 'A'.repeat(32);
      const reply = await probe({ signature: 'AAAA', timestamp: 1_700_000_000, nonce });
      expect(reply.json['detail']).toMatchObject({ field: 'timestamp' });
      const now = Math.floor(Date.now() / 1_000);
      const wrong = await probe({ signature: 'AAAA', timestamp: now, nonce });
      const message = `GET\n${BILLS}/out-bill-no/X\n${now}\n${nonce}\n\n`;
      expect(wrong.status).toBe(401);
      expect(wrong.json).toEqual({
        code: 'SIGN_ERROR',
        message: '错误的签名，验签失败',
        detail: {
          detail: { issue: 'sign not match' },
          field: 'signature',
          location: 'authorization',
          sign_information: {
            method: 'GET',
            url: `${BILLS}/out-bill-no/X`,
            truncated_sign_message: message,
            sign_message_length: message.length,
          },
        },
      });
    });

    it('refuses a missing header, an old clock, a foreign serial, a repeated nonce and a changed body', async () => {
      expect((await probe({ authorization: null })).status).toBe(401);
      expect((await probe({ timestamp: Math.floor(Date.now() / 1_000) - 301 })).status).toBe(401);
      expect((await probe({ serialNo: 'ABCDEF' })).status).toBe(401);
      expect(
        (await probe({ merchant: { ...rig.merchant, privateKey: rig.keys.merchants[1].privateKey } })).status,
      ).toBe(401);
      const nonce = 'replayed00000000';
      expect((await probe({ nonce })).status).toBe(404);
      expect((await probe({ nonce })).status).toBe(401);
    });
  });

  it('answers 429 above the limit and takes the same number later', async () => {
    await rig.admin('POST', '/limits', { transferPerSecond: 3 });
    const replies = await Promise.all(['L1', 'L2', 'L3', 'L4', 'L5', 'L6', 'L7', 'L8'].map((no) => create(no)));
    await rig.admin('POST', '/limits', { transferPerSecond: 100 });
    const refused = replies.filter((reply) => reply.status === 429);
    expect(refused.length).toBeGreaterThanOrEqual(2);
    expect(refused[0]?.json.code).toBe('FREQUENCY_LIMITED');
  });

  it('refuses with NOT_ENOUGH, or waits in PROCESSING for a top-up', async () => {
    const poor = { merchant: rig.keys.merchants[1] };
    const drain = await rig.admin<{ balanceFen: number }>('GET', '/merchants/1900000110/balance');
    await rig.admin('POST', '/limits', { transferMaxFen: 1_000_000_000, transferMinFen: 1 });
    const name = publicEncrypt(
      { key: rig.keys.secrets.wechat.platform.publicKey, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha1' },
      Buffer.from('陈禾'),
    ).toString('base64');
    await rig.v3('POST', BILLS, rig.order('P0', openid, { transfer_amount: drain.balanceFen, user_name: name }), poor);
    const refused = await rig.v3<Created>('POST', BILLS, rig.order('P1', openid), poor);
    expect([refused.status, refused.json.code]).toEqual([403, 'NOT_ENOUGH']);
    await rig.admin('POST', '/limits', { transferWaitsForBalance: true });
    expect((await rig.v3<Created>('POST', BILLS, rig.order('P1', openid), poor)).json).toMatchObject({
      state: 'PROCESSING',
    });
    await rig.admin('POST', '/merchants/1900000110/balance', { amountFen: 500 });
    await eventually(async () => {
      const { json } = await rig.v3<Created>('GET', `${BILLS}/out-bill-no/P1`, '', poor);
      return json.state === 'WAIT_USER_CONFIRM';
    }, 'the lock');
    await rig.admin('POST', '/limits', { transferWaitsForBalance: false, transferMaxFen: 20_000, transferMinFen: 10 });
    expect(await rig.admin('GET', '/ledger/summary?mchId=1900000110')).toMatchObject({ balanced: true });
  });

  describe('faults', () => {
    const order = (kind: string, more: object = {}) =>
      rig.admin('POST', '/faults', { scope: 'transfer.create', kind, next: 1, ...more });
    const exists = async (no: string): Promise<boolean> =>
      (await rig.v3('GET', `${BILLS}/out-bill-no/${no}`)).status === 200;

    it.each([
      ['timeout_before_commit', false],
      ['timeout_after_commit', true],
      ['truncated_body', true],
    ])('%s breaks the line; bill made: %s', async (kind, made) => {
      await order(kind, { ms: 50 });
      await expect(create(`F${kind.replaceAll('_', '')}`)).rejects.toThrow();
      expect(await exists(`F${kind.replaceAll('_', '')}`)).toBe(made);
    });

    it.each([
      ['system_error', 500, 'SYSTEM_ERROR', true],
      ['system_error_before_commit', 500, 'SYSTEM_ERROR', false],
      ['not_enough', 403, 'NOT_ENOUGH', false],
      ['rate_limited', 429, 'FREQUENCY_LIMITED', false],
      ['unknown_code', 400, 'BRAND_NEW', true],
      ['unknown_code_before_commit', 400, 'BRAND_NEW', false],
    ])('%s answers %s %s; bill made: %s', async (kind, status, code, made) => {
      await order(kind, kind.startsWith('unknown') ? { code: 'BRAND_NEW' } : {});
      const no = `G${kind.replaceAll('_', '')}`;
      const reply = await create(no);
      expect([reply.status, reply.json.code]).toEqual([status, code]);
      expect(await exists(no)).toBe(made);
      const retried = await create(no);
      expect(retried.json.state).toBe('WAIT_USER_CONFIRM');
    });

    it('spoils the signature or names another key', async () => {
      await order('bad_signature');
      expect(rig.signedByPlatform(await create('S1'))).toBe(false);
      await order('wrong_serial');
      expect(rig.signedByPlatform(await create('S2'))).toBe(false);
      expect(rig.signedByPlatform(await create('S3'))).toBe(true);
    });

    it('takes a bill in slowly, or fails it later', async () => {
      await order('accepted', { ms: 30 });
      expect((await create('A1')).json).toMatchObject({ state: 'ACCEPTED' });
      await eventually(async () => (await state('A1')) === 'WAIT_USER_CONFIRM');
      await order('processing_then_failed', { ms: 30, code: 'TRANSFER_RISK' });
      expect((await create('A2')).json).toMatchObject({ state: 'PROCESSING' });
      await eventually(async () => (await state('A2')) === 'FAIL');
      expect((await rig.v3('GET', `${BILLS}/out-bill-no/A2`)).json).toMatchObject({ fail_reason: 'TRANSFER_RISK' });
    });

    it('shows 处理中 after the tap, or fails it', async () => {
      await create('K1');
      await rig.admin('POST', '/faults', { scope: 'transfer.confirm', kind: 'transferring', next: 1, ms: 30 });
      expect(await rig.admin('POST', '/transfers/K1/confirm')).toMatchObject({ state: 'TRANSFERING' });
      await eventually(async () => (await state('K1')) === 'SUCCESS');
      await create('K2');
      await rig.admin('POST', '/faults', {
        scope: 'transfer.confirm',
        kind: 'fail',
        next: 1,
        code: 'REAL_NAME_CHECK_FAIL',
      });
      expect(await rig.admin('POST', '/transfers/K2/confirm')).toMatchObject({ state: 'FAIL' });
    });

    it('strikes its share of requests and refuses kinds that mean nothing', async () => {
      await rig.admin('POST', '/faults', { scope: 'transfer.query', kind: 'rate_limited', percent: 50 });
      const replies = await Promise.all(Array.from({ length: 60 }, () => rig.v3('GET', `${BILLS}/out-bill-no/T1`)));
      const struck = replies.filter((reply) => reply.status === 429).length;
      expect(struck).toBeGreaterThan(12);
      expect(struck).toBeLessThan(48);
      expect((await rig.adminRaw('POST', '/faults', { scope: 'notify', kind: 'not_enough' })).status).toBe(400);
      expect((await rig.adminRaw('POST', '/faults', { scope: 'nowhere', kind: 'slow' })).status).toBe(400);
    });
  });

  describe('callbacks', () => {
    const open = ({ body }: Received): Record<string, unknown> => {
      const { resource } = JSON.parse(body) as { resource: Record<string, string> };
      const data = Buffer.from(resource['ciphertext'] ?? '', 'base64');
      const decipher = createDecipheriv('aes-256-gcm', rig.merchant.apiV3Key, Buffer.from(resource['nonce'] ?? ''));
      decipher.setAAD(Buffer.from(resource['associated_data'] ?? ''));
      decipher.setAuthTag(data.subarray(-16));
      const plain = Buffer.concat([decipher.update(data.subarray(0, -16)), decipher.final()]).toString('utf8');
      return JSON.parse(plain) as Record<string, unknown>;
    };
    const good = ({ headers, body }: Received): boolean => rig.signedByPlatform({ headers, text: body });

    it('tells success and failure, signed and encrypted', async () => {
      const box = await inbox();
      await create('CB1', { notify_url: box.url });
      await rig.admin('POST', '/transfers/CB1/confirm');
      await eventually(() => box.got.length === 1, 'the callback');
      const [first] = box.got as [Received];
      expect(good(first)).toBe(true);
      expect(JSON.parse(first.body)).toMatchObject({
        event_type: 'MCHTRANSFER.BILL.FINISHED',
        resource_type: 'encrypt-resource',
      });
      expect(open(first)).toMatchObject({
        out_bill_no: 'CB1',
        state: 'SUCCESS',
        transfer_amount: 188,
        openid,
        mch_id: '1900000109',
      });
      await create('CB2', { notify_url: box.url });
      await rig.advance(86_401);
      await eventually(() => box.got.length === 2, 'the callback of the expiry');
      expect(open(box.got[1] as Received)).toMatchObject({
        out_bill_no: 'CB2',
        state: 'FAIL',
        fail_reason: 'OVERDUE_CLOSE',
      });
      await box.close();
    });

    it('comes again until it is taken, with the same id', async () => {
      const box = await inbox((count) => (count < 3 ? 500 : 200));
      await create('CB3', { notify_url: box.url });
      await rig.admin('POST', '/transfers/CB3/confirm');
      await eventually(() => box.got.length === 3, 'the third try');
      await new Promise((resolve) => setTimeout(resolve, 300));
      expect(box.got).toHaveLength(3);
      expect(new Set(box.got.map(({ body }) => (JSON.parse(body) as { id: string }).id)).size).toBe(1);
      await box.close();
    });

    it.each([
      ['duplicate_notify', 2],
      ['late_notify', 1],
      ['no_notify', 0],
    ])('%s brings %s', async (kind, count) => {
      const box = await inbox();
      await rig.admin('POST', '/faults', { scope: 'notify', kind, next: 1, ms: 250 });
      const no = `CB${kind.replaceAll('_', '')}`;
      await create(no, { notify_url: box.url });
      const tapped = Date.now();
      await rig.admin('POST', `/transfers/${no}/confirm`);
      await new Promise((resolve) => setTimeout(resolve, 700));
      expect(box.got).toHaveLength(count);
      if (kind === 'late_notify') expect((box.got[0] as Received).at - tapped).toBeGreaterThanOrEqual(200);
      await box.close();
    });

    it('probes with a bad signature first', async () => {
      const box = await inbox((count) => (count === 1 ? 401 : 204));
      await rig.admin('POST', '/faults', { scope: 'notify', kind: 'signtest_notify', next: 1 });
      await create('CB9', { notify_url: box.url });
      await rig.admin('POST', '/transfers/CB9/confirm');
      await eventually(() => box.got.length === 2, 'the real callback');
      expect(String(box.got[0]?.headers['wechatpay-signature'])).toMatch(/^WECHATPAY\/SIGNTEST\//);
      expect(box.got.map(good)).toEqual([false, true]);
      await box.close();
    });
  });
});

describe('the race between a cancel and a tap', () => {
  const rig = new Rig(undefined, { lags: { cancel: 60_000 } });
  beforeAll(() => rig.start());
  afterAll(() => rig.stop());

  it('is won by the user while the cancel is running, and by the cancel afterwards', async () => {
    const openid = await rig.openid('u01');
    for (const no of ['RACE1', 'RACE2']) {
      await rig.v3('POST', BILLS, rig.order(no, openid));
      const cancel = await rig.v3('POST', `${BILLS}/out-bill-no/${no}/cancel`);
      expect(cancel.json['state']).toBe('CANCELING');
    }
    expect(await rig.admin('POST', '/transfers/RACE1/confirm')).toMatchObject({ state: 'SUCCESS', creditedFen: 188 });
    await rig.advance(61);
    expect((await rig.v3('GET', `${BILLS}/out-bill-no/RACE1`)).json['state']).toBe('SUCCESS');
    expect((await rig.v3('GET', `${BILLS}/out-bill-no/RACE2`)).json).toMatchObject({
      state: 'CANCELLED',
      fail_reason: 'MCH_CANCEL',
    });
    expect((await rig.adminRaw('POST', '/transfers/RACE2/confirm')).status).toBe(409);
    expect(await rig.admin('GET', '/ledger/summary')).toMatchObject({
      balanced: true,
      creditedFen: 188,
      refundedFen: 188,
    });
  });

  it('takes at most twenty cancels a second', async () => {
    const began = performance.now();
    const replies = await Promise.all(
      Array.from({ length: 150 }, () => rig.v3('POST', `${BILLS}/out-bill-no/RACE1/cancel`)),
    );
    const seconds = (performance.now() - began) / 1000;
    const refused = replies.filter((reply) => reply.status === 429);
    // Twenty for each second that the calls took part in, however slow the machine is.
    expect(replies.length - refused.length).toBeLessThanOrEqual(20 * (Math.floor(seconds) + 2));
    expect(refused.length).toBeGreaterThan(0);
    expect(refused[0]?.json['code']).toBe('FREQUENCY_LIMIT_EXCEED');
  });
});
