/** Provinces that are one city: knowing the province is knowing the city. 北京、天津、上海. */
const CITY_PROVINCES = new Set([110000, 120000, 310000]);
/** `..90..`: cities that answer to the province itself (仙桃, 文昌, 石河子) and so are their own city. */
const OWN_CITY = 90;

/**
 * Where a scan is counted: the city's adcode, the province's when only that is known, 0 when nothing is. By digits, so that codes
 * of an older edition keep their place.
 */
export function cityGrain(adcode: number | null): number {
  if (adcode === null || adcode === 0) return 0;
  if (adcode % 10000 === 0) return CITY_PROVINCES.has(adcode) ? adcode + 100 : adcode;
  if (Math.floor(adcode / 100) % 100 === OWN_CITY) return adcode;
  return adcode - (adcode % 100);
}

/** The province of what `cityGrain` gave; 0 stays 0. */
export function provinceGrain(city: number): number {
  return city - (city % 10000);
}
