import { explainCondition } from '@app/conditions';
import { SCAN_FIELDS } from '../../scan-fields';
import {
  ODDS_TOTAL,
  type CampaignContent,
  type DrawnTable,
  type Prize,
  type PrizeTable,
  type Rule,
} from '../campaign-content';
import { implies, isEverybody, leavesOver } from '../condition-shape';
import { doubleMeanWorth, isMoney, keysOf, prizeOf, worthFen } from '../prize-worth';
import { added, changed, favourOf, removed, same, together, type Change, type Favour } from './change';
import { amountFavour } from './compare-prizes';

/** Rules, matched by key: who gets in, what for, in which order. */
export function compareRules(before: CampaignContent, after: CampaignContent): Change[] {
  const gone = before.rules.flatMap((rule, index) =>
    after.rules.some(({ key }) => key === rule.key) ? [] : [dropped(before, rule, index)],
  );
  const others = after.rules.flatMap((rule, index) => {
    const old = before.rules.find(({ key }) => key === rule.key);
    return old
      ? compareRule({ content: before, rule: old }, { content: after, rule }, index)
      : [inserted(after, rule, index)];
  });
  return [...gone, ...others, ...moved(before.rules, after.rules)];
}

function dropped(content: CampaignContent, rule: Rule, index: number): Change {
  const favour = neverReached(content, index) ? 'neutral' : 'worse';
  return removed(`rules[${index}]`, rule, `取消规则「${rule.name}」`, favour);
}

/** Better only when it can take nothing away: at the end, in the lane that is asked last, and never 谢谢参与. */
function inserted(content: CampaignContent, rule: Rule, index: number): Change {
  const path = `rules[${index}]`;
  if (neverReached(content, index)) return added(path, rule, `新增规则「${rule.name}」，排在后面，轮不到`, 'neutral');
  const last = index === content.rules.length - 1 && content.lane === 'base';
  const alwaysGives = keysOf(rule.then).every((key) => worthOf(content, key) > 0);
  return added(path, rule, `新增规则「${rule.name}」`, last && alwaysGives ? 'better' : 'worse');
}

function neverReached({ rules }: CampaignContent, index: number): boolean {
  return rules.slice(0, index).some(({ when, then }) => then.mode === 'drawn' && isEverybody(when));
}

function moved(before: readonly Rule[], after: readonly Rule[]): Change[] {
  const keys = (rules: readonly Rule[], others: readonly Rule[]): string[] =>
    rules.map(({ key }) => key).filter((key) => others.some((other) => other.key === key));
  const [old, now] = [keys(before, after), keys(after, before)];
  if (same(old, now)) return [];
  const sentence = '规则的先后次序变了：同一次扫码可能满足另一条规则';
  return [{ path: 'rules', kind: 'moved', before: old, after: now, sentence, favour: 'worse' }];
}

interface Side {
  readonly content: CampaignContent;
  readonly rule: Rule;
}

function compareRule(before: Side, after: Side, index: number): Change[] {
  const path = `rules[${index}]`;
  const { name } = after.rule;
  const changes: Change[] = [];
  if (before.rule.name !== name) {
    const sentence = `规则「${before.rule.name}」改名为「${name}」`;
    changes.push(changed(`${path}.name`, before.rule.name, name, sentence, 'neutral'));
  }
  if (!same(before.rule.when, after.rule.when)) changes.push(compareWhen(before, after, `${path}.when`));
  if (before.rule.minTrust !== after.rule.minTrust) {
    const placeless = [before, after].every(({ rule }) => leavesOver(rule.when, 'region').length === 0);
    const sentence = `规则「${name}」对所在地可信度的要求变了`;
    const [old, now] = [before.rule.minTrust ?? null, after.rule.minTrust ?? null];
    changes.push(changed(`${path}.minTrust`, old, now, sentence, placeless ? 'neutral' : 'worse'));
  }
  return [...changes, ...compareTable(before, after, `${path}.then`)];
}

function compareWhen(before: Side, after: Side, path: string): Change {
  const words = ({ rule }: Side): string => explainCondition(rule.when, SCAN_FIELDS);
  const sentence = `规则「${after.rule.name}」的条件从「${words(before)}」改为「${words(after)}」`;
  const [old, now] = [before.rule.when, after.rule.when];
  return changed(path, old, now, sentence, whenFavour(before, after));
}

/** A wider condition is better when no later rule or campaign loses people to it. */
function whenFavour(before: Side, after: Side): Favour {
  const wider = implies(before.rule.when, after.rule.when);
  if (wider && implies(after.rule.when, before.rule.when)) return 'neutral';
  const last = after.content.rules.at(-1)?.key === after.rule.key && after.content.lane === 'base';
  const alwaysGives = keysOf(after.rule.then).every((key) => worthOf(after.content, key) > 0);
  return wider && last && alwaysGives ? 'better' : 'worse';
}

function compareTable(before: Side, after: Side, path: string): Change[] {
  const [old, now] = [before.rule.then, after.rule.then];
  if (same(old, now)) return [];
  if (old.mode !== 'drawn' || now.mode !== 'drawn') {
    // A deal is done once: any change deals the codes anew.
    const sentence = `规则「${after.rule.name}」的奖项从 ${tableWords(before)} 改为 ${tableWords(after)}`;
    return [changed(path, old, now, sentence, 'worse')];
  }
  const changes: Change[] = [];
  if (!same(old.prizes, now.prizes)) {
    const sentence = `规则「${after.rule.name}」的概率从 ${tableWords(before)} 改为 ${tableWords(after)}`;
    const favour = oddsFavour(
      sharesIn(old, before.content, before.content),
      sharesIn(now, before.content, after.content),
    );
    changes.push(changed(`${path}.prizes`, old.prizes, now.prizes, sentence, favour));
  }
  if (old.fallbackPrizeKey !== now.fallbackPrizeKey) changes.push(fallbackChange(before, after, old, now, path));
  return changes;
}

function tableWords({ content, rule }: Side): string {
  return tableLines(content, rule.then).join('、');
}

/** The rows of a table as people read them: 「88 元红包 0.005%」, 「再来一瓶 300 份」. */
export function tableLines(content: CampaignContent, table: PrizeTable): string[] {
  const name = (key: string): string => prizeOf(content, key)?.name ?? key;
  if (table.mode === 'dealt') return table.prizes.map(({ key, count }) => `${name(key)} ${count} 份`);
  return table.prizes.map(({ key, odds }) => `${name(key)} ${percent(odds)}`);
}

/** `50` parts per million → `0.005%`, exactly. */
export function percent(odds: number): string {
  const [whole, part] = [Math.floor(odds / 10_000), odds % 10_000];
  return `${whole}${part === 0 ? '' : `.${String(part).padStart(4, '0').replace(/0+$/, '')}`}%`;
}

interface Row {
  readonly key: string;
  readonly kind: Prize['kind'];
  /** Twice the mean, in fen. */
  readonly worth: number;
  readonly odds: number;
}

/**
 * Prizes are worth what they were: what became of a prize itself is a change of its own. Else a prize whose worth is only declared could
 * pay on paper for the odds of another.
 */
function sharesIn({ prizes }: DrawnTable, earlier: CampaignContent, content: CampaignContent): Row[] {
  return prizes.flatMap(({ key, odds }) => {
    const prize = prizeOf(earlier, key) ?? prizeOf(content, key);
    return prize ? [{ key, kind: prize.kind, worth: doubleMeanWorth(prize), odds }] : [];
  });
}

/**
 * Money is better when for every sum the chance to get at least that much is no smaller, and for one it is greater; money at once does
 * not become money behind the next bottle. Goods and coupons are worth what somebody declared, so they pay for nothing but themselves:
 * better when none of them got rarer and one more frequent.
 */
function oddsFavour(before: readonly Row[], after: readonly Row[]): Favour {
  const kinds = (rows: readonly Row[]): string[] =>
    [...new Set(rows.map(({ kind }) => kind))].filter((kind) => kind !== 'nothing').sort();
  // Goods for money of the same value: nobody can tell.
  if (!same(kinds(before), kinds(after))) return 'worse';
  const money = (['cash', 'locked'] as const).map((least) => (row: Row) => row.kind === 'cash' || row.kind === least);
  const goods = [...before, ...after].filter(({ kind }) => kind !== 'nothing' && kind !== 'cash' && kind !== 'locked');
  const chances = [
    ...money.flatMap((counts) => {
      const worths = new Set([...before, ...after].filter(counts).map(({ worth }) => worth));
      return [...worths].map((worth) => (row: Row) => counts(row) && row.worth >= worth);
    }),
    ...[...new Set(goods.map(({ key }) => key))].map((key) => (row: Row) => row.key === key),
  ];
  return together(chances.map((counts) => favourOf(chanceOf(before, counts), chanceOf(after, counts))));
}

function chanceOf(rows: readonly Row[], counts: (row: Row) => boolean): number {
  return Math.min(
    ODDS_TOTAL,
    rows.reduce((sum, row) => (counts(row) ? sum + row.odds : sum), 0),
  );
}

function fallbackChange(before: Side, after: Side, old: DrawnTable, now: DrawnTable, path: string): Change {
  const words = ({ content }: Side, key: string | null): string =>
    key === null ? '没有' : `「${prizeOf(content, key)?.name ?? key}」`;
  const sentence = `规则「${after.rule.name}」发完后的替代奖品从${words(before, old.fallbackPrizeKey)}改为${words(after, now.fallbackPrizeKey)}`;
  const given = (key: string | null): Prize | undefined => prizeOf(before.content, key) ?? prizeOf(after.content, key);
  const favour = fallbackFavour(given(old.fallbackPrizeKey), given(now.fallbackPrizeKey));
  return changed(`${path}.fallbackPrizeKey`, old.fallbackPrizeKey, now.fallbackPrizeKey, sentence, favour);
}

/** Anything is better than nothing; money compares with money, and nobody can tell of the rest. */
function fallbackFavour(before: Prize | undefined, after: Prize | undefined): Favour {
  const [old, now] = [before, after].map((prize) => (prize && worthFen(prize) > 0 ? prize : null));
  if (!old || !now) return favourOf(old ? 1 : 0, now ? 1 : 0);
  if (!isMoney(old) || !isMoney(now)) return 'worse';
  return old.kind === 'cash' && now.kind === 'locked' ? 'worse' : amountFavour(old.amount, now.amount);
}

function worthOf(content: CampaignContent, key: string | null): number {
  const prize = prizeOf(content, key);
  return prize ? worthFen(prize) : 0;
}
