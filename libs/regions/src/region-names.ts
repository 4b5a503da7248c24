import { childrenOf, isContainer, provinces, type Region } from './region-tree';

/**
 * Names that sources use for a place and GB/T 2260 does not: old names, merged cities, places without a code of their own.
 * Key: first two digits of the province, then the name.
 */
const ALIASES: Readonly<Record<string, number>> = {
  '37莱芜': 370100, // merged into 济南 in 2019
  '37莱芜市': 370100,
  '50梁平县': 500155,
  '50武隆县': 500156,
  '54那曲地区': 540600,
  '54昌都地区': 540300,
  '54山南地区': 540500,
  '54日喀则地区': 540200,
  '54林芝地区': 540400,
  '65吐鲁番地区': 650400,
  '65哈密地区': 650500,
  '42襄樊市': 420600,
  '63海东地区': 630200,
  '71桃园市': 711400,
  '71中国属钓鱼岛': 710000,
  '82路凼填海区': 820200,
};

const provinceByName = new Map<string, Region>();
for (const province of provinces()) {
  provinceByName.set(province.name, province);
  provinceByName.set(shortName(province.name), province);
}

/** 内蒙古自治区 → 内蒙古, 北京市 → 北京. */
function shortName(name: string): string {
  return name.replace(/(特别行政区|壮族自治区|回族自治区|维吾尔自治区|自治区|省|市)$/, '');
}

/** Adcode of a province by its full or short name, else null. */
export function provinceByNameOf(name: string): number | null {
  return (provinceByName.get(name) ?? provinceByName.get(shortName(name)))?.adcode ?? null;
}

/**
 * Adcode of a place inside a province by its full name, or by the beginning of one (`锡林郭勒` → 锡林郭勒盟) if only one city has
 * it. Cities go before districts. Null when the province knows no such place.
 */
export function placeByName(province: number, name: string): number | null {
  const alias = ALIASES[`${Math.floor(province / 10000)}${name}`];
  if (alias !== undefined) return alias;
  const cities = childrenOf(province).filter((city) => !isContainer(city.name));
  const exact = cities.find((city) => city.name === name);
  if (exact) return exact.adcode;
  const districts = childrenOf(province).flatMap((city) => childrenOf(city.adcode));
  const sameDistrict = districts.filter((district) => district.name === name);
  if (sameDistrict.length === 1) return sameDistrict[0]!.adcode;
  const beginning = cities.filter((city) => city.name.startsWith(name));
  if (beginning.length === 1) return beginning[0]!.adcode;
  const districtBeginning = districts.filter((district) => district.name.startsWith(name));
  return beginning.length === 0 && districtBeginning.length === 1 ? districtBeginning[0]!.adcode : null;
}
