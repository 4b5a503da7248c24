import type { Browser } from 'playwright-core';
import { Desk, openBrowser } from './desk';
import { openSystem, type RunningSystem } from '../../local/test/running-system';

jest.setTimeout(60_000);

/** The built console against the whole running system: codes, scans, members and the service desk. */
describe('operations', () => {
  let system: RunningSystem;
  let browser: Browser;
  let desk: Desk;
  const name = `试产 ${Date.now() % 100_000}`;

  beforeAll(async () => {
    system = await openSystem();
    const owner = system.demo.logins.find(({ role }) => role === 'owner');
    if (!owner) throw new Error('the demo brand has no owner');
    browser = await openBrowser();
    desk = await Desk.of(browser, system.urls.home, owner);
  }, 240_000);
  afterAll(async () => {
    await browser?.close();
    await system?.stop();
  }, 60_000);
  afterEach(() => {
    expect(desk.faults).toEqual([]);
    expect(desk.refused).toEqual([]);
  });

  it('a batch is made, issued, and a stretch of it picked on the bar is put on sale', async () => {
    const { page } = desk;
    await desk.open('batches');
    await desk.button('新建码批次').first().click();
    await desk.above.getByLabel('产品').click();
    await page.locator('.el-select-dropdown__item:visible').filter({ hasText: '青柠' }).first().click();
    await desk.above.getByLabel('批次名称').fill(name);
    await desk.above.getByRole('button', { name: '下一步' }).click();
    await desk.above.getByRole('button', { name: '下一步' }).click();
    await desk.above.getByLabel('每层码数').fill('10000');
    await desk.above.getByRole('button', { name: '建批次并发码' }).click();
    await page.waitForURL(/batches\/\d+$/);
    await page.locator('h1').filter({ hasText: name }).waitFor();

    const bar = page.getByRole('slider').first();
    const box = (await bar.boundingBox())!;
    await page.mouse.move(box.x + 1, box.y + box.height / 2);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2, { steps: 5 });
    await page.mouse.up();
    await desk.button('启用').first().click();
    await desk.above.getByText('立刻上市').waitFor();
    await desk.above.getByRole('button', { name: '启用' }).click();
    await page
      .locator('.counts .active')
      .first()
      .filter({ hasText: /[45],\d{3}/ })
      .waitFor();
    await desk.row('已启用').first().waitFor();
  });

  it('a pack is asked for, and nobody agrees to the own one', async () => {
    const panel = desk.page.locator('section[aria-label]').first();
    await panel.getByLabel('第一个序号').fill('0');
    await panel.getByLabel('最后一个序号').fill('1999');
    await panel.getByLabel('最后一个序号').press('Enter');
    await panel.getByRole('button', { name: '申请码包' }).click();
    await desk.above.getByLabel('交给谁').fill('合肥印厂');
    await desk.above.locator('.el-switch').click();
    await desk.above.getByLabel('每卷多少个码').fill('600');
    await desk.above.getByLabel('每卷多少个码').press('Tab');
    await desk.above.getByText('分成 4 卷，卷号 1 到 4，最后一卷 200 个').waitFor();
    await desk.above.getByText('共 8 个').waitFor();
    await desk.asking('code-packs', () => desk.above.getByRole('button', { name: '提交申请' }).click());
    await desk.open('packs');
    const row = desk.row(name);
    await row.getByText('待同意').waitFor();
    await row.getByRole('button', { name: '4 卷，每卷 600' }).click();
    await desk.above.getByText('roll-0004.csv').waitFor();
    await desk.page.keyboard.press('Escape');
    await desk.page.locator('.el-drawer:visible').waitFor({ state: 'hidden' });
    expect(await row.getByRole('button', { name: '同意', exact: true }).count()).toBe(0);
    await row.getByRole('button', { name: '撤回' }).click();
    await desk.above.getByRole('button', { name: '撤回' }).click();
    await row.getByText('已撤回').waitFor();
  });

  it('scans are searched, and one of them explains itself', async () => {
    await desk.open('scans');
    const first = desk.page.locator('.el-table__row').first();
    await first.waitFor();
    const code = (await first.locator('b').first().textContent())!;
    await desk.asking(/console\/scans$/, async () => {
      await desk.field('按码查找').fill(code);
      await desk.field('按码查找').press('Enter');
    });
    await desk.row(code).first().click();
    await desk.above.getByText('为什么').waitFor();
    await desk.above.getByText('钱到哪了').waitFor();
  });

  it('a member is tagged, and found by the tag', async () => {
    await desk.open('members');
    await desk.page.locator('.el-table__row').first().click();
    await desk.page.waitForURL(/members\/\d+$/);
    const tag = `标${Date.now() % 10_000}`;
    await desk.field('加一个标签').fill(tag);
    await desk.asking('members:tag', () => desk.field('加一个标签').press('Enter'));
    await desk.page.locator('.timeline').getByText(`加了标签「${tag}」`).waitFor();
    const number = desk.here.split('/')[1]!;
    await desk.open(`members?tag=${encodeURIComponent(tag)}`);
    await desk.row(number).waitFor();
    expect(await desk.page.locator('.el-table__row').count()).toBe(1);
  });

  it('a complaint is answered beside its scan', async () => {
    await desk.open('complaints');
    // The demo's first one, which names its scan.
    await desk.page.locator('.el-table__row').last().click();
    await desk.above.getByText('钱到哪了').waitFor();
    await desk.above.getByRole('textbox', { name: '回复' }).fill('查到了，今天上午已经到您的零钱。');
    await desk.asking('/reply', () => desk.above.getByRole('button', { name: '回复' }).click());
    await desk.above.locator('li.ours').filter({ hasText: '今天上午' }).waitFor();
  });

  it('the forgotten batch is an alarm that offers exactly its range', async () => {
    await desk.open('code-alarms');
    await desk.page.getByText('30 天').click();
    const alarm = desk.page.locator('article').first();
    await alarm.waitFor();
    await alarm.getByRole('button', { name: '启用这一段' }).click();
    await desk.above.getByText('一个不多一个不少').waitFor();
    await desk.above.getByRole('button', { name: '取消' }).click();
  });

  it('every other page of these rooms opens with what it is for', async () => {
    for (const [path, title] of [
      ['products', '产品'],
      ['fulfilment', '发货'],
      ['coupon-pools', '券码库'],
      ['leaked-packs', '码包泄露'],
    ] as const) {
      await desk.open(path);
      expect(await desk.heading.textContent()).toBe(title);
      await desk.page.locator('.el-table__row, .empty').first().waitFor();
    }
  });
});
