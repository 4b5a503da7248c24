import type { Browser, BrowserContext, Page } from 'playwright-core';
import { Desk, openBrowser } from './desk';
import { openSystem, type RunningSystem } from '../../local/test/running-system';

jest.setTimeout(60_000);

const IN_WECHAT =
  'Mozilla/5.0 (Linux; Android 14; 23127PN0CC) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0 Mobile Safari/537.36 MicroMessenger/8.0.50 NetType/WIFI Language/zh_CN';
/** Lives in the demo's stand-in WeChat. */
const CLERK = 'tour-nanjing';

/** The built console against the whole running system: distributors, stores and their clerks, the months that are settled. */
describe('the channel', () => {
  let system: RunningSystem;
  let browser: Browser;
  let desk: Desk;
  let wechat: BrowserContext;
  let phone: Page;
  const tag = String(Date.now() % 1_000_000);
  const distributor = `合肥利民商贸 ${tag}`;
  const store = `蜀山便利店 ${tag}`;

  beforeAll(async () => {
    system = await openSystem();
    const owner = system.demo.logins.find(({ role }) => role === 'owner');
    if (!owner) throw new Error('the demo brand has no owner');
    browser = await openBrowser();
    desk = await Desk.of(browser, system.urls.home, owner);
    wechat = await browser.newContext({ viewport: { width: 375, height: 812 }, locale: 'zh-CN', userAgent: IN_WECHAT });
    phone = await wechat.newPage();
    await phone.goto(`${system.urls.sandboxOpen}/me?sandbox_user=${CLERK}`);
  }, 240_000);
  afterAll(async () => {
    await browser?.close();
    await system?.stop();
  }, 60_000);
  afterEach(() => {
    expect(desk.faults).toEqual([]);
    expect(desk.refused).toEqual([]);
  });

  it('a distributor is made and given a region, which ends when somebody says so', async () => {
    const { page } = desk;
    await desk.open('distributors');
    await desk.button('新建经销商').first().click();
    await desk.above.getByLabel('名称').fill(distributor);
    await desk.above.getByRole('button', { name: '保存', exact: true }).click();
    await desk.row(distributor).first().click();
    await desk.button('增加区域').click();
    await desk.above.locator('input[aria-label=地区], .el-cascader input').first().fill('蜀山区');
    await page.locator('.el-cascader__suggestion-item:visible').filter({ hasText: '蜀山区' }).first().click();
    await desk.above.getByRole('button', { name: '增加', exact: true }).click();
    await page.getByText('生效中').waitFor();
    await page.getByRole('button', { name: '结束', exact: true }).click();
    await desk.above.getByRole('button', { name: '现在结束' }).click();
    await page.locator('.el-drawer').getByText('已结束').waitFor();
  });

  it('a store is opened, a person binds by its QR, waits, and is confirmed', async () => {
    const { page } = desk;
    await desk.open('stores');
    await desk.button('登记门店').first().click();
    await desk.above.getByLabel('店名').fill(store);
    await desk.above.locator('.el-select input').first().fill(distributor);
    await page.locator('.el-select-dropdown__item:visible').filter({ hasText: distributor }).click();
    await desk.above.locator('.el-cascader input').first().fill('蜀山区');
    await page.locator('.el-cascader__suggestion-item:visible').filter({ hasText: '蜀山区' }).first().click();
    await desk.above.getByLabel('地址').fill('长江西路 1 号');
    await desk.asking('/stores', () => desk.above.getByRole('button', { name: '保存', exact: true }).click());
    await page.locator('input[aria-label=店名]').fill(store);
    await page.keyboard.press('Enter');
    const bound = await desk.asking('/binding', () => desk.row(store).click());
    const { url } = (await bound.json()) as { url: string };
    await page.getByAltText(`${store} 的店员绑定码`).waitFor();

    await phone.goto(system.urls.home + new URL(url).pathname);
    await phone.getByLabel('您的姓名').fill('王小店');
    await phone.getByRole('checkbox').check();
    await phone.getByRole('button', { name: '申请成为店员' }).click();
    await phone.getByText('等待确认').first().waitFor();

    await desk.open('stores');
    await page.getByRole('button', { name: /待确认店员/ }).click();
    const row = desk.above.locator('.el-table__row').filter({ hasText: store });
    await row.getByRole('button', { name: '确认' }).click();
    await row.waitFor({ state: 'detached' });
    await phone.getByRole('button', { name: '看看确认了没有' }).click();
    await phone.getByRole('button', { name: '开始兑付' }).click();
    await phone.getByText('今日兑付').waitFor();
    await phone.getByLabel('扫不了就输入二维码下面的兑换码').fill('R1-1-0-1-0-0000000000000000');
    await phone.getByRole('button', { name: '查', exact: true }).click();
    await phone.getByText('这不是兑换码').waitFor();
  });

  it('the months of every distributor are listed, and one opens as a sheet', async () => {
    await desk.open('redemption-sheets');
    await desk.row(distributor).click();
    await desk.page.locator('h1').filter({ hasText: distributor }).waitFor();
    await desk.page.getByText('月末仍欠').first().waitFor();
  });

  it('a distributor finds itself, and nothing of the others', async () => {
    const login = system.demo.logins.find(({ role }) => role === 'distributor');
    if (!login) throw new Error('the demo brand has no distributor');
    const theirs = await Desk.of(browser, system.urls.home, login);
    await theirs.open('distributors');
    await theirs.row('安徽徽茗').waitFor();
    expect(await theirs.row(/./).count()).toBe(1);
    await theirs.open('stores');
    await theirs.page.locator('h1').filter({ hasText: '终端门店' }).waitFor();
    expect(await theirs.row(store).count()).toBe(0);
    expect(theirs.faults).toEqual([]);
    expect(theirs.refused).toEqual([]);
    await theirs.leave();
  });
});
