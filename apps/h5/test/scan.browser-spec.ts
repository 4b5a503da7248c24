import type { Browser } from 'playwright-core';
import { Desk } from '../../console/test/desk';
import { openSystem, type RunningSystem } from '../../local/test/running-system';
import { openBrowser, Phone } from './phone';

jest.setTimeout(90_000);

interface Batch {
  readonly id: number;
  readonly name: string;
  readonly product: { readonly id: number };
}
/** Serials that the demo's history and its printed sheet leave alone; the second plant's lot reaches to 260,000. */
const RECALLED = { from: 255_000, to: 255_004 };
const TWO_TABS = { from: 255_100, to: 255_102 };
const DEALT = { from: 255_200, to: 255_320 };

/** What HQ does at its desk and a drinker reads on the phone a moment later, and what the phone can compute by itself. */
describe('a bottle and the story behind it', () => {
  let system: RunningSystem;
  let browser: Browser;
  let market: Desk;
  let approver: Desk;
  let phone: Phone;
  let batch: Batch;

  beforeAll(async () => {
    system = await openSystem();
    browser = await openBrowser();
    const of = (role: string) =>
      Desk.of(
        browser,
        system.urls.home,
        system.demo.logins.find((one) => one.role === role)!,
      );
    [market, approver] = [await of('owner'), await of('approver')];
    batch = (await read<{ items: Batch[] }>(market, `code-batches?q=${encodeURIComponent('白桃')}`)).items.find(
      ({ name }) => name.includes('夏季'),
    )!;
  }, 240_000);
  afterAll(async () => {
    await browser?.close();
    await system?.stop();
  }, 60_000);
  afterEach(async () => {
    await phone?.away();
    expect([phone?.faults, market.faults, market.refused]).toEqual([[], [], []]);
  });

  const url = (path: string): string => `${system.urls.home}/v1/console/${path}`;
  const read = async <T>(desk: Desk, path: string): Promise<T> => {
    const answer = await desk.page.request.get(url(path));
    if (!answer.ok()) throw new Error(`${path}: ${answer.status()} ${await answer.text()}`);
    return (await answer.json()) as T;
  };
  const send = async <T>(desk: Desk, path: string, data: object): Promise<T> => {
    const answer = await desk.page.request.post(url(path), { data, headers: { 'x-requested-with': 'yima' } });
    if (!answer.ok()) throw new Error(`${path}: ${answer.status()} ${await answer.text()}`);
    return (await answer.json()) as T;
  };
  const codes = async ({ from, to }: { from: number; to: number }): Promise<string[]> => {
    const csv = await market.page.request.get(url(`code-batches/${batch.id}/codes.csv?layer=0&from=${from}&to=${to}`));
    const [, ...rows] = (await csv.text()).trim().split('\r\n');
    return rows.map((row) => row.split(',')[0]!);
  };
  const inWechat = async (user: string): Promise<Phone> => {
    phone = await Phone.take(browser, system.urls.home, { open: system.urls.sandboxOpen, user });
    return phone;
  };
  const scan = async (code: string): Promise<void> => {
    await phone.open(`/${code}`);
    await phone.verdict.waitFor();
  };

  it('is recalled at the desk: the next scan says not to drink, what to do, and where the bottle has been', async () => {
    const [code, untouched] = [(await codes(RECALLED))[1]!, (await codes({ from: 255_010, to: 255_011 }))[0]!];
    await market.open(`batches/${batch.id}`);
    const layer = market.page.getByRole('region', { name: '盖内码' });
    await layer.getByLabel('第一个序号').fill(String(RECALLED.from));
    await layer.getByLabel('第一个序号').press('Tab');
    await layer.getByLabel('最后一个序号').fill(String(RECALLED.to - 1));
    await layer.getByLabel('最后一个序号').press('Tab');
    await layer.getByRole('button', { name: '召回', exact: true }).click();
    await market.above.getByLabel('原因').fill('封口不严');
    await market.asking('/segments', () => market.above.getByRole('button', { name: '召回' }).click());
    await layer.getByText('其中召回').waitFor();

    await inWechat('u05');
    await scan(code);
    expect(await phone.verdict.textContent()).toBe('正在召回，请先别喝');
    await phone.page.getByText('先别喝', { exact: true }).waitFor();
    expect(await phone.page.locator('body').textContent()).not.toContain('封口不严');
    const stages = phone.page.getByRole('region', { name: '溯源' });
    expect(await stages.locator('b').allTextContents()).toEqual(['采茶', '萃取', '灌装', '质检', '出库']);
    await phone.page.getByRole('link', { name: '联系我们' }).or(phone.button('联系我们')).first().click();
    await phone.page.getByRole('heading', { name: '遇到问题了？' }).waitFor();
    await phone.page.goBack();
    await phone.verdict.waitFor();
    expect(await phone.verdict.textContent()).toBe('正在召回，请先别喝');

    await scan(untouched);
    expect(await phone.verdict.textContent()).toBe('官方正品码');
  });

  it('is opened in two tabs at once by one person, who finds one reward, the same in both', async () => {
    const [code] = await codes(TWO_TABS);
    await inWechat('u06');
    await phone.open('/h5/wallet');
    const other = await phone.context.newPage();
    const replies: { awardId?: string }[] = [];
    for (const page of [phone.page, other]) {
      page.on('response', async (response) => {
        if (!response.url().endsWith('/v1/h5/scans') || !response.ok()) return;
        replies.push(((await response.json()) as { reward: { awardId: string } | null }).reward ?? {});
      });
    }
    await Promise.all([phone.page, other].map((page) => page.goto(`${system.urls.home}/${code}`)));
    await Promise.all([phone.page, other].map((page) => page.locator('h1').waitFor()));
    await phone.page.locator('.envelope, .thanks, .no-reward').first().waitFor();
    const nationwide = phone.button('不开启，领取全国奖');
    if (await nationwide.isVisible()) await nationwide.click();
    await phone.page.locator('.envelope, .thanks').first().waitFor();
    await other.reload();
    await other.locator('.envelope, .thanks, .no-reward').first().waitFor();
    expect(new Set(replies.flatMap(({ awardId }) => awardId ?? [])).size).toBe(1);
  });

  it('was dealt its prize: rules and commitment can be read by anybody, and after the end everything is laid out anew', async () => {
    const campaignId = await dealing();
    const dealt = await codes(DEALT);
    await inWechat('u07');
    // A code that is opened before this node has heard of the campaign is decided by another one, and used up.
    let nth = 0;
    await until(async () => {
      await scan(dealt[nth++]!);
      return phone.page.getByRole('link', { name: '公平性验证' }).isVisible();
    });
    await phone.page.getByRole('link', { name: '规则公示' }).click();
    await phone.page.getByRole('heading', { name: '奖项、数量与中奖概率' }).waitFor();
    await phone.page.getByRole('link', { name: /公平性验证/ }).click();
    await phone.page.getByText('先交出承诺值').waitFor();
    expect(await phone.button('我来验证').count()).toBe(0);

    await send(market, `campaigns/${campaignId}/end`, { reason: '收官' });
    await until(async () => {
      const proof = await fetch(`${system.urls.home}/v1/h5/campaigns/${campaignId}/proof`);
      return ((await proof.json()) as { deals: { seed: string | null }[] }).deals[0]?.seed !== null;
    });
    await phone.open(`/h5/campaigns/${campaignId}/proof`);
    await phone.button('我来验证').click();
    await phone.page.getByText('与开始时公布的一字不差').waitFor();
    await phone.page.getByText(new RegExp(`^第 ${nth} 瓶排在第 \\d+ 位，按表就是「.+」，与您得到的一样。$`)).waitFor();
    await phone.button('全部算一遍').click();
    await phone.page.getByText('大奖 20 瓶，小奖 100 瓶。与公布的一瓶不差').waitFor();
    await phone.away();

    phone = await Phone.take(browser, system.urls.home, null);
    await phone.open(`/h5/campaigns/${campaignId}/notice`);
    await phone.page.getByRole('heading', { name: '主办方' }).waitFor();
    await phone.open(`/h5/campaigns/${campaignId}/proof`);
    await phone.button('我来验证').click();
    await phone.page.getByText('在微信里打开这一页').waitFor();
    expect(phone.asked.filter((path) => /oauth|session|codes/.test(path))).toEqual([]);
  });

  /** A published campaign that deals 20 big and 100 small packets over `DEALT`. */
  async function dealing(): Promise<number> {
    const { items: budgets } = await read<{ items: { id: number; availableFen: number }[] }>(market, 'budgets');
    const budgetId = budgets.find(({ availableFen }) => availableFen > 1_000_000)!.id;
    const name = `预埋 ${Date.now()}`;
    const { templates } = await read<{ templates: { content: object }[] }>(
      market,
      `campaign-templates?name=${encodeURIComponent(name)}&budgetId=${budgetId}`,
    );
    const prize = (key: string, words: string, fen: number) => ({
      ...{ kind: 'cash', key, name: words, amount: { type: 'fixed', fen }, stock: null },
    });
    const table = {
      mode: 'dealt',
      segment: { batch: batch.id, layer: 0, ...DEALT },
      prizes: [
        { key: 'big', count: 20 },
        { key: 'small', count: 100 },
      ],
    };
    const content = {
      ...templates[0]!.content,
      ...{ priority: 900, scope: { products: [], batches: [batch.id] }, alwaysWins: false },
      prizes: [prize('big', '大奖', 500), prize('small', '小奖', 30)],
      rules: [{ key: 'dealt', name: '一百二十瓶', when: { all: [] }, then: table }],
    };
    const { campaignId } = await send<{ campaignId: number }>(market, 'campaigns', { content });
    const { contentHash } = await send<{ contentHash: string }>(market, `campaigns/${campaignId}/submit`, { note: '' });
    await send(approver, `campaigns/${campaignId}/approve`, { contentHash });
    return campaignId;
  }
});

async function until(holds: () => Promise<boolean>, withinMs = 40_000): Promise<void> {
  const end = Date.now() + withinMs;
  while (!(await holds())) {
    if (Date.now() > end) throw new Error('waited in vain');
    await new Promise((resolve) => setTimeout(resolve, 700));
  }
}
