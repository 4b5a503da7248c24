import { setTimeout as sleep } from 'node:timers/promises';
import { Console } from './console';
import type { Dice } from './dice';
import type { Options } from './options';

/** What headquarters set up for one rehearsal. */
export interface World {
  readonly batchId: number;
  readonly campaignId: number;
  readonly budgetId: number;
  readonly grantedFen: number;
  /** Prizes of 88 yuan there are. */
  readonly topStock: number;
  readonly capPerDay: number;
  /** What every packet holds that the next bottle opens; its winner is not told before. */
  readonly lockedFen: number;
  /** Printed codes by what has become of them. */
  readonly codes: {
    readonly active: readonly string[];
    readonly void: readonly string[];
    readonly inactive: readonly string[];
    readonly verify: readonly string[];
  };
}

export interface Headquarters {
  readonly author: Console;
  readonly approver: Console;
}

const SPARE = 40;
const CAP_PER_DAY = 3;
const TOP_FEN = 8_800;
const LOCKED_FEN = 120;
/** Nodes notice a publication by looking every two seconds. */
const NOTICED_AFTER_MS = 3_000;
const DAY_MS = 86_400_000;

/** Two people, because nobody approves what he asked for, and nobody makes his own approver. */
export async function enterConsole(options: Options): Promise<Headquarters> {
  const [first, second] = options.logins;
  const { home } = options.places;
  if (!first || !second) throw new Error('two people are needed: give --login twice, the owner and an approver');
  return {
    author: await Console.login(home, first.login, first.password),
    approver: await Console.login(home, second.login, second.password),
  };
}

/** A product, a batch with two layers, a budget and a campaign made for `bottles` bottles, all through the public console. */
export async function buildWorld(hq: Headquarters, options: Options, bottles: number, dice: Dice): Promise<World> {
  const mark = dice.word(6);
  const quantity = bottles + 2 * SPARE;
  const { batchId, codes } = await printCodes(hq, quantity, mark);
  const topStock = Math.max(2, Math.floor(options.shoppers / 100));
  const grantedFen = bottles * 260 + topStock * TOP_FEN;
  const budgetId = await fund(hq, grantedFen, mark);
  const content = campaign({ mark, batchId, budgetId, topStock, priority: dice.whole(500, 999) });
  const { campaignId } = await hq.author.post<{ campaignId: number }>('campaigns', { content });
  const { contentHash } = await hq.author.post<{ contentHash: string }>(`campaigns/${campaignId}/submit`, {});
  await hq.approver.post(`campaigns/${campaignId}/approve`, { contentHash });
  await sleep(NOTICED_AFTER_MS);
  return { batchId, campaignId, budgetId, grantedFen, topStock, capPerDay: CAP_PER_DAY, lockedFen: LOCKED_FEN, codes };
}

async function printCodes(
  hq: Headquarters,
  quantity: number,
  mark: string,
): Promise<{ batchId: number; codes: World['codes'] }> {
  const { author } = hq;
  const product = await author.post<{ id: number }>('products', {
    ...{ sku: `REH-${mark}`, name: '彩排青柠气泡茶', line: 'rehearsal', spec: '500 ml' },
    ...{ unitsPerCase: 15, priceFen: 550 },
  });
  const { id: batchId } = await author.post<{ id: number }>('code-batches', {
    ...{ productId: product.id, name: `彩排 ${mark}`, quantity },
    layers: [
      { layer: 0, name: '瓶身防伪码', purpose: 'verify' },
      { layer: 1, name: '盖内抽奖码', purpose: 'prize' },
    ],
  });
  await author.post(`code-batches/${batchId}/issue`);
  const [voidFrom, inactiveFrom] = [quantity - 2 * SPARE, quantity - SPARE];
  const segment = (layer: number, from: number, to: number, state: string): Promise<unknown> =>
    author.post(`code-batches/${batchId}/segments`, { layer, from, to, state, reason: '彩排' });
  await segment(0, 0, quantity, 'active');
  await segment(1, 0, inactiveFrom, 'active');
  await segment(1, voidFrom, inactiveFrom, 'void');
  const prize = await exportCodes(hq, batchId, 1, 0, quantity);
  return {
    batchId,
    codes: {
      active: prize.slice(0, voidFrom),
      void: prize.slice(voidFrom, inactiveFrom),
      inactive: prize.slice(inactiveFrom),
      verify: await exportCodes(hq, batchId, 0, 0, SPARE),
    },
  };
}

/** As many codes as a printing house gets: one person asks for them, another one agrees. */
async function exportCodes(
  hq: Headquarters,
  batchId: number,
  layer: number,
  from: number,
  to: number,
): Promise<string[]> {
  const range = { batchId, layer, from, to };
  const { id } = await hq.author.post<{ id: number }>('code-packs', {
    ...range,
    withSerial: false,
    form: 'csv',
    receiver: '彩排印厂',
  });
  await hq.approver.post(`code-packs/${id}/approve`, {});
  const csv = await hq.author.text(`code-packs/${id}/codes.csv`);
  const [header, ...lines] = csv.trimEnd().split('\r\n');
  if (header !== 'code,url' || lines.length !== to - from) {
    throw new Error(`the export of ${to - from} codes has ${lines.length} lines under „${header}“`);
  }
  return lines.map((line) => line.slice(0, line.indexOf(',')));
}

async function fund(hq: Headquarters, amountFen: number, mark: string): Promise<number> {
  const { id: budgetId } = await hq.author.post<{ id: number }>('budgets', { name: `彩排预算 ${mark}` });
  const { id: grantId } = await hq.author.post<{ id: number }>(`budgets/${budgetId}/grants`, {
    ...{ amountFen, applicationNo: `REH-${mark}`, expenseAccount: '促销费', costCenter: 'MKT', bearer: 'hq' },
  });
  await hq.approver.post(`grants/${grantId}/approve`);
  return budgetId;
}

interface CampaignParts {
  readonly mark: string;
  readonly batchId: number;
  readonly budgetId: number;
  readonly topStock: number;
  readonly priority: number;
}

/** A rule that needs a city, one for a province, one for everybody; a top prize that runs out; 谢谢参与. */
function campaign({ mark, batchId, budgetId, topStock, priority }: CampaignParts): object {
  const table = (prizes: { key: string; odds: number }[], fallbackPrizeKey: string | null): object => ({
    mode: 'drawn',
    prizes,
    fallbackPrizeKey,
  });
  const within = (adcode: number): object => ({ field: 'region', op: 'within', value: adcode });
  return {
    schema: 1,
    name: `彩排活动 ${mark}`,
    lane: 'regional',
    priority,
    scope: { products: [], batches: [batchId] },
    period: { zone: 'Asia/Shanghai', from: wallTime(-DAY_MS), to: wallTime(30 * DAY_MS) },
    rules: [
      { key: 'hefei', name: '合肥加码', when: within(340_100), then: table([{ key: 'city', odds: 1_000_000 }], null) },
      {
        key: 'guangdong',
        name: '广东',
        when: within(440_000),
        then: table(
          [
            { key: 'south', odds: 600_000 },
            { key: 'thanks', odds: 400_000 },
          ],
          null,
        ),
      },
      {
        key: 'everybody',
        name: '人人有机会',
        when: { all: [] },
        then: table(
          [
            { key: 'top', odds: 10_000 },
            { key: 'small', odds: 490_000 },
            { key: 'locked', odds: 100_000 },
            { key: 'coupon', odds: 50_000 },
            { key: 'thanks', odds: 350_000 },
          ],
          'small',
        ),
      },
    ],
    prizes: [
      { kind: 'cash', key: 'top', name: '88 元红包', amount: { type: 'fixed', fen: TOP_FEN }, stock: topStock },
      { kind: 'cash', key: 'city', name: '合肥红包', amount: { type: 'fixed', fen: 200 }, stock: null },
      { kind: 'cash', key: 'south', name: '广东红包', amount: { type: 'fixed', fen: 300 }, stock: null },
      {
        ...{ kind: 'cash', key: 'small', name: '随机红包', stock: null },
        amount: { type: 'uniform', minFen: 30, maxFen: 188, stepFen: 2 },
      },
      {
        ...{ kind: 'locked', key: 'locked', name: '连开红包', stock: null, opensWithinDays: 7 },
        amount: { type: 'fixed', fen: LOCKED_FEN },
      },
      {
        ...{ kind: 'coupon', key: 'coupon', name: '满减券', stock: null, valueFen: 300, validDays: 30 },
        coupon: { type: 'generated' },
      },
      { kind: 'nothing', key: 'thanks', name: '谢谢参与' },
    ],
    caps: [
      { per: 'member', window: 'day', count: CAP_PER_DAY, fen: null },
      { per: 'member', window: 'month', count: 60, fen: null },
      { per: 'region', window: 'day', count: 1_000_000, fen: null },
    ],
    budgetId,
    gates: [],
    alwaysWins: false,
    experiment: null,
    burst: null,
    payout: { mode: 'instant' },
    copy: { title: '彩排开盖有礼', ruleText: '彩排用：每瓶一码，首次扫码有机会获得微信零钱红包。' },
    legal: {
      organiser: '彩排',
      disclosure:
        '彩排用奖项，活动时间、参与条件、奖项、数量与概率以规则为准。满减券限在彩排商城使用，单笔满 20 元可用一张，30 天内有效。',
      contact: '400-000-0000',
      announcedArea: [],
      claimWay: '扫码后点「收款」，红包存入微信零钱。',
      claimUntil: wallTime(60 * DAY_MS),
    },
  };
}

/** `YYYY-MM-DDTHH:MM` by the clock of Shanghai. */
function wallTime(fromNowMs: number): string {
  return new Date(Date.now() + fromNowMs + 8 * 3_600_000).toISOString().slice(0, 16);
}
