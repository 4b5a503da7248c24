import { explainCondition, isAll, isAny, isNot, type Condition, type Leaf, type NameOf } from '@app/conditions';
import { regionWords } from '@app/regions';
import { SCAN_FIELDS } from '../scan-fields';
import { isEverybody } from './condition-shape';

/**
 * Fields whose values are nobody's business outside: serials of a deal stay sealed until it is opened, and neither risk nor tags are
 * told to those they are about.
 */
const VEILED: Readonly<Record<string, string>> = {
  batch: '指定批次的产品',
  lot: '指定批次的产品',
  serial: '指定批次的产品',
  layer: '指定批次的产品',
  audience: '受邀会员',
  tags: '受邀会员',
  risk: '通过安全检查',
  placeTrust: '所在地可以确认',
  experimentArm: '随机分到本组的会员',
  shippedToDistributor: '指定渠道的产品',
  shippedToStore: '指定渠道的产品',
};

const SIGNS: readonly (readonly [sign: RegExp, words: string])[] = [
  [/\[([^,]+), ([^)]+)\)/g, '$1 至 $2'],
  [/∉|≠/g, '不是'],
  [/∈|=/g, '是'],
  [/≥/g, '不小于'],
  [/≤/g, '不大于'],
  [/>/g, '大于'],
  [/</g, '小于'],
];

/** A condition as the public notice tells it: 「所在地 是 安徽省，等级 是 金卡、白金卡」. */
export function noticeCondition(when: Condition, nameOf?: NameOf): string {
  if (isEverybody(when)) return '所有参加者';
  if (isAll(when))
    return [
      ...new Set(when.all.filter((part) => !isEverybody(part)).map((part) => noticeCondition(part, nameOf))),
    ].join('，');
  if (isAny(when)) return [...new Set(when.any.map((part) => noticeCondition(part, nameOf)))].join('，或者');
  if (isNot(when)) return `除去（${noticeCondition(when.not, nameOf)}）`;
  return leafWords(when, nameOf);
}

function leafWords(leaf: Leaf, nameOf?: NameOf): string {
  const veil = Object.hasOwn(VEILED, leaf.field) ? VEILED[leaf.field] : undefined;
  if (veil !== undefined) return veil;
  const named: NameOf = (field, value) =>
    nameOf?.(field, value) ?? (field === 'region' ? regionName(Number(value)) : undefined);
  return SIGNS.reduce((text, [sign, words]) => text.replace(sign, words), explainCondition(leaf, SCAN_FIELDS, named));
}

export function regionName(adcode: number): string {
  return regionWords(adcode) || String(adcode);
}

/** Regions in one phrase; the empty list is the whole country. */
export function areaWords(area: readonly number[]): string {
  return area.length === 0 ? '全国' : area.map(regionName).join('、');
}
