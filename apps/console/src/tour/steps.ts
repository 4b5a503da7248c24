import { beijingDay } from '../kit/beijing-day';
import { contentOf, doubled, hoursOfTheTour, replayed, type Finding } from './doubling';
import { ask, Refused, sitDown, sleep, until, type Story } from './story';

/** What a step may do on the two screens. */
export interface Stage {
  readonly story: Story;
  /** An address for the phone: of this host, or of the stand-in WeChat. */
  phone(address: string): Promise<void>;
  /** The document in the phone while it shows our own pages. */
  readonly inPhone: () => Document | null;
  readonly inDesk: () => Document | null;
  /** A page of the console. */
  desk(path: string): Promise<void>;
  say(line: string, tone?: 'plain' | 'good' | 'note'): void;
  /** The next bottle that nobody has opened. */
  bottle(): Promise<string>;
  /** What one step leaves for a later one. */
  readonly memory: Map<string, string>;
}

export interface Step {
  readonly title: string;
  readonly button: string;
  readonly about: string;
  play(stage: Stage): Promise<void>;
}

const yuan = (fen: number): string => `${(fen / 100).toFixed(2)} 元`;
const wallet = async (user: string): Promise<number> =>
  (await ask<{ balanceFen: number }>('GET', `/tour/wallets/${user}`)).balanceFen;

interface ScanRow {
  readonly id: string;
  readonly code: string;
  readonly amountFen: number;
  readonly place: string;
}

/** Hands the phone to somebody, who opens a bottle. Resolves with the scan as the console knows it. */
async function open(stage: Stage, user: string, code: string): Promise<ScanRow> {
  await stage.phone(`${stage.story.sandbox}/me?sandbox_user=${user}`);
  await sleep(1200);
  await stage.phone(`/tour/phone/${code}`);
  const rows = await until(
    '手机上还没有扫成这一瓶',
    40,
    () => ask<{ items: ScanRow[] }>('GET', `/v1/console/scans?code=${code}&limit=1`),
    ({ items }) => items.length > 0,
  );
  return rows.items[0]!;
}

const today = (): string => beijingDay(new Date());
const tomorrow = (): string => beijingDay(new Date(), -1);

async function scansIn(city: number): Promise<number> {
  const path = `/v1/console/reports/places?from=${today()}&to=${tomorrow()}&parent=${city - (city % 10_000)}`;
  const { rows } = await ask<{ rows: { adcode: number | null; scans: number }[] }>('GET', path);
  return rows.find(({ adcode }) => adcode === city)?.scans ?? 0;
}

const HEFEI = 340100;

const openBottle: Step = {
  title: '开一瓶',
  button: '扫盖内码',
  about: '合肥的徐嘉禾拧开一瓶桂花乌龙，用微信扫盖内码。',
  async play(stage) {
    const user = stage.story.people.hefei;
    await sitDown('author');
    await stage.desk('/');
    stage.memory.set('hefei', String(await scansIn(HEFEI)));
    const before = await wallet(user);
    await open(stage, user, await stage.bottle());
    stage.say('官方正品码 · 首次查询。请在手机上拆开红包，点「收款」，再在微信里确认。', 'note');
    const after = await until(
      '还没有收款：在手机上拆开红包，点「收款」并确认，再点一次这一步',
      180,
      () => wallet(user),
      (now) => now > before,
    );
    stage.say(`微信零钱 ${yuan(before)} → ${yuan(after)}，多了 ${yuan(after - before)}。`, 'good');
    await sleep(2500);
    await stage.phone(`${stage.story.sandbox}/me?sandbox_user=${user}`);
  },
};

const lightCity: Step = {
  title: '城市亮起',
  button: '看总览',
  about: '这一次扫码几秒内进了总览和地图。',
  async play(stage) {
    await sitDown('author');
    await stage.desk('/?province=340000');
    const before = Number(stage.memory.get('hefei') ?? '0');
    const now = await until(
      '合肥的数字还没有变：先做第一步',
      120,
      () => scansIn(HEFEI),
      (count) => count > before,
    );
    stage.say(`合肥今天 ${before} → ${now} 次扫码，页面没有刷新。`, 'good');
  },
};

const doubleGold: Step = {
  title: '金卡加倍',
  button: '改规则并发布',
  about: '总部给安徽的金卡会员晚市加倍：改、查、试算，由另一个人批准，几秒后生效。',
  async play(stage) {
    const { campaignId, people } = stage.story;
    const hours = hoursOfTheTour(new Date());
    if (!hours.isEvening) stage.say(`现在不是 19–22 时，导览把时段改成 ${hours.from}–${hours.to}。`);
    await sitDown('author');
    await publishDoubled(stage, campaignId, hours);
    await sitDown('author');
    await stage.desk(`/campaigns/${campaignId}`);
    await sleep(6000);
    const hefei = await open(stage, people.hefei, await stage.bottle());
    stage.memory.set('why', hefei.id);
    stage.memory.set('whyCode', hefei.code);
    stage.say(`合肥金卡：${yuan(hefei.amountFen)}。`, 'good');
    await sleep(2500);
    const nanjing = await open(stage, people.nanjing, await stage.bottle());
    stage.say(`南京金卡：${yuan(nanjing.amountFen)}，没有加倍。`, 'good');
  },
};

async function publishDoubled(stage: Stage, campaignId: number, hours: { from: string; to: string }): Promise<void> {
  const { content, base } = await contentOf(campaignId);
  const next = doubled(content, hours);
  if (JSON.stringify(next) === JSON.stringify(content)) {
    stage.say('这条规则已经在执行，直接看结果。');
    return;
  }
  await ask('PUT', `/v1/console/campaigns/${campaignId}/draft`, { content: next, base });
  await stage.desk(`/campaigns/${campaignId}/edit`);
  const { findings } = await ask<{ findings: Finding[] }>('POST', '/v1/console/campaigns:check', {
    content: next,
    campaignId,
  });
  const told = findings.filter(({ severity }) => severity !== 'info');
  for (const { message } of told) stage.say(`检查：${message}`, 'note');
  if (told.length === 0) stage.say('检查：没有发现问题。');
  const cost = await replayed(campaignId, (line) => stage.say(line));
  stage.say(
    `用最近 7 天的 ${cost.scans.toLocaleString('zh-CN')} 次扫码试算：${yuan(cost.realFen)} → ${yuan(cost.replayedFen)}。`,
    'good',
  );
  const { contentHash } = await ask<{ contentHash: string }>('POST', `/v1/console/campaigns/${campaignId}/submit`, {
    note: '安徽金卡晚市加倍',
    // Words of the notice change: whether that is for the better no machine can tell, so the owner says so and answers for it.
    confirmReason: '只加不减：安徽金卡这几个小时加倍，其他人不变',
  });
  stage.say('公示的文字变了，品牌负责人写明理由并确认。');
  await sitDown('approver');
  await stage.desk('/approvals');
  await ask('POST', `/v1/console/campaigns/${campaignId}/approve`, { contentHash, note: '同意' });
  stage.say('林知夏提交，周明远批准。提交的人自己批不了。', 'good');
}

const explain: Step = {
  title: '为什么',
  button: '看这次扫码',
  about: '每一次扫码都说得清：哪条规则、哪个条件、为什么是这个数。',
  async play(stage) {
    const id = stage.memory.get('why');
    if (!id) throw new Error('先做第三步，才有那次扫码');
    await sitDown('author');
    await stage.desk(`/scans?code=${encodeURIComponent(stage.memory.get('whyCode') ?? '')}`);
    void tap(stage.inDesk, '这一次扫码', (page) => page.querySelector<HTMLElement>('.el-table__row'));
    const path = `/v1/console/scans/${encodeURIComponent(id)}/explanation`;
    const { sentences } = await ask<{ sentences: string[] }>('GET', path);
    for (const sentence of sentences.slice(0, 4)) stage.say(sentence);
  },
};

const distributor: Step = {
  title: '只见自己',
  button: '换安徽经销商',
  about: '安徽经销商登录同一个控制台，只看得到安徽。',
  async play(stage) {
    await sitDown('anhui');
    await stage.desk('/');
    const path = `/v1/console/reports/places?from=${today()}&to=${tomorrow()}`;
    const { rows } = await ask<{ rows: { name: string }[] }>('GET', path);
    stage.say(`他的地区报表里只有：${rows.map(({ name }) => name).join('、') || '今天还没有扫码'}。`, 'good');
    try {
      await ask('GET', `/v1/console/reports/places?from=${today()}&to=${tomorrow()}&parent=320000`);
      stage.say('江苏的地址没有被拒绝，这是缺陷。', 'note');
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      stage.say(`他把地址改成江苏：${error.status}，${error.message}。`, 'good');
    }
  },
};

const upset: Step = {
  title: '拔电源',
  button: '收款时杀进程',
  about: '再开一瓶，点「收款」的同时杀掉发放进程、清空 Redis。',
  async play(stage) {
    const user = stage.story.people.hefei;
    await sitDown('author');
    await stage.desk('/payouts');
    const before = await wallet(user);
    await open(stage, user, await stage.bottle());
    await tap(stage.inPhone, '红包', (page) => page.querySelector('button.envelope'));
    await tap(stage.inPhone, '收款', (page) =>
      [...page.querySelectorAll('button')].find((one) => one.textContent?.trim() === '收款'),
    );
    await ask('POST', '/tour/upset');
    stage.say('发放进程已杀掉，Redis 已清空。请在手机上确认收款。', 'note');
    const after = await until(
      '钱还没有到：请在手机上的微信里确认收款',
      180,
      () => wallet(user),
      (now) => now > before,
    );
    stage.say(`进程自己回来了，零钱多了 ${yuan(after - before)}，一分不多，一分不少。`, 'good');
    await compare(stage);
  },
};

/** Waits for a button of one of our own pages and taps it. */
async function tap(
  screen: () => Document | null,
  name: string,
  find: (page: Document) => HTMLElement | null | undefined,
): Promise<void> {
  const button = await until(
    `没有出现「${name}」`,
    30,
    () => {
      const page = screen();
      return Promise.resolve(page ? find(page) : null);
    },
    (found) => Boolean(found),
  );
  await sleep(900);
  button!.click();
}

interface Ledger {
  readonly settledFen: number;
  readonly faults: readonly unknown[];
}

/** Our ledger against WeChat's, to the fen. What is on its way in this second is waited for. */
async function compare(stage: Stage): Promise<number> {
  const { ours, theirs } = await until(
    '两本账还没有对上',
    60,
    async () => ({
      ours: await ask<Ledger>('GET', '/v1/console/ledger/summary'),
      theirs: await ask<{ creditedFen: number; doubleCredits: number }>('GET', '/tour/wechat'),
    }),
    (books) => books.ours.settledFen === books.theirs.creditedFen && books.ours.faults.length === 0,
  );
  stage.say(
    `我们的账 ${yuan(ours.settledFen)}，微信的账 ${yuan(theirs.creditedFen)}：相差 ${yuan(ours.settledFen - theirs.creditedFen)}；重复付款 ${theirs.doubleCredits} 笔。`,
    'good',
  );
  return ours.settledFen;
}

const statement: Step = {
  title: '账对得上',
  button: '看结算表',
  about: '按活动、地区、天的结算表，加起来就是总账。',
  async play(stage) {
    await sitDown('author');
    await stage.desk('/statements');
    const booked = await compare(stage);
    const from = beijingDay(new Date(), 364);
    const sum = await until(
      '结算表还在汇总',
      60,
      async () => {
        const path = `/v1/console/statements?from=${from}&to=${tomorrow()}&limit=1`;
        const { total } = await ask<{ total: { settledFen: number; refundedFen: number } }>('GET', path);
        return total.settledFen - total.refundedFen;
      },
      (settled) => settled === booked,
    );
    stage.say(`结算表合计到账 ${yuan(sum)}，总账 ${yuan(booked)}：相差 ${yuan(sum - booked)}。`, 'good');
  },
};

export const STEPS: readonly Step[] = [openBottle, lightCity, doubleGold, explain, distributor, upset, statement];
