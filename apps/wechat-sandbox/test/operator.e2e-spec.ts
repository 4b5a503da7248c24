import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { BILLS, eventually, inbox, Rig } from './rig';

interface Summary {
  balanced: boolean;
  merchantBalanceFen: number;
  creditedFen: number;
  refundedFen: number;
  lockedFen: number;
  acceptedBills: number;
  successBills: number;
  failedBills: number;
  openBills: number;
}

interface BillsPage {
  bills: { outBillNo: string; seq: number }[];
  next: number | null;
}

jest.setTimeout(30_000);

describe('operator and store', () => {
  const rig = new Rig();
  beforeAll(() => rig.start());
  afterAll(() => rig.stop());

  const summary = (): Promise<Summary> => rig.admin('GET', '/ledger/summary');

  it('is alive and ready without a token, and tells nothing else without one', async () => {
    for (const path of ['/healthz', '/readyz']) expect((await fetch(rig.url('admin') + path)).status).toBe(200);
    expect((await fetch(`${rig.url('admin')}/users`)).status).toBe(401);
    expect((await fetch(`${rig.url('admin')}/users`, { headers: { 'x-sandbox-token': 'wrong' } })).status).toBe(401);
    expect((await fetch(`${rig.url('admin')}/nowhere`)).status).toBe(401);
  });

  it('starts with people and a million yuan for each merchant', async () => {
    const { users } = await rig.admin<{ users: { city: string; openids: Record<string, string>; openid: string }[] }>(
      'GET',
      '/users',
    );
    expect(users).toHaveLength(12);
    expect(users[0]?.openids[rig.appId]).toBe(users[0]?.openid);
    expect(await rig.admin('GET', '/merchants/1900000109/balance')).toEqual({
      mchId: '1900000109',
      balanceFen: 100_000_000,
    });
    expect((await rig.adminRaw('GET', '/merchants/1/balance')).status).toBe(404);
  });

  it('takes new people in bulk and refuses half-described ones', async () => {
    const person = (n: number): object => ({
      id: `p${n}`,
      nickname: `人${n}`,
      city: '南京市',
      latitude: 32.06,
      longitude: 118.79,
      ip: '61.155.112.24',
    });
    const { users } = await rig.admin<{ users: { openid: string }[] }>('POST', '/users:bulk', {
      users: Array.from({ length: 300 }, (_, n) => person(n)),
    });
    expect(new Set(users.map(({ openid }) => openid)).size).toBe(300);
    expect(await rig.openid('p7')).toBe(users[7]?.openid);
    expect((await rig.adminRaw('POST', '/users', { id: 'x' })).status).toBe(400);
    expect((await rig.adminRaw('POST', '/users', { ...person(1), surprise: 1 })).status).toBe(400);
    expect((await rig.adminRaw('GET', '/users/nobody')).status).toBe(404);
  });

  it('loads a past, once, and the book still balances', async () => {
    const openid = await rig.openid('u01');
    const past = (outBillNo: string, channel: string, state: string, amountFen: number): object => ({
      channel,
      outBillNo,
      mchId: '1900000109',
      openid,
      amountFen,
      state,
      createdAt: '2026-07-01T10:00:00+08:00',
      updatedAt: '2026-07-01T10:05:00+08:00',
    });
    const bills = [
      past('H1', 'transfer', 'SUCCESS', 188),
      past('H2', 'transfer', 'FAIL', 100),
      past('H3', 'transfer', 'CANCELLED', 50),
      past('H4', 'redpack', 'RECEIVED', 200),
      past('H5', 'redpack', 'REFUND', 300),
      past('H6', 'redpack', 'FAILED', 100),
    ];
    const before = await summary();
    expect(await rig.admin('POST', '/history', { bills })).toEqual({ loaded: 6, skipped: 0, problems: [] });
    expect(await rig.admin('POST', '/history', { bills })).toEqual({ loaded: 0, skipped: 6, problems: [] });
    const after = await summary();
    expect(after).toMatchObject({ balanced: true, creditedFen: 388, successBills: 2, failedBills: 4, openBills: 0 });
    expect(after.merchantBalanceFen - before.merchantBalanceFen).toBe(550);
    expect((await rig.v3('GET', `${BILLS}/out-bill-no/H1`)).status).toBe(404);
    expect(await rig.admin('GET', '/wallets/u01')).toMatchObject({ balanceFen: 388 });

    const wrong = [
      past('H7', 'transfer', 'SUCCESS', 1),
      past('H8', 'transfer', 'RECEIVED', 1),
      past('H1', 'transfer', 'SUCCESS', 999),
    ];
    const refused = await rig.adminRaw('POST', '/history', { bills: wrong });
    expect(refused.status).toBe(422);
    expect(((await refused.json()) as { problems: string[] }).problems).toHaveLength(2);
    expect((await summary()).acceptedBills).toBe(6);
  });

  it('pages bills and entries, every entry adding up to zero', async () => {
    const names: string[] = [];
    for (let after: number | null = 0; after !== null;) {
      const page: BillsPage = await rig.admin('GET', `/ledger/bills?after=${after}&limit=4`);
      names.push(...page.bills.map(({ outBillNo }) => outBillNo));
      after = page.next;
    }
    expect(names).toEqual(['H1', 'H2', 'H3', 'H4', 'H5', 'H6']);
    const { entries } = await rig.admin<{ entries: { legs: { amountFen: number }[] }[] }>('GET', '/ledger/entries');
    expect(entries.length).toBeGreaterThan(10);
    for (const { legs } of entries) expect(legs.reduce((sum, { amountFen }) => sum + amountFen, 0)).toBe(0);
    expect((await rig.adminRaw('GET', '/ledger/bills?after=x')).status).toBe(400);
  });

  it('shows recent calls without their secrets', async () => {
    await fetch(
      `${rig.url('api')}/sns/oauth2/access_token?appid=${rig.appId}&secret=TOPSECRET&code=CODESECRET&grant_type=authorization_code`,
    );
    await rig.v3('POST', BILLS, rig.order('CALL1', await rig.openid('u02')));
    await eventually(async () => JSON.stringify(await rig.admin('GET', '/calls?limit=10')).includes('CALL1'));
    const text = JSON.stringify(await rig.admin('GET', '/calls?limit=50'));
    expect(text).toContain('/sns/oauth2/access_token');
    expect(text).not.toMatch(/TOPSECRET|CODESECRET|signature=/);
  });

  it('keeps people, bills, balances, clock and unsent callbacks over a restart, also with a line cut short', async () => {
    const box = await inbox((count) => (count === 1 ? 500 : 204));
    const openid = await rig.openid('p3');
    await rig.admin('POST', '/clock/advance', { seconds: 1_000 });
    await rig.v3('POST', BILLS, rig.order('KEEP1', openid, { notify_url: box.url }));
    await rig.v3('POST', BILLS, rig.order('KEEP2', openid));
    await rig.admin('POST', '/transfers/KEEP1/confirm');
    await eventually(() => box.got.length === 1);
    const before = await summary();
    appendFileSync(rig.eventFile, '{"t":"topup","mchId":"19000001');
    await rig.restart();
    expect(await summary()).toEqual(before);
    expect(await rig.admin('GET', '/clock')).toMatchObject({ offsetSeconds: 1_000 });
    expect(await rig.openid('p3')).toBe(openid);
    await eventually(() => box.got.length === 2, 'the callback after the restart');
    const repeated = await rig.v3('POST', BILLS, rig.order('KEEP2', openid));
    expect(repeated.json['state']).toBe('WAIT_USER_CONFIRM');
    await rig.advance(86_401);
    expect((await rig.v3('GET', `${BILLS}/out-bill-no/KEEP2`)).json['state']).toBe('FAIL');
    await rig.restart();
    expect((await summary()).balanced).toBe(true);
    await box.close();
  });

  it('may begin in the past, but never goes back behind a bill', async () => {
    const fresh = new Rig();
    await fresh.start();
    expect(await fresh.admin('POST', '/clock/rewind', { seconds: 86_400 })).toMatchObject({ offsetSeconds: -86_400 });
    await fresh.v3('POST', BILLS, fresh.order('OLD1', await fresh.openid('u02')));
    const [bill] = (await fresh.admin<{ bills: { createdAt: string }[] }>('GET', '/ledger/bills')).bills;
    expect(Date.now() - Date.parse(bill!.createdAt)).toBeGreaterThan(86_000_000);
    expect((await fresh.adminRaw('POST', '/clock/rewind', { seconds: 1 })).status).toBe(409);
    await fresh.advance(86_400);
    expect(await fresh.admin('GET', '/clock')).toMatchObject({ offsetSeconds: 0 });
    await fresh.stop();
  });

  it('lets go of held lines when it stops', async () => {
    await rig.admin('POST', '/faults', { scope: 'transfer.query', kind: 'timeout_before_commit', next: 1 });
    const held = rig.v3('GET', `${BILLS}/out-bill-no/HELD`).then(
      () => 'answered',
      () => 'dropped',
    );
    await new Promise((resolve) => setTimeout(resolve, 100));
    const asked = Date.now();
    await rig.restart();
    expect(Date.now() - asked).toBeLessThan(3_000);
    expect(await held).toBe('dropped');
  });

  it('does not start on a store that is damaged in the middle', async () => {
    const good = readFileSync(rig.eventFile, 'utf8');
    const lines = good.split('\n');
    lines[3] = '{"t":';
    writeFileSync(rig.eventFile, lines.join('\n'));
    await expect(rig.restart()).rejects.toThrow(/line 4 is damaged/);
    writeFileSync(rig.eventFile, good);
    await rig.start();
    expect((await summary()).balanced).toBe(true);
  });
});
