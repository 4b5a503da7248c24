import type { LotStage } from '@app/codes';

/** Where the leaves of each taste grow. */
const GARDENS: Readonly<Record<string, readonly [place: string, leaves: string]>> = {
  LIME: ['安徽 黄山 徽州区', '高山绿茶，一芽二叶'],
  PEACH: ['福建 武夷山 星村镇', '夏茶红茶底，日光萎凋'],
  OOLONG: ['福建 安溪 感德镇', '秋香型乌龙，半发酵'],
  OSMANTHUS: ['福建 安溪 感德镇', '乌龙茶底，窨桂花三遍'],
};
const DAY_MS = 86_400_000;

/** The way of a demo lot, from the tea garden to the lorry. `producedOn` is the day it was filled, `YYYY-MM-DD`. */
export function demoStages(taste: string, plant: string, line: string, producedOn: string): LotStage[] {
  const day = (offset: number): string =>
    new Date(Date.parse(`${producedOn}T00:00:00Z`) + offset * DAY_MS).toISOString().slice(0, 10);
  const [garden, leaves] = GARDENS[taste] ?? GARDENS['LIME']!;
  return [
    { name: '采茶', at: day(-24), place: garden, detail: leaves },
    { name: '萃取', at: day(-2), place: plant, detail: '85 ℃ 热泡，6 小时内冷却' },
    { name: '灌装', at: day(0), place: `${plant} ${line} 线`, detail: '无菌灌装，充气后封盖' },
    { name: '质检', at: day(2), place: `${plant} 实验室`, detail: '微生物、糖度、气压，三项合格' },
    { name: '出库', at: day(5), place: `${plant} 成品仓`, detail: null },
  ];
}
