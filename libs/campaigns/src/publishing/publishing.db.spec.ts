import { Rejected } from '@app/kernel';
import { AuditLog } from '@app/staff';
import { openTestDatabase, type TestDatabase } from '@app/testing';
import { luck, scan } from '../fixtures/scans';
import {
  decide,
  issueStock,
  PublishCampaign,
  readCampaignStates,
  SaveDraft,
  type CampaignCatalog,
  type CampaignContent,
  type CampaignStates,
  type DecisionState,
  type SwitchCampaign,
} from '../index';
import { PublishingStage, refusal as rejected } from './publishing-stage.contract';
import { CAMPAIGN_MOVES } from './switch-campaign';

let stage: PublishingStage;
let db: TestDatabase;
let AUTHOR: number;
let save: SaveDraft;
let publish: PublishCampaign;
let change: SwitchCampaign;

beforeAll(async () => {
  stage = await PublishingStage.open();
  ({ db, save, publish, change } = stage);
  AUTHOR = stage.author.id;
});
afterAll(() => stage.close());

const limited = (stock: number | null): Partial<CampaignContent> => ({
  prizes: [
    { kind: 'cash', key: 'big', name: '8.88 元', amount: { type: 'fixed', fen: 888 }, stock },
    { kind: 'nothing', key: 'thanks', name: '谢谢参与' },
  ],
  rules: [
    {
      key: 'all',
      name: '人人有奖',
      when: { all: [] },
      then: { mode: 'drawn', prizes: [{ key: 'big', odds: 1_000_000 }], fallbackPrizeKey: 'thanks' },
    },
  ],
});
let lastProduct = 2_000_000_000 + (Date.now() % 100_000_000);
const content = (overrides: Partial<CampaignContent> = {}, product = ++lastProduct) =>
  stage.content(overrides, product);
const publishNew = (document: CampaignContent) => stage.publishNew(document);
const rowOf = (campaignId: number) => stage.row(campaignId);
const statesOf = (campaignId: number): Promise<CampaignStates> => stage.states(campaignId);
const catalogOf = (catalogRefreshMs = 0): CampaignCatalog => stage.catalog(catalogRefreshMs);
const actsOf = (campaignId: number) => stage.acts(campaignId);
const easy = (states: CampaignStates): DecisionState => ({
  status: (id) => states.status(id),
  stockLeft: (id, key) => states.stockLeft(id, key),
  used: () => ({ count: 0, fen: 0 }),
  budgetLeft: () => 1e9,
});

it('maps the table as the migrations made it', async () => {
  const { upQueries } = await db.source.driver.createSchemaBuilder().log();
  expect(upQueries.map(({ query }) => query)).toEqual([]);
});

describe('drafts', () => {
  it('keeps a sound draft, changes it, and tells what changed', async () => {
    const { campaignId, findings } = await save.run({ content: content({ name: '一稿' }), by: AUTHOR });
    expect(findings).toEqual([]);
    expect(await rowOf(campaignId)).toMatchObject({ status: 'draft', epoch: 1, name: '一稿', versions: 0 });
    await save.run({ campaignId, content: content({ name: '二稿' }), by: AUTHOR });
    expect(await rowOf(campaignId)).toMatchObject({ status: 'draft', name: '二稿', versions: 0 });
    expect(await actsOf(campaignId)).toEqual(['save', 'save']);
  });

  it('writes no row for a faulty document or an unknown campaign', async () => {
    const count = async () => (await db.database.query<{ n: string }>('SELECT COUNT(*) AS n FROM campaigns'))[0]!.n;
    const before = await count();
    const faulty = { ...content(), budgetId: null };
    await expect(save.run({ content: faulty, by: AUTHOR })).rejects.toMatchObject({
      code: 'campaign_invalid',
      status: 422,
      details: [expect.objectContaining({ path: 'budgetId', code: 'budget_missing' })],
    });
    expect(await rejected(save.run({ campaignId: 4_000_000_000, content: content(), by: AUTHOR }))).toBe('no_campaign');
    expect(await count()).toBe(before);
  });

  it('keeps nothing when the act cannot be recorded', async () => {
    const document = content({ name: '没有留痕' });
    class AuditDown extends AuditLog {
      override append(): Promise<void> {
        return Promise.reject(new Error('audit is down'));
      }
    }
    const unaudited = new SaveDraft(db.unitOfWork, new AuditDown(db.database));
    await expect(unaudited.run({ content: document, by: AUTHOR })).rejects.toThrow('audit is down');
    const rows = await db.database.query('SELECT id FROM campaigns WHERE name = ?', ['没有留痕']);
    expect(rows).toEqual([]);
  });
});

describe('publishing', () => {
  it('freezes the draft as version 1, then 2, and leaves the first as it was', async () => {
    const first = content({ name: '第一版' });
    const { campaignId } = await save.run({ content: first, by: AUTHOR });
    const one = await publish.run({ campaignId, by: AUTHOR, approvedBy: 2 });
    expect(one).toMatchObject({ versionNo: 1, changed: true, findings: [] });
    expect(await rowOf(campaignId)).toMatchObject({ status: 'live', epoch: 2, versions: 1 });

    expect(await publish.run({ campaignId, by: AUTHOR })).toEqual({ ...one, changed: false });
    await save.run({ campaignId, content: { ...first, name: '第二版' }, by: AUTHOR });
    expect(await rowOf(campaignId)).toMatchObject({ name: '第一版', epoch: 2 });
    const two = await publish.run({ campaignId, by: AUTHOR });
    expect(two).toMatchObject({ versionNo: 2, changed: true });
    expect(await rowOf(campaignId)).toMatchObject({ name: '第二版', status: 'live', epoch: 3, versions: 2 });

    const [past] = await catalogOf().byIds(db.database, [one.versionId]);
    expect(past).toMatchObject({ campaignId, versionNo: 1, contentHash: one.contentHash, content: first });
    expect(await actsOf(campaignId)).toEqual(['save', 'publish', 'save', 'publish']);
  });

  it('refuses what was changed after approval, what is not there, and a version changed behind our back', async () => {
    const { campaignId } = await save.run({ content: content(), by: AUTHOR });
    expect(await rejected(publish.run({ campaignId, by: AUTHOR, approvedHash: 'ab' }))).toBe('approval_outdated');
    expect(await rejected(publish.run({ campaignId: 4_000_000_000, by: AUTHOR }))).toBe('no_campaign');
    expect(await rowOf(campaignId)).toMatchObject({ status: 'draft', versions: 0 });
    await publish.run({ campaignId, by: AUTHOR });
    const update = db.database.query('UPDATE campaign_versions SET version_no = 9 WHERE campaign_id = ?', [campaignId]);
    await expect(update).rejects.toThrow(/denied/);
  });

  it('refuses two campaigns that nothing but age puts in order', async () => {
    const document = content();
    await publishNew(document);
    const { campaignId } = await save.run({ content: document, by: AUTHOR });
    await expect(publish.run({ campaignId, by: AUTHOR })).rejects.toMatchObject({
      code: 'campaign_invalid',
      details: [expect.objectContaining({ path: 'priority', code: 'overlap' })],
    });
    await save.run({ campaignId, content: { ...document, priority: 738 }, by: AUTHOR });
    await publish.run({ campaignId, by: AUTHOR });
    const regional = (value: number): CampaignContent => ({
      ...document,
      rules: [{ ...document.rules[0]!, when: { field: 'region', op: 'within', value } }],
    });
    await publishNew(regional(340000));
    await publishNew(regional(320000));
    expect(await rejected(publishNew(regional(340000)))).toBe('campaign_invalid');
  });

  it('lets stock rise, and fall no lower than what was issued', async () => {
    const document = content(limited(10));
    const campaignId = await publishNew(document);
    expect(await db.unitOfWork.run((tx) => issueStock(tx, [{ campaignId, prizeKey: 'big', count: 6 }]))).toBe(true);
    const withStock = async (stock: number | null): Promise<unknown> => {
      await save.run({ campaignId, content: { ...document, ...limited(stock) }, by: AUTHOR });
      return publish.run({ campaignId, by: AUTHOR });
    };
    expect(await rejected(withStock(5))).toBe('stock_below_issued');
    expect((await statesOf(campaignId)).stockLeft(campaignId, 'big')).toBe(4);
    await withStock(6);
    expect((await statesOf(campaignId)).stockLeft(campaignId, 'big')).toBe(0);
    await withStock(20);
    expect((await statesOf(campaignId)).stockLeft(campaignId, 'big')).toBe(14);
    await withStock(null);
    expect((await statesOf(campaignId)).stockLeft(campaignId, 'big')).toBe(null);
    expect(await rowOf(campaignId)).toMatchObject({ versions: 4 });
  });
});

describe('switching', () => {
  it('obeys the table of moves, exhaustively, and raises the epoch only when something changed', async () => {
    for (const [before, moves] of Object.entries(CAMPAIGN_MOVES)) {
      for (const move of ['pause', 'resume', 'end'] as const) {
        const { campaignId } = await save.run({ content: content(), by: AUTHOR });
        await db.asOwner.query('UPDATE campaigns SET status = ? WHERE id = ?', [before, campaignId]);
        const outcome = await rejected(
          change.run({ campaignId, switch: move, by: AUTHOR, reason: '试' }).then((result) => {
            throw new Rejected(`${result.status}/${result.changed}`, '');
          }),
        );
        const reached = { pause: 'paused', resume: 'live', end: 'ended' }[move];
        const expected =
          before === reached ? `${before}/false` : moves[move] ? `${moves[move]}/true` : 'campaign_switch_refused';
        expect([before, move, outcome]).toEqual([before, move, expected]);
        const changed = expected.endsWith('/true');
        expect(await rowOf(campaignId)).toMatchObject({
          status: changed ? moves[move] : before,
          epoch: changed ? 2 : 1,
        });
        expect(await actsOf(campaignId)).toEqual(['save', ...(changed ? [move] : [])]);
      }
    }
  });

  it('keeps a paused campaign paused under a new version, and an ended one ended', async () => {
    const document = content();
    const campaignId = await publishNew(document);
    await change.run({ campaignId, switch: 'pause', by: AUTHOR, reason: '查价' });
    await save.run({ campaignId, content: { ...document, name: '改名' }, by: AUTHOR });
    await publish.run({ campaignId, by: AUTHOR });
    expect(await rowOf(campaignId)).toMatchObject({ status: 'paused', name: '改名', versions: 2 });
    await change.run({ campaignId, switch: 'end', by: AUTHOR, reason: '到期' });
    expect(await rejected(save.run({ campaignId, content: document, by: AUTHOR }))).toBe('campaign_ended');
    expect(await rejected(publish.run({ campaignId, by: AUTHOR }))).toBe('campaign_ended');
  });
});

describe('the catalogue', () => {
  it('decides with what is in force, and every switch is obeyed by the next reading of states', async () => {
    const product = ++lastProduct;
    const campaignId = await publishNew(content({}, product));
    const catalog = catalogOf();
    const facts = scan({ product });
    const outcome = async (): Promise<string> => {
      const states = await statesOf(campaignId);
      const decision = decide(await catalog.live(), facts, easy(states), luck(0));
      return decision.kind === 'refused' ? decision.reason : decision.kind;
    };
    expect(await outcome()).toBe('award');
    await change.run({ campaignId, switch: 'pause', by: AUTHOR, reason: '' });
    expect(await outcome()).toBe('paused');
    await change.run({ campaignId, switch: 'resume', by: AUTHOR, reason: '' });
    expect(await outcome()).toBe('award');
    await change.run({ campaignId, switch: 'end', by: AUTHOR, reason: '' });
    expect(await outcome()).toBe('no_rule');
  });

  it('rests on what it read until it is old or a transaction saw a newer epoch', async () => {
    const product = ++lastProduct;
    const document = content({}, product);
    const campaignId = await publishNew(document);
    const catalog = catalogOf(60_000);
    const mine = async () => (await catalog.live()).find((version) => version.campaignId === campaignId);
    const before = await mine();
    expect(before?.versionNo).toBe(1);
    await save.run({ campaignId, content: { ...document, name: '第二版' }, by: AUTHOR });
    await publish.run({ campaignId, by: AUTHOR });
    expect(await mine()).toBe(before);
    const old = await catalog.live();
    const refreshed = await db.unitOfWork.run(async (tx) => {
      const states = await readCampaignStates(tx, [campaignId], new Date());
      const first = await catalog.refreshIfStale(tx, states, old);
      // Another group refreshed the catalogue: who still holds what it said before must hear of it too.
      const again = await catalog.refreshIfStale(tx, states, old);
      return [first, again, await catalog.refreshIfStale(tx, states, await catalog.live())];
    });
    expect(refreshed).toEqual([true, true, false]);
    expect((await mine())?.versionNo).toBe(2);
  });

  it('leaves out a version that was tampered with, and no other', async () => {
    const product = ++lastProduct;
    const good = await publishNew(content({}, product));
    const bad = await publishNew(content({ priority: 800 }, product));
    await db.asOwner.query(
      "UPDATE campaign_versions SET content = REPLACE(content, '88', '8800') WHERE campaign_id = ?",
      [bad],
    );
    const ids = (await catalogOf().live()).map(({ campaignId }) => campaignId);
    expect([ids.includes(good), ids.includes(bad)]).toEqual([true, false]);
    await db.asOwner.query('UPDATE campaigns SET status = ? WHERE id = ?', ['ended', bad]);
  });
});

describe('stock', () => {
  const big = (campaignId: number, count: number) => [{ campaignId, prizeKey: 'big', count }];

  it('issues while it lasts, everything or nothing', async () => {
    const campaignId = await publishNew(content(limited(5)));
    const issue = (uses: Parameters<typeof issueStock>[1]) =>
      db.unitOfWork.run((tx) => issueStock(tx, uses)).catch((error: Error) => error.message);
    const short = 'a prize that was out of stock was to be committed';
    const thanks = { campaignId, prizeKey: 'thanks', count: 9 };
    expect(await issue([...big(campaignId, 2), ...big(campaignId, 1), thanks])).toBe(true);
    expect(await issue(big(campaignId, 3))).toBe(short);
    expect(await issue([...big(campaignId, 3), thanks])).toBe(short);
    expect(await issue([{ campaignId, prizeKey: 'nosuch', count: 1 }])).toBe(short);
    expect(await issue(big(campaignId, 2))).toBe(true);
    expect(await issue(big(campaignId, 1))).toBe(short);
    expect(await issue([])).toBe(true);
    const states = await statesOf(campaignId);
    expect([states.stockLeft(campaignId, 'big'), states.stockLeft(campaignId, 'thanks')]).toEqual([0, null]);
    expect(states.stockLeft(campaignId, 'nosuch')).toBe(0);
    expect(states.status(4_000_000_000)).toBe('ended');
  });

  it('neither oversells nor undersells when forty transactions want the last thirty', async () => {
    const campaignId = await publishNew(content(limited(30)));
    const many = await openTestDatabase({ poolSize: 10 });
    try {
      const results = await Promise.allSettled(
        Array.from({ length: 40 }, () => many.unitOfWork.run((tx) => issueStock(tx, big(campaignId, 1)))),
      );
      expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(30);
    } finally {
      await many.close();
    }
    expect((await statesOf(campaignId)).stockLeft(campaignId, 'big')).toBe(0);
  });

  it('lets the second scan of a group see what the first one took', async () => {
    const campaignId = await publishNew(content(limited(1)));
    const states = await statesOf(campaignId);
    const live = (await catalogOf().live()).filter((version) => version.campaignId === campaignId);
    const facts = scan({ product: live[0]!.content.scope.products[0]! });
    const prizes = [1, 2].map(() => {
      const decision = decide(live, facts, easy(states), luck(0));
      if (decision.kind !== 'award') return decision.kind;
      states.take(campaignId, decision.prizeKey);
      return decision.prizeKey;
    });
    expect(prizes).toEqual(['big', 'thanks']);
  });
});
