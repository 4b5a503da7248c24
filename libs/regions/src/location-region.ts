import gcoord from 'gcoord';
import { PolygonMap } from './polygon-map';

/** gcj02 is what WeChat and Chinese maps speak; wgs84 what satellites speak, some 500 m off; bd09 is Baidu's. */
export type Datum = 'gcj02' | 'wgs84' | 'bd09';

const DATUMS = { wgs84: gcoord.WGS84, bd09: gcoord.BD09 } as const;

let map: PolygonMap | null = null;

/** Loads the outlines now instead of at the first look-up. */
export function warmLocationRegions(): void {
  map ??= PolygonMap.load();
}

/** Adcode of the finest region around a point: city in provinces, district in municipalities. Null at sea, abroad and for nonsense. */
export function regionOfLocation(latitude: number, longitude: number, datum: Datum): number | null {
  if (!(Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180)) return null;
  warmLocationRegions();
  if (datum === 'gcj02') return map!.locate(longitude, latitude);
  const [x, y] = gcoord.transform([longitude, latitude], DATUMS[datum], gcoord.GCJ02) as [number, number];
  return map!.locate(x, y);
}
