import { regionOfIp } from './ip-region';
import { regionOfLocation } from './location-region';
import { place, type PhoneLocation } from './place';
import { PolygonMap } from './polygon-map';
import { regionOf, regionWords, within } from './region-tree';

/** City centres, WGS84: adcode, latitude, longitude. In municipalities and 香港 the district is named. */
const CENTRES: readonly (readonly [adcode: number, latitude: number, longitude: number])[] = [
  [340100, 31.82, 117.227], [340200, 31.352, 118.433], [341200, 32.89, 115.814], [320100, 32.06, 118.797], [320500, 31.299, 120.585],
  [320200, 31.491, 120.312], [320300, 34.205, 117.284], [440100, 23.129, 113.264], [440300, 22.543, 114.057], [440600, 23.022, 113.122],
  [441900, 23.021, 113.752], [510100, 30.572, 104.066], [510700, 31.468, 104.679], [330100, 30.274, 120.155], [330300, 27.994, 120.699],
  [420100, 30.593, 114.305], [430100, 28.228, 112.939], [410100, 34.747, 113.625], [610100, 34.342, 108.94], [620100, 36.061, 103.834],
  [630100, 36.617, 101.778], [640100, 38.487, 106.231], [650100, 43.825, 87.617], [540100, 29.652, 91.172], [530100, 24.88, 102.833],
  [520100, 26.647, 106.63], [450100, 22.817, 108.366], [460100, 20.03, 110.33], [350100, 26.074, 119.296], [360100, 28.682, 115.858],
  [370100, 36.651, 117.12], [370200, 36.067, 120.383], [130100, 38.042, 114.515], [140100, 37.871, 112.549], [150100, 40.842, 111.749],
  [210100, 41.806, 123.432], [220100, 43.817, 125.324], [220200, 43.838, 126.55], [230100, 45.803, 126.535], [653100, 39.47, 75.99],
  [152500, 43.933, 116.048], [542500, 32.5, 80.1], [429004, 30.328, 113.443], [469005, 19.543, 110.797], [710100, 25.033, 121.565],
  [110105, 39.921, 116.443], [110108, 39.959, 116.298], [310115, 31.221, 121.544], [310104, 31.188, 121.437], [120101, 39.117, 117.215],
  [500103, 29.553, 106.569], [500156, 29.325, 107.756], [810000, 22.279, 114.166], [820000, 22.198, 113.545],
]; // prettier-ignore

const INTERNET: readonly (readonly [ip: string, adcode: number | null])[] = [
  ['114.114.114.114', 320100],
  ['223.5.5.5', 330100],
  ['202.96.128.86', 440100],
  ['202.45.84.58', 810000],
  ['202.175.3.8', 820000],
  ['168.95.1.1', 710000],
  ['2400:3200::1', 330100],
  ['::ffff:114.114.114.114', 320100],
  ['39.144.0.1', null],
  ['8.8.8.8', null],
  ['2001:4860:4860::8888', null],
];

const NOT_PUBLIC = ['127.0.0.1', '10.1.2.3', '192.168.1.1', '172.16.0.1', '::1', '::', 'fe80::1', 'fd00::1', '0.0.0.0'];
const NONSENSE = ['', 'abc', '1.2.3', '1.2.3.4.5', '256.1.1.1', '::ffff:1.2.3', 'fe80::1%eth0', '1.2.3.4 ', '１.2.3.4'];

describe('region of an IP', () => {
  it.each(INTERNET)('%s → %s', (ip, adcode) => {
    expect(regionOfIp(ip)).toBe(adcode);
  });

  it('names nothing for private, local and malformed addresses', () => {
    for (const ip of [...NOT_PUBLIC, ...NONSENSE]) expect([ip, regionOfIp(ip)]).toEqual([ip, null]);
  });

  it('gives an adcode of the tree, or null, for any address, and never throws', () => {
    let known = 0;
    for (let i = 0; i < 20_000; i++) {
      const [a, b, c] = [(i * 7919) % 224, (i * 104729) % 256, (i * 1299709) % 256];
      const adcode = regionOfIp(`${a}.${b}.${c}.${i % 255}`);
      if (adcode !== null && regionOf(adcode) === null) throw new Error(`${a}.${b}.${c} → ${adcode}`);
      if (adcode !== null) known++;
    }
    expect(known).toBeGreaterThan(1000);
    for (let i = 0; i < 20_000; i++) {
      const adcode = regionOfIp(
        `${(0x2000 + ((i * 31) % 0x0fff)).toString(16)}:${(i % 65536).toString(16)}:${i % 7}::1`,
      );
      if (adcode !== null && regionOf(adcode) === null) throw new Error(`IPv6 ${i} → ${adcode}`);
    }
  });
});

describe('region of a location', () => {
  it.each(CENTRES)('%i at %f, %f', (adcode, latitude, longitude) => {
    const found = regionOfLocation(latitude, longitude, 'wgs84');
    expect(found !== null && within(found, adcode) ? adcode : regionWords(found)).toBe(adcode);
  });

  it('has every outline of the source', () => {
    expect(PolygonMap.load().size).toBe(499);
  });

  it('names nothing at sea, abroad and for nonsense', () => {
    const points = [[30, 124.5], [35.68, 139.69], [40.71, -74], [0, 0], [-90, 180], [NaN, 117], [31, Infinity], [117.2, 31.8]] as const; // prettier-ignore
    for (const [latitude, longitude] of points) expect(regionOfLocation(latitude, longitude, 'gcj02')).toBeNull();
  });

  it('tells datums apart where a border runs between them', () => {
    // 400 m east of a border point in gcj02: WGS84 numbers mean a place some 500 m further east.
    let differs = 0;
    for (let i = 0; i < 4000; i++) {
      const [latitude, longitude] = [31.0 + (i % 63) / 100, 121.0 + Math.floor(i / 63) / 100];
      if (regionOfLocation(latitude, longitude, 'gcj02') !== regionOfLocation(latitude, longitude, 'wgs84')) differs++;
    }
    expect(differs).toBeGreaterThan(20);
    expect(differs).toBeLessThan(800);
  });
});

describe('even-odd over all rings', () => {
  const square = (x: number, y: number, size: number): number[][] => [[x, y], [x + size, y], [x + size, y + size], [x, y + size], [x, y]]; // prettier-ignore

  it('finds islands outside the first ring and leaves holes out', () => {
    const map = PolygonMap.of([
      { adcode: 1, rings: [square(0, 0, 10), square(20, 0, 5), square(4, 4, 2)].map((r) => r.flat()) },
    ]);
    expect(map.locate(1, 1)).toBe(1);
    expect(map.locate(22, 2)).toBe(1);
    expect(map.locate(5, 5)).toBeNull();
    expect(map.locate(15, 2)).toBeNull();
  });

  it('equals a plain ray cast over all edges for ragged outlines', () => {
    const rings = [0, 1, 2].map((ring) =>
      Array.from({ length: 200 }, (_, i) => {
        const angle = (i / 200) * 2 * Math.PI;
        const radius = 3 + Math.sin(i * 12.9898 + ring) * 1.5;
        return [ring * 4 + radius * Math.cos(angle), radius * Math.sin(angle)];
      }).flat(),
    );
    const map = PolygonMap.of([{ adcode: 7, rings }]);
    for (let i = 0; i < 5000; i++) {
      const [x, y] = [((i * 0.618034) % 1) * 20 - 6, ((i * 0.414214) % 1) * 12 - 6];
      expect(map.locate(x, y) === 7).toBe(rayCast(rings, x, y));
    }
  });
});

function rayCast(rings: readonly number[][], x: number, y: number): boolean {
  let crossings = 0;
  for (const ring of rings) {
    for (let i = 0, j = ring.length - 2; i < ring.length; j = i, i += 2) {
      const [x0, y0, x1, y1] = [ring[j]!, ring[j + 1]!, ring[i]!, ring[i + 1]!];
      if (y0 > y !== y1 > y && x < x0 + ((y - y0) / (y1 - y0)) * (x1 - x0)) crossings++;
    }
  }
  return crossings % 2 === 1;
}

describe('place', () => {
  const nanjing: PhoneLocation = { latitude: 32.06, longitude: 118.797, accuracy: 30, datum: 'gcj02' };
  const suzhou: PhoneLocation = { latitude: 31.299, longitude: 120.585, accuracy: 30, datum: 'gcj02' };
  const xuhui: PhoneLocation = { latitude: 31.188, longitude: 121.437, accuracy: 30, datum: 'gcj02' };
  const NANJING_IP = '114.114.114.114';

  it('agrees when both name the same province, and takes the location, which is finer', () => {
    expect(place(NANJING_IP, suzhou)).toEqual({
      adcode: 320500,
      trust: 'agreed',
      province: '江苏省',
      city: '苏州市',
      district: null,
      accuracyM: 30,
      sources: { ip: 320100, location: 320500 },
    });
  });

  it('is disputed when they name different ones, and keeps the one that is harder to pretend', () => {
    expect(place(NANJING_IP, xuhui)).toMatchObject({
      adcode: 320100,
      trust: 'disputed',
      sources: { location: 310104 },
    });
  });

  it('falls to ip, claimed and unknown as sources fall away', () => {
    expect(place(NANJING_IP)).toMatchObject({ adcode: 320100, trust: 'ip', city: '南京市', accuracyM: null });
    expect(place('192.168.1.5', xuhui)).toMatchObject({ adcode: 310104, trust: 'claimed', district: '徐汇区' });
    expect(place(null, nanjing)).toMatchObject({ trust: 'claimed' });
    expect(place('10.0.0.1')).toMatchObject({ adcode: null, trust: 'unknown', province: null });
    expect(place(null)).toMatchObject({ adcode: null, trust: 'unknown' });
  });

  it('does not believe a location at sea or abroad against the IP', () => {
    const abroad: PhoneLocation = { latitude: 35.68, longitude: 139.69, accuracy: 10, datum: 'wgs84' };
    expect(place(NANJING_IP, abroad)).toMatchObject({ adcode: 320100, trust: 'ip', accuracyM: null });
    expect(place(null, abroad)).toMatchObject({ adcode: null, trust: 'unknown' });
  });

  it.each([
    [1000, 310104],
    [1001, 310100],
    [10_000, 310100],
    [10_001, 310000],
    [50_000, 310000],
    [50_001, null],
    [-1, null],
    [NaN, null],
  ])('an accuracy of %d m names %s and nothing finer', (accuracy, adcode) => {
    expect(place(null, { ...xuhui, accuracy })).toMatchObject({
      adcode,
      trust: adcode === null ? 'unknown' : 'claimed',
    });
  });
});
