import { CampaignBurnModel } from '@app/analytics';
import { CloneCampaign } from '../clone-campaign';
import { PublishingStage, refusal } from '../publishing-stage.contract';
import { ApprovalList } from './approval-list';
import { CampaignForecast } from './campaign-forecast';
import { CampaignList } from './campaign-list';
import { CampaignNotices } from './campaign-notice';
import { CheckCampaign } from './check-campaign';
import { VersionList } from './version-list';

let stage: PublishingStage;
let list: CampaignList;
let versions: VersionList;
beforeAll(async () => {
  stage = await PublishingStage.open();
  list = new CampaignList(stage.db.database);
  versions = new VersionList(stage.db.database);
});
afterAll(() => stage.close());

const zone = 'Asia/Shanghai' as const;

it('lists campaigns by where they stand now, with their stock', async () => {
  const name = `清单${process.hrtime.bigint()}`.slice(0, 40);
  const make = async (overrides = {}) => stage.realContent({ name, ...overrides });
  const draft = (await stage.save.run({ content: await make(), by: stage.author.id })).campaignId;
  const waiting = (await stage.save.run({ content: await make(), by: stage.author.id })).campaignId;
  await stage.submit.run({ campaignId: waiting, by: stage.author });
  const live = await stage.publishNew(await make());
  const paused = await stage.publishNew(await make());
  await stage.change.run({ campaignId: paused, switch: 'pause', by: null, reason: '' });
  const scheduled = await stage.publishNew(
    await make({ period: { zone, from: '2026-12-31T00:00', to: '2027-01-01T00:00' } }),
  );
  const over = await stage.publishNew(
    await make({ period: { zone, from: '2026-01-01T00:00', to: '2026-01-02T00:00' } }),
  );
  const armed = await stage.publishNew(
    await make({ lane: 'burst', burst: { fence: [340000], maxHours: 2, maxCount: 10, maxFen: 9999 } }),
  );
  const page = async (filter: object) => (await list.page({ limit: 50, name, ...filter })).items;
  const ids = async (filter: object) => (await page(filter)).map(({ id }) => id);
  expect(await ids({})).toEqual([armed, over, scheduled, paused, live, waiting, draft]);
  expect((await page({})).map(({ phase }) => phase)).toEqual([
    ...['armed', 'ended', 'scheduled', 'paused', 'live', 'draft', 'draft'],
  ]);
  expect(await ids({ phase: 'scheduled' })).toEqual([scheduled]);
  expect(await ids({ phase: 'draft', pending: false })).toEqual([draft]);
  expect(await ids({ pending: true })).toEqual([waiting]);
  expect(await ids({ lane: 'burst' })).toEqual([armed]);
  expect((await page({ phase: 'live' }))[0]!.stock).toEqual([{ prizeKey: 'small', stock: null, issued: 0 }]);
  const first = await list.page({ limit: 4, name });
  const rest = await list.page({ limit: 4, name, cursor: first.nextCursor });
  expect([...first.items, ...rest.items].map(({ id }) => id)).toHaveLength(7);

  expect(await list.detail(waiting)).toMatchObject({ pending: true, submission: { state: 'pending' }, inForce: null });
  expect(await list.detail(live)).toMatchObject({ inForce: { versionNo: 1 }, submission: null });
  const approvals = new ApprovalList(stage.db.database);
  const pending = (await approvals.pending({ limit: 100 })).items.find(({ campaignId }) => campaignId === waiting);
  expect(pending).toMatchObject({ campaign: { name, firstTime: true }, submittedBy: { id: stage.author.id } });
});

it('keeps every version, and says what differs between two, or between the draft and what is in force', async () => {
  const document = await stage.realContent();
  const campaignId = await stage.publishNew(document);
  for (const hundred of [1, 2, 3]) {
    const prizes = [{ ...document.prizes[0]!, amount: { type: 'fixed' as const, fen: hundred * 100 } }];
    const content = { ...document, prizes: prizes as typeof document.prizes };
    await stage.save.run({ campaignId, content, by: stage.author.id });
    if (hundred < 3) await stage.publish.run({ campaignId, by: stage.author.id, approvedBy: stage.approver.id });
  }
  const first = await versions.page(campaignId, { limit: 2 });
  const rest = await versions.page(campaignId, { limit: 2, cursor: first.nextCursor });
  expect([...first.items, ...rest.items].map(({ versionNo, inForce }) => [versionNo, inForce])).toEqual([
    ...[
      [3, true],
      [2, false],
      [1, false],
    ],
  ]);
  expect(await versions.one(campaignId, 1)).toMatchObject({ versionNo: 1, content: document });
  expect(await refusal(versions.one(campaignId, 9))).toBe('no_version');
  const sentences = async (from: number | 'in-force', to: number | 'draft') =>
    (await versions.compare(campaignId, from, to)).map(({ favour, sentence }) => [favour, sentence]);
  expect(await sentences(1, 3)).toEqual([['better', expect.stringContaining('2.00')]]);
  expect(await sentences(3, 1)).toEqual([['worse', expect.stringContaining('0.88')]]);
  expect(await sentences('in-force', 'draft')).toEqual([['better', expect.stringContaining('3.00')]]);
  expect(await sentences(2, 2)).toEqual([]);
});

it('copies a campaign, an ended one too, as a draft of its own', async () => {
  const document = await stage.realContent({ name: '端午'.repeat(30) });
  const campaignId = await stage.publishNew(document);
  await stage.change.run({ campaignId, switch: 'end', by: null, reason: '' });
  const clone = new CloneCampaign(stage.db.database, stage.save);
  const copy = await clone.run({ campaignId, by: stage.approver.id });
  const detail = await list.detail(copy.campaignId);
  expect(detail).toMatchObject({ status: 'draft', draftBy: stage.approver.id, inForce: null });
  expect(detail.draft).toEqual({ ...document, name: `${document.name.slice(0, 56)}（副本）` });
  expect((await list.detail((await clone.run({ campaignId, name: '重阳', by: null })).campaignId)).name).toBe('重阳');
  expect(await refusal(clone.run({ campaignId: 4_000_000_000, by: null }))).toBe('no_campaign');
});

it('says what a document would cost and what is wrong with it, and keeps nothing', async () => {
  const check = new CheckCampaign(stage.db.database, stage.lint);
  const document = await stage.realContent();
  const before = (await list.page({ limit: 1 })).items[0]?.id;
  const answer = await check.run(document);
  expect(answer).toMatchObject({
    ok: true,
    outlook: { codesInScope: 1000, scanRate: 0.35, budget: { leftFen: 100_000_000 } },
  });
  expect(answer.outlook!.liability).toMatchObject({ fullFen: 88_000, expectedFen: 30_800 });
  const poor = await check.run({ ...document, budgetId: await stage.budget(30_800) });
  expect(poor.ok).toBe(false);
  expect(await check.run({ nonsense: true })).toMatchObject({ ok: false, outlook: null });
  const campaignId = await stage.publishNew(document);
  expect((await check.run(document)).findings.map(({ code }) => code)).toContain('overlap');
  expect(await check.run(document, campaignId)).toMatchObject({ ok: true });
  expect(before).toBeLessThan(campaignId);
});

it('shows how fast budget and caps are used up', async () => {
  const caps = [{ per: 'campaign' as const, window: 'total' as const, count: null, fen: 50_000 }];
  const campaignId = await stage.publishNew(await stage.realContent({ caps }));
  const forecast = new CampaignForecast(stage.db.database, new CampaignBurnModel(stage.db.database));
  expect(await forecast.read(campaignId)).toMatchObject({
    wins: 0,
    awardedFen: 0,
    forecast: { fenPerHour: 0, caps: [{ used: 0 }] },
  });
  await stage.db.asOwner.query(
    `INSERT INTO rollup_hours (distributor_id, hour, province, campaign_id, scans, first_scans, wins, awarded_fen)
     VALUES (0, DATE_FORMAT(UTC_TIMESTAMP(), '%Y-%m-%d %H:00:00'), 340000, ?, 30, 24, 24, 2400)`,
    [campaignId],
  );
  await stage.db.asOwner.query(
    `INSERT INTO rollup_days (distributor_id, day, city, campaign_id, product_id, batch_id, scans, first_scans, wins, awarded_fen, new_members)
     VALUES (0, UTC_DATE(), 340100, ?, 1, 1, 30, 24, 24, 2400, 1)`,
    [campaignId],
  );
  await stage.db.asOwner.query(
    "INSERT INTO campaign_counters (campaign_id, counter_key, awards, fen) VALUES (?, 'c|t', 24, 2400)",
    [campaignId],
  );
  const report = await forecast.read(campaignId);
  expect(report).toMatchObject({ wins: 24, awardedFen: 2400, hours: [{ wins: 24, awardedFen: 2400 }] });
  expect(report.forecast.fenPerHour).toBe(100);
  expect(report.forecast.caps).toMatchObject([{ fen: 2400, used: 0.048 }]);
  expect(await refusal(forecast.read(4_000_000_000))).toBe('no_campaign');
});

it('tells the public notice from the version in force, with the names of products', async () => {
  const campaignId = await stage.publishNew(await stage.realContent());
  const notice = await new CampaignNotices(stage.db.database).of(campaignId);
  expect(notice).toMatchObject({ versionNo: 1, contentHash: expect.stringMatching(/^[0-9a-f]{64}$/) as string });
  const text = notice.sections.flatMap(({ lines }) => lines).join('\n');
  for (const word of ['青柠', '0.88', '青禾饮料有限公司']) expect(text).toContain(word);
});
