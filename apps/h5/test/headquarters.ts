import type { DemoReport, System } from '../../local/system.mjs';

/** Nodes notice a publication by looking every two seconds. */
const NOTICED_AFTER_MS = 3_000;
const DAY_MS = 86_400_000;

type Prize = Readonly<Record<string, unknown>> & { readonly kind: string; readonly name: string };

/** One prize and how many bottles in a row hold it; `redeem` hands over the batch's own product. */
export interface Share {
  readonly bottles: number;
  readonly prize: Prize;
  /** Another one for whoever opens it there (GB/T 2260). */
  readonly within?: { readonly adcode: number; readonly prize: Prize };
}

/** What stands in a campaign besides its prizes; the rest is the same for all. */
export interface Wishes {
  readonly gates?: readonly { readonly kind: string }[];
  readonly payout?: Readonly<Record<string, unknown>>;
  readonly from?: string;
}

/** What is unlike other batches. */
export interface BatchWishes {
  /** Codes that only say what they are; never a prize. */
  readonly purpose?: 'verify';
  /** End of the time to redeem. */
  readonly expiresAt?: Date;
}

/** Headquarters at the console's own routes, for stories that need bottles of which everything is known before they are opened. */
export class Headquarters {
  private constructor(
    private readonly owner: Visitor,
    private readonly second: Visitor,
  ) {}

  static async enter(urls: System['urls'], demo: DemoReport): Promise<Headquarters> {
    const [first, second] = demo.logins;
    if (!first || !second) throw new Error('the demo brand has no two people');
    return new Headquarters(await Visitor.in(urls.home, first), await Visitor.in(urls.home, second));
  }

  get<T>(path: string): Promise<T> {
    return this.owner.ask<T>('GET', path);
  }

  post<T>(path: string, body: unknown = {}): Promise<T> {
    return this.owner.ask<T>('POST', path, body);
  }

  put<T>(path: string, body: unknown): Promise<T> {
    return this.owner.ask<T>('PUT', path, body);
  }

  /** A new batch of active bottles on the market; without one of `states` set, nothing is won with them. */
  async batch(quantity: number, { purpose, expiresAt }: BatchWishes = {}): Promise<Batch> {
    const mark = `${Date.now() % 100_000_000}`;
    const product = await this.post<{ id: number }>('products', {
      ...{ sku: `PHONE-${mark}`, name: '白桃气泡茶', line: 'phone', spec: '500 ml', unitsPerCase: 15, priceFen: 550 },
    });
    const { id } = await this.post<{ id: number }>('code-batches', {
      ...{ productId: product.id, name: `手机端 ${mark}`, quantity },
      layers: [{ layer: 0, name: '盖内抽奖码', purpose: purpose ?? 'prize' }],
      ...(expiresAt && { expiresAt: expiresAt.toISOString() }),
    });
    await this.post(`code-batches/${id}/issue`);
    await this.segment(id, { from: 0, to: quantity, state: 'active', reason: '上市' });
    return { id, productId: product.id, codes: await this.codes(id, quantity) };
  }

  segment(batchId: number, change: Readonly<Record<string, unknown>>): Promise<unknown> {
    return this.post(`code-batches/${batchId}/segments`, { layer: 0, ...change });
  }

  /** A campaign in which the first share's bottles come first, then the second's, and so on. Resolves when it decides. */
  async campaign(batch: Batch, shares: readonly Share[], wishes: Wishes = {}): Promise<number> {
    const content = contentOf(batch, shares, wishes, await this.fund(1_000_000));
    const { campaignId } = await this.post<{ campaignId: number }>('campaigns', { content });
    const { contentHash } = await this.post<{ contentHash: string }>(`campaigns/${campaignId}/submit`);
    await this.second.ask('POST', `campaigns/${campaignId}/approve`, { contentHash });
    await new Promise((done) => setTimeout(done, NOTICED_AFTER_MS));
    return campaignId;
  }

  /** What the linter has against such a campaign, which it will not even let be written down: the codes of its errors. Empty when it is. */
  async faultsOf(batch: Batch, shares: readonly Share[], wishes: Wishes): Promise<string[]> {
    const content = contentOf(batch, shares, wishes, await this.fund(1_000_000));
    const answer = await this.owner.answer('POST', 'campaigns', { content });
    if (answer.ok) return [];
    const { error } = (await answer.json()) as { error: { details?: { severity: string; code: string }[] } };
    return (error.details ?? []).filter(({ severity }) => severity === 'error').map(({ code }) => code);
  }

  private async codes(batchId: number, quantity: number): Promise<string[]> {
    const range = { batchId, layer: 0, from: 0, to: quantity };
    const { id } = await this.post<{ id: number }>('code-packs', {
      ...range,
      withSerial: false,
      receiver: '印厂',
      form: 'csv',
    });
    await this.second.ask('POST', `code-packs/${id}/approve`, {});
    const [, ...lines] = (await this.owner.text('GET', `code-packs/${id}/codes.csv`)).trimEnd().split('\r\n');
    return lines.map((line) => line.slice(0, line.indexOf(',')));
  }

  private async fund(amountFen: number): Promise<number> {
    const mark = `${Date.now()}`;
    const { id } = await this.post<{ id: number }>('budgets', { name: `手机端 ${mark}` });
    const grant = await this.post<{ id: number }>(`budgets/${id}/grants`, {
      ...{ amountFen, applicationNo: mark, expenseAccount: '促销费', costCenter: 'MKT', bearer: 'hq' },
    });
    await this.second.ask('POST', `grants/${grant.id}/approve`, {});
    return id;
  }
}

/** `codes` in the order of their serials. */
export interface Batch {
  readonly id: number;
  readonly productId: number;
  readonly codes: readonly string[];
}

/** One signed-in person, as their browser would ask. */
class Visitor {
  private constructor(
    private readonly home: string,
    private readonly cookie: string,
  ) {}

  static async in(home: string, { login, password }: { login: string; password: string }): Promise<Visitor> {
    const answer = await fetch(`${home}/v1/console/login`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-requested-with': 'yima' },
      body: JSON.stringify({ login, password }),
    });
    if (!answer.ok) throw new Error(`${login} was not let in: ${answer.status} ${await answer.text()}`);
    return new Visitor(
      home,
      answer.headers
        .getSetCookie()
        .map((set) => set.split(';')[0])
        .join('; '),
    );
  }

  async ask<T>(method: string, path: string, body?: unknown): Promise<T> {
    const text = await this.text(method, path, body);
    return (text === '' ? null : JSON.parse(text)) as T;
  }

  async text(method: string, path: string, body?: unknown): Promise<string> {
    const answer = await this.answer(method, path, body);
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} /v1/console/${path} answered ${answer.status}: ${text.slice(0, 600)}`);
    return text;
  }

  answer(method: string, path: string, body?: unknown): Promise<Response> {
    return fetch(`${this.home}/v1/console/${path}`, {
      method,
      headers: {
        cookie: this.cookie,
        'x-requested-with': 'yima',
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
  }
}

function contentOf(batch: Batch, shares: readonly Share[], wishes: Wishes, budgetId: number): object {
  let next = 0;
  const rules = shares.flatMap(({ bottles, prize, within }, at) => {
    const range = { field: 'serial', op: 'range', value: { from: next, to: (next += bottles) - 1 } };
    const table = (key: string) => ({ mode: 'drawn', prizes: [{ key, odds: 1_000_000 }], fallbackPrizeKey: null });
    const anywhere = { key: `share${at}`, name: prize.name, when: range, then: table(`prize${at}`) };
    if (!within) return [anywhere];
    const place = { field: 'region', op: 'within', value: within.adcode };
    const there = { key: `there${at}`, name: within.prize.name, when: { all: [range, place] } };
    return [{ ...there, then: table(`place${at}`) }, anywhere];
  });
  const own = ({ kind }: { kind: string }) => ({
    ...(kind !== 'nothing' && { stock: null }),
    ...(kind === 'redeem' && { productId: batch.productId }),
  });
  const prizes = shares.flatMap(({ prize, within }, at) => [
    { ...prize, ...own(prize), key: `prize${at}` },
    ...(within ? [{ ...within.prize, ...own(within.prize), key: `place${at}` }] : []),
  ]);
  return {
    ...{ schema: 1, name: `手机端 ${batch.id} ${shares[0]?.prize.name}`, lane: 'regional', priority: 900 },
    scope: { products: [], batches: [batch.id] },
    period: { zone: 'Asia/Shanghai', from: wishes.from ?? wallTime(-DAY_MS), to: wallTime(30 * DAY_MS) },
    rules,
    prizes,
    caps: [],
    budgetId,
    gates: wishes.gates ?? [],
    ...{ alwaysWins: false, experiment: null, burst: null },
    payout: wishes.payout ?? { mode: 'instant' },
    copy: { title: '开盖有礼', ruleText: '每瓶一码，首次扫码即可参加。' },
    legal: {
      organiser: '青禾饮品',
      disclosure: '活动时间、参与条件、奖项、数量与概率以规则为准。',
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
