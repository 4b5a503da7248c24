import { campaignTemplate, CampaignCatalog, SaveDraft, type CampaignContent } from '@app/campaigns';
import { Transient, type MemberId } from '@app/kernel';
import { ScanStage } from '../scan-stage.contract';
import { CampaignReplays } from './campaign-replays';
import { DryRun } from './dry-run';
import { ReplayCampaignHandler } from './replay-campaign.handler';
import { ReplayChunks } from './replay-chunks';
import { ReplaysRepository, type ReplayItem } from './replays.repository';
import type { ReplayResult } from '@app/campaigns';

jest.setTimeout(60_000);

type Found = ReplayItem & { result: ReplayResult | null };

describe('replays', () => {
  let stage: ScanStage;
  let replays: CampaignReplays;

  beforeAll(async () => {
    stage = await ScanStage.open();
    replays = stage.app.get(CampaignReplays);
  });
  afterAll(() => stage.close());

  const drawn = (...odds: [string, number][]) => ({
    mode: 'drawn' as const,
    prizes: odds.map(([key, odds]) => ({ key, odds })),
    fallbackPrizeKey: null,
  });
  const PRIZES: CampaignContent['prizes'] = [
    { kind: 'cash', key: 'some', name: '随机红包', amount: { type: 'uniform', minFen: 30, maxFen: 900 }, stock: null },
    { kind: 'cash', key: 'third', name: '第三瓶', amount: { type: 'fixed', fen: 188 }, stock: null },
    { kind: 'nothing', key: 'none', name: '谢谢参与' },
  ];
  const RULES: CampaignContent['rules'] = [
    {
      key: 'third',
      name: '每第三瓶',
      when: { field: 'nthScan', op: 'everyNth', value: 3 },
      then: drawn(['third', 1_000_000]),
    },
    { key: 'all', name: '人人', when: { all: [] }, then: drawn(['some', 500_000], ['none', 500_000]) },
  ];

  /** A campaign that was played: some members scan codes one by one and all at once, some codes more than once, some beyond the cap. */
  async function played(): Promise<{ campaignId: number; batch: Awaited<ReturnType<ScanStage['batch']>> }> {
    const batch = await stage.batch();
    const budgetId = await stage.budget(10_000_000);
    const { campaignId } = await stage.campaign({
      batches: [batch.id],
      budgetId,
      rules: RULES,
      prizes: PRIZES,
      caps: [{ per: 'member', window: 'day', count: 5, fen: null }],
    });
    const members = await Promise.all(Array.from({ length: 5 }, () => stage.member()));
    const scans: [MemberId, number][] = members.flatMap((member, index) =>
      Array.from({ length: 12 }, (_, nth): [MemberId, number] => [member, index * 10 + nth]),
    );
    for (const [member, serial] of scans.slice(0, 20)) await stage.scan(member, batch.text(serial));
    await Promise.all(scans.slice(20).map(([member, serial]) => stage.scan(member, batch.text(serial))));
    return { campaignId, batch };
  }

  async function run(campaignId: number, id: number): Promise<Found> {
    await stage.app.get(ReplayCampaignHandler).handle({ replayId: id });
    return replays.one(campaignId, id);
  }

  const ofCampaign = ({ result }: Found, campaignId: number) =>
    result!.campaigns.find((one) => one.campaignId === campaignId)!;

  it('of the version that decided gives the winners and the fen that were given, and another draft does not', async () => {
    const { campaignId, batch } = await played();
    const { id } = await replays.start({ campaignId, days: 1, together: false, by: 1 });
    expect(await replays.one(campaignId, id)).toMatchObject({ state: 'queued', result: null });
    const same = await run(campaignId, id);

    const mine = 'FROM awards WHERE campaign_id = ?';
    const fen = await stage.count(`SELECT SUM(amount_fen) ${mine}`, [campaignId]);
    const awards = await stage.count(`SELECT COUNT(*) ${mine}`, [campaignId]);
    expect(fen).toBeGreaterThan(0);
    expect(same.state).toBe('done');
    expect(same.progress.scans).toBe(same.progress.of);
    expect(ofCampaign(same, campaignId)).toMatchObject({ fen, awards });
    expect(same.result!.differences.filter((one) => one.batch === batch.id)).toEqual([]);
    expect(same.result!.refusals.cap_reached).toBeGreaterThan(0);

    const richer = campaignTemplate('加倍', null as never, {
      ...{ scope: { products: [], batches: [batch.id] }, rules: RULES, caps: [] },
      prizes: PRIZES.map((prize) =>
        prize.key === 'third' ? { ...prize, amount: { type: 'fixed', fen: 18_800 } } : prize,
      ) as never,
    });
    const { budgetId } = (await stage.app.get(CampaignCatalog).live()).find(
      (one) => one.campaignId === campaignId,
    )!.content;
    await stage.app.get(SaveDraft).run({ campaignId, content: { ...richer, budgetId }, by: 1 });
    const other = await run(campaignId, (await replays.start({ campaignId, days: 1, together: false, by: 1 })).id);
    expect(ofCampaign(other, campaignId).fen).toBeGreaterThan(fen);
    expect(other.draftHash).not.toBe(same.draftHash);
    const gained = other.result!.differences.filter((one) => one.batch === batch.id);
    expect(gained[0]).toMatchObject({ fen: 18_800, ruleKey: 'third', outcome: '第三瓶' });
    expect((await replays.list(campaignId, { limit: 1 })).items.map((one) => one.id)).toEqual([other.id]);
  });

  it('survives a runner that dies, runs nowhere twice, and stops when it is cancelled', async () => {
    const { campaignId } = await played();
    const rows = stage.app.get(ReplaysRepository);
    const handler = stage.app.get(ReplayCampaignHandler);
    const { id } = await replays.start({ campaignId, days: 1, together: true, by: 1 });
    expect(await rows.claim(id, 'dead')).toBe(true);
    await expect(handler.handle({ replayId: id })).rejects.toBeInstanceOf(Transient);
    await stage.db.database.query('UPDATE campaign_replays SET beat_at = beat_at - INTERVAL 1 MINUTE WHERE id = ?', [
      id,
    ]);
    expect((await run(campaignId, id)).state).toBe('done');
    expect(await rows.beat(id, 'dead', 1, 1)).toBe(false);

    const second = await replays.start({ campaignId, days: 1, together: true, by: 1 });
    await expect(replays.start({ campaignId, days: 1, together: true, by: 1 })).rejects.toMatchObject({
      code: 'replay_running',
    });
    expect(await replays.cancel(campaignId, second.id, 1)).toEqual({ changed: true });
    expect(await run(campaignId, second.id)).toMatchObject({ state: 'cancelled', result: null });
    expect(await replays.cancel(campaignId, second.id, 1)).toEqual({ changed: false });
  });

  it('stops in the middle when it is cancelled while it runs', async () => {
    const { campaignId } = await played();
    const rows = stage.app.get(ReplaysRepository);
    const { id } = await replays.start({ campaignId, days: 1, together: false, by: 1 });
    const chunks = stage.app.get(ReplayChunks);
    const read = chunks.read.bind(chunks);
    const spy = jest.spyOn(chunks, 'read').mockImplementation(async function* (from, to) {
      await replays.cancel(campaignId, id, 1);
      // The sign of life that follows finds it cancelled; more than one goes by in a second only here.
      await new Promise((resolve) => setTimeout(resolve, 1_100));
      yield* read(from, to);
    });
    await stage.app.get(ReplayCampaignHandler).handle({ replayId: id });
    spy.mockRestore();
    expect(await replays.one(campaignId, id)).toMatchObject({ state: 'cancelled', result: null });
    expect(await rows.finish(id, 'anybody', {} as never)).toBe(false);
  });

  it('refuses what cannot be replayed', async () => {
    const start = (change: object) => replays.start({ campaignId: 2 ** 31, days: 1, together: true, by: 1, ...change });
    for (const days of [0, 91, 1.5, NaN]) await expect(start({ days })).rejects.toMatchObject({ code: 'bad_days' });
    await expect(start({})).rejects.toMatchObject({ code: 'no_campaign', status: 404 });
    await expect(replays.one(1, 2 ** 31)).rejects.toMatchObject({ code: 'no_replay', status: 404 });
    await expect(replays.cancel(1, 2 ** 31, 1)).rejects.toMatchObject({ code: 'no_replay' });
  });

  it('keeps hours that are over, and makes them again when they changed', async () => {
    const { batch } = await played();
    const shift = (days: number, tag: string): Promise<unknown> =>
      stage.db.database.query(
        `INSERT INTO scans SELECT member_id, CONCAT(?, SUBSTRING(scan_id, 3)), '2025-01-05 03:10:00' + INTERVAL ? SECOND, batch_id, layer,
           serial, verdict, counted, first_of_code, new_member, adcode, trust, product_id, distributor_id, campaign_id, version_id,
           amount_fen, price_fen, refusal, facts, answer FROM scans WHERE batch_id = ? AND at > '2026-01-01'`,
        [tag, days, batch.id],
      );
    await stage.db.database.query("DELETE FROM replay_chunks WHERE slot < '2025-02-01'");
    await shift(1, 'yy');
    const chunks = stage.app.get(ReplayChunks);
    const [from, to] = [new Date('2025-01-05T00:00:00Z'), new Date('2025-01-06T00:00:00Z')];
    const kept = () => stage.count("SELECT COUNT(*) FROM replay_chunks WHERE slot < '2025-02-01'");
    const read = async () => {
      const all = [];
      for await (const chunk of chunks.read(from, to)) all.push(chunk);
      return all;
    };
    const packed = await read();
    expect(await kept()).toBe(1);
    expect(await read()).toEqual(packed);
    expect(packed[0]!.count).toBeGreaterThanOrEqual(60);

    await shift(2, 'zz');
    const again = await read();
    expect(again.reduce((sum, { count }) => sum + count, 0)).toBeGreaterThan(packed[0]!.count);
    expect(await kept()).toBe(1);
    expect(await read()).toEqual(again);
    await chunks.purge();
    expect(await kept()).toBe(0);
  });

  describe('a dry run', () => {
    it('decides a pretended scan of a real code and member with a pretended draw, and leaves nothing behind', async () => {
      const { campaignId, batch } = await played();
      const member = await stage.member();
      const dryRun = stage.app.get(DryRun);
      const before = await stage.count('SELECT COUNT(*) FROM scans');
      const question = { campaignId, code: batch.text(500), memberId: member, together: false };
      const answer = await dryRun.run({ ...question, luck: '一' });
      expect(answer.decision).toMatchObject({ kind: 'award', ruleKey: 'all' });
      expect(answer.trace.campaigns[0]!.rules.map(({ key, result }) => [key, result])).toEqual([
        ['third', 'false'],
        ['all', 'true'],
      ]);
      expect(answer.sentences.length).toBeGreaterThan(1);
      expect(answer.pretended[0]).toContain('模拟的签');
      expect(await dryRun.run({ ...question, luck: '一' })).toMatchObject({ decision: answer.decision });
      const third = await dryRun.run({ ...question, nth: { ever: 3 } });
      expect(third.decision).toMatchObject({ ruleKey: 'third', amountFen: 188 });
      expect(await stage.count('SELECT COUNT(*) FROM scans')).toBe(before);
      expect(
        await stage.count('SELECT COUNT(*) FROM code_claims WHERE batch_id = ? AND serial = 500', [batch.id]),
      ).toBe(0);
    });

    it('never draws with the real luck: over many codes pretended and real prizes part', async () => {
      const { campaignId, batch } = await played();
      const dryRun = stage.app.get(DryRun);
      let same = 0;
      const real = await stage.db.database.query<{ serial: number; fen: string }>(
        `SELECT serial, amount_fen AS fen FROM awards WHERE campaign_id = ? AND rule_key = 'all' ORDER BY serial LIMIT 20`,
        [campaignId],
      );
      for (const { serial, fen } of real) {
        const { decision } = await dryRun.run({ campaignId, code: batch.text(serial), together: false, luck: '' });
        if (decision.kind === 'award' && decision.amountFen === Number(fen) && decision.amountFen > 0) same += 1;
      }
      expect(real.length).toBeGreaterThan(10);
      expect(same).toBeLessThan(real.length / 3);
    });

    it('refuses what is not there', async () => {
      const { campaignId } = await played();
      const dryRun = stage.app.get(DryRun);
      await expect(dryRun.run({ campaignId: 2 ** 31 })).rejects.toMatchObject({ code: 'no_campaign' });
      await expect(dryRun.run({ campaignId, code: 'nonsense' })).rejects.toMatchObject({ code: 'not_our_code' });
      await expect(dryRun.run({ campaignId, memberId: 1 })).rejects.toMatchObject({ code: 'no_member' });
      await expect(dryRun.run({ campaignId, productId: 2 ** 31 })).rejects.toMatchObject({ code: 'no_product' });
    });
  });
});
