import { CAP_WINDOWS, type CampaignContent, type Cap } from '../campaign-content';
import { error, warning, type Finding } from '../finding';
import { isMoney, worthFen } from '../prize-worth';
import { HOUSE } from '../sources';

/** How a cap reads in a sentence: 「每人每天」. */
export function capWords({ per, window, level, adcode }: Cap, nameOf: (adcode: number) => string = String): string {
  const who = {
    member: '每人',
    code: '每个码',
    region: adcode === undefined ? (level === 'city' ? '每个市' : '每个省') : nameOf(adcode),
    store: '每家门店',
    campaign: '全活动',
  }[per];
  const when = { hour: '每小时', day: '每天', week: '每周', month: '每月', total: '总共' }[window];
  return `${who}${when}`;
}

/** Limits that limit nothing, that no award fits, or that contradict one another. */
export function lintCaps(content: CampaignContent): Finding[] {
  const { caps } = content;
  return [
    ...caps.flatMap((cap, index) => [...lintCap(cap, `caps[${index}]`), ...tooSmall(content, cap, `caps[${index}]`)]),
    ...caps.flatMap((cap, index) => lintPair(caps, cap, index)),
    ...missingCap(content),
  ];
}

function lintCap(cap: Cap, path: string): Finding[] {
  const { per, count, fen, level, adcode } = cap;
  if (count === null && fen === null) {
    return [error(path, 'cap_empty', `「${capWords(cap)}」的上限没有填份数，也没有填金额`, HOUSE.caps)];
  }
  if (per !== 'region' && (level !== undefined || adcode !== undefined)) {
    return [error(path, 'cap_place_unfit', '只有按地区的上限才能选省、市或某个地区', HOUSE.caps)];
  }
  if (level !== undefined && adcode !== undefined) {
    return [error(`${path}.level`, 'cap_place_unfit', '已经指定了地区，就不要再选按省还是按市', HOUSE.caps)];
  }
  if (adcode !== undefined && adcode % 100 !== 0) {
    return [error(`${path}.adcode`, 'cap_too_fine', '地区上限只能到省或市', HOUSE.caps)];
  }
  if (per !== 'code') return [];
  return [warning(path, 'cap_meaningless', '一个码本来就只能领一次奖，按码的上限不起作用', HOUSE.caps)];
}

/** A fen cap below a prize refuses that prize for ever. */
function tooSmall({ prizes }: CampaignContent, cap: Cap, path: string): Finding[] {
  const { fen } = cap;
  if (fen === null) return [];
  const never = prizes.find((prize) => isMoney(prize) && worthFen(prize) > fen);
  if (!never) return [];
  const message = `「${capWords(cap)}」最多 ${fen} 分，「${never.name}」一份就超过了，永远发不出去`;
  return [error(`${path}.fen`, 'cap_below_prize', message, HOUSE.caps)];
}

function lintPair(caps: readonly Cap[], cap: Cap, index: number): Finding[] {
  const path = `caps[${index}]`;
  const alike = (other: Cap): boolean =>
    other.per === cap.per && other.adcode === cap.adcode && (other.level ?? 'province') === (cap.level ?? 'province');
  if (caps.some((other, at) => at < index && alike(other) && other.window === cap.window)) {
    return [error(path, 'duplicate_cap', `「${capWords(cap)}」的上限写了两次`, HOUSE.caps)];
  }
  const longer = caps.filter((other) => alike(other) && rank(other) > rank(cap));
  return longer.flatMap((other) => [
    ...contradiction(cap, other, 'count', path),
    ...contradiction(cap, other, 'fen', path),
  ]);
}

const rank = ({ window }: Cap): number => CAP_WINDOWS.indexOf(window);

function contradiction(cap: Cap, longer: Cap, unit: 'count' | 'fen', path: string): Finding[] {
  const [short, long] = [cap[unit], longer[unit]];
  if (short === null || long === null || short <= long) return [];
  const message = `「${capWords(cap)}」的上限比「${capWords(longer)}」还高，永远用不到`;
  return [error(`${path}.${unit}`, 'cap_contradiction', message, HOUSE.caps)];
}

function missingCap({ prizes, caps }: CampaignContent): Finding[] {
  const paying = prizes.some((prize) => prize.kind !== 'nothing');
  const daily = caps.some(({ per, window }) => per === 'member' && (window === 'day' || window === 'hour'));
  if (!paying || daily) return [];
  return [warning('caps', 'cap_missing', '没有限制每人每天领奖次数，收集瓶盖的人可能一晚上领走很多', HOUSE.caps)];
}
