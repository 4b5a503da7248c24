import type { Browser, FrameLocator, Locator } from 'playwright-core';
import { drawnPng } from '@app/testing';
import { Desk, openBrowser } from './desk';
import { openSystem, type RunningSystem } from '../../local/test/running-system';

jest.setTimeout(60_000);

/** The built console against the whole running system: one person builds a campaign, another one approves it. */
describe('a campaign, from the template to the switch', () => {
  let system: RunningSystem;
  let browser: Browser;
  let author: Desk;
  let approver: Desk;
  const name = `加码 ${Date.now() % 100_000}`;
  /** `campaigns/9` */
  let path = '';

  beforeAll(async () => {
    system = await openSystem();
    const of = (wanted: string) => system.demo.logins.find(({ role }) => role === wanted);
    const [first, second] = [of('marketer'), of('approver')];
    if (!first || !second)
      throw new Error('the demo brand has nobody who makes campaigns, or nobody who approves them');
    browser = await openBrowser();
    author = await Desk.of(browser, system.urls.home, first);
    approver = await Desk.of(browser, system.urls.home, second);
    for (const { page } of [author, approver]) page.setDefaultTimeout(12_000);
  }, 240_000);
  afterAll(async () => {
    await browser?.close();
    await system?.stop();
  }, 60_000);
  afterEach(() => {
    for (const desk of [author, approver]) {
      expect(desk.faults).toEqual([]);
      expect(desk.refused).toEqual([]);
    }
  });

  const phone = (): FrameLocator => author.page.frameLocator('iframe[title=手机上的样子]');
  const section = (title: string): Locator => author.page.locator('section.panel').filter({ hasText: title }).first();
  const saved = (): Promise<void> => author.page.locator('.state.saved').waitFor();
  const rule = (at: number): Locator => author.page.locator('#section-rules article').nth(at);

  it('is begun from a template and saves itself', async () => {
    await author.open('campaigns');
    await author.button('新建活动').first().click();
    await author.above.getByText('大奖加保底').click();
    await author.above.getByLabel('活动名称').fill(name);
    // Other stories on the same system open small budgets of their own, and the newest is offered first.
    await choose(author.above.getByLabel('预算'), '.*夏季开盖有礼');
    await author.above.getByRole('button', { name: '开始编辑' }).click();
    await author.page.waitForURL(/campaigns\/\d+\/edit/);
    path = author.here.replace('/edit', '');
    await author.page.locator('h1').filter({ hasText: name }).waitFor();
    // Of one tea only: the demo's budget would not bear all of them.
    await choose(author.field('产品').first(), '青禾 青柠');
    await author.page.keyboard.press('Escape');
    await author.asking('/draft', () => author.page.getByRole('textbox', { name: '页面标题' }).fill('夏日加码'));
    await saved();
    await phone().locator('.campaign', { hasText: '夏日加码' }).waitFor();
  });

  it('wears a look: the phone beside the form is the phone’s own page, and says when a colour cannot be read', async () => {
    await author.asking('campaigns:check', () => author.page.getByText('青叶').click());
    await phone().locator('html[data-theme=leaf]').waitFor();
    await author.field('主色，十六进制').fill('#E3B35B');
    await author.page.locator('#section-look').getByText('对比度只有 1.93:1').waitFor();
    await author.button('主色 #1F5FA8').click();
    await author.page.locator('#section-look').getByText('都看得清').waitFor();
    const accent = () =>
      phone()
        .locator('html')
        .evaluate((root) => getComputedStyle(root).getPropertyValue('--accent'));
    expect((await accent()).trim()).toBe('#1f5fa8');
    const picture = { name: 'hero.png', mimeType: 'image/png', buffer: drawnPng(900, 300) };
    await author.page.locator('#section-look input[type=file]').first().setInputFiles(picture);
    await phone().locator('.hero img').waitFor();
    await author.asking('/draft', () =>
      author.page.getByRole('textbox', { name: '中奖', exact: true }).fill('好运到，中了'),
    );
    await author.page.locator('.preview').getByText('中奖', { exact: true }).click();
    await phone().locator('.lead', { hasText: '好运到，中了' }).waitFor();
    await saved();
  });

  it('takes a picture that was sent before, and shows the phone by night', async () => {
    const uploaded = await phone().locator('.hero img').getAttribute('src');
    const hero = author.page.locator('#section-look .picture').first();
    await hero.getByRole('button', { name: '去掉' }).click();
    await phone().locator('.hero img').waitFor({ state: 'detached' });
    await hero.getByRole('button', { name: '选传过的' }).click();
    await author.page
      .getByRole('button', { name: /图片，宽 900 高 300/ })
      .first()
      .click();
    await phone().locator(`.hero img[src="${uploaded}"]`).waitFor();
    const paper = () =>
      phone()
        .locator('body')
        .evaluate((body) => getComputedStyle(body).backgroundColor);
    const day = await paper();
    await author.page.locator('.preview').getByText('夜里', { exact: true }).click();
    await phone().locator('html[style*="dark"]').waitFor({ state: 'attached' });
    expect([day, await paper()]).toEqual(['rgb(250, 248, 245)', 'rgb(23, 24, 27)']);
    await author.page.locator('.preview').getByText('白天', { exact: true }).click();
    await phone().locator('html[style*="light"]').waitFor({ state: 'attached' });
    expect(await paper()).toBe(day);
    await saved();
  });

  it('gets a rule with a tree of conditions, made from the registry alone', async () => {
    await author.button('加规则').click();
    await rule(0).getByLabel('规则名称').fill('合肥晚上的金卡');
    await choose(rule(0).getByLabel('加条件').first(), '等级');
    await choose(rule(0).getByLabel('比较方式').first(), '是其中之一');
    await choose(rule(0).getByLabel('等级的值'), '金卡', '白金卡');
    await author.page.keyboard.press('Escape');
    await rule(0).getByRole('button', { name: '加一组' }).first().click();
    const inner = rule(0).locator('.group.inner');
    await choose(inner.getByLabel('加条件'), '时段');
    await author.asking('campaigns:check', () => choose(inner.getByLabel('时段到'), '22:30'));
    const draft = await draftOf();
    expect(draft.rules[0]).toMatchObject({
      name: '合肥晚上的金卡',
      when: {
        all: [
          { field: 'tier', op: 'in', value: ['gold', 'platinum'] },
          { any: [{ field: 'timeOfDay', op: 'between', value: { from: '18:00', to: '22:30' } }] },
        ],
      },
    });
  });

  it('shows the sum of odds and the cost, says what is wrong beside the field, and keeps it when it is put right', async () => {
    const odds = rule(0)
      .getByLabel(/的概率$/)
      .first();
    await author.asking('campaigns:check', () => odds.fill('40'));
    expect(await rule(0).locator('.sum').textContent()).toContain('还差 60%');
    await rule(0).locator('.findings .error, .findings.error, .findings li.error').first().waitFor();
    await author.page.locator('.state.faulty').waitFor();
    await rule(0).getByRole('button', { name: '补齐' }).click();
    expect(await rule(0).locator('.sum').textContent()).toContain('正好 100%');
    expect(await rule(0).locator('.cost').textContent()).toMatch(/每次扫码预计 \d/);
    await saved();
  });

  it('moves a rule by keyboard, and its focus with it', async () => {
    await rule(0)
      .getByRole('button', { name: /^下移规则/ })
      .focus();
    await author.page.keyboard.press('Enter');
    expect(await rule(1).getByLabel('规则名称').inputValue()).toBe('合肥晚上的金卡');
    await rule(1)
      .getByRole('button', { name: /^上移规则/ })
      .focus();
    await author.page.keyboard.press('Enter');
    expect(await rule(0).getByLabel('规则名称').inputValue()).toBe('合肥晚上的金卡');
    await saved();
  });

  it('is tried with one scan and over made-up ones', async () => {
    await author.button('试算一次').click();
    await author.above.getByRole('button', { name: '试算', exact: true }).click();
    await author.above.getByText('怎么走到这一步').waitFor();
    await author.page.keyboard.press('Escape');
    await author.button('回放').click();
    await author.above.getByText('模拟扫码').click();
    await author.above.getByLabel('多少人').fill('300');
    await author.above.getByRole('button', { name: '开始回放' }).click();
    await author.above.getByText('花在哪些省').waitFor({ timeout: 45_000 });
    expect(await author.above.locator('.tiles').textContent()).toMatch(/会花[\d,.]+ 元/);
    await author.page.keyboard.press('Escape');
  });

  it('is submitted by one person and approved by another, exactly as it was', async () => {
    // The demo's own campaign may stand at the same priority: an overlap is an error that the author mends.
    await author.page.getByRole('spinbutton', { name: '优先级' }).fill(String(500 + (Date.now() % 400)));
    const checked = await author.asking('campaigns:check', () => author.page.keyboard.press('Tab'));
    await saved();
    const { findings } = (await checked.json()) as { findings: { severity: string; message: string }[] };
    expect(findings.filter(({ severity }) => severity === 'error')).toEqual([]);
    await author.button('提交审批').click();
    await author.asking('/submit', () => author.above.getByRole('button', { name: '提交', exact: true }).click());
    await author.page.getByText('要由另一个人批准').waitFor();

    await approver.open(path);
    await approver.page.getByText('等待审批').waitFor();
    await approver.button('批准并发布').click();
    const answer = await approver.asking('/approve', () =>
      approver.above.getByRole('button', { name: '批准并发布' }).click(),
    );
    expect(answer.status()).toBe(200);
    await approver.page.getByText('第 1 版').waitFor();
  });

  it('shows its funnel and is paused and resumed, each with what it means', async () => {
    await author.open(path);
    await author.page.locator('.funnel').getByText('再来').waitFor();
    for (const [verb, consequence] of [
      ['暂停', '码不会被用掉'],
      ['恢复', '几秒内恢复发奖'],
    ] as const) {
      await author.button(verb).first().click();
      expect(await author.above.textContent()).toContain(consequence);
      if (verb === '暂停') await author.above.getByRole('textbox').fill('看一眼');
      await author.above.getByRole('button', { name: verb }).click();
      await author.page
        .getByText(verb === '暂停' ? '已暂停' : '未开始')
        .first()
        .waitFor();
    }
  });

  it('an audience is made by the same tree, with its size at once', async () => {
    await author.open('audiences/new');
    await author.page
      .locator('.el-form-item')
      .filter({ hasText: '名称' })
      .locator('input')
      .first()
      .fill(`常客 ${Date.now() % 100_000}`);
    await choose(author.field('加条件'), '开瓶数');
    await choose(author.field('比较方式'), '不少于');
    await author.asking('audiences:preview', () => author.field('开瓶数的值').fill('2'));
    await author.page.locator('.size .value').filter({ hasText: /\d/ }).waitFor();
    await author.asking('/v1/console/audiences', () => author.button('保存').click());
    await author.page.waitForURL(/\/audiences$/);
    await author.row(/常客/).first().waitFor();
  });

  /** Takes options of a select, whichever way it opens. */
  async function choose(select: Locator, ...options: string[]): Promise<void> {
    await author.opener(select).click();
    for (const option of options) {
      await author.page
        .locator('.el-select-dropdown:visible .el-select-dropdown__item')
        .filter({ hasText: new RegExp(`^\\s*${option}`) })
        .first()
        .click();
    }
  }

  /** What the server has, once everything was saved. */
  async function draftOf(): Promise<{ rules: unknown[] }> {
    await saved();
    const answer = await author.page.request.get(`${system.urls.home}/v1/console/${path}`);
    return ((await answer.json()) as { draft: { rules: unknown[] } }).draft;
  }

  it('has its parts where they are looked for', async () => {
    await author.open(`${path}/edit`);
    await section('奖品').waitFor();
    expect(await author.page.locator('.sections a').allTextContents()).toEqual(
      ['基本信息', '奖品', '规则与概率', '预算与上限', '领取条件', '外观', '文案与公示'].map((title) =>
        expect.stringContaining(title),
      ),
    );
  });
});
