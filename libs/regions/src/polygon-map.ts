import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import Flatbush from 'flatbush';
import { Defect } from '@app/kernel';
import { placeByName } from './region-names';

/** First two digits of the province of each map file of ECharts 4.9; 陕西 is shanxi1 there. */
const FILES: Readonly<Record<string, number>> = {
  anhui: 34, aomen: 82, beijing: 11, chongqing: 50, fujian: 35, gansu: 62, guangdong: 44, guangxi: 45, guizhou: 52, hainan: 46,
  hebei: 13, heilongjiang: 23, henan: 41, hubei: 42, hunan: 43, jiangsu: 32, jiangxi: 36, jilin: 22, liaoning: 21, neimenggu: 15,
  ningxia: 64, qinghai: 63, shandong: 37, shanghai: 31, shanxi: 14, shanxi1: 61, sichuan: 51, taiwan: 71, tianjin: 12, xianggang: 81,
  xinjiang: 65, xizang: 54, yunnan: 53, zhejiang: 33,
}; // prettier-ignore

interface MapFile {
  readonly UTF8Encoding?: boolean;
  readonly features: readonly {
    readonly properties: { readonly name: string };
    readonly geometry: {
      readonly type: 'Polygon' | 'MultiPolygon';
      /** Nested lists of rings; a ring is an encoded string with its offsets, or a list of points. */
      readonly coordinates: readonly unknown[];
      readonly encodeOffsets?: readonly unknown[];
    };
  }[];
}

/** One region's outline: rings one after the other, `ends[i]` = index in `points` behind ring i. */
interface Outline {
  readonly adcode: number;
  /** x0, y0, x1, y1, … degrees, gcj02. */
  readonly points: Float64Array;
  readonly ends: readonly number[];
}

/**
 * The outlines of all cities (of districts in the four municipalities, 香港, 澳门, of counties in 台湾) with an index over their boxes.
 * Precision is about 100 m: the source keeps 1/1024 degree.
 */
export class PolygonMap {
  private readonly outlines: readonly Outline[];
  private readonly boxes: Flatbush;

  constructor(outlines: readonly Outline[]) {
    this.outlines = outlines;
    this.boxes = new Flatbush(outlines.length);
    for (const { points } of outlines) {
      let [minX, minY, maxX, maxY] = [Infinity, Infinity, -Infinity, -Infinity];
      // Over all rings: a "Polygon" of this source holds islands and exclaves as further rings.
      for (let i = 0; i < points.length; i += 2) {
        minX = Math.min(minX, points[i]!);
        maxX = Math.max(maxX, points[i]!);
        minY = Math.min(minY, points[i + 1]!);
        maxY = Math.max(maxY, points[i + 1]!);
      }
      this.boxes.add(minX, minY, maxX, maxY);
    }
    this.boxes.finish();
  }

  /** Reads the maps that ship with ECharts 4.9 (Apache-2.0): some 0.3 s, some 10 MB. */
  static load(): PolygonMap {
    const folder = join(dirname(require.resolve('echarts4/package.json')), 'map/json/province');
    const outlines: Outline[] = [];
    for (const file of readdirSync(folder)) {
      const prefix = FILES[file.replace('.json', '')];
      if (prefix === undefined) throw new Defect(`unknown map file ${file}`);
      const map = JSON.parse(readFileSync(join(folder, file), 'utf8')) as MapFile;
      for (const feature of map.features) outlines.push(outlineOf(feature, map.UTF8Encoding === true, prefix * 10000));
    }
    return new PolygonMap(outlines);
  }

  get size(): number {
    return this.outlines.length;
  }

  /** Adcode of the finest region around a gcj02 point, or null at sea and abroad. */
  locate(longitude: number, latitude: number): number | null {
    for (const index of this.boxes.search(longitude, latitude, longitude, latitude)) {
      const outline = this.outlines[index]!;
      if (contains(outline, longitude, latitude)) return outline.adcode;
    }
    return null;
  }
}

/** Even-odd over all rings at once: right for holes, islands and rings that the source did not nest. */
function contains({ points, ends }: Outline, x: number, y: number): boolean {
  let inside = false;
  let start = 0;
  for (const end of ends) {
    let previousX = points[end - 2]!;
    let previousY = points[end - 1]!;
    for (let i = start; i < end; i += 2) {
      const nextX = points[i]!;
      const nextY = points[i + 1]!;
      if (nextY > y !== previousY > y && x < ((previousX - nextX) * (y - nextY)) / (previousY - nextY) + nextX)
        inside = !inside;
      previousX = nextX;
      previousY = nextY;
    }
    start = end;
  }
  return inside;
}

function outlineOf(feature: MapFile['features'][number], encoded: boolean, province: number): Outline {
  const { name } = feature.properties;
  const adcode = placeByName(province, name);
  if (adcode === null) throw new Defect(`no adcode for ${name} in ${province}`);
  const { type, coordinates, encodeOffsets } = feature.geometry;
  // Flatten MultiPolygon's one more level; rings are then all alike.
  const depth = type === 'MultiPolygon' ? 1 : 0;
  const rings = encoded
    ? decodeRings(coordinates.flat(depth) as string[], (encodeOffsets ?? []).flat(depth) as [number, number][])
    : (coordinates.flat(depth) as [number, number][][]).map((ring) => ring.flat());
  const ends: number[] = [];
  let length = 0;
  for (const ring of rings) ends.push((length += ring.length));
  const points = new Float64Array(length);
  rings.forEach((ring, i) => points.set(ring, i === 0 ? 0 : ends[i - 1]));
  return { adcode, points, ends };
}

function decodeRings(rings: readonly string[], offsets: readonly [number, number][]): number[][] {
  return rings.map((ring, i) => decodeRing(ring, offsets[i]!));
}

/** ECharts' UTF8Encoding: character codes less 64 are zig-zag deltas in 1/1024 degree. */
function decodeRing(text: string, [offsetX, offsetY]: [number, number]): number[] {
  const points: number[] = [];
  let x = offsetX;
  let y = offsetY;
  for (let i = 0; i + 1 < text.length; i += 2) {
    x += zigzag(text.charCodeAt(i) - 64);
    y += zigzag(text.charCodeAt(i + 1) - 64);
    points.push(x / 1024, y / 1024);
  }
  return points;
}

function zigzag(value: number): number {
  return (value >> 1) ^ -(value & 1);
}
