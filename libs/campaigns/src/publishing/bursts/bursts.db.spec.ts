import type { Operator } from '@app/staff';
import { decide, type CampaignContent, type CampaignStates, type DecisionState } from '../../index';
import { luck, scan } from '../../fixtures/scans';
import { PublishingStage, refusal } from '../publishing-stage.contract';
import { CampaignNotices } from '../views/campaign-notice';

const HOUR = 3_600_000;
let stage: PublishingStage;
let many: PublishingStage;
let starter: Operator;
beforeAll(async () => {
  stage = await PublishingStage.open();
  many = await PublishingStage.open(8);
  starter = { ...stage.person(6), rights: ['start-burst'] };
});
afterAll(async () => {
  await stage.close();
  await many.close();
});

const plan = { fence: [340000], maxHours: 6, maxCount: 1000, maxFen: 500_000 };
async function burst(
  overrides: Partial<CampaignContent> = {},
  on = stage,
): Promise<{ campaignId: number; product: number; batch: number }> {
  const content = await on.realContent({ lane: 'burst', burst: plan, ...overrides });
  return {
    campaignId: await on.publishNew(content),
    product: content.scope.products[0]!,
    batch: content.scope.batches[0]!,
  };
}
const start = (campaignId: number, hours = 2, by = starter) =>
  stage.start.run({ campaignId, hours, by, reason: '竞品在合肥铺货' });
const easy = (states: CampaignStates): DecisionState => ({
  status: (id) => states.status(id),
  stockLeft: (id, key) => states.stockLeft(id, key),
  used: () => ({ count: 0, fen: 0 }),
  budgetLeft: () => 1e9,
});

it('is armed by its approval, pays nobody before it is started, and ends by itself', async () => {
  const { campaignId, product, batch } = await burst();
  expect(await stage.row(campaignId)).toMatchObject({ status: 'armed' });
  // One node's catalogue, read before the start: the status read with each scan is what counts.
  const catalog = stage.catalog(60_000);
  await catalog.live();
  const outcome = async (now = new Date()): Promise<string> => {
    const states = await stage.states(campaignId, now);
    return decide(await catalog.live(), scan({ product, batch, at: now }), easy(states), luck(0)).kind;
  };
  expect([(await stage.states(campaignId)).status(campaignId), await outcome()]).toEqual(['armed', 'no_rule']);
  const { from, until } = await start(campaignId);
  expect(until.getTime() - from.getTime()).toBe(2 * HOUR);
  expect([(await stage.states(campaignId, from)).status(campaignId), await outcome(from)]).toEqual(['live', 'award']);
  const states = await stage.states(campaignId, until);
  expect([states.status(campaignId), await outcome(until)]).toEqual(['ended', 'no_rule']);
  expect((await stage.states(campaignId, new Date(from.getTime() - 1))).status(campaignId)).toBe('armed');
  expect(await stage.acts(campaignId)).toEqual(['save', 'publish', 'start-burst']);
});

it('is started by those who may, once, no longer than planned and within its period', async () => {
  const { campaignId } = await burst();
  for (const by of [stage.author, { ...starter, rights: ['export-serials'] as const }]) {
    expect(await refusal(start(campaignId, 2, by))).toBe('burst_forbidden');
  }
  for (const hours of [6.01, 0, -1, NaN]) expect(await refusal(start(campaignId, hours))).toBe('burst_too_long');
  expect(await refusal(start(4_000_000_000))).toBe('no_campaign');
  await start(campaignId, 6, stage.owner);
  expect(await refusal(start(campaignId))).toBe('burst_not_armed');
  const plain = await stage.publishNew(await stage.realContent());
  expect(await refusal(start(plain))).toBe('burst_not_armed');
  const zone = 'Asia/Shanghai' as const;
  const over = await burst({ period: { zone, from: '2026-01-01T00:00', to: '2026-01-02T00:00' } });
  expect(await refusal(start(over.campaignId))).toBe('burst_out_of_period');
});

it('is stopped before its time by anybody of headquarters, for ever', async () => {
  const { campaignId } = await burst();
  const stop = () => stage.stop.run({ campaignId, by: stage.author.id, reason: '竞品已撤' });
  expect(await refusal(stop())).toBe('burst_not_running');
  await start(campaignId);
  expect(await stop()).toEqual({ changed: true });
  expect((await stage.states(campaignId)).status(campaignId)).toBe('ended');
  expect(await stop()).toEqual({ changed: false });
  expect(await refusal(start(campaignId))).toBe('burst_not_armed');
});

it('ends when its run or its period is over, and when its cap is used up', async () => {
  const [run, cap, money, going] = [await burst(), await burst(), await burst(), await burst()];
  for (const { campaignId } of [run, cap, money, going]) await start(campaignId);
  await stage.db.asOwner.query('UPDATE campaigns SET run_until = UTC_TIMESTAMP(6) WHERE id = ?', [run.campaignId]);
  const counted = (id: number, awards: number, fen: number) =>
    stage.db.asOwner.query(
      'INSERT INTO campaign_counters (campaign_id, counter_key, awards, fen) VALUES (?, ?, ?, ?)',
      [...[id, 'c|t', awards, fen]],
    );
  await counted(cap.campaignId, 1000, 88_000);
  await counted(money.campaignId, 900, 499_913);
  await counted(going.campaignId, 999, 499_912);
  await stage.keep.run();
  const statuses = await Promise.all([run, cap, money, going].map(({ campaignId }) => stage.row(campaignId)));
  expect(statuses.map((row) => row?.status)).toEqual(['ended', 'ended', 'ended', 'live']);
  expect(await stage.acts(cap.campaignId)).toEqual(['save', 'publish', 'start-burst', 'end']);
  await stage.db.asOwner.query('UPDATE campaigns SET ends_at = UTC_TIMESTAMP(6) WHERE id = ?', [going.campaignId]);
  await stage.keep.run();
  expect(await stage.row(going.campaignId)).toMatchObject({ status: 'ended' });
});

it('has a notice that nobody reads before it is started', async () => {
  const { campaignId } = await burst();
  const notices = new CampaignNotices(stage.db.database);
  expect(await refusal(notices.of(campaignId))).toBe('no_campaign');
  expect(await refusal(notices.of(4_000_000_000))).toBe('no_campaign');
  await start(campaignId);
  expect((await notices.of(campaignId)).sections.length).toBeGreaterThan(3);
});

it('does not become another campaign, nor another campaign a burst', async () => {
  const { campaignId } = await burst();
  const detail = await stage.realContent();
  const next = async (id: number, content: CampaignContent) => {
    await stage.save.run({ campaignId: id, content, by: stage.author.id });
    return refusal(stage.publish.run({ campaignId: id, by: stage.author.id }));
  };
  expect(await next(campaignId, detail)).toBe('burst_fixed');
  const plain = await stage.publishNew(await stage.realContent());
  expect(await next(plain, await stage.realContent({ lane: 'burst', burst: plan }))).toBe('burst_fixed');
});

it('is started once when four press at the same moment', async () => {
  const { campaignId } = await burst({}, many);
  const results = await Promise.all(
    [1, 2, 3, 4].map((hours) => refusal(many.start.run({ campaignId, hours, by: many.owner, reason: '同时' }))),
  );
  expect(results.filter((result) => result === 'burst_not_armed')).toHaveLength(3);
  expect((await many.acts(campaignId)).filter((act) => act === 'start-burst')).toHaveLength(1);
});
