import type { Browser } from 'playwright-core';
import { openSystem, type RunningSystem } from '../../local/test/running-system';
import { Headquarters, type Batch, type Share } from './headquarters';
import { openBrowser, Phone } from './phone';

jest.setTimeout(90_000);

const CASH = { kind: 'cash', name: '开盖红包', amount: { type: 'fixed', fen: 268 } };
const GOODS = { kind: 'goods', name: '青禾保温杯', valueFen: 9900 };

/** What may stand between a bottle and its prize: each task a step, done on the page, and the prize behind it. */
describe('a prize behind a gate', () => {
  let system: RunningSystem;
  let browser: Browser;
  let hq: Headquarters;
  let batch: Batch;
  let phone: Phone;
  const phones: Phone[] = [];

  beforeAll(async () => {
    system = await openSystem();
    browser = await openBrowser();
    hq = await Headquarters.enter(system.urls, system.demo);
    batch = await hq.batch(8);
    // A number may be asked for where something is sent; whoever wins money in such a campaign comes through the same gate.
    const shares: Share[] = [
      { bottles: 4, prize: CASH },
      { bottles: 4, prize: GOODS },
    ];
    await hq.campaign(batch, shares, { gates: [{ kind: 'phone' }] });
  }, 240_000);
  afterEach(async () => {
    for (const one of phones.splice(0)) {
      await one.away();
      expect(one.faults).toEqual([]);
    }
  });
  afterAll(async () => {
    await browser?.close();
    await system?.stop();
  }, 60_000);

  /** Somebody of a story's own: a number that is bound stays bound. */
  const newcomer = async (name: string): Promise<string> => {
    const id = `gate-${name}-${Date.now() % 100_000_000}`;
    const place = { city: '广东省广州市', latitude: 23.1291, longitude: 113.2644, ip: '59.42.160.119' };
    await system.sandbox('POST', '/users', { id, nickname: '门前', ...place });
    return id;
  };
  const inWechat = async (user: string): Promise<Phone> => {
    const taken = await Phone.take(browser, system.urls.home, { open: system.urls.sandboxOpen, user });
    phones.push(taken);
    return taken;
  };
  const steps = () => phone.page.getByRole('region', { name: '领奖步骤' });
  const bind = () => phone.button('绑定，领这瓶的奖').click();
  const alert = (words: string) => phone.page.getByRole('alert').filter({ hasText: words }).waitFor();
  /** The code in the last message that the operator of the number delivered. */
  const codeOn = async (number: string): Promise<string> => {
    for (const end = Date.now() + 20_000; Date.now() < end;) {
      const { messages } = await system.sandbox<{ messages: { text: string }[] }>('GET', `/sms?to=%2B86${number}`);
      const code = /验证码 (\d{6})/.exec(messages[0]?.text ?? '')?.[1];
      if (code !== undefined) return code;
      await new Promise((done) => setTimeout(done, 250));
    }
    throw new Error('no message came');
  };
  const askCode = async (number: string): Promise<string> => {
    await phone.page.getByRole('textbox', { name: '手机号' }).fill(number);
    await phone.page.getByRole('checkbox').check();
    await phone.button('获取验证码').click();
    await phone.button(/秒后可重发/).waitFor();
    return codeOn(number);
  };
  const newNumber = (): string => `137${String(Date.now() % 10_000_000).padStart(7, '0')}1`;

  it('asks for a phone number, refuses a wrong code, opens on the right one, and the money arrives', async () => {
    const [user, other] = [await newcomer('first'), await newcomer('second')];
    phone = await inWechat(user);
    await phone.open(`/${batch.codes[0]}`);
    await phone.page.getByText('官方正品码').first().waitFor();
    await steps().getByText('第 1 步 / 共 2 步').waitFor();
    expect(await steps().locator('[aria-current=step]').textContent()).toContain('绑定手机号');
    await steps()
      .getByText(/为您留/)
      .waitFor();
    expect([await phone.envelope.count(), await phone.button('收款').count()]).toEqual([0, 0]);

    // The bottle is kept for whoever stands at the gate: somebody else waits.
    const late = await inWechat(other);
    await late.open(`/${batch.codes[0]}`);
    await late.page.getByText('有人正在领这一瓶').waitFor();
    await late.picture('gate-held');

    await bind();
    await alert('先获取验证码');
    const number = newNumber();
    await phone.page.getByRole('textbox', { name: '手机号' }).fill(number);
    await phone.button('获取验证码').click();
    await alert('勾选');
    await phone.picture('gate-phone');
    const code = await askCode(number);
    await phone.page.getByRole('textbox', { name: '验证码' }).fill(code === '000000' ? '111111' : '000000');
    await bind();
    await alert('验证码不对');
    await phone.picture('gate-wrong-code');
    expect(await phone.envelope.count()).toBe(0);
    await phone.page.getByRole('textbox', { name: '验证码' }).fill(code);
    await bind();

    await phone.envelope.click();
    await phone.money.getByText('待领取').waitFor();
    await phone.picture('gate-opened');
    await phone.button('收款').click();
    await phone.wechatDialog.locator('#confirm').click();
    await phone.wechatDialog.locator('#done').click();
    await phone.money.getByText('已到账').waitFor();
    const { balanceFen } = await system.sandbox<{ balanceFen: number }>('GET', `/wallets/${user}`);
    expect(balanceFen).toBe(CASH.amount.fen);
    const asked = (await phone.heard()).filter(({ status }) => status === 200);
    expect(new Set(asked.map(({ scanId }) => scanId)).size).toBe(2);

    // Once through, always through; and the number is where it can be taken back.
    await phone.open(`/${batch.codes[1]}`);
    await phone.envelope.waitFor();
    expect(await steps().count()).toBe(0);
    await phone.open('/h5/me');
    await phone.page.getByText(`${number.slice(0, 3)}****${number.slice(-4)}`).waitFor();
  });

  it('keeps the place of a person who leaves, and is open for who bound the number in another tab', async () => {
    phone = await inWechat(await newcomer('tabs'));
    await phone.open(`/${batch.codes[4]}`);
    await steps().getByText('第 1 步 / 共 2 步').waitFor();
    await phone.open('/h5/me');
    await phone.page.getByText('最近的奖励').waitFor();
    await phone.page.goBack();
    await steps().getByText('第 1 步 / 共 2 步').waitFor();

    const gate = phone.page;
    const other = await phone.context.newPage();
    await other.goto(`${system.urls.home}/h5/phone`);
    const number = newNumber();
    await other.getByRole('textbox', { name: '手机号' }).fill(number);
    await other.getByRole('checkbox').check();
    await other.getByRole('button', { name: '获取验证码' }).click();
    await other.getByRole('textbox', { name: '验证码' }).fill(await codeOn(number));
    await other.getByRole('button', { name: '绑定', exact: true }).click();
    await other.waitForURL(/\/h5\/me$/);
    await other.close();

    await gate.reload();
    await phone.envelope.click();
    await gate.getByLabel('收货人').waitFor();
  });

  it.each([
    ['sharing', 'share', [CASH, GOODS], 'gate_share'],
    ['following', 'follow', [CASH, GOODS], 'gate_follow'],
    ['a phone number for nothing but money', 'phone', [CASH], 'gate_phone_needless'],
  ])('cannot be written down, let alone published, where it asks for %s', async (_what, kind, prizes, fault) => {
    const shares = prizes.map((prize) => ({ bottles: 4, prize }));
    expect(await hq.faultsOf(batch, shares, { gates: [{ kind }] })).toEqual([fault]);
    expect(await hq.faultsOf(batch, shares, { gates: [] })).toEqual([]);
  });
});
