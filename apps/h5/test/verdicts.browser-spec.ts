import type { Browser } from 'playwright-core';
import { openSystem, type RunningSystem } from '../../local/test/running-system';
import { Headquarters, type Batch } from './headquarters';
import { openBrowser, Phone } from './phone';

jest.setTimeout(60_000);

const SCANS = '**/v1/h5/scans';
/** Nodes look at the codes anew every five seconds. */
const CODES_KNOWN_AFTER_MS = 6_000;

/** What a person reads of a code that is not simply genuine and new. */
describe('a code', () => {
  let system: RunningSystem;
  let browser: Browser;
  let hq: Headquarters;
  let phone: Phone;
  let batch: Batch;
  let regional: Batch;
  let over: Batch;
  let plain: Batch;

  beforeAll(async () => {
    system = await openSystem();
    browser = await openBrowser();
    hq = await Headquarters.enter(system.urls, system.demo);
    batch = await hq.batch(10);
    const states = ['inactive', 'frozen', 'void'] as const;
    for (const [at, state] of states.entries()) {
      await hq.segment(batch.id, { from: at, to: at + 1, state, reason: '手机端查验' });
    }
    await hq.segment(batch.id, { from: 6, to: 7, state: 'frozen', cause: 'recall', reason: '瓶口封膜不牢' });
    regional = await hq.batch(4);
    over = await hq.batch(2, { expiresAt: new Date(Date.now() - 60_000) });
    plain = await hq.batch(2, { purpose: 'verify' });
    const cash = (name: string, fen: number) => ({ kind: 'cash', name, amount: { type: 'fixed', fen } });
    await hq.campaign(regional, [
      { bottles: 4, prize: cash('全国奖', 100), within: { adcode: 341_100, prize: cash('滁州加码', 300) } },
    ]);
  }, 240_000);
  beforeEach(async () => {
    phone = await Phone.take(browser, system.urls.home, { open: system.urls.sandboxOpen, user: 'u11' });
  });
  afterEach(async () => {
    await phone?.away();
    expect(phone?.faults).toEqual([]);
  });
  afterAll(async () => {
    await browser?.close();
    await system?.stop();
  }, 60_000);

  it.each([
    [0, 'not-active', '还没登记上市'],
    [1, 'frozen', '暂时停用'],
    [2, 'void', '这个码已作废'],
    [6, 'recalled', '正在召回，请先别喝'],
    [3, 'no-campaign', '官方正品码'],
  ])('%i reads as %s', async (at, name, words) => {
    await phone.open(`/${batch.codes[at]}`);
    await phone.page.getByText(words).first().waitFor();
    await phone.picture(`verdict-${name}`);
    expect(await phone.envelope.count()).toBe(0);
    expect(await phone.button('收款').count()).toBe(0);
  });

  it('of which the recall is over is genuine again in the window that said not to drink it', async () => {
    const serial = { from: 7, to: 8 };
    await hq.segment(batch.id, { ...serial, state: 'frozen', cause: 'recall', reason: '瓶口封膜不牢' });
    await new Promise((done) => setTimeout(done, CODES_KNOWN_AFTER_MS));
    await phone.open(`/${batch.codes[7]}`);
    await phone.page.getByText('正在召回，请先别喝').first().waitFor();
    await hq.segment(batch.id, { ...serial, state: 'active', reason: '复检合格' });
    await new Promise((done) => setTimeout(done, CODES_KNOWN_AFTER_MS));
    await phone.button('再查一次').click();
    await phone.page.getByText('官方正品码').first().waitFor();
  });

  it.each([
    ['expired', () => over, '兑奖已截止'],
    ['verify-only', () => plain, '这个码只验真伪'],
  ] as const)('of a batch of its own reads as %s', async (name, batchOf, words) => {
    await phone.open(`/${batchOf().codes[0]}`);
    await phone.page.getByText(words).first().waitFor();
    await phone.picture(`verdict-${name}`);
    expect(await phone.envelope.count()).toBe(0);
    expect(await phone.button('收款').count()).toBe(0);
  });

  it('that was cut off asks for the rest, and one that was made up is not ours', async () => {
    const code = batch.codes[4] ?? '';
    await phone.open(`/${code.slice(0, 13)}`);
    await phone.page.getByText('这个码没有扫全').waitFor();
    await phone.picture('verdict-cut-off');
    await phone.open(`/${code.slice(0, -1)}${code.endsWith('0') ? '1' : '0'}`);
    await phone.page.getByText('没有查到这个码').first().waitFor();
    await phone.picture('verdict-unknown');
  });

  it('is kept for a person who is asked to slow down, and asked with the same scanId', async () => {
    await phone.page.route(SCANS, (route) =>
      route.fulfill({
        status: 429,
        headers: { 'retry-after': '2' },
        json: { error: { code: 'too_fast', message: '扫得太快了，歇一会儿再扫', retryAfterSeconds: 2 } },
      }),
    );
    await phone.open(`/${batch.codes[5]}`);
    await phone.page.getByText('扫得有点快').waitFor();
    await phone.picture('verdict-too-fast');
    await phone.page.unroute(SCANS);
    await phone.button('再试一次').click();
    await phone.page.getByText('官方正品码').first().waitFor();
    const sent = await phone.heard();
    expect(sent.map(({ status }) => status).filter((status) => status !== 401)).toEqual([429, 200]);
    expect(new Set(sent.map(({ scanId }) => scanId)).size).toBe(1);
  });

  it('that holds more at one place asks for the place after the verdict, and gives what is right there', async () => {
    await phone.open(`/${regional.codes[0]}`);
    await phone.button('开启定位再领').waitFor();
    await phone.page.getByText('官方正品码').first().waitFor();
    await phone.picture('place-needed');
    await phone.button('开启定位再领').click();
    await phone.envelope.click();
    await phone.page.locator('.stage [role=status]').filter({ hasText: '恭喜，中了 3.00 元' }).waitFor();
    await phone.picture('place-given');
  });

  it('of a person who refuses to be located waits, and may be opened without', async () => {
    await system.sandbox('POST', '/users', {
      ...{
        id: 'shy',
        nickname: '不爱定位',
        city: '安徽省滁州市',
        latitude: 32.3016,
        longitude: 118.3163,
        ip: '124.113.224.51',
      },
      ...{ unionid: 'oUnion_shy_sandbox', follows: false, realName: '孙静', deniesLocation: true },
    });
    await phone.away();
    phone = await Phone.take(browser, system.urls.home, { open: system.urls.sandboxOpen, user: 'shy' });
    await phone.open(`/${regional.codes[1]}`);
    await phone.button('开启定位再领').click();
    await phone.page
      .getByText(/没有拿到定位权限/)
      .first()
      .waitFor();
    await phone.picture('place-refused');
    await phone.button('不开启，领取全国奖').click();
    await phone.envelope.click();
    await phone.page.locator('.stage [role=status]').filter({ hasText: '恭喜，中了 1.00 元' }).waitFor();
  });
});
