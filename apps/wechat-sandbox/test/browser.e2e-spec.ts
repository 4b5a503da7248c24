import { createHash } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core';
import { BILLS, eventually, Rig } from './rig';

// Set to a directory to look at the pages.
const SHOTS = process.env['SANDBOX_SCREENSHOTS'];
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

const OPEN_TAGS = ['wx-open-subscribe'];
const AUTHORIZATIONS = '/v3/fund-app/mch-transfer/user-confirm-authorization';

interface Window {
  wx: Record<string, (options: object) => void>;
  WeixinJSBridge: { invoke(name: string, params: object, done: (result: { err_msg: string }) => void): void };
}

jest.setTimeout(30_000);

describe('pages and script in Chromium', () => {
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;
  let site: Server;
  let rig: Rig;
  let origin = '';
  const seenAddresses: (string | undefined)[] = [];

  beforeAll(async () => {
    site = createServer((request, response) => {
      if (request.url === '/whoami') seenAddresses.push(request.headers['x-forwarded-for'] as string | undefined);
      response.setHeader('content-type', 'text/html; charset=utf-8');
      response.end(
        `<!doctype html><title>H5</title><body><h1>merchant page</h1><script src="${rig.url('js')}/open/js/jweixin-1.6.0.js"></script>`,
      );
    });
    await new Promise<void>((resolve) => site.listen(0, resolve));
    origin = `http://127.0.0.1:${(site.address() as AddressInfo).port}`;
    rig = await new Rig(undefined, { oauthDomains: [new URL(origin).host] }).start();
    browser = await chromium.launch({
      executablePath: process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium',
      args: FLAGS,
    });
  }, 30_000);
  afterAll(async () => {
    await browser.close();
    await rig.stop();
    site.closeAllConnections();
    site.close();
  });
  beforeEach(async () => {
    context = await browser.newContext({
      viewport: { width: 375, height: 812 },
      deviceScaleFactor: 2,
      locale: 'zh-CN',
    });
    page = await context.newPage();
  });
  afterEach(() => context.close());

  const shoot = async (name: string): Promise<void> => {
    if (SHOTS === undefined) return;
    mkdirSync(SHOTS, { recursive: true });
    await page.screenshot({ path: join(SHOTS, `${name}.png`) });
  };
  const authorizeUrl = (scope: string, redirect = `${origin}/back`): string =>
    `${rig.url('open')}/connect/oauth2/authorize?appid=${rig.appId}&redirect_uri=${encodeURIComponent(redirect)}&response_type=code&scope=${scope}&state=s1#wechat_redirect`;
  const become = (user: string) => page.goto(`${rig.url('open')}/me?sandbox_user=${user}`);

  /** Signs for the page's address and runs wx.config; gives what wx.ready or wx.error said. */
  const configure = async (apis: string[], spoil = false): Promise<string> => {
    const api = async (path: string): Promise<Record<string, string>> =>
      (await (await fetch(rig.url('api') + path)).json()) as Record<string, string>;
    const { access_token } = await api(
      `/cgi-bin/token?grant_type=client_credential&appid=${rig.appId}&secret=${rig.keys.secrets.wechat.appSecret}`,
    );
    const { ticket } = await api(`/cgi-bin/ticket/getticket?access_token=${access_token}&type=jsapi`);
    const url = page.url().split('#')[0] + (spoil ? 'x' : '');
    const signature = createHash('sha1')
      .update(`jsapi_ticket=${ticket}&noncestr=N&timestamp=1700000000&url=${url}`)
      .digest('hex');
    return page.evaluate(
      (config) =>
        new Promise<string>((resolve) => {
          const { wx } = globalThis as unknown as {
            wx: {
              config(c: object): void;
              ready(f: () => void): void;
              error(f: (e: { errMsg: string }) => void): void;
            };
          };
          wx.error(({ errMsg }) => resolve(errMsg));
          wx.ready(() => resolve('ready'));
          wx.config(config);
        }),
      { appId: rig.appId, timestamp: 1700000000, nonceStr: 'N', signature, jsApiList: apis, openTagList: OPEN_TAGS },
    );
  };
  const call = (name: string, options: object = {}): Promise<Record<string, unknown>> =>
    page.evaluate(
      ([method, given]) =>
        new Promise((resolve) => {
          const { wx } = globalThis as unknown as Window;
          wx[method as string]?.({ ...(given as object), complete: resolve });
        }),
      [name, options] as const,
    );

  it('asks who you are once, shows consent, and reports a wrong domain', async () => {
    await page.goto(authorizeUrl('snsapi_base'));
    await shoot('authorize-choose');
    await page.click('[data-user="u05"]');
    await page.waitForURL(/\/back\?code=[0-9a-f]{32}&state=s1/);
    await page.goto(authorizeUrl('snsapi_base'));
    await page.waitForURL(/\/back\?code=/);
    await page.goto(authorizeUrl('snsapi_userinfo'));
    await shoot('authorize-consent');
    await page.click('text=拒绝');
    await page.waitForURL(`${origin}/back?state=s1`);
    await page.goto(authorizeUrl('snsapi_base', 'http://elsewhere.test/'));
    expect(await page.textContent('main')).toContain('10003');
    await shoot('authorize-10003');
  });

  it('its tag for one message asks the person, and tells the page what they said', async () => {
    const template = 'sandbox-subscribe-award-waiting-0001';
    await become('u07');
    await page.goto(`${origin}/K123`);
    expect(await configure([])).toBe('ready');
    /** Puts the tag into the page as the H5 does; `told` is what its events brought. */
    const place = (): Promise<void> =>
      page.evaluate(`(() => {
        const held = (text, slot = '') =>
          Object.assign(document.createElement('script'), { type: 'text/wxtag-template', slot, textContent: text });
        const tag = document.createElement('wx-open-subscribe');
        tag.setAttribute('template', '${template}');
        tag.append(
          held('<style>.ask{color:rgb(1, 2, 3)}</style>', 'style'),
          held('<button class="ask">提醒我</button>'),
        );
        const tell = (event) => void Object.assign(globalThis, { told: event.detail });
        for (const name of ['success', 'error']) tag.addEventListener(name, tell);
        document.body.replaceChildren(tag);
      })()`);
    const answered = async (tap: string): Promise<unknown> => {
      await place();
      await page.click('text=提醒我');
      const dialog = page.frameLocator('#wechat-sandbox-confirm');
      if (tap === '允许') await shoot('subscribe');
      await dialog.getByRole('button', { name: tap }).click();
      await page.waitForFunction(() => 'told' in globalThis);
      return page.evaluate(() => {
        const { told } = globalThis as unknown as { told: unknown };
        delete (globalThis as { told?: unknown }).told;
        return told;
      });
    };
    const details = (status: string): string => JSON.stringify({ [template]: JSON.stringify({ status }) });
    expect(await answered('拒绝')).toEqual({ errMsg: 'subscribe:ok', subscribeDetails: details('reject') });
    expect(await answered('允许')).toEqual({ errMsg: 'subscribe:ok', subscribeDetails: details('accept') });
    const inside = "document.querySelector('wx-open-subscribe').shadowRoot.querySelector('button')";
    const colour = await page.evaluate(`getComputedStyle(${inside}).color`);
    expect(colour).toBe('rgb(1, 2, 3)');
  });

  it('a wrong signature fails wx.config and everything after it', async () => {
    await become('u06');
    await page.goto(`${origin}/K123?a=1#top`);
    expect(await configure(['getLocation'], true)).toBe('config:fail, invalid signature');
    expect(await call('getLocation')).toEqual({ errMsg: 'getLocation:permission denied' });
  });

  it('a right one opens the calls asked for: location of the city, in both systems', async () => {
    await become('u06');
    await page.goto(`${origin}/K123?a=1#top`);
    expect(await configure(['getLocation'])).toBe('ready');
    expect(await call('getLocation', { type: 'gcj02' })).toMatchObject({
      latitude: 23.0219,
      longitude: 113.1214,
      errMsg: 'getLocation:ok',
    });
    const wgs = (await call('getLocation')) as { latitude: number; longitude: number };
    expect(wgs.latitude).toBeCloseTo(23.0245, 2);
    expect(wgs.longitude).toBeCloseTo(113.116, 2);
    expect(await call('scanQRCode')).toEqual({ errMsg: 'scanQRCode:permission denied' });
    expect(await call('checkJsApi', { jsApiList: ['requestMerchantTransfer', 'chooseWXPay'] })).toMatchObject({
      checkResult: { requestMerchantTransfer: true, chooseWXPay: false },
    });
  });

  it('sends the public address of the phone with requests to the own origin only', async () => {
    await become('u07');
    await page.goto(`${origin}/K123`);
    seenAddresses.length = 0;
    await page.evaluate(async () => {
      await fetch('/whoami');
      await fetch(new Request('/whoami', { method: 'POST', body: 'x' }));
      await new Promise<void>((resolve) => {
        const { XMLHttpRequest: Xhr } = globalThis as unknown as {
          XMLHttpRequest: new () => { open(m: string, u: string): void; send(): void; onload: () => void };
        };
        const xhr = new Xhr();
        xhr.onload = () => resolve();
        xhr.open('GET', '/whoami');
        xhr.send();
      });
    });
    expect(seenAddresses).toEqual(['118.112.16.198', '118.112.16.198', '118.112.16.198']);
    const elsewhere = `${origin.replace('127.0.0.1', 'localhost')}/whoami`;
    await page.evaluate(async (url) => fetch(url, { mode: 'no-cors' }), elsewhere);
    expect(seenAddresses.at(-1)).toBeUndefined();
    expect(seenAddresses).toHaveLength(4);
  });

  describe('requestMerchantTransfer', () => {
    const ask = async (no: string, user: string): Promise<{ answer: Promise<string> }> => {
      const order = rig.order(no, await rig.openid('u05'), { transfer_remark: '青禾夏日开盖有礼' });
      const { json } = await rig.v3<{ package_info: string }>('POST', BILLS, order);
      return open(json, user);
    };
    const askToAgree = async (no: string, user: string): Promise<{ answer: Promise<string> }> => {
      const { json } = await rig.v3<{ package_info: string }>('POST', AUTHORIZATIONS, {
        ...{ out_authorization_no: no, appid: rig.appId, openid: await rig.openid(user), transfer_scene_id: '1000' },
        ...{ user_display_name: '会员1024', user_recv_perception: '活动奖励' },
        authorization_notify_url: 'http://127.0.0.1:9/none',
      });
      return open(json, user);
    };
    const open = async (json: { package_info: string }, user: string): Promise<{ answer: Promise<string> }> => {
      await become(user);
      await page.goto(`${origin}/K123`);
      await configure(['requestMerchantTransfer']);
      const params = { mchId: rig.merchant.mchId, appId: rig.appId, package: json.package_info };
      const answer = page.evaluate(
        (given) =>
          new Promise<string>((resolve) => {
            const { WeixinJSBridge } = globalThis as unknown as Window;
            WeixinJSBridge.invoke('requestMerchantTransfer', given, ({ err_msg }) => resolve(err_msg));
          }),
        params,
      );
      await page.frameLocator('#wechat-sandbox-confirm').locator('button').last().waitFor();
      await page.waitForTimeout(350);
      return { answer };
    };
    const frame = () => page.frameLocator('#wechat-sandbox-confirm');
    const stateOf = async (no: string): Promise<unknown> =>
      (await rig.v3('GET', `${BILLS}/out-bill-no/${no}`)).json['state'];

    it('pays when the user confirms, and then says only that the page was closed', async () => {
      const { answer } = await ask('B1', 'u05');
      await shoot('confirm-ready');
      expect(await frame().locator('.amount').textContent()).toBe('¥1.88');
      await frame().getByText('确认收款', { exact: true }).click();
      await frame().locator('#done').waitFor();
      await shoot('confirm-done');
      expect(await stateOf('B1')).toBe('SUCCESS');
      await frame().locator('#done').click();
      expect(await answer).toBe('requestMerchantTransfer:ok');
      expect(await page.locator('iframe').count()).toBe(0);
      await page.goto(`${rig.url('open')}/me`);
      await shoot('me');
    });

    it('asks once whether later transfers may arrive without asking, and lets that be taken back', async () => {
      const stateOfAgreement = async (): Promise<unknown> =>
        (await rig.v3('GET', `${AUTHORIZATIONS}/out-authorization-no/BA1`)).json['state'];
      const refused = await askToAgree('BA1', 'u05');
      await shoot('agree-ask');
      await frame().getByText('暂不开通', { exact: true }).click();
      expect(await refused.answer).toBe('requestMerchantTransfer:cancel');
      expect(await stateOfAgreement()).toBe('WAIT_USER_CONFIRM');
      const { answer } = await askToAgree('BA1', 'u05');
      await frame().getByText('同意授权', { exact: true }).click();
      await frame().locator('#done').waitFor();
      await shoot('agree-done');
      await frame().locator('#done').click();
      expect(await answer).toBe('requestMerchantTransfer:ok');
      expect(await stateOfAgreement()).toBe('TAKING_EFFECT');
      await page.goto(`${rig.url('open')}/me`);
      await shoot('me-agreed');
      await page.getByText('解除', { exact: true }).click();
      await page.waitForURL('**/me');
      expect(await page.getByText('解除', { exact: true }).count()).toBe(0);
      expect(await stateOfAgreement()).toBe('CLOSED');
    });

    it('pays nothing when the user cancels', async () => {
      const { answer } = await ask('B2', 'u05');
      await frame().getByText('取消', { exact: true }).click();
      expect(await answer).toBe('requestMerchantTransfer:cancel');
      expect(await stateOf('B2')).toBe('WAIT_USER_CONFIRM');
    });

    it('refuses another user', async () => {
      const { answer } = await ask('B3', 'u06');
      expect(await frame().locator('main').textContent()).toContain('你的微信号与商家指定的微信号不一致');
      await shoot('confirm-refused');
      await frame().locator('#done').click();
      expect(await answer).toBe('requestMerchantTransfer:fail');
      expect(await stateOf('B3')).toBe('WAIT_USER_CONFIRM');
    });

    it('refuses a package after its day', async () => {
      const { answer } = await ask('B4', 'u05');
      await rig.advance(86_401);
      await frame().getByText('确认收款', { exact: true }).click();
      await frame().getByText('已过期').waitFor();
      await eventually(async () => (await stateOf('B4')) === 'FAIL');
      await frame().locator('#done').click();
      expect(await answer).toBe('requestMerchantTransfer:fail');
    });
  });
});
