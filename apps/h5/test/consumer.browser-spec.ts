import { readFileSync } from 'node:fs';
import type { Browser } from 'playwright-core';
import { openSystem, type RunningSystem } from '../../local/test/running-system';
import { openBrowser, Phone } from './phone';

jest.setTimeout(60_000);

const SCANS = '**/v1/h5/scans';

/** The printable sheet names each code as people read it: A-XXXX-XXXX-XXXX-XXXX. */
function codesOnSheet(html: string): string[] {
  const printed = html.match(/\b[0-9A-Z](?:-[0-9A-Z]{4}){4}\b/g) ?? [];
  return [...new Set(printed)].map((text) => text.replaceAll('-', ''));
}

/** The built page against the whole running system and the stand-in WeChat, each story with its own person and its own bottle. */
describe('a consumer with a bottle', () => {
  let system: RunningSystem;
  let browser: Browser;
  let phone: Phone;
  /** Nobody has scanned these yet. */
  let bottles: string[];
  let openedByOthers: string;
  let notActive: string;

  beforeAll(async () => {
    system = await openSystem();
    bottles = codesOnSheet(readFileSync(system.demo.qrSheetPath, 'utf8'));
    [openedByOthers, notActive] = system.demo.moreCodes.slice(-2) as [string, string];
    browser = await openBrowser();
  }, 240_000);
  afterAll(async () => {
    await browser?.close();
    await system?.stop();
  }, 60_000);
  afterEach(async () => {
    await phone?.away();
    expect(phone?.faults).toEqual([]);
  });

  const nextBottle = (): string => {
    const code = bottles.shift();
    if (code === undefined) throw new Error('the demo sheet has no more codes');
    return code;
  };
  const inWechat = async (user: string): Promise<Phone> => {
    phone = await Phone.take(browser, system.urls.home, { open: system.urls.sandboxOpen, user });
    return phone;
  };
  /** Opens bottles until one holds money; prizes are drawn, so nobody knows which. Resolves with its code. */
  const findPacket = async (): Promise<string> => {
    for (;;) {
      const code = nextBottle();
      await phone.open(`/${code}`);
      await phone.verdict.waitFor();
      const nationwide = phone.button('不开启，领取全国奖');
      if (await nationwide.isVisible()) await nationwide.click();
      await phone.page.locator('.envelope, .thanks, .no-reward').first().waitFor();
      if (await phone.envelope.isVisible()) return code;
    }
  };
  /** The scans of this phone that were answered. */
  const answers = async () => (await phone.heard()).filter(({ status }) => status === 200);
  const openPacket = async (): Promise<string> => {
    await phone.envelope.click();
    await phone.money.getByText('待领取').waitFor();
    return (await phone.page.locator('.stage [role=status]').textContent())?.trim() ?? '';
  };

  it('wins, refuses once, confirms in WeChat and reads 已到账; the wallet agrees; another person reads a repeat', async () => {
    await inWechat('u05');
    const code = await findPacket();
    expect(await phone.verdict.textContent()).toBe('官方正品码');
    expect(new URL(phone.page.url()).pathname).toBe(`/${code}`);
    const won = await openPacket();
    expect(won).toMatch(/^恭喜，中了 \d+\.\d\d 元$/);
    const amount = won.replace('恭喜，中了 ', '');

    await phone.button('收款').click();
    await phone.wechatDialog.locator('#cancel').click();
    await phone.money.getByText('还没有确认收款').waitFor();
    await phone.button('收款').click();
    await phone.wechatDialog.locator('#confirm').click();
    await phone.wechatDialog.locator('#done').click();
    await phone.money.getByText('已到账').waitFor();

    await phone.button('查看我的钱包').click();
    const row = phone.page.locator('.row').first();
    await row.waitFor();
    expect(await row.textContent()).toContain(amount);
    expect(await row.textContent()).toContain('已到账');
    await phone.page.goBack();
    await phone.money.getByText('已到账').waitFor();
    const answered = await answers();
    expect(new Set(answered.map(({ scanId }) => scanId)).size).toBe(new Set(answered.map(({ body }) => body)).size);
    await phone.away();

    await inWechat('u06');
    await phone.open(`/${code}`);
    await phone.page.getByText('这个码被查过').first().waitFor();
    expect(await phone.page.locator('.hero .detail').textContent()).toMatch(/^首次查询：\d+ 月 \d+ 日 \d\d:\d\d/);
    expect(await phone.envelope.count()).toBe(0);
  });

  it('reads when and where others opened the bottle, nothing more of them', async () => {
    await inWechat('u09');
    await phone.open(`/${openedByOthers}`);
    await phone.page.getByText('这个码被查过').first().waitFor();
    expect(await phone.page.locator('.hero .detail').textContent()).toMatch(
      /^首次查询：\d+ 月 \d+ 日 \d\d:\d\d，.+。算上这次，共 \d+ 次。$/,
    );
    expect(await phone.button('收款').count()).toBe(0);
    await phone.picture('repeat-others');
  });

  it('keeps the reward of a bottle that is not on the market yet, and may ask again', async () => {
    await inWechat('u10');
    await phone.open(`/${notActive}`);
    await phone.page.getByText('奖励不会丢').first().waitFor();
    // The sentence of the first answer stays on the page: only the second answer tells that it was asked again.
    await Promise.all([phone.page.waitForResponse(SCANS), phone.button('再查一次').click()]);
    await phone.page.getByText('奖励不会丢').first().waitFor();
    expect(new Set((await answers()).map(({ scanId }) => scanId)).size).toBe(2);
  });

  it('scans its own bottle again in a new window and finds the reward, opened', async () => {
    await inWechat('u07');
    const code = await findPacket();
    await openPacket();
    const again = await phone.context.newPage();
    await again.goto(`${system.urls.home}/${code}`);
    await again
      .getByText(/您已于 \d+ 月 \d+ 日 \d\d:\d\d 扫过，奖励在这里/)
      .first()
      .waitFor();
    await again.getByRole('button', { name: '收款' }).waitFor();
    await phone.open(`/${code}`);
    await phone.picture('repeat-mine');
  });

  it('reloads with one scanId and gets the same bytes', async () => {
    await inWechat('u08');
    await findPacket();
    await phone.page.reload();
    await phone.envelope.waitFor();
    const [before, after] = (await answers()).slice(-2);
    expect(after?.scanId).toBe(before?.scanId);
    expect(after?.body).toBe(before?.body);
  });

  it('loses the answer on a weak network, asks again by itself and still is the first', async () => {
    await inWechat('u01');
    let lost = false;
    await phone.page.route(SCANS, async (route) => {
      const response = await route.fetch();
      if (lost || response.status() === 401) return route.fulfill({ response });
      lost = true;
      return route.abort('connectionreset');
    });
    await phone.open(`/${nextBottle()}`);
    await phone.page.getByText('官方正品码').first().waitFor();
    expect(await phone.page.locator('.hero .detail').textContent()).toContain('首次查询');
    const sent = (await phone.heard()).filter(({ status }) => status !== 401);
    expect(sent.map(({ status }) => status)).toEqual([null, 200]);
    expect(new Set(sent.map(({ scanId }) => scanId)).size).toBe(1);
  });

  it('says that a slow network is slow, waits, and is the first all the same', async () => {
    await inWechat('u02');
    await phone.page.route(SCANS, async (route) => {
      const response = await route.fetch();
      if (response.status() !== 401) await new Promise((done) => setTimeout(done, 6_000));
      await route.fulfill({ response });
    });
    await phone.open(`/${nextBottle()}`);
    await phone.page.getByText('网络有点慢，还在查').waitFor();
    await phone.picture('verdict-slow');
    await phone.page.getByText('官方正品码').first().waitFor();
    const sent = (await phone.heard()).filter(({ status }) => status !== 401);
    expect(sent.map(({ status }) => status)).toEqual([200]);
  });

  it('keeps the scan while there is no network and finishes it with the same scanId', async () => {
    await inWechat('u02');
    await phone.page.route(SCANS, (route) => route.abort('internetdisconnected'));
    await phone.open(`/${nextBottle()}`);
    await phone.page.getByText('网络没有连上').first().waitFor();
    await phone.picture('verdict-offline');
    await phone.page.unroute(SCANS);
    await phone.button('再试一次').click();
    await phone.page.getByText('官方正品码').first().waitFor();
    expect(new Set((await phone.heard()).map(({ scanId }) => scanId)).size).toBe(1);
  });

  it('reads that a forged code is not ours, and may type the right one', async () => {
    await inWechat('u03');
    const code = nextBottle();
    const forged = code.slice(0, -1) + (code.endsWith('0') ? '1' : '0');
    await phone.open(`/${forged}`);
    await phone.page.getByText('没有查到这个码').first().waitFor();
    expect((await phone.heard()).at(-1)?.status).toBe(404);
    await phone.page.getByLabel('照着瓶身输入 17 位码').fill(code.toLowerCase());
    await phone.button('核对这个码').click();
    await phone.page.getByText('官方正品码').first().waitFor();
    expect(new URL(phone.page.url()).pathname).toBe(`/${code}`);
  });

  it('follows the GS1 Digital Link of a label to the same page', async () => {
    await inWechat('u04');
    await phone.open(`/01/06901234567892/21/${nextBottle()}`);
    await phone.page.getByText('官方正品码').first().waitFor();
  });

  it('shows the way into WeChat elsewhere, and asks nothing of the server in the name of anybody', async () => {
    phone = await Phone.take(browser, system.urls.home, null);
    await phone.open(`/${nextBottle()}`);
    await phone.page.getByText('用微信扫一扫打开').waitFor();
    await phone.page.getByRole('img', { name: '本页地址的二维码' }).waitFor();
    await phone.picture('outside');
    expect(phone.asked.filter((path) => /scans|oauth|session/.test(path))).toEqual([]);
  });

  it('tells a preview visitor to use the full service', async () => {
    await inWechat('u12');
    await phone.open(`/${nextBottle()}`);
    await phone.page.getByText('现在是预览页面').waitFor();
    expect(await answers()).toEqual([]);
  });
});
