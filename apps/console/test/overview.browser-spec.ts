import { readFileSync } from 'node:fs';
import { randomUUID } from 'node:crypto';
import type { APIRequestContext, Browser } from 'playwright-core';
import { Desk, openBrowser } from './desk';
import { openSystem, type RunningSystem } from '../../local/test/running-system';

jest.setTimeout(60_000);

/** 安徽 合肥, by address. */
const HEFEI = '202.102.192.68';

/** The overview of headquarters and of a distributor, with a bottle that is opened while both look. */
describe('the overview', () => {
  let system: RunningSystem;
  let browser: Browser;
  let hq: Desk;
  let dealer: Desk;

  beforeAll(async () => {
    system = await openSystem();
    const of = (wanted: string) => system.demo.logins.find(({ role }) => role === wanted)!;
    browser = await openBrowser();
    hq = await Desk.of(browser, system.urls.home, of('owner'));
    dealer = await Desk.of(browser, system.urls.home, of('distributor'));
  }, 240_000);
  afterAll(async () => {
    await browser?.close();
    await system?.stop();
  }, 60_000);
  afterEach(() => {
    for (const desk of [hq, dealer]) {
      expect(desk.faults).toEqual([]);
      expect(desk.refused).toEqual([]);
    }
  });

  const scansToday = async (desk: Desk): Promise<number> => {
    const tile = desk.page.locator('.tile').filter({ hasText: '今日扫码' }).locator('.value');
    await tile.waitFor();
    return Number((await tile.textContent())!.replaceAll(/\D/g, ''));
  };

  it('counts a scan within seconds, at headquarters and in its territory, without a reload', async () => {
    await hq.open('');
    await dealer.open('');
    const [all, own] = [await scansToday(hq), await scansToday(dealer)];
    expect(own).toBeLessThanOrEqual(all);
    const phone = await browser.newContext({ extraHTTPHeaders: { 'x-forwarded-for': HEFEI } });
    await openBottle(phone.request, system);
    await expectSoon(async () => (await scansToday(hq)) > all && (await scansToday(dealer)) > own);
    await phone.close();
    await hq.page.getByText('实时').waitFor();
  });

  it('opens a province on the map and its cities in the table, and goes back by the path above', async () => {
    await hq.page.getByText('今天', { exact: true }).first().click();
    await hq.page.locator('.place').filter({ hasText: '安徽' }).click();
    await hq.page.locator('.place').filter({ hasText: '合肥' }).click();
    const path = hq.page.locator('nav[aria-label=地区路径]');
    expect((await path.textContent())!.replaceAll(/\s/g, '')).toBe('全国/安徽省/合肥市');
    await path.getByText('全国').click();
    await hq.page.locator('.place').filter({ hasText: '安徽' }).waitFor();
  });

  it('shows a distributor its own places, and nothing of money that is not its own', async () => {
    const places = dealer.page.locator('section[aria-label=各地扫码] .place');
    await places.filter({ hasText: '合肥' }).waitFor();
    expect(await places.filter({ hasText: /南京|广州|成都/ }).count()).toBe(0);
    const path = dealer.page.locator('nav[aria-label=地区路径]');
    expect((await path.textContent())!.replaceAll(/\s/g, '')).toBe('全国/安徽省');
    await dealer.page.locator('section[aria-label=与自己比]').getByText('回头客').waitFor();
    expect(await dealer.page.locator('section[aria-label=预算消耗], section[aria-label=等我处理]').count()).toBe(0);
  });

  it('hands over the regional report as a file that adds up', async () => {
    await dealer.open('regions');
    await dealer.row('合肥').waitFor();
    expect(await dealer.row('南京').count()).toBe(0);
    await dealer.button('下载').click();
    const link = dealer.page.locator('a[download]').filter({ hasText: 'CSV' });
    await link.waitFor();
    const [download] = await Promise.all([dealer.page.waitForEvent('download'), link.click()]);
    const lines = readFileSync((await download.path())!, 'utf8')
      .trim()
      .split('\n')
      .slice(1);
    const scans = lines.map((line) => Number(line.split(',')[3]));
    expect(lines.at(-1)).toContain('合计');
    expect(scans.at(-1)).toBe(scans.slice(0, -1).reduce((sum, one) => sum + one, 0));
  });

  it('fills a wall: the big screen in gold', async () => {
    await hq.open('screen');
    await hq.page.locator('.figures strong').first().waitFor();
    await hq.page.locator('.stage canvas').first().waitFor();
    expect(await hq.page.locator('nav[aria-label=主菜单]').count()).toBe(0);
    await hq.page.getByText('返回总览').click();
    await hq.heading.waitFor();
  });
});

/** One person signs in with WeChat and opens the demo's next bottle. */
async function openBottle(phone: APIRequestContext, { urls, demo }: RunningSystem): Promise<void> {
  const start = await phone.get(`${urls.home}/v1/h5/oauth/start?return=/h5/wallet`, { maxRedirects: 0 });
  const authorize = start.headers()['location']!.replace('#wechat_redirect', '');
  const agreed = await phone.get(`${authorize}&sandbox_user=demo-0007`, { maxRedirects: 0 });
  await phone.get(agreed.headers()['location']!, { maxRedirects: 0 });
  const sheet = readFileSync(demo.qrSheetPath, 'utf8').match(/\b[0-9A-Z](?:-[0-9A-Z]{4}){4}\b/g) ?? [];
  const code = sheet.at(-1)!.replaceAll('-', '');
  const answer = await phone.post(`${urls.home}/v1/h5/scans`, { data: { scanId: randomUUID(), code } });
  if (!answer.ok()) throw new Error(`the scan was refused: ${answer.status()} ${await answer.text()}`);
}

async function expectSoon(isSo: () => Promise<boolean>, withinMs = 15_000): Promise<void> {
  const end = Date.now() + withinMs;
  while (!(await isSo())) {
    if (Date.now() > end) throw new Error(`not so within ${withinMs} ms`);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}
