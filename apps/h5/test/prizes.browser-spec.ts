import type { Browser } from 'playwright-core';
import { Headquarters, type Batch } from './headquarters';
import { openBrowser, Phone } from './phone';
import { openSystem, type RunningSystem } from '../../local/test/running-system';

jest.setTimeout(90_000);

/** Each kind of prize on the built page against the whole running system, from the scan to its end. */
describe('a bottle with a prize', () => {
  let system: RunningSystem;
  let browser: Browser;
  let hq: Headquarters;
  let batch: Batch;
  const phones: Phone[] = [];
  const KINDS = {
    cash: { kind: 'cash', name: '开盖红包', amount: { type: 'fixed', fen: 188 } },
    locked: { kind: 'locked', name: '连开红包', amount: { type: 'fixed', fen: 200 }, opensWithinDays: 7 },
    coupon: { kind: 'coupon', name: '满 20 减 3 券', coupon: { type: 'generated' }, valueFen: 300, validDays: 30 },
    goods: { kind: 'goods', name: '青禾保温杯', valueFen: 9900 },
    redeem: { kind: 'redeem', name: '加 1 元换购一瓶', valueFen: 550, coPayFen: 100, validDays: 30 },
    nothing: { kind: 'nothing', name: '谢谢参与' },
  } as const;
  const left = new Map<string, string[]>();

  beforeAll(async () => {
    system = await openSystem();
    browser = await openBrowser();
    hq = await Headquarters.enter(system.urls, system.demo);
    batch = await hq.batch(30);
    const [distributor] = (await hq.get<{ items: { id: number }[] }>('distributors')).items;
    await hq.post('stores', {
      ...{ distributorId: distributor?.id, name: '蜀山路便利店', adcode: 340_104, address: '长江西路 8 号' },
      ...{ redeemsAll: true, location: { latitude: 31.8206, longitude: 117.2272 } },
    });
    await hq.campaign(
      batch,
      Object.values(KINDS).map((prize) => ({ bottles: 5, prize })),
    );
    Object.keys(KINDS).forEach((kind, at) => left.set(kind, batch.codes.slice(5 * at, 5 * at + 5)));
  }, 240_000);
  afterEach(async () => {
    for (const phone of phones.splice(0)) {
      await phone.away();
      expect(phone.faults).toEqual([]);
    }
  });
  afterAll(async () => {
    await browser?.close();
    await system?.stop();
  }, 60_000);

  const inWechat = async (user: string): Promise<Phone> => {
    const phone = await Phone.take(browser, system.urls.home, { open: system.urls.sandboxOpen, user });
    phones.push(phone);
    return phone;
  };
  const open = async (phone: Phone, kind: keyof typeof KINDS): Promise<string> => {
    const code = left.get(kind)?.shift();
    if (code === undefined) throw new Error(`no bottle with ${kind} is left`);
    await phone.open(`/${code}`);
    await phone.page.getByText('官方正品码').first().waitFor();
    return code;
  };

  it('holds money: two tabs and a double tap ask for one payout', async () => {
    const phone = await inWechat('u01');
    const code = await open(phone, 'cash');
    await phone.picture('cash-closed');
    await phone.envelope.click();
    await phone.money.getByText('待领取').waitFor();
    await phone.picture('cash-won');
    const other = await phone.context.newPage();
    await other.goto(`${system.urls.home}/${code}`);
    await other.getByRole('button', { name: '收款' }).waitFor();
    const taps = [phone.button('收款').dblclick(), other.getByRole('button', { name: '收款' }).click()];
    await Promise.allSettled(taps);
    await phone.wechatDialog.locator('#confirm').waitFor();
    await phone.picture('cash-confirm');
    await phone.wechatDialog.locator('#confirm').click();
    await phone.wechatDialog.locator('#done').click();
    await phone.money.getByText('已到账').waitFor();
    await phone.picture('cash-settled');
    const asked = await phone.page.evaluate(async () => {
      const { items } = (await (await fetch('/v1/h5/awards')).json()) as {
        items: { amountFen: number; state: string }[];
      };
      return items.filter(({ amountFen }) => amountFen === 188).map(({ state }) => state);
    });
    expect(asked).toEqual(['settled']);
  });

  it('holds a packet that the next bottle opens', async () => {
    const phone = await inWechat('u02');
    await open(phone, 'locked');
    await phone.envelope.click();
    await phone.page.getByText('再扫一瓶就打开').waitFor();
    await phone.picture('locked');
    await open(phone, 'nothing');
    await phone.page.getByText('上次锁着的红包打开了').waitFor();
    await phone.picture('locked-opened');
    await phone.page.getByText('去收款').click();
    await phone.money.getByText('待领取').waitFor();
    expect(await phone.button('收款').count()).toBe(1);
  });

  it('holds nothing, says so, and says the same when the person comes back', async () => {
    const phone = await inWechat('u03');
    const code = await open(phone, 'nothing');
    await phone.page.getByText('谢谢参与').first().waitFor();
    await phone.picture('nothing');
    expect(await phone.envelope.count()).toBe(0);
    await phone.open('/h5/me');
    await phone.page.getByText('最近的奖励').waitFor();
    await phone.page.goBack();
    await phone.page.getByText('谢谢参与').first().waitFor();
    await phone.open(`/${code}`);
    await phone.page.getByText('谢谢参与').first().waitFor();
  });

  it('holds a coupon: code, symbol, and the wallet keeps it', async () => {
    const phone = await inWechat('u03');
    await open(phone, 'coupon');
    await phone.envelope.click();
    await phone.button('复制券码').waitFor();
    await phone.picture('coupon');
    const code = (await phone.page.locator('.ticket .code').textContent())?.trim() ?? '';
    expect(code).toMatch(/^[0-9A-Z -]{6,}$/);
    await phone.open('/h5/wallet');
    await phone.page.locator('.row').filter({ hasText: KINDS.coupon.name }).first().click();
    await phone.page.locator('.ticket .code').filter({ hasText: code }).waitFor();
    await expect(
      phone.page.locator('.ticket img.qr').evaluate((image: HTMLImageElement) => image.decode()),
    ).resolves.toBe(undefined);
  });

  it('holds goods: an address, kept masked, then the parcel', async () => {
    const phone = await inWechat('u04');
    await open(phone, 'goods');
    await phone.envelope.click();
    const { page } = phone;
    await page.getByLabel('收货人').fill('林小禾');
    await page.getByRole('textbox', { name: '手机号' }).fill('13800001234');
    await page.getByLabel('省', { exact: true }).selectOption('安徽省');
    await page.getByLabel('市', { exact: true }).selectOption('合肥市');
    await page.getByLabel('区县').selectOption('蜀山区');
    await page.getByLabel('详细地址').fill('望江西路 100 号 3 栋 502');
    await phone.button('就寄到这里').click();
    await phone.page.getByRole('alert').waitFor();
    await page.getByRole('checkbox').check();
    await phone.picture('goods-address');
    await phone.button('就寄到这里').click();
    await page.locator('.address').waitFor();
    expect(await page.locator('.sending').textContent()).not.toContain('13800001234');
    await phone.picture('goods-waiting');
    await phone.button('修改地址').waitFor();
  });

  it('holds 加价换购: two clerks scan one symbol at once, and it is redeemed once', async () => {
    const winner = await inWechat('u01');
    await open(winner, 'redeem');
    await winner.envelope.click();
    const token = (await winner.page.locator('.token').textContent())?.trim() ?? '';
    await winner.picture('redeem');
    await winner.button('附近可兑门店').click();
    await winner.page.getByText('蜀山路便利店').first().waitFor();
    await winner.picture('stores-nearby');

    const store = (await hq.get<{ items: { id: number; name: string }[] }>('stores?name=蜀山路便利店')).items[0];
    const { url } = await hq.get<{ url: string }>(`stores/${store?.id}/binding`);
    const clerks = [await inWechat('u06'), await inWechat('u07')];
    for (const clerk of clerks) {
      await clerk.open(new URL(url).pathname);
      await clerk.page.getByLabel('您的姓名').fill('王小店');
      await clerk.page.getByRole('checkbox').check();
      await clerk.button('申请成为店员').click();
      await clerk.page.getByText('等待确认').first().waitFor();
    }
    await clerks[0]?.picture('clerk-waiting');
    const waiting = await hq.get<{ items: { id: number }[] }>(`store-clerks?state=waiting&storeId=${store?.id}`);
    expect(waiting.items.length).toBe(2);
    for (const { id } of waiting.items) await hq.post(`store-clerks/${id}/confirm`, {});
    for (const clerk of clerks) {
      await clerk.open('/h5/store');
      await clerk.page.getByLabel('扫不了就输入二维码下面的兑换码').fill(token);
      await clerk.button('查').click();
      await clerk.button('已收 1.00 元，确认兑付').waitFor();
    }
    await clerks[0]?.picture('clerk-prize');
    await Promise.all(clerks.map((clerk) => clerk.button('已收 1.00 元，确认兑付').click()));
    const told = await Promise.all(
      clerks.map(async ({ page }) => {
        await page.locator('.panel.good, .panel.stop, [role=alert]').first().waitFor();
        return (await page.locator('.panel.good').count()) === 1;
      }),
    );
    expect(told.filter(Boolean).length).toBe(1);
    expect(await clerks[told.indexOf(false)]?.button('不能兑付').isDisabled()).toBe(true);
    await clerks[told.indexOf(true)]?.picture('clerk-redeemed');
    await clerks[told.indexOf(false)]?.picture('clerk-too-late');
    const day = await clerks[0]?.page.evaluate(async (id) => {
      const answer = await fetch(`/v1/h5/store/${id}/redemptions`);
      return (await answer.json()) as { units: number };
    }, store?.id);
    expect(day?.units).toBe(1);
    await winner.page.goBack();
    await winner.page.getByText('已兑付').first().waitFor();
    await winner.picture('redeem-done');
  });
});
