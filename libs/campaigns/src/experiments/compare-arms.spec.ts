import type { Experiment } from '../document/campaign-content';
import { ArmTally, type ExperimentReport } from './compare-arms';

const EXPERIMENT: Experiment = {
  key: 'e1',
  name: '红包大小',
  arms: [
    { key: 'a', name: '现行', weight: 500_000 },
    { key: 'b', name: '加大', weight: 500_000 },
  ],
  returnDays: 7,
};

interface Arm {
  readonly members: number;
  readonly returned: number;
  readonly claimed: number;
  readonly fen: number;
  readonly matured?: number;
}

function report(arms: Record<string, Arm>): ExperimentReport {
  const tally = new ArmTally(EXPERIMENT);
  for (const [key, { members, returned, claimed, fen, matured = members }] of Object.entries(arms)) {
    for (let at = 0; at < members; at++) {
      tally.add(key, {
        ...{ memberId: at + 1, scans: 2, awards: 1, claimed: at < claimed ? 1 : 0, fen },
        ...{ matured: at < matured, returned: at < returned },
      });
    }
  }
  return tally.report();
}

const of = ({ comparisons }: ExperimentReport, metric: string) => comparisons.find((one) => one.metric === metric)!;

describe('an experiment', () => {
  it('is decided where the interval excludes 0, each way read as it is good for the brand', () => {
    const result = report({
      a: { members: 1_000, returned: 300, claimed: 900, fen: 100 },
      b: { members: 1_010, returned: 404, claimed: 700, fen: 150 },
    });
    expect(result.ratio.ok).toBe(true);
    expect(of(result, 'return_rate')).toMatchObject({ verdict: 'better', method: 'Newcombe' });
    expect(of(result, 'return_rate').difference!.value).toBeCloseTo(0.1, 10);
    expect(of(result, 'claim_rate').verdict).toBe('worse');
    // 150 / 0.4 = 375 fen against 100 / 0.3 = 333: dearer, and surely so?
    expect(of(result, 'cost_per_returning').difference!.value).toBeCloseTo(375 - 1000 / 3, 6);
    expect(result.verdict.kind).toBe('decided');
    expect(result.verdict.sentences.join()).toContain('「加大」的复扫率高于对照组');
    expect(result.arms.map(({ control, members }) => [control, members])).toEqual([
      [true, 1_000],
      [false, 1_010],
    ]);
  });

  it('with nothing to tell apart has no verdict, and says so', () => {
    const arm = { members: 500, returned: 150, claimed: 400, fen: 88 };
    const result = report({ a: arm, b: { ...arm, returned: 155 } });
    expect(result.verdict).toMatchObject({ kind: 'inconclusive' });
    expect(result.verdict.sentences[0]).toContain('尚无结论');
    expect(
      result.comparisons.every(({ verdict, sentence }) => verdict === 'inconclusive' && sentence.includes('尚无结论')),
    ).toBe(true);
  });

  it('with few people has none, however different they are', () => {
    const result = report({
      a: { members: 20, returned: 0, claimed: 0, fen: 88 },
      b: { members: 20, returned: 20, claimed: 20, fen: 88 },
    });
    expect(result.verdict.kind).toBe('inconclusive');
    expect(of(result, 'return_rate').sentence).toContain('不足 30 人');
  });

  it('whose members did not fall as the weights say is worth nothing', () => {
    const result = report({
      a: { members: 1_000, returned: 300, claimed: 900, fen: 100 },
      b: { members: 1_300, returned: 900, claimed: 900, fen: 100 },
    });
    expect(result.ratio).toMatchObject({ ok: false, degrees: 1 });
    expect(result.verdict.kind).toBe('invalid');
    expect(result.verdict.sentences[0]).toContain('不能用来下结论');
    expect(result.comparisons.every(({ verdict }) => verdict === 'inconclusive')).toBe(true);
  });

  it('counts only members whose days are over in returns and cost', () => {
    const result = report({
      a: { members: 100, returned: 10, claimed: 50, fen: 100, matured: 40 },
      b: { members: 100, returned: 10, claimed: 50, fen: 100, matured: 50 },
    });
    expect(result.arms.map(({ matured }) => matured)).toEqual([40, 50]);
    expect(result.arms[0]!.returnRate!.value).toBe(0.25);
    expect(result.arms[1]!.costPerReturning!.value).toBe(500);
  });

  it('of nobody is no fault', () => {
    const result = report({});
    expect(result.verdict.kind).toBe('inconclusive');
    expect(result.arms[0]).toMatchObject({ members: 0, claimRate: null, returnRate: null, costPerReturning: null });
  });
});
