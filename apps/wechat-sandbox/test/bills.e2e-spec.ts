import { createHash, randomBytes, sign } from 'node:crypto';
import { request as httpsRequest } from 'node:https';
import { gunzipSync } from 'node:zlib';
import { BILLS, Rig } from './rig';

jest.setTimeout(30_000);

const APPLY = '/v3/bill/fundflowbill';
const HEADER =
  '记账时间,微信支付业务单号,资金流水单号,业务名称,业务类型,收支类型,收支金额(元),账户结余(元),资金变更提交申请人,备注,业务凭证号';

interface Applied {
  download_url: string;
  hash_type: string;
  hash_value: string;
  code?: string;
}

describe('资金账单', () => {
  const rig = new Rig();
  let openid = '';
  let day = '';
  beforeAll(async () => {
    await rig.start();
    openid = await rig.openid('u01');
    const { now } = await rig.admin<{ now: string }>('GET', '/clock');
    day = new Date(Date.parse(now) + 8 * 3_600_000).toISOString().slice(0, 10);
    await rig.v3('POST', BILLS, rig.order('B1', openid, { transfer_remark: '一, 二`三' }));
    await rig.v3('POST', BILLS, rig.order('B2', openid, { transfer_amount: 10 }));
    await rig.admin('POST', '/transfers/B1/confirm');
    await rig.admin('POST', `/merchants/${rig.merchant.mchId}/balance`, { amountFen: 12_345 });
  });
  afterAll(() => rig.stop());
  afterEach(() => rig.admin('DELETE', '/bills'));

  const apply = (query: string) => rig.v3<Applied>('GET', `${APPLY}?${query}`);

  it('is not there before the next morning, never for a day without money moved, and not for days that cannot be', async () => {
    expect((await apply(`bill_date=${day}`)).json).toMatchObject({ code: 'STATEMENT_CREATING' });
    await rig.advance(40 * 3_600);
    const yesterday = new Date(Date.parse(day) - 86_400_000).toISOString().slice(0, 10);
    const quiet = await apply(`bill_date=${yesterday}&tar_type=GZIP`);
    expect([quiet.status, quiet.json.code]).toEqual([400, 'NO_STATEMENT_EXIST']);
    expect(rig.signedByPlatform(quiet)).toBe(true);
    expect((await apply(`bill_date=${day}&account_type=OPERATION`)).json.code).toBe('NO_STATEMENT_EXIST');
    for (const bad of [
      'bill_date=2026-13-01',
      'bill_date=',
      `bill_date=${day}&account_type=ALL`,
      `bill_date=${day}&tar_type=ZIP`,
    ]) {
      expect((await apply(bad)).json.code).toBe('PARAM_ERROR');
    }
    expect((await apply('bill_date=2020-01-01')).json.code).toBe('INVALID_REQUEST');
    const unsigned = await rig.v3<Applied>('GET', `${APPLY}?bill_date=${day}`, '', { authorization: null });
    expect(unsigned.status).toBe(401);
  });

  it('says what moved on the account, packed or plain, with the checksum of the plain file', async () => {
    const packed = (await apply(`bill_date=${day}&tar_type=GZIP`)).json;
    const plain = (await apply(`bill_date=${day}`)).json;
    expect(packed).toMatchObject({ hash_type: 'SHA1', hash_value: plain.hash_value });
    const text = gunzipSync(await download(rig, packed.download_url)).toString('utf8');
    expect((await download(rig, plain.download_url)).toString('utf8')).toBe(text);
    expect(createHash('sha1').update(text, 'utf8').digest('hex')).toBe(packed.hash_value);
    const lines = text.split('\r\n');
    expect(lines[0]).toBe(`\u{feff}${HEADER}`);
    const rows = lines.slice(1, -3).map((line) => line.slice(1).split(',`'));
    // The opening balance, the top-up, and the one transfer that somebody has; the one that waits moved nothing.
    expect(rows.map((row) => [row[3], row[5], row[6], row[10]])).toEqual([
      ['充值/提现', '收入', '1000000.00', expect.any(String)],
      ['商家转账', '支出', '1.88', 'B1'],
      ['充值/提现', '收入', '123.45', expect.any(String)],
    ]);
    expect(rows.every((row) => row.length === 11 && row[0]!.startsWith(day))).toBe(true);
    expect(rows.at(-1)![7]).toBe('1000121.57');
    expect(lines.slice(-3)).toEqual([
      '资金流水总笔数,收入笔数,收入金额,支出笔数,支出金额',
      '`3,`2,`1000123.45,`1,`1.88',
      '',
    ]);
  });

  it('hands a file to nobody but the merchant it was made for', async () => {
    const { download_url: address } = (await apply(`bill_date=${day}`)).json;
    const path = address.slice(address.indexOf('/v3/'));
    expect((await rig.v3<Applied>('GET', path, '', { authorization: null })).status).toBe(401);
    const other = await rig.v3<Applied>('GET', path, '', { merchant: rig.keys.merchants[1] });
    expect([other.status, other.json.code]).toEqual([403, 'NO_AUTH']);
    expect((await rig.v3<Applied>('GET', `${path}x`)).json.code).toBe('INVALID_REQUEST');
  });

  it('lies when it is told to, and refuses lies that make no sense', async () => {
    const { mchId } = rig.merchant;
    const falsify = (lies: object[]) => rig.adminRaw('POST', `/bills/${mchId}/${day}`, { falsify: lies });
    expect((await falsify([{ kind: 'amount', outBillNo: 'B1' }])).status).toBe(400);
    expect((await falsify([{ kind: 'drop' }])).status).toBe(400);
    expect((await rig.adminRaw('POST', `/bills/nobody/${day}`, { falsify: [] })).status).toBe(404);
    await falsify([
      { kind: 'double', outBillNo: 'B1' },
      { kind: 'add', outBillNo: 'X1', amountFen: 5 },
    ]);
    const { download_url: address } = (await apply(`bill_date=${day}`)).json;
    const text = (await download(rig, address)).toString('utf8');
    expect(text.match(/`B1\r\n/g)).toHaveLength(2);
    expect(text).toContain('`5,`2,`1000123.45,`3,`3.81');
  });
});

/** A signed GET whose answer is bytes. */
function download(rig: Rig, address: string): Promise<Buffer> {
  const url = new URL(address);
  const { mchId, serialNo, privateKey } = rig.merchant;
  const [timestamp, nonce] = [Math.floor(Date.now() / 1_000), randomBytes(16).toString('hex')];
  const message = `GET\n${url.pathname}${url.search}\n${timestamp}\n${nonce}\n\n`;
  const signature = sign('sha256', Buffer.from(message), privateKey).toString('base64');
  const authorization = `WECHATPAY2-SHA256-RSA2048 mchid="${mchId}",nonce_str="${nonce}",timestamp="${timestamp}",serial_no="${serialNo}",signature="${signature}"`;
  return new Promise((resolve, reject) => {
    const request = httpsRequest(
      url,
      { agent: rig.agent, headers: { authorization, 'user-agent': 'rig' } },
      (response) => {
        expect(response.headers['wechatpay-signature']).toBeUndefined();
        const pieces: Buffer[] = [];
        response.on('data', (piece: Buffer) => pieces.push(piece));
        response.on('error', reject);
        response.on('end', () => resolve(Buffer.concat(pieces)));
      },
    );
    request.on('error', reject);
    request.end();
  });
}
