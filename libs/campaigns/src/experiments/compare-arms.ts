import { formatYuan, fen } from '@app/kernel';
import type { Experiment } from '../document/campaign-content';
import {
  addTo,
  chiSquare,
  newcombe,
  NO_SUMS,
  ratioDifference,
  ratioInterval,
  wilson,
  type Interval,
  type RatioSums,
} from './statistics';

export const METRICS = ['claim_rate', 'return_rate', 'cost_per_returning'] as const;
export type Metric = (typeof METRICS)[number];

/** What one member of an experiment did. */
export interface MemberFigures {
  readonly memberId: number;
  /** Scans that the campaign decided or refused. */
  readonly scans: number;
  /** Awards of money, and those whose money was asked for. */
  readonly awards: number;
  readonly claimed: number;
  readonly fen: number;
  /** The days within which a return counts are over. */
  readonly matured: boolean;
  readonly returned: boolean;
}

export interface ArmReport {
  readonly key: string;
  readonly name: string;
  readonly control: boolean;
  /** Parts per million. */
  readonly weight: number;
  readonly members: number;
  readonly scans: number;
  /** Members whose days to return are over: only they count in the return rate and the cost. */
  readonly matured: number;
  /** 领取率, by Wilson. */
  readonly claimRate: Interval | null;
  /** 复扫率, by Wilson. */
  readonly returnRate: Interval | null;
  /** Fen won per member who returned, by the delta method. */
  readonly costPerReturning: Interval | null;
}

export interface ArmComparison {
  readonly arm: string;
  readonly metric: Metric;
  /** The arm less the control, 95 %. */
  readonly difference: Interval | null;
  readonly method: 'Newcombe' | 'delta';
  readonly verdict: 'better' | 'worse' | 'inconclusive';
  readonly sentence: string;
}

export interface ExperimentReport {
  readonly arms: readonly ArmReport[];
  /** Did the members fall into arms as often as the weights say? */
  readonly ratio: { readonly ok: boolean; readonly p: number; readonly statistic: number; readonly degrees: number };
  readonly comparisons: readonly ArmComparison[];
  readonly verdict: { readonly kind: 'decided' | 'inconclusive' | 'invalid'; readonly sentences: readonly string[] };
}

/** Below this chance the split is broken, not unlucky; the usual mark for a sample-ratio check. */
const BROKEN_BELOW = 0.001;
/** With fewer members in an arm no interval is worth a verdict. */
const FEWEST = 30;

interface ArmSums {
  members: number;
  scans: number;
  matured: number;
  awards: number;
  claimed: number;
  returned: number;
  cost: RatioSums;
}

/** Gathers members into arms and compares each arm with the control, the first one. */
export class ArmTally {
  private readonly sums: ReadonlyMap<string, ArmSums>;

  constructor(private readonly experiment: Experiment) {
    this.sums = new Map(experiment.arms.map(({ key }) => [key, noSums()]));
  }

  add(arm: string, member: MemberFigures): void {
    const sums = this.sums.get(arm)!;
    sums.members += 1;
    sums.scans += member.scans;
    sums.awards += member.awards;
    sums.claimed += member.claimed;
    if (!member.matured) return;
    sums.matured += 1;
    sums.returned += member.returned ? 1 : 0;
    sums.cost = addTo(sums.cost, member.fen, member.returned ? 1 : 0);
  }

  report(): ExperimentReport {
    const { arms } = this.experiment;
    const each = arms.map(({ key }) => this.sums.get(key)!);
    const test = chiSquare(
      each.map(({ members }) => members),
      arms.map(({ weight }) => weight),
    );
    const ratio = { ok: test.p >= BROKEN_BELOW, ...test };
    const comparisons = arms
      .slice(1)
      .flatMap((arm, index) => METRICS.map((metric) => compare(arm, metric, each[index + 1]!, each[0]!)));
    return {
      arms: arms.map(({ key, name, weight }, index) => ({ key, name, weight, ...armOf(each[index]!, index === 0) })),
      ratio,
      comparisons: ratio.ok ? comparisons : comparisons.map((one) => ({ ...one, verdict: 'inconclusive' as const })),
      verdict: verdictOf(ratio.ok, comparisons),
    };
  }
}

function noSums(): ArmSums {
  return { members: 0, scans: 0, matured: 0, awards: 0, claimed: 0, returned: 0, cost: NO_SUMS };
}

function armOf(sums: ArmSums, control: boolean): Omit<ArmReport, 'key' | 'name' | 'weight'> {
  const { members, scans, matured } = sums;
  return {
    ...{ control, members, scans, matured },
    claimRate: wilson({ hits: sums.claimed, of: sums.awards }),
    returnRate: wilson({ hits: sums.returned, of: sums.matured }),
    costPerReturning: ratioInterval(sums.cost),
  };
}

function compare(arm: Experiment['arms'][number], metric: Metric, one: ArmSums, control: ArmSums): ArmComparison {
  const difference = differenceOf(metric, one, control);
  const enough = Math.min(sizeOf(metric, one), sizeOf(metric, control)) >= FEWEST;
  const sure = enough && difference !== null && (difference.low > 0 || difference.high < 0);
  const up = sure && difference.low > 0;
  const better = metric === 'cost_per_returning' ? !up : up;
  const verdict = !sure ? 'inconclusive' : better ? 'better' : 'worse';
  return {
    ...{ arm: arm.key, metric, difference, verdict },
    method: metric === 'cost_per_returning' ? 'delta' : 'Newcombe',
    sentence: sentenceOf(arm.name, metric, difference, verdict, enough),
  };
}

function differenceOf(metric: Metric, one: ArmSums, control: ArmSums): Interval | null {
  switch (metric) {
    case 'claim_rate':
      return newcombe({ hits: one.claimed, of: one.awards }, { hits: control.claimed, of: control.awards });
    case 'return_rate':
      return newcombe({ hits: one.returned, of: one.matured }, { hits: control.returned, of: control.matured });
    case 'cost_per_returning':
      return ratioDifference(one.cost, control.cost);
  }
}

function sizeOf(metric: Metric, sums: ArmSums): number {
  return metric === 'claim_rate' ? sums.members : sums.matured;
}

const METRIC_WORDS: Record<Metric, string> = {
  claim_rate: '领取率',
  return_rate: '复扫率',
  cost_per_returning: '每位复扫会员的费用',
};

function sentenceOf(
  arm: string,
  metric: Metric,
  difference: Interval | null,
  verdict: ArmComparison['verdict'],
  enough: boolean,
): string {
  const words = `「${arm}」的${METRIC_WORDS[metric]}`;
  if (difference === null) return `${words}：还没有数据，尚无结论。`;
  const show = metric === 'cost_per_returning' ? yuan : points;
  const span = `差 ${show(difference.value)}，95% 区间 ${show(difference.low)} 到 ${show(difference.high)}`;
  if (!enough) return `${words}与对照组${span}；每组不足 ${FEWEST} 人，尚无结论。`;
  if (verdict === 'inconclusive') return `${words}与对照组${span}，区间含 0，尚无结论。`;
  return `${words}${difference.value > 0 ? '高于' : '低于'}对照组：${span}。`;
}

function points(share: number): string {
  // No minus before a nought.
  const shown = Math.round(share * 1000) / 10 || 0;
  return `${shown.toFixed(1)} 个百分点`;
}

function yuan(amount: number): string {
  const whole = Math.round(amount);
  return `${whole < 0 ? '-' : ''}${formatYuan(fen(Math.abs(whole)))} 元`;
}

function verdictOf(ratioOk: boolean, comparisons: readonly ArmComparison[]): ExperimentReport['verdict'] {
  if (!ratioOk) {
    return {
      kind: 'invalid',
      sentences: ['各组人数与设定的比例明显不符，分流可能出了问题：在查清之前，下面的数字不能用来下结论。'],
    };
  }
  const decided = comparisons.filter(({ verdict }) => verdict !== 'inconclusive');
  if (decided.length === 0)
    return { kind: 'inconclusive', sentences: ['尚无结论：差别都在偶然波动的范围之内，或人数还不够。'] };
  return { kind: 'decided', sentences: decided.map(({ sentence }) => sentence) };
}
