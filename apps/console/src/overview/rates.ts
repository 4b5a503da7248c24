import type { Schemas } from '../api';
import { count, yuan } from '../words';

type Figures = Schemas['KeyFiguresDto'];
type Period = Schemas['PeriodFiguresDto'];

export interface Rate {
  readonly label: string;
  readonly value: string;
  readonly unit?: string;
  /** How it comes about, with the numbers of this moment. */
  readonly formula: string;
  /** Change against the period before: `+1.2 个百分点`, `−3.4%`; null where there is nothing to compare with. */
  readonly change: string | null;
}

/** The numbers that everybody asks first, each with its formula. Quotients of what the server counted. */
export function ratesOf(figures: Figures): Rate[] {
  const { now, before, codes } = figures;
  return [
    codes === null
      ? {
          label: '扫码率',
          value: '—',
          formula: '首次被扫的码 ÷ 已启用的码。码在按码发货登记之前不属于任何经销商，所以这里没有这个数',
          change: null,
        }
      : {
          label: '扫码率',
          value: percent(codes.opened, codes.activated),
          formula: `累计首次被扫的奖励码 ${count(codes.opened)} ÷ 现在启用着的奖励码 ${count(codes.activated)}`,
          change: null,
        },
    {
      label: '新客率',
      value: now.people ? percent(now.sums.newMembers, now.people.people) : '—',
      formula: now.people
        ? `第一次开瓶的会员 ${count(now.sums.newMembers)} ÷ 扫码人数 ${count(now.people.people)}`
        : LATER,
      change: points(
        share(now.sums.newMembers, now.people?.people),
        share(before.sums.newMembers, before.people?.people),
      ),
    },
    {
      label: '人均开瓶数',
      value: now.people?.openers ? (now.sums.opened / now.people.openers).toFixed(2) : '—',
      ...(now.people?.openers && { unit: '瓶' }),
      formula: now.people?.openers ? `开瓶 ${count(now.sums.opened)} ÷ 开瓶的人 ${count(now.people.openers)}` : LATER,
      change: growth(share(now.sums.opened, now.people?.openers), share(before.sums.opened, before.people?.openers)),
    },
    winRate(figures),
    perBottle(now, before),
    {
      label: '单客费用',
      value: now.people ? money(share(now.sums.awardedFen, now.people.people)) : '—',
      ...(now.people?.people && { unit: '元' }),
      formula: now.people ? `中出的奖金 ${yuan(now.sums.awardedFen)} 元 ÷ 扫码人数 ${count(now.people.people)}` : LATER,
      change: growth(
        share(now.sums.awardedFen, now.people?.people),
        share(before.sums.awardedFen, before.people?.people),
      ),
    },
    {
      label: '领取率',
      value: percent(now.claimedFen, now.sums.awardedFen),
      formula: `这些天领取的奖金 ${yuan(now.claimedFen)} 元 ÷ 这些天中出的奖金 ${yuan(now.sums.awardedFen)} 元；隔天才领的算在领取那天`,
      change: points(share(now.claimedFen, now.sums.awardedFen), share(before.claimedFen, before.sums.awardedFen)),
    },
    {
      label: '到账率',
      value: percent(now.settledFen, now.claimedFen),
      formula: `这些天到账的奖金 ${yuan(now.settledFen)} 元 ÷ 这些天领取的奖金 ${yuan(now.claimedFen)} 元`,
      change: points(share(now.settledFen, now.claimedFen), share(before.settledFen, before.claimedFen)),
    },
    repeat('7 日复购率', 7, figures.repeat7),
    repeat('30 日复购率', 30, figures.repeat30),
  ];
}

const LATER = '人数要等这些天过完才统计，每天零点后更新';

function winRate({ now, before, odds }: Figures): Rate {
  const published = odds.filter(({ opened }) => opened > 0);
  const range =
    published.length === 0 ? null : [least(published.map((one) => one.least)), most(published.map((one) => one.most))];
  const told = range === null ? '没有可比的公示' : `公示 ${span(range[0]!, range[1]!)}`;
  const each = published
    .slice(0, 3)
    .map((one) => `「${one.name}」实际 ${percent(one.wins, one.opened)}，公示 ${span(one.least, one.most)}`);
  return {
    label: '中奖率',
    value: percent(now.sums.wins, now.sums.opened),
    unit: told,
    formula: [`中出现金奖 ${count(now.sums.wins)} ÷ 开瓶 ${count(now.sums.opened)}（实物和券不计）`, ...each].join(
      '；',
    ),
    change: points(share(now.sums.wins, now.sums.opened), share(before.sums.wins, before.sums.opened)),
  };
}

function perBottle(now: Period, before: Period): Rate {
  return {
    label: '单瓶费用',
    value: money(share(now.sums.awardedFen, now.sums.opened)),
    ...(now.sums.opened > 0 && { unit: '元' }),
    formula: `中出的奖金 ${yuan(now.sums.awardedFen)} 元 ÷ 开瓶 ${count(now.sums.opened)}`,
    change: growth(share(now.sums.awardedFen, now.sums.opened), share(before.sums.awardedFen, before.sums.opened)),
  };
}

function repeat(label: string, days: number, { now, before }: Schemas['RepeatRateDto']): Rate {
  return {
    label,
    value: now?.openers ? percent(now.repeaters ?? 0, now.openers) : '—',
    formula: now
      ? `截至昨天的 ${days} 天里，在两个不同的日子开过瓶的人 ${count(now.repeaters)} ÷ 开过瓶的人 ${count(now.openers)}`
      : LATER,
    change: points(share(now?.repeaters, now?.openers), share(before?.repeaters, before?.openers)),
  };
}

function share(part: number | null | undefined, all: number | null | undefined): number | null {
  return part === null || part === undefined || !all ? null : part / all;
}

function percent(part: number, all: number): string {
  return all === 0 ? '—' : `${((100 * part) / all).toFixed(1)}%`;
}

function span(low: number, high: number): string {
  const [from, to] = [low, high].map((value) => `${Number((100 * value).toFixed(1))}%`);
  return from === to ? from! : `${from}–${to}`;
}

function money(fen: number | null): string {
  return fen === null ? '—' : yuan(Math.round(fen));
}

/** Percentage points between two shares. */
function points(now: number | null, before: number | null): string | null {
  if (now === null || before === null) return null;
  const change = 100 * (now - before);
  return `${change >= 0 ? '+' : '−'}${Math.abs(change).toFixed(1)} 个百分点`;
}

function growth(now: number | null, before: number | null): string | null {
  if (now === null || !before) return null;
  const change = (100 * (now - before)) / before;
  return `${change >= 0 ? '+' : '−'}${Math.abs(change).toFixed(1)}%`;
}

const least = (values: readonly number[]): number => Math.min(...values);
const most = (values: readonly number[]): number => Math.max(...values);
