import type { Browser } from 'playwright-core';
import { Desk, openBrowser } from './desk';
import { openSystem, type RunningSystem } from '../../local/test/running-system';

jest.setTimeout(60_000);

/** Finance's own pages: what one person asks for about money, and another decides. */
describe('money decided by two', () => {
  let system: RunningSystem;
  let browser: Browser;
  let accountant: Desk;
  let second: Desk;
  const reason = `九月充值补记 ${Date.now() % 100_000}`;

  beforeAll(async () => {
    system = await openSystem();
    const who = (role: string) => {
      const found = system.demo.logins.find((login) => login.role === role);
      if (!found) throw new Error(`the demo brand has nobody who is ${role}`);
      return found;
    };
    browser = await openBrowser();
    accountant = await Desk.of(browser, system.urls.home, who('finance'));
    second = await Desk.of(browser, system.urls.home, who('approver'));
  }, 240_000);
  afterAll(async () => {
    await browser?.close();
    await system?.stop();
  }, 60_000);
  afterEach(() => {
    for (const desk of [accountant, second]) {
      expect(desk.faults).toEqual([]);
      expect(desk.refused).toEqual([]);
    }
  });

  it('a correction that does not balance is not sent; one that does waits for somebody else', async () => {
    await accountant.open('corrections');
    await accountant.button('申请调账').first().click();
    const form = accountant.above;
    await accountant.pick('第 1 行账户种类', '账外');
    await accountant.pick('第 2 行账户种类', '商户账户');
    await accountant.pick('第 2 行商户号', /\d{10}/);
    await form.getByLabel('第 1 行金额').fill('100');
    await form.getByLabel('第 2 行金额').fill('90');
    await form.getByText('转出多 10.00 元').first().waitFor();
    await form.getByLabel('原因').fill(reason);
    await form.getByRole('button', { name: '提交，请另一个人同意' }).click();
    await form.getByRole('alert').filter({ hasText: '转出多 10.00 元' }).waitFor();
    await form.getByLabel('第 2 行金额').fill('100');
    await accountant.asking('/corrections', () => form.getByRole('button', { name: '提交，请另一个人同意' }).click());
    const row = accountant.row(reason);
    await row.getByText('待审批').waitFor();
    expect(await row.getByRole('button', { name: '同意', exact: true }).count()).toBe(0);
  });

  it('another person reads what it moves, agrees, and it is booked', async () => {
    await second.open('approvals');
    await second.row(reason).getByRole('link').first().click();
    await second.page.waitForURL(/corrections/);
    const row = second.row(reason);
    await row.getByRole('button', { name: '同意', exact: true }).click();
    await second.above.getByText('账外 转出 100.00 元').waitFor();
    await second.asking('/approve', () => second.above.getByRole('button', { name: '同意入账' }).click());
    await row.getByText('已入账').waitFor();
  });

  it('conclusions by hand have a page of their own', async () => {
    await second.open('money-decisions');
    expect(await second.heading.textContent()).toBe('人工结论');
    await second.page.locator('.el-table__row, .empty').first().waitFor();
  });
});
