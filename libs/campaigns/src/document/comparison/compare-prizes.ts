import type { CashAmount, Prize } from '../campaign-content';
import { amountRange, doubleMeanFen, isMoney } from '../prize-worth';
import { added, changed, favourOf, removed, same, together, yuan, type Change, type Favour } from './change';

/** Prizes, matched by key. What a rule gives of them is the rule's matter: adding a prize alone changes nothing. */
export function comparePrizes(before: readonly Prize[], after: readonly Prize[]): Change[] {
  const gone = before.flatMap((prize, index) =>
    after.some(({ key }) => key === prize.key)
      ? []
      : [removed(`prizes[${index}]`, prize, `取消奖品「${prize.name}」`, 'neutral')],
  );
  const others = after.flatMap((prize, index) => {
    const path = `prizes[${index}]`;
    const old = before.find(({ key }) => key === prize.key);
    if (!old) return [added(path, prize, `新增奖品「${prize.name}」`, 'neutral')];
    return same(old, prize) ? [] : comparePrize(old, prize, path);
  });
  return [...gone, ...others];
}

function comparePrize(before: Prize, after: Prize, path: string): Change[] {
  if (before.kind !== after.kind) {
    const sentence = `奖品「${before.name}」换成了另一种奖品「${after.name}」`;
    return [changed(`${path}.kind`, before.kind, after.kind, sentence, 'worse')];
  }
  return [
    ...renamed(before, after, path),
    ...amountChange(before, after, path),
    ...stockChange(before, after, path),
    ...NUMBERS.flatMap((part) => numberChange(before, after, part, path)),
    ...SUBJECTS.flatMap((key) => subjectChange(before, after, key, path)),
  ];
}

function renamed(before: Prize, after: Prize, path: string): Change[] {
  if (before.name === after.name) return [];
  const sentence = `奖品「${before.name}」改名为「${after.name}」`;
  // What goods and coupons are is said by their name; money is said by its amount.
  const favour: Favour = isMoney(before) || before.kind === 'nothing' ? 'neutral' : 'worse';
  return [changed(`${path}.name`, before.name, after.name, sentence, favour)];
}

function amountChange(before: Prize, after: Prize, path: string): Change[] {
  if (!isMoney(before) || !isMoney(after) || same(before.amount, after.amount)) return [];
  const sentence = `「${after.name}」从 ${amountWords(before.amount)} 改为 ${amountWords(after.amount)}`;
  return [changed(`${path}.amount`, before.amount, after.amount, sentence, amountFavour(before.amount, after.amount))];
}

/** How an amount reads: 「0.30 – 0.88 元」. */
export function amountWords(amount: CashAmount): string {
  if (amount.type === 'fixed') return yuan(amount.fen);
  if (amount.type === 'uniform') return `${yuan(amount.minFen)} – ${yuan(amount.maxFen)}`;
  return amount.steps.map(({ fromNth, fen }) => `第 ${fromNth} 次起 ${yuan(fen)}`).join('，');
}

/** Better when nobody can get less and somebody gets more. */
export function amountFavour(before: CashAmount, after: CashAmount): Favour {
  if (before.type === 'ladder' && after.type === 'ladder') {
    const nths = [...before.steps, ...after.steps].map(({ fromNth }) => fromNth);
    return together(nths.map((nth) => favourOf(stepAt(before.steps, nth), stepAt(after.steps, nth))));
  }
  const [old, now] = [amountRange(before), amountRange(after)];
  if (before.type === after.type) {
    const means = favourOf(doubleMeanFen(before), doubleMeanFen(after));
    return together([favourOf(old.minFen, now.minFen), favourOf(old.maxFen, now.maxFen), means]);
  }
  // Another way of drawing: only better when even the smallest is no smaller than the dearest was.
  if (now.minFen < old.maxFen) return 'worse';
  return now.maxFen > old.minFen ? 'better' : 'neutral';
}

function stepAt(steps: Extract<CashAmount, { type: 'ladder' }>['steps'], nth: number): number {
  return steps.findLast(({ fromNth }) => fromNth <= nth)?.fen ?? 0;
}

function stockChange(before: Prize, after: Prize, path: string): Change[] {
  if (before.kind === 'nothing' || after.kind === 'nothing' || before.stock === after.stock) return [];
  const words = (stock: number | null): string => (stock === null ? '不限量' : `${stock} 份`);
  const sentence = `「${after.name}」从 ${words(before.stock)} 改为 ${words(after.stock)}`;
  const favour = favourOf(before.stock ?? Infinity, after.stock ?? Infinity);
  return [changed(`${path}.stock`, before.stock, after.stock, sentence, favour)];
}

interface NumberPart {
  readonly key: 'valueFen' | 'coPayFen' | 'validDays' | 'opensWithinDays';
  readonly label: string;
  readonly sign: 1 | -1;
  /** Somebody only says so: more of it is a promise to nobody, less of it is still worse. */
  readonly declared?: true;
  words(value: number): string;
}
const daysWords = (value: number): string => `${value} 天`;
const NUMBERS: readonly NumberPart[] = [
  { key: 'valueFen', label: '价值', sign: 1, declared: true, words: yuan },
  { key: 'coPayFen', label: '加价', sign: -1, words: yuan },
  { key: 'validDays', label: '有效期', sign: 1, words: daysWords },
  { key: 'opensWithinDays', label: '打开期限', sign: 1, words: daysWords },
];

function numberChange(before: Prize, after: Prize, part: NumberPart, path: string): Change[] {
  const { key, label, sign, declared, words } = part;
  const [old, now] = [partOf(before, key), partOf(after, key)];
  if (typeof old !== 'number' || typeof now !== 'number' || old === now) return [];
  const sentence = `「${after.name}」的${label}从 ${words(old)} 改为 ${words(now)}`;
  const favour = favourOf(sign * old, sign * now);
  return [changed(`${path}.${key}`, old, now, sentence, declared && favour === 'better' ? 'neutral' : favour)];
}

/** Where a coupon comes from and what a store hands over: nobody can tell whether another one is better. */
const SUBJECTS = ['coupon', 'productId'] as const;
function subjectChange(before: Prize, after: Prize, key: (typeof SUBJECTS)[number], path: string): Change[] {
  const [old, now] = [partOf(before, key), partOf(after, key)];
  if (same(old, now)) return [];
  const sentence = `「${after.name}」换了${key === 'coupon' ? '券的来源' : '兑付的商品'}`;
  return [changed(`${path}.${key}`, old ?? null, now ?? null, sentence, 'worse')];
}

function partOf(prize: Prize, key: string): unknown {
  return Object.entries(prize).find(([name]) => name === key)?.[1];
}
