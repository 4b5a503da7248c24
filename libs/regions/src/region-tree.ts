import { areaList } from '@vant/area-data';

export type RegionLevel = 'province' | 'city' | 'district';

/** A division of GB/T 2260. `adcode` has six digits: `..0000` a province, `....00` a city, the rest districts and counties. */
export interface Region {
  readonly adcode: number;
  readonly name: string;
  readonly level: RegionLevel;
  /** The city of a district, the province of a city, null for a province. */
  readonly parent: number | null;
}

/** The whole country, above all provinces: what a rule without a place means. */
export const CHINA = 100000;

/** 北京、天津、上海 have one city each, so province and city mean the same place; 重庆 also has a container for its counties. */
const MUNICIPALITIES = new Set([110000, 120000, 310000, 500000]);

const regions = new Map<number, Region>();
const children = new Map<number, Region[]>();
load();

function load(): void {
  for (const list of [areaList.province_list, areaList.city_list, areaList.county_list]) {
    for (const [code, name] of Object.entries(list)) {
      const adcode = Number(code);
      const level = levelOf(adcode);
      const parent = level === 'province' ? null : nearestAncestor(adcode);
      const region: Region = { adcode, name: cleanName(name), level, parent };
      regions.set(adcode, region);
      const siblings = children.get(parent ?? CHINA);
      if (siblings) siblings.push(region);
      else children.set(parent ?? CHINA, [region]);
    }
  }
}

function levelOf(adcode: number): RegionLevel {
  if (adcode % 10000 === 0) return 'province';
  return adcode % 100 === 0 ? 'city' : 'district';
}

function nearestAncestor(adcode: number): number {
  const city = adcode - (adcode % 100);
  return adcode % 100 !== 0 && regions.has(city) ? city : adcode - (adcode % 10000);
}

/** The data set calls the containers of counties without a city 县 or 省直辖县, which says nothing outside its province. */
function cleanName(name: string): string {
  return name === '县' ? '市辖县' : name;
}

/** The region of an adcode, or null when GB/T 2260 has none. */
export function regionOf(adcode: number): Region | null {
  return regions.get(adcode) ?? null;
}

/** All provinces, by code. */
export function provinces(): readonly Region[] {
  return childrenOf(CHINA);
}

/** What lies directly below a region, by code; of CHINA the provinces. */
export function childrenOf(adcode: number): readonly Region[] {
  return children.get(adcode) ?? [];
}

/** From the parent up to the province; empty for a province and for an unknown adcode. */
export function ancestorsOf(adcode: number): number[] {
  const path: number[] = [];
  for (let next = regions.get(adcode)?.parent ?? null; next !== null; next = regions.get(next)?.parent ?? null)
    path.push(next);
  return path;
}

/**
 * Whether `child` lies in `ancestor` or is it. By digits alone, so it also holds for codes that a later edition dropped: old scans keep
 * their place.
 */
export function within(child: number, ancestor: number): boolean {
  if (ancestor === CHINA || ancestor === child) return true;
  if (ancestor % 10000 === 0) return Math.floor(child / 10000) === ancestor / 10000;
  return ancestor % 100 === 0 && Math.floor(child / 100) === ancestor / 100;
}

/** Adcode of the province; CHINA and anything without one gives null. */
export function provinceOf(adcode: number): number | null {
  const province = adcode - (adcode % 10000);
  return regions.has(province) ? province : null;
}

/**
 * Adcode of the city, null when the adcode names only a province. 北京、天津、上海 as provinces are also their one city.
 */
export function cityOf(adcode: number): number | null {
  if (adcode % 10000 === 0) return onlyCity(adcode);
  const city = adcode - (adcode % 100);
  return regions.has(city) ? city : null;
}

function onlyCity(province: number): number | null {
  if (!MUNICIPALITIES.has(province)) return null;
  const cities = childrenOf(province);
  return cities.length === 1 ? cities[0]!.adcode : null;
}

/** Names of province, city and district as people read them: a municipality's city is called like itself, containers are left out. */
export interface RegionNames {
  readonly province: string | null;
  readonly city: string | null;
  readonly district: string | null;
}

const NAMELESS: RegionNames = { province: null, city: null, district: null };
const names = new Map<number, RegionNames>();

export function namesOf(adcode: number | null): RegionNames {
  if (adcode === null) return NAMELESS;
  let found = names.get(adcode);
  if (found === undefined) {
    found = composeNames(adcode);
    if (regions.has(adcode)) names.set(adcode, found);
  }
  return found;
}

function composeNames(adcode: number): RegionNames {
  const province = provinceOf(adcode);
  if (province === null) return NAMELESS;
  const provinceName = regions.get(province)!.name;
  const region = regions.get(adcode);
  const district = region?.level === 'district' ? region.name : null;
  if (MUNICIPALITIES.has(province)) return { province: provinceName, city: provinceName, district };
  const city = cityOf(adcode);
  if (city === null) return { province: provinceName, city: null, district };
  const cityName = regions.get(city)!.name;
  // 仙桃市, 文昌市, 石河子市 answer to the province itself: they are their own city.
  if (isContainer(cityName)) return { province: provinceName, city: district, district: null };
  return { province: provinceName, city: cityName, district };
}

export function isContainer(name: string): boolean {
  return name.includes('直辖县') || name === '市辖县';
}

/** `安徽省 合肥市 蜀山区`; a municipality is named once. Empty for an unknown adcode. */
export function regionWords(adcode: number | null): string {
  const { province, city, district } = namesOf(adcode);
  return [province, city === province ? null : city, district].filter((name) => name !== null).join(' ');
}

/**
 * Regions whose name holds the text, best first: the very name, then names that begin with it, then the rest; provinces before
 * cities before districts. Words separated by spaces must all match somewhere on the path (`安徽 蜀山`).
 */
export function searchRegions(text: string, limit = 20): Region[] {
  const words = text.trim().split(/\s+/).filter(Boolean).slice(0, 4);
  const last = words.at(-1);
  if (last === undefined || text.length > 64) return [];
  const hits: { region: Region; rank: number }[] = [];
  for (const region of regions.values()) {
    if (!region.name.includes(last) || isContainer(region.name)) continue;
    const path = regionWords(region.adcode);
    if (!words.every((word) => path.includes(word))) continue;
    const closeness = region.name === last ? 0 : region.name.startsWith(last) ? 1 : 2;
    hits.push({ region, rank: closeness * 10 + ['province', 'city', 'district'].indexOf(region.level) });
  }
  hits.sort((a, b) => a.rank - b.rank || a.region.adcode - b.region.adcode);
  return hits.slice(0, limit).map((hit) => hit.region);
}
