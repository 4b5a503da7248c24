import type { Schemas } from '../api';
import { count } from '../words';

type Cut = Pick<Schemas['CodePackDto'], 'from' | 'to' | 'rollSize' | 'firstRoll'>;

export function fileCount({ from, to, rollSize }: Pick<Cut, 'from' | 'to' | 'rollSize'>): number {
  return rollSize === null ? 1 : Math.ceil((to - from) / rollSize);
}

/** `3 卷，每卷 1,000`, or that it is one file. */
export function cutWords(pack: Cut): string {
  return pack.rollSize === null ? '一个文件' : `${count(fileCount(pack))} 卷，每卷 ${count(pack.rollSize)}`;
}

/** What will become of the order: `分成 3 卷，卷号 12 到 14，最后一卷 500 个`. */
export function cutPreview(pack: Cut): string {
  if (pack.rollSize === null) return '所有码放在一个文件里';
  const rolls = fileCount(pack);
  const last = pack.to - pack.from - (rolls - 1) * pack.rollSize;
  const numbers = rolls === 1 ? `卷号 ${pack.firstRoll}` : `卷号 ${pack.firstRoll} 到 ${pack.firstRoll + rolls - 1}`;
  return `分成 ${count(rolls)} 卷，${numbers}${last === pack.rollSize ? '' : `，最后一卷 ${count(last)} 个`}`;
}
