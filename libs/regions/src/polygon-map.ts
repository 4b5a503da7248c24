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

/** One region's outline as edges, sorted into bands of latitude so that a point is held against the few edges beside it only. */
interface Outline {
  readonly adcode: number;
  readonly box: readonly [minX: number, minY: number, maxX: number, maxY: number];
  /** x0, y0, x1, y1 of edge after edge, band after band; an edge stands in each band it touches. Degrees, gcj02. */
  readonly edges: Float64Array;
  /** Where each band begins in `edges`, and the end. */
  readonly bandStarts: Int32Array;
}

/** A list of points x0, y0, x1, y1, … that closes itself. */
type Ring = readonly number[];

const EDGES_PER_BAND = 12;
const MOST_BANDS = 512;

/**
 * The outlines of all cities (of districts in the four municipalities, 香港, 澳门, of counties in 台湾) with an index over their boxes.
 * Precision is about 100 m: the source keeps 1/1024 degree.
 */
export class PolygonMap {
  private readonly outlines: readonly Outline[];
  private readonly boxes: Flatbush;

  private constructor(outlines: readonly Outline[]) {
    this.outlines = outlines;
    this.boxes = new Flatbush(outlines.length);
    for (const { box } of outlines) this.boxes.add(...box);
    this.boxes.finish();
  }

  /** A map of outlines given as rings of x0, y0, x1, y1, …, each closing itself. */
  static of(regions: readonly { adcode: number; rings: readonly Ring[] }[]): PolygonMap {
    return new PolygonMap(regions.map(({ adcode, rings }) => ({ adcode, ...sortIntoBands(rings) })));
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

/** Even-odd over the edges of all rings at once: right for holes, islands and rings that the source did not nest. */
function contains({ box, edges, bandStarts }: Outline, x: number, y: number): boolean {
  const band = bandOf(y, box, bandStarts.length - 1);
  let inside = false;
  for (let i = bandStarts[band]!, end = bandStarts[band + 1]!; i < end; i += 4) {
    const y0 = edges[i + 1]!;
    const y1 = edges[i + 3]!;
    if (y1 > y === y0 > y) continue;
    const x1 = edges[i + 2]!;
    if (x < ((edges[i]! - x1) * (y - y1)) / (y0 - y1) + x1) inside = !inside;
  }
  return inside;
}

function bandOf(y: number, box: Outline['box'], bands: number): number {
  const band = Math.floor(((y - box[1]) / (box[3] - box[1])) * bands);
  return Math.min(Math.max(band, 0), bands - 1);
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
  return { adcode, ...sortIntoBands(rings) };
}

function sortIntoBands(rings: readonly Ring[]): Omit<Outline, 'adcode'> {
  const box = boxOf(rings);
  const points = rings.reduce((sum, ring) => sum + ring.length / 2, 0);
  const bands: number[][] = Array.from({ length: Math.min(MOST_BANDS, Math.ceil(points / EDGES_PER_BAND)) }, () => []);
  for (const ring of rings) {
    let [x0, y0] = [ring[ring.length - 2]!, ring[ring.length - 1]!];
    for (let i = 0; i < ring.length; i += 2) {
      const [x1, y1] = [ring[i]!, ring[i + 1]!];
      const last = bandOf(Math.max(y0, y1), box, bands.length);
      for (let band = bandOf(Math.min(y0, y1), box, bands.length); band <= last; band++)
        bands[band]!.push(x0, y0, x1, y1);
      [x0, y0] = [x1, y1];
    }
  }
  const bandStarts = new Int32Array(bands.length + 1);
  bands.forEach((edges, band) => (bandStarts[band + 1] = bandStarts[band]! + edges.length));
  return { box, edges: Float64Array.from(bands.flat()), bandStarts };
}

/** Over all rings: a "Polygon" of this source holds islands and exclaves as further rings, so its first ring is not its extent. */
function boxOf(rings: readonly Ring[]): Outline['box'] {
  let [minX, minY, maxX, maxY] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const ring of rings) {
    for (let i = 0; i < ring.length; i += 2) {
      minX = Math.min(minX, ring[i]!);
      maxX = Math.max(maxX, ring[i]!);
      minY = Math.min(minY, ring[i + 1]!);
      maxY = Math.max(maxY, ring[i + 1]!);
    }
  }
  return [minX, minY, maxX, maxY];
}

function decodeRings(rings: readonly string[], offsets: readonly [number, number][]): Ring[] {
  return rings.map((ring, i) => decodeRing(ring, offsets[i]!));
}

/** ECharts' UTF8Encoding: character codes less 64 are zig-zag deltas in 1/1024 degree. */
function decodeRing(text: string, [offsetX, offsetY]: [number, number]): Ring {
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
