import { isIP } from 'node:net';
import IP2Region from 'ip2region';
import { placeByName, provinceByNameOf } from './region-names';
import { cityOf } from './region-tree';

let reader: IP2Region | null = null;
/** The data holds some thousands of different answers; each is joined to its adcode once. */
const joined = new Map<string, number | null>();
const MOST_JOINED = 10_000;

/** Loads the address tables (11 MB, some 25 ms) now instead of at the first look-up. */
export function warmIpRegions(): void {
  reader ??= new IP2Region();
}

/**
 * Adcode of the city, or at least the province, that an IPv4 or IPv6 address belongs to. Null for private, foreign, malformed and
 * unknown addresses; some mobile blocks carry no province at all.
 */
export function regionOfIp(ip: string): number | null {
  if (isIP(ip) === 0 || ip.includes('%')) return null;
  warmIpRegions();
  const found = reader!.searchRaw(ip, false);
  if (found === null) return null;
  const key = 'region' in found ? found.region : found.cArea;
  let adcode = joined.get(key);
  if (adcode === undefined) {
    adcode = joinAnswer(ip);
    if (joined.size < MOST_JOINED) joined.set(key, adcode);
  }
  return adcode;
}

function joinAnswer(ip: string): number | null {
  const found = reader!.search(ip);
  if (found === null || found.province === '' || (found.country !== '' && found.country !== '中国')) return null;
  return join(found.province, found.city);
}

function join(provinceName: string, cityName: string): number | null {
  const province = provinceByNameOf(provinceName);
  if (province === null) return null;
  if (cityName === '' || cityName === provinceName) return cityOf(province) ?? province;
  return placeIn(province, cityName) ?? cityOf(province) ?? province;
}

/** A municipality's "city" is the municipality again. */
function placeIn(province: number, cityName: string): number | null {
  return provinceByNameOf(cityName) === province ? null : placeByName(province, cityName);
}
