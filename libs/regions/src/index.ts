import { warmIpRegions } from './ip-region';
import { warmLocationRegions } from './location-region';

export { clientIp, trustedProxies, type TrustedProxies } from './client-ip';
export { regionOfIp } from './ip-region';
export { regionOfLocation, type Datum } from './location-region';
export { LARGEST_ERROR_M, place, type PhoneLocation, type Place, type PlaceTrust } from './place';
export {
  ancestorsOf,
  CHINA,
  childrenOf,
  cityOf,
  namesOf,
  provinceOf,
  provinces,
  regionOf,
  regionWords,
  searchRegions,
  within,
  type Region,
  type RegionLevel,
  type RegionNames,
} from './region-tree';

/** Loads the address tables and outlines (some 0.3 s) at boot, so that no scan waits for them. */
export function warmRegions(): void {
  warmIpRegions();
  warmLocationRegions();
}
