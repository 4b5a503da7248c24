import type { Browser, BrowserContext, FrameLocator, Page } from 'playwright-core';
import { openBrowser } from './desk';
import { openSystem, type RunningSystem } from '../../local/test/running-system';

jest.setTimeout(180_000);

/** The guided tour as a newcomer plays it: every button pressed, every sentence that it says of numbers true. */
describe('the tour', () => {
  let system: RunningSystem;
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;
  const faults: string[] = [];

  beforeAll(async () => {
    system = await openSystem();
    browser = await openBrowser();
    context = await browser.newContext({
      ...{ viewport: { width: 1440, height: 900 }, locale: 'zh-CN', timezoneId: 'Asia/Shanghai' },
    });
    page = await context.newPage();
    page.on('pageerror', (error) => faults.push(error.message));
    await page.goto(`${system.urls.home}/tour`);
  }, 240_000);
  afterAll(async () => {
    await browser?.close();
    await system?.stop();
  }, 60_000);

  const phone = (): FrameLocator => page.frameLocator('iframe[title=消费者的手机]');
  const desk = (): FrameLocator => page.frameLocator('iframe[title=控制台]');
  const said = (words: RegExp) => page.locator('.talk p').filter({ hasText: words }).last();
  const press = async (step: string, button: string): Promise<void> => {
    await page.locator('.chip').filter({ hasText: step }).click();
    await page.getByRole('button', { name: button }).click();
  };
  /** The step is over when its button may be pressed again; what it could not do it says in red. */
  const over = async (): Promise<void> => {
    await page
      .getByRole('button', { name: '再来一次' })
      .or(page.locator('.talk .bad'))
      .first()
      .waitFor({ timeout: 150_000 });
    expect(await page.locator('.talk .bad').allTextContents()).toEqual([]);
  };
  const takeMoney = async (): Promise<void> => {
    await phone().frameLocator('#wechat-sandbox-confirm').getByRole('button', { name: '确认收款' }).click();
  };

  it('opens a bottle for 1.88 yuan, and the change money rises', async () => {
    await press('开一瓶', '扫盖内码');
    await phone().locator('h1').filter({ hasText: '官方正品码' }).waitFor();
    // It breathes: on a busy machine a browser never finds it at rest.
    await phone().locator('button.envelope').dispatchEvent('click');
    await phone().getByRole('button', { name: /收款/ }).click();
    await takeMoney();
    await over();
    expect(await said(/零钱/).textContent()).toContain('多了 1.88 元');
  });

  it('shows the city of the scan within seconds', async () => {
    await press('城市亮起', '看总览');
    await over();
    expect(await said(/合肥今天/).textContent()).toMatch(/合肥今天 \d+ → \d+ 次扫码/);
    await desk().locator('h1').first().waitFor();
  });

  it('doubles gold cards in 安徽 after a check, a replay and a second person; 合肥 doubles, 南京 does not', async () => {
    await press('金卡加倍', '改规则并发布');
    await over();
    expect(await said(/试算/).textContent()).toMatch(/最近 7 天的 [\d,]+ 次扫码/);
    expect(await said(/合肥金卡/).textContent()).toBe('合肥金卡：3.76 元。');
    expect(await said(/南京金卡/).textContent()).toContain('1.88 元');
  });

  it('says why, in Chinese', async () => {
    await press('为什么', '看这次扫码');
    await over();
    expect((await page.locator('.talk p').allTextContents()).join('')).toContain('安徽金卡晚市加倍');
  });

  it('shows the dealer of 安徽 nothing but 安徽', async () => {
    await press('只见自己', '换安徽经销商');
    await over();
    expect(await said(/只有/).textContent()).toContain('只有：安徽');
    expect(await said(/江苏/).textContent()).toMatch(/40[34]/);
  });

  it('loses no fen when the worker dies and Redis is emptied in the middle', async () => {
    await press('拔电源', '收款时杀进程');
    await takeMoney();
    await over();
    expect(await said(/相差/).textContent()).toContain('相差 0.00 元；重复付款 0 笔');
  });

  it('adds up', async () => {
    await press('账对得上', '看结算表');
    await over();
    expect(await said(/结算表合计/).textContent()).toContain('相差 0.00 元');
    expect(faults).toEqual([]);
  });
});
