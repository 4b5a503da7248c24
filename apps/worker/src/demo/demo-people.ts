import { cityOf, provinceOf, regionOfIp, regionWords } from '@app/regions';
import type { Dice } from './dice';
import type { SandboxUser } from './sandbox-admin';

/** How thirsty a province is for a brand that began in 安徽; every other one shares `ELSEWHERE`. */
export const THIRST: Readonly<Record<number, number>> = { 340000: 34, 320000: 20, 440000: 17, 510000: 11 };
export const ELSEWHERE = 18;
/** Phones whose address tells no place. */
const UNKNOWN_SHARE = 0.05;
const FIRST_OCTETS = [
  36, 39, 42, 58, 59, 60, 61, 110, 111, 112, 113, 114, 116, 117, 118, 119, 120, 121, 122, 123, 124, 125,
];
const MOST_THROWS = 400_000;
/** 山东's coast is not asked for: the middle of each province would do, but nobody reads these, they only have to be in China. */
const SOMEWHERE = { latitude: 31.8206, longitude: 117.2272 };

export interface DemoPerson extends SandboxUser {
  /** null = an address that tells no place. */
  readonly adcode: number | null;
  /** How often this one opens a bottle, compared with the others. */
  readonly thirst: number;
}

/**
 * People as an address table sees China: random public addresses, kept by their province's share. Cities come by the number of their
 * addresses, which follows their population.
 */
export function demoPeople(count: number, dice: Dice): DemoPerson[] {
  const wanted = quotas(count);
  const people: DemoPerson[] = [];
  const unknown = Math.round(count * UNKNOWN_SHARE);
  for (let i = 0; i < unknown; i++) people.push(person(i, '地点未知', `203.0.113.${(i % 250) + 1}`, null, dice));
  for (let thrown = 0; thrown < MOST_THROWS && people.length < count; thrown++) {
    const ip = [
      FIRST_OCTETS[dice.below(FIRST_OCTETS.length)]!,
      dice.below(256),
      dice.below(256),
      1 + dice.below(254),
    ].join('.');
    const adcode = regionOfIp(ip);
    if (adcode === null || cityOf(adcode) === null) continue;
    const province = provinceOf(adcode)!;
    const key = province in THIRST ? province : 0;
    const left = wanted.get(key) ?? 0;
    if (left <= 0) continue;
    wanted.set(key, left - 1);
    people.push(person(people.length, regionWords(cityOf(adcode)), ip, adcode, dice));
  }
  return people;
}

function quotas(count: number): Map<number, number> {
  const total = Object.values(THIRST).reduce((sum, share) => sum + share, ELSEWHERE);
  const known = count - Math.round(count * UNKNOWN_SHARE);
  const entries = [
    ...Object.entries(THIRST).map(([key, share]) => [Number(key), share] as const),
    [0, ELSEWHERE] as const,
  ];
  return new Map(entries.map(([key, share]) => [key, Math.ceil((known * share) / total)]));
}

function person(index: number, city: string, ip: string, adcode: number | null, dice: Dice): DemoPerson {
  // Few open many: a long tail, at most a case a fortnight.
  const thirst = Math.min(20, 1 / (0.05 + dice.next()));
  const id = `demo-${String(index + 1).padStart(4, '0')}`;
  return { id, nickname: `茶友${index + 1}`, city, ip, adcode, thirst, ...SOMEWHERE };
}
