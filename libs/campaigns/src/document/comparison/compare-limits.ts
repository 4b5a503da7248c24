import type { BurstPlan, CampaignContent, Cap, Gate, PayoutMode } from '../campaign-content';
import { coversArea } from '../condition-shape';
import { capWords } from '../linter/lint-caps';
import { added, changed, favourOf, removed, same, together, yuan, type Change, type Favour } from './change';

/** Caps, matched by whom and when they count. */
export function compareCaps(before: readonly Cap[], after: readonly Cap[]): Change[] {
  const find = (caps: readonly Cap[], cap: Cap): Cap | undefined => caps.find((other) => capKey(other) === capKey(cap));
  const gone = before.flatMap((cap, index) =>
    find(after, cap) ? [] : [removed(`caps[${index}]`, cap, `取消上限：${capSentence(cap)}`, 'better')],
  );
  const others = after.flatMap((cap, index) => {
    const path = `caps[${index}]`;
    const old = find(before, cap);
    if (!old) return [added(path, cap, `新增上限：${capSentence(cap)}`, 'worse')];
    if (old.count === cap.count && old.fen === cap.fen) return [];
    const sentence = `上限从「${capSentence(old)}」改为「${capSentence(cap)}」`;
    return [
      changed(path, old, cap, sentence, together([limitFavour(old.count, cap.count), limitFavour(old.fen, cap.fen)])),
    ];
  });
  return [...gone, ...others];
}

const capKey = ({ per, window, level, adcode }: Cap): string =>
  [per, window, adcode ?? (per === 'region' ? (level ?? 'province') : '')].join('|');

const limitFavour = (before: number | null, after: number | null): Favour =>
  favourOf(before ?? Infinity, after ?? Infinity);

/** 「每人每天最多 10 次」 */
export function capSentence(cap: Cap, nameOf?: (adcode: number) => string): string {
  const limits = [...(cap.count === null ? [] : [`${cap.count} 次`]), ...(cap.fen === null ? [] : [yuan(cap.fen)])];
  return `${capWords(cap, nameOf)}最多 ${limits.join('、')}`;
}

const GATE_WORDS: Record<Gate['kind'], string> = { phone: '绑定手机号', follow: '关注公众号', share: '分享' };

export function compareGates(before: readonly Gate[], after: readonly Gate[]): Change[] {
  const has = (gates: readonly Gate[], { kind }: Gate): boolean => gates.some((gate) => gate.kind === kind);
  return [
    ...before.flatMap((gate, index) =>
      has(after, gate) ? [] : [removed(`gates[${index}]`, gate, `领奖前不再要求${GATE_WORDS[gate.kind]}`, 'better')],
    ),
    ...after.flatMap((gate, index) =>
      has(before, gate) ? [] : [added(`gates[${index}]`, gate, `领奖前要${GATE_WORDS[gate.kind]}`, 'worse')],
    ),
  ];
}

export function compareBurst(before: BurstPlan | null, after: BurstPlan | null): Change[] {
  if (before === null || after === null) {
    if (before === after) return [];
    return before === null
      ? [added('burst', after, '新增区域加码预案', 'worse')]
      : [removed('burst', before, '取消区域加码预案', 'worse')];
  }
  const numbers = [
    ['maxHours', '最长时间', (value: number) => `${value} 小时`],
    ['maxCount', '最多份数', (value: number) => `${value} 份`],
    ['maxFen', '最多金额', yuan],
  ] as const;
  const fence = areaFavour(before.fence, after.fence);
  return [
    ...(fence === null ? [] : [changed('burst.fence', before.fence, after.fence, '区域加码的范围变了', fence)]),
    ...numbers.flatMap(([key, label, words]) =>
      before[key] === after[key]
        ? []
        : [
            changed(
              `burst.${key}`,
              before[key],
              after[key],
              `区域加码的${label}从 ${words(before[key])} 改为 ${words(after[key])}`,
              favourOf(before[key], after[key]),
            ),
          ],
    ),
  ];
}

/** Null when the two lists say the same. Only a list that covers the whole of the other is wider. */
export function areaFavour(before: readonly number[], after: readonly number[]): Favour | null {
  if (same([...before].sort(), [...after].sort())) return null;
  const covers = (wide: readonly number[], narrow: readonly number[]): boolean =>
    coversArea({ everywhere: wide.length === 0, regions: wide }, narrow);
  const [wider, narrower] = [covers(after, before), covers(before, after)];
  if (wider && narrower) return 'neutral';
  return wider ? 'better' : 'worse';
}

/** Lists of ids where the empty list means every one. Null when they say the same. */
export function listFavour(before: readonly number[], after: readonly number[]): Favour | null {
  const [old, now] = [new Set(before), new Set(after)];
  if (old.size === now.size && [...old].every((id) => now.has(id))) return null;
  const wider = now.size === 0 || (old.size > 0 && [...old].every((id) => now.has(id)));
  return wider ? 'better' : 'worse';
}

export function comparePayout(before: PayoutMode, after: PayoutMode): Change[] {
  if (same(before, after)) return [];
  const words = (payout: PayoutMode): string =>
    payout.mode === 'instant' ? '立即到账' : `累计满 ${yuan(payout.untilFen)} 提现`;
  // The smaller the sum one has to wait for, the better.
  const wait = (payout: PayoutMode): number => (payout.mode === 'instant' ? 0 : payout.untilFen);
  const sentence = `发放方式从「${words(before)}」改为「${words(after)}」`;
  return [changed('payout', before, after, sentence, favourOf(-wait(before), -wait(after)))];
}

export function compareExperiment(
  before: CampaignContent['experiment'],
  after: CampaignContent['experiment'],
): Change[] {
  if (same(before, after)) return [];
  if (before && after) {
    const { name: _old, ...oldRest } = before;
    const { name: _now, ...nowRest } = after;
    if (same(oldRest, nowRest)) return [changed('experiment.name', before.name, after.name, '实验改名', 'neutral')];
    return [changed('experiment', before, after, '对照实验的分组变了，有人会换到另一组', 'worse')];
  }
  if (before) return [removed('experiment', before, `取消对照实验「${before.name}」`, 'worse')];
  return after ? [added('experiment', after, `新增对照实验「${after.name}」`, 'worse')] : [];
}
