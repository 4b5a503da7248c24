import type { Deal, DealtCode } from '../shell/wire';
import { commitmentOf, DealOrder, prizeAt, tableText } from './deal-check';
import type { DealCount } from './count-deal';

/** One line of a check: what was compared, and whether it agrees. */
export interface Finding {
  agrees: boolean;
  text: string;
}

export function whole(value: number): string {
  return value.toLocaleString('en-US');
}

/** The seal: seed and table against what was published, and the table that is shown against the one that was sealed. */
export function sealFindings(deal: Deal, seed: string): Finding[] {
  const shown = tableText(deal) === deal.text;
  const sealed = commitmentOf(seed, deal.text) === deal.commitment;
  return [
    {
      agrees: sealed,
      text: sealed
        ? '用种子和奖项表算出来的承诺值，与开始时公布的一字不差。'
        : '用种子和奖项表算出来的承诺值，与开始时公布的对不上：种子或奖项表被改过。',
    },
    {
      agrees: shown,
      text: shown ? '上面列出的奖项和数量，就是当时封存的那一份。' : '上面列出的奖项和数量，与当时封存的对不上。',
    },
  ];
}

/** A bottle of one's own: the prize that falls on it against the one that was given. */
export function bottleFinding(deal: Deal, seed: string, mine: DealtCode): Finding {
  const { from, to } = deal.segment;
  const inside = mine.serial >= from && mine.serial < to;
  const place = inside ? new DealOrder(seed, to - from).position(mine.serial - from) : -1;
  const key = inside ? prizeAt(deal.prizes, place) : null;
  const name = deal.prizes.find((prize) => prize.key === key)?.name;
  const where = `第 ${whole(mine.serial - from + 1)} 瓶`;
  if (name === undefined) return { agrees: false, text: `${where}对不上：按表查不到它的奖。` };
  return key === mine.prizeKey
    ? { agrees: true, text: `${where}排在第 ${whole(place + 1)} 位，按表就是「${name}」，与您得到的一样。` }
    : {
        agrees: false,
        text: `${where}对不上：排在第 ${whole(place + 1)} 位，按表是「${name}」，您得到的是「${mine.prizeName}」。`,
      };
}

/** Every code of the deal. */
export function countFinding(deal: Deal, { counts, shared }: DealCount): Finding {
  const wrong = deal.prizes.filter(({ count }, index) => counts[index] !== count);
  const told = deal.prizes.map(({ name }, index) => `${name} ${whole(counts[index] ?? 0)} 瓶`).join('，');
  if (wrong.length === 0 && shared === 0) {
    return { agrees: true, text: `每一瓶都算过了：${told}。与公布的一瓶不差，没有重复，也没有遗漏。` };
  }
  return {
    agrees: false,
    text: `对不上：算出来是${told}${shared > 0 ? `，有 ${whole(shared)} 瓶排到了同一位` : ''}。`,
  };
}
