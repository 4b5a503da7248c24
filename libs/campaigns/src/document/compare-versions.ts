import { COPY_LINES, type CampaignContent, type CopyLine } from './campaign-content';
import { changed, favourOf, same, wall, type Change, type Favour } from './comparison/change';
import {
  areaFavour,
  compareBurst,
  compareCaps,
  compareExperiment,
  compareGates,
  comparePayout,
  listFavour,
} from './comparison/compare-limits';
import { compareLook } from './comparison/compare-look';
import { comparePrizes } from './comparison/compare-prizes';
import { compareRules } from './comparison/compare-rules';

export type { Change, Favour } from './comparison/change';

type Comparison = (before: CampaignContent, after: CampaignContent) => Change[];

/**
 * What changed between two versions, in plain Chinese, each with what it means for the consumer. Equal documents have no change; neither
 * has another order of things that have none (prizes, caps, areas). Changes for better one way are worse the other way; what cannot be
 * told is worse.
 */
export function compareVersions(before: CampaignContent, after: CampaignContent): Change[] {
  return Object.values(PARTS).flatMap((compare) => compare(before, after));
}

/** One entry for each part of the document, so that none can be forgotten. */
const PARTS: Record<keyof CampaignContent, Comparison> = {
  schema: () => [],
  name: (a, b) => text('name', '活动名称', a.name, b.name, 'neutral'),
  lane: (a, b) => text('lane', '活动的档次', a.lane, b.lane, 'worse'),
  priority: (a, b) => text('priority', '优先级', String(a.priority), String(b.priority), 'worse'),
  scope: (a, b) => [
    ...list('scope.products', '参加的商品', a.scope.products, b.scope.products),
    ...list('scope.batches', '参加的码批次', a.scope.batches, b.scope.batches),
  ],
  period: (a, b) => [
    ...moment('period.from', '活动开始', a.period.from, b.period.from, 'earlier'),
    ...moment('period.to', '活动结束', a.period.to, b.period.to, 'later'),
  ],
  rules: compareRules,
  prizes: (a, b) => comparePrizes(a.prizes, b.prizes),
  caps: (a, b) => compareCaps(a.caps, b.caps),
  budgetId: (a, b) => text('budgetId', '付款的预算', String(a.budgetId), String(b.budgetId), 'neutral'),
  gates: (a, b) => compareGates(a.gates, b.gates),
  alwaysWins: (a, b) => {
    if (a.alwaysWins === b.alwaysWins) return [];
    const sentence = b.alwaysWins ? '承诺必中' : '不再承诺必中';
    return [changed('alwaysWins', a.alwaysWins, b.alwaysWins, sentence, b.alwaysWins ? 'better' : 'worse')];
  },
  experiment: (a, b) => compareExperiment(a.experiment, b.experiment),
  burst: (a, b) => compareBurst(a.burst, b.burst),
  payout: (a, b) => comparePayout(a.payout, b.payout),
  copy: (a, b) => [
    ...text('copy.title', '标题', a.copy.title, b.copy.title, 'neutral'),
    ...text('copy.ruleText', '活动规则的文字', a.copy.ruleText, b.copy.ruleText, 'worse'),
    ...COPY_LINES.flatMap((key) => copyLine(key, a.copy[key], b.copy[key])),
  ],
  look: (a, b) => compareLook(a.look, b.look),
  legal: compareLegal,
};

function compareLegal({ legal: a }: CampaignContent, { legal: b }: CampaignContent): Change[] {
  const area = areaFavour(a.announcedArea, b.announcedArea);
  return [
    ...text('legal.organiser', '主办方', a.organiser, b.organiser, 'worse'),
    ...text('legal.disclosure', '公示说明', a.disclosure, b.disclosure, 'worse'),
    ...text('legal.contact', '联系方式', a.contact, b.contact, 'neutral'),
    ...(area === null
      ? []
      : [changed('legal.announcedArea', a.announcedArea, b.announcedArea, '公示的活动范围变了', area)]),
    ...text('legal.claimWay', '兑奖方式', a.claimWay, b.claimWay, 'worse'),
    ...moment('legal.claimUntil', '兑奖截止', a.claimUntil, b.claimUntil, 'later'),
  ];
}

const COPY_LINE_LABELS: Readonly<Record<CopyLine, string>> = {
  invite: '开奖前的一句',
  win: '中奖的一句',
  thanks: '没中的一句',
  notice: '活动提示',
};

/** Small words around the prize; the one that says when and where may promise something, and that cannot be compared. */
function copyLine(key: CopyLine, before = '', after = ''): Change[] {
  const say = (line: string): string => (line === '' ? '页面默认' : line);
  const favour = key === 'notice' ? 'worse' : 'neutral';
  return text(`copy.${key}`, COPY_LINE_LABELS[key], say(before), say(after), favour);
}

const LONGEST_QUOTE = 60;

function text(path: string, label: string, before: string, after: string, favour: Favour): Change[] {
  if (same(before, after)) return [];
  const short = before.length <= LONGEST_QUOTE && after.length <= LONGEST_QUOTE;
  const sentence = short ? `${label}从「${before}」改为「${after}」` : `${label}改写了`;
  return [changed(path, before, after, sentence, favour)];
}

function moment(path: string, label: string, before: string, after: string, better: 'earlier' | 'later'): Change[] {
  if (before === after) return [];
  const later = favourOf(0, after > before ? 1 : -1);
  const favour = better === 'later' ? later : favourOf(0, after > before ? -1 : 1);
  return [changed(path, before, after, `${label}从 ${wall(before)} 改为 ${wall(after)}`, favour)];
}

function list(path: string, label: string, before: readonly number[], after: readonly number[]): Change[] {
  const favour = listFavour(before, after);
  if (favour === null) return [];
  const words = (ids: readonly number[]): string =>
    ids.length === 0 ? '全部' : ids.join('、').slice(0, LONGEST_QUOTE);
  return [changed(path, before, after, `${label}从 ${words(before)} 改为 ${words(after)}`, favour)];
}
