import { TOTP } from 'otpauth';
import type { Browser } from 'playwright-core';
import { Desk, openBrowser } from './desk';
import { openSystem, type RunningSystem } from '../../local/test/running-system';

jest.setTimeout(60_000);

/** The built console against the whole running system: somebody joins, a second person agrees, a phone is bound, the log knows it all. */
describe('people come in', () => {
  let system: RunningSystem;
  let browser: Browser;
  let owner: Desk;
  let approver: Desk;
  let joiner: Desk;
  const login = `joiner-${Date.now() % 1_000_000}`;
  const password = 'my very own words';
  let link = '';
  let phone: TOTP;

  const of = (role: string): { login: string; password: string } => {
    const found = system.demo.logins.find((one) => one.role === role);
    if (!found) throw new Error(`the demo brand has nobody who is ${role}`);
    return found;
  };

  beforeAll(async () => {
    system = await openSystem();
    browser = await openBrowser();
    owner = await Desk.of(browser, system.urls.home, of('owner'));
    approver = await Desk.of(browser, system.urls.home, of('approver'));
    joiner = await Desk.take(browser, system.urls.home);
  }, 240_000);
  afterAll(async () => {
    await browser?.close();
    await system?.stop();
  }, 60_000);
  afterEach(() => {
    for (const desk of [owner, approver, joiner]) {
      expect(desk.faults).toEqual([]);
      expect(desk.refused).toEqual([]);
    }
  });

  it('an owner invites, and is told a link once', async () => {
    await owner.open('people');
    await owner.page.getByPlaceholder('姓名或账号').fill('qinghe-audit');
    await owner.row('qinghe-audit').waitFor();
    await owner.button('邀请同事').click();
    await owner.above.getByLabel('姓名').fill('新同事');
    await owner.above.getByLabel(/登录账号/).fill(login);
    await owner.above.getByText('客服', { exact: true }).click();
    await owner.above.getByLabel(/为什么需要/).fill('旺季加人');
    await owner.asking('/v1/console/operators', () =>
      owner.above.getByRole('button', { name: '生成邀请链接' }).click(),
    );
    link = await owner.page.getByLabel('一次性链接').inputValue();
    expect(link).toMatch(/\/console\/join#[\w-]{43}$/);
    await owner.button('已经交给对方').click();
    await owner.page.getByPlaceholder('姓名或账号').fill(login);
    await owner.row(login).getByText('等待本人设置密码').waitFor();
  });

  it('whoever has the link sets a password, and waits for roles', async () => {
    // The link names the public host; the test goes in by the door that it uses for everything.
    const { pathname, hash } = new URL(link);
    await joiner.page.goto(system.urls.home + pathname + hash);
    await joiner.page.getByRole('heading', { name: '您好，新同事' }).waitFor();
    expect(joiner.page.url()).not.toContain('#');
    await joiner.page.locator('input[name=new-password]').fill(password);
    await joiner.page.locator('input[name=again]').fill(password);
    await joiner.button('设置并登录').click();
    await joiner.page.getByText('正在等另一位同事同意').waitFor();
    expect(joiner.here).toBe('account');
    expect(await joiner.menu()).toEqual([]);
  });

  it('a second person finds it in the inbox, and agrees', async () => {
    await approver.open('approvals');
    const row = approver.row('新同事：客服');
    await row.getByRole('button', { name: '同意' }).click();
    await approver.asking('/approve', () => approver.above.getByRole('button', { name: '同意' }).click());
    await row.waitFor({ state: 'detached' });
    await joiner.open('people');
    await joiner.heading.filter({ hasText: '人员与角色' }).waitFor();
    expect(await joiner.button('邀请同事').count()).toBe(0);
  });

  it('a phone is bound, and asked for at the next sign-in', async () => {
    await joiner.open('account');
    await joiner.button('绑定手机').click();
    await joiner.page.getByLabel('为确认是您本人').fill(password);
    const [proposed] = await Promise.all([
      joiner.page.waitForResponse((response) => response.url().endsWith('/second-factor') && response.ok()),
      joiner.button('下一步').click(),
    ]);
    const { secret } = (await proposed.json()) as { secret: string };
    phone = new TOTP({ secret });
    await joiner.page.getByAltText('用验证器扫描的二维码').waitFor();
    await joiner.field('手机上现在显示的验证码').fill(phone.generate({ timestamp: Date.now() - 30_000 }));
    await joiner.button('确认绑定').click();
    await joiner.page.locator('.codes li').first().waitFor();
    expect(await joiner.page.locator('.codes li').count()).toBe(10);
    await joiner.button('已经存好').click();
    await joiner.page.getByText('还有 10 个恢复码').waitFor();

    await joiner.button('我的账号与退出').click();
    await joiner.page.getByText('退出登录').click();
    await joiner.page.locator('input[name=login]').fill(login);
    await joiner.page.locator('input[name=password]').fill(password);
    await joiner.button('登录').click();
    await joiner.page.locator('input[name=code]').fill('000000');
    await joiner.button('确认登录').click();
    await joiner.page.getByText('验证码不对').waitFor();
    await joiner.page.locator('input[name=code]').fill(phone.generate());
    await joiner.button('确认登录').click();
    await joiner.page.waitForURL((url) => !url.pathname.endsWith('/sign-in'));
    expect([joiner.expectRefused('login 401'), joiner.expectRefused('login 401')]).toEqual([true, true]);
  });

  it('the log knows it all, with what was before and after, and its chain holds', async () => {
    await owner.open('audit');
    const granted = owner.row('同意角色').first();
    await granted.getByRole('button').click();
    await owner.above.getByText('roles', { exact: true }).waitFor();
    expect(await owner.above.locator('.after').first().textContent()).toContain('service');
    await owner.page.keyboard.press('Escape');
    await owner.button('校验完整性').click();
    await owner.page.getByText('没有一条被改动或删除').waitFor();
  });

  it('a distributor looks after its own people only, and has no log', async () => {
    const dealer = await Desk.of(browser, system.urls.home, of('distributor'));
    await dealer.open('people');
    await dealer.row('anhui-staff').waitFor();
    expect(await dealer.row('qinghe').count()).toBe(0);
    expect((await dealer.menu()).map((title) => title.trim())).not.toContain('操作日志');
    await dealer.open('audit');
    await dealer.page.waitForURL((url) => !url.pathname.endsWith('/audit'));
    expect(dealer.faults).toEqual([]);
    await dealer.leave();
  });
});
