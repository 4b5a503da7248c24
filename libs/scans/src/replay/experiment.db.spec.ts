import { ExperimentFigures } from '@app/analytics';
import { armOf, ExperimentReports, type CampaignContent } from '@app/campaigns';
import { plantScans } from '@app/testing';
import { UnitOfWork } from '@app/database';
import { ClaimPool, MoneyOverviews } from '@app/rewards';
import { ScanStage } from '../scan-stage.contract';

jest.setTimeout(60_000);

const EXPERIMENT: NonNullable<CampaignContent['experiment']> = {
  key: 'size',
  name: '红包大小',
  arms: [
    { key: 'a', name: '现行', weight: 500_000 },
    { key: 'b', name: '加大', weight: 500_000 },
  ],
  returnDays: 7,
};

const then = (key: string) => ({
  mode: 'drawn' as const,
  prizes: [{ key, odds: 1_000_000 }],
  fallbackPrizeKey: null,
});
const byArm: CampaignContent['rules'] = [
  { key: 'b', name: '加大组', when: { field: 'experimentArm', op: 'eq', value: 'b' }, then: then('large') },
  { key: 'rest', name: '其余', when: { all: [] }, then: then('small') },
];

/** Here, where scans can be played: the report itself belongs to campaigns. */
describe('the report of an experiment', () => {
  let stage: ScanStage;
  beforeAll(async () => void (stage = await ScanStage.open()));
  afterAll(() => stage.close());

  it('puts every member into the arm that decided for them, and counts what they did', async () => {
    const batch = await stage.batch();
    const { campaignId } = await stage.campaign({
      ...{ batches: [batch.id], budgetId: await stage.budget(1_000_000), experiment: EXPERIMENT },
      prizes: [
        { kind: 'cash', key: 'small', name: '小', amount: { type: 'fixed', fen: 88 }, stock: null },
        { kind: 'cash', key: 'large', name: '大', amount: { type: 'fixed', fen: 188 }, stock: null },
      ],
      rules: byArm,
    });
    const members = await Promise.all(Array.from({ length: 24 }, () => stage.member()));
    await Promise.all(members.map((member, index) => stage.scan(member, batch.text(index))));
    const arms = members.map((member) => armOf(campaignId, EXPERIMENT, member));
    const inB = arms.filter((arm) => arm === 'b').length;

    const report = await stage.app.get(ExperimentReports).run(campaignId);
    expect(report.arms.map(({ members: count }) => count)).toEqual([24 - inB, inB]);
    expect(report.arms.map(({ scans }) => scans)).toEqual([24 - inB, inB]);
    expect(report.arms.every(({ matured, returnRate }) => matured === 0 && returnRate === null)).toBe(true);
    expect(report.arms[0]!.claimRate).toMatchObject({ value: 0 });
    expect(report.ratio.ok).toBe(true);
    expect(report.verdict).toMatchObject({ kind: 'inconclusive' });
    expect(report.experiment).toEqual({ key: 'size', name: '红包大小', returnDays: 7 });
    const fen = await stage.count("SELECT SUM(amount_fen) FROM awards WHERE campaign_id = ? AND prize_key = 'large'", [
      campaignId,
    ]);
    expect(fen).toBe(188 * inB);
  });

  it('counts a small amount as claimed once the pool that it is in was asked for', async () => {
    const batch = await stage.batch();
    const { campaignId } = await stage.campaign({
      ...{ batches: [batch.id], budgetId: await stage.budget(1_000_000), experiment: EXPERIMENT },
      payout: { mode: 'pooled', untilFen: 30 },
      prizes: [
        { kind: 'cash', key: 'small', name: '小', amount: { type: 'fixed', fen: 20 }, stock: null },
        { kind: 'cash', key: 'large', name: '大', amount: { type: 'fixed', fen: 25 }, stock: null },
      ],
      rules: byArm,
    });
    const [one, other] = [await stage.member(), await stage.member()];
    for (const [serial, member] of [one, one, other].entries()) await stage.scan(member, batch.text(serial));
    const claimed = async () => {
      const seen = new Map<number, readonly number[]>();
      const question = { campaignId, from: new Date(0), to: new Date(Date.now() + 86_400_000), returnDays: 7 };
      for await (const { memberId, awards, claimed: asked } of stage.app.get(ExperimentFigures).read(question)) {
        seen.set(memberId, [awards, asked]);
      }
      return [seen.get(one), seen.get(other)];
    };
    expect(await claimed()).toEqual([
      [2, 0],
      [1, 0],
    ]);
    const { pools } = await stage.app.get(MoneyOverviews).of(one);
    await stage.app.get(ClaimPool).run(one, pools[0]!.poolId);
    expect(await claimed()).toEqual([
      [2, 2],
      [1, 0],
    ]);
  });

  it('knows who came back on a later day within the days, and not who came too late or on the same evening', async () => {
    const batch = await stage.batch();
    const campaignId = 2_000_000 + batch.id;
    const first = new Date('2026-06-01T12:00:00Z');
    const later = (hours: number) => new Date(first.getTime() + hours * 3_600_000);
    const ids = [1, 2, 3, 4].map((one) => campaignId * 1_000_000 + one);
    const firsts = ids.map((memberId, serial) => ({
      memberId,
      at: first,
      serial,
      campaignId,
      firstOfCode: true,
      batchId: batch.id,
    }));
    const again = [later(24), later(3), later(7 * 24 + 1)].map((at, index) => ({
      ...{ memberId: ids[index]!, at, serial: 100 + index, firstOfCode: true, batchId: batch.id },
    }));
    const repeat = { memberId: ids[3]!, at: later(30), serial: 3, firstOfCode: false, batchId: batch.id };
    await plantScans(stage.app.get(UnitOfWork), [...firsts, ...again, repeat]);

    const question = { campaignId, from: new Date('2026-06-01T00:00:00Z'), to: later(7 * 24), returnDays: 7 };
    const seen = [];
    for await (const member of stage.app.get(ExperimentFigures).read(question)) seen.push(member);
    expect(seen.map(({ memberId, matured, returned }) => [memberId, matured, returned])).toEqual([
      [ids[0], true, true],
      [ids[1], true, false],
      [ids[2], true, false],
      [ids[3], true, false],
    ]);
    for await (const { matured } of stage.app.get(ExperimentFigures).read({ ...question, to: later(25) })) {
      expect(matured).toBe(false);
    }
  });

  it('is not there for a campaign without an experiment', async () => {
    const batch = await stage.batch();
    const { campaignId } = await stage.campaign({ batches: [batch.id], budgetId: await stage.budget(1_000) });
    const reports = stage.app.get(ExperimentReports);
    await expect(reports.run(campaignId)).rejects.toMatchObject({ code: 'no_experiment', status: 404 });
    await expect(reports.run(2 ** 31)).rejects.toMatchObject({ code: 'no_campaign', status: 404 });
  });
});
