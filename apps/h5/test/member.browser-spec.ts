import type { Browser } from 'playwright-core';
import { openSystem, type RunningSystem } from '../../local/test/running-system';
import { Headquarters } from './headquarters';
import { openBrowser, Phone } from './phone';

jest.setTimeout(90_000);

/** A member's own rooms on the built page against the whole running system. */
describe('a member', () => {
  let system: RunningSystem;
  let browser: Browser;
  let phone: Phone;
  let bottle: string | undefined;
  // Somebody of this spec's own: who is forgotten here is missed by nobody.
  const user = `member-${Date.now() % 100_000_000}`;

  beforeAll(async () => {
    system = await openSystem();
    browser = await openBrowser();
    const place = { city: '合肥', latitude: 31.82, longitude: 117.23, ip: '36.32.0.1' };
    await system.sandbox('POST', '/users', { id: user, nickname: '小禾', ...place });
    const hq = await Headquarters.enter(system.urls, system.demo);
    const batch = await hq.batch(2);
    [bottle] = batch.codes;
    await hq.campaign(batch, [
      { bottles: 2, prize: { kind: 'cash', name: '开盖红包', amount: { type: 'fixed', fen: 188 } } },
    ]);
    phone = await Phone.take(browser, system.urls.home, { open: system.urls.sandboxOpen, user });
  }, 240_000);
  afterEach(() => {
    expect(phone.faults.splice(0)).toEqual([]);
  });
  afterAll(async () => {
    await phone?.away();
    await browser?.close();
    await system?.stop();
  }, 60_000);

  const me = () =>
    phone.page.evaluate(
      async () =>
        (await (await fetch('/v1/h5/me')).json()) as { since: string; scans: number; nickname: string | null },
    );

  it('goes from its page to every room', async () => {
    await phone.open('/h5/me');
    for (const [room, title] of [
      ['会员等级', '等级是这样定的'],
      ['扫码记录', '还没有扫过码'],
      ['查一查这瓶', '照着瓶身输入 17 位码'],
      ['隐私与数据', '存了什么，为什么'],
      ['帮助', '红包和到账'],
    ] as const) {
      await phone.page.getByRole('navigation', { name: '更多' }).getByText(room, { exact: true }).click();
      await phone.page.getByText(title).first().waitFor();
      await phone.page.goBack();
      await phone.page.getByText('最近的奖励').waitFor();
    }
  });

  it('finds a bottle it opened, and the way to what it won', async () => {
    await phone.open(`/${bottle}`);
    await phone.page.getByText('官方正品码').first().waitFor();
    // Seen at once, whenever the worker comes to fold it.
    await phone.open('/h5/scans');
    await phone.page.getByText('正品 · 首次查询').or(phone.page.getByText('还没有扫过码')).first().waitFor();
    expect(await phone.page.getByText('正品 · 首次查询').count()).toBe(1);
    await phone.picture('scan-history');
    await phone.page.getByText('都在这里了').waitFor();
    await phone.page.getByText('开盖红包 1.88 元').click();
    await phone.button('收款').waitFor();
  });

  it('gives itself a name, is told what cannot be one, and finds it again', async () => {
    await phone.open('/h5/me');
    await phone.button('起个昵称').click();
    await phone.page.getByLabel('昵称').fill('小禾\u202e');
    await phone.button('保存').click();
    await phone.page.getByRole('alert').getByText('看不见的字符').waitFor();
    await phone.page.getByLabel('昵称').fill('  山前　小禾 ');
    await phone.button('保存').click();
    await phone.page.getByRole('heading', { name: '山前 小禾' }).waitFor();
    await phone.page.reload();
    await phone.page.getByRole('heading', { name: '山前 小禾' }).waitFor();
    await phone.picture('nickname');
    await phone.open('/h5/privacy');
    await phone.page.getByText('山前 小禾').waitFor();
  });

  it('reads everything that is kept of it, and copies it', async () => {
    await phone.context.grantPermissions(['clipboard-read', 'clipboard-write']);
    await phone.open('/h5/privacy');
    await phone.page.getByText('导出我的数据').click();
    await phone.button('复制全部').click();
    await phone.page.getByText('已复制全部').waitFor();
    await phone.picture('my-data');
    const text = await phone.page.locator('pre').textContent();
    expect(JSON.parse(text ?? '')).toMatchObject({ 会员: { 昵称: '山前 小禾' }, 扫码: [{ 地点: '合肥市' }] });
  });

  it('is forgotten after two questions, and comes back as somebody new', async () => {
    const before = await me();
    await phone.open('/h5/privacy/erase');
    await phone.page.getByText('1.88 元待领取的红包').waitFor();
    await phone.button('继续注销').click();
    await phone.page.getByRole('alert').getByText('再勾选').waitFor();
    await phone.page.getByRole('checkbox').check();
    await phone.button('继续注销').click();
    await phone.picture('erase-sure');
    await phone.button('确定注销').click();
    await phone.page.getByText('已经注销').waitFor();
    await phone.picture('erased');

    await phone.open('/h5/me');
    await phone.page.getByText('最近的奖励').waitFor();
    const after = await me();
    expect([after.scans, after.nickname]).toEqual([0, null]);
    expect(Date.parse(after.since)).toBeGreaterThan(Date.parse(before.since));
    await phone.open('/h5/scans');
    await phone.page.getByText('还没有扫过码').waitFor();
  });
});
