import { crc32, deflateSync } from 'node:zlib';

type Rgb = readonly [number, number, number];

const [WIDTH, HEIGHT] = [1125, 375];
/** Samples of a pixel's side. */
const FINE = 2;
const SKY: readonly [Rgb, Rgb] = [
  [0xf7, 0xf9, 0xec],
  [0xdd, 0xeb, 0xc8],
];
const SUN = { x: 830, y: 128, radius: 52, colour: [0xe3, 0xb3, 0x5b] as Rgb, halo: 150 };
/** Terraces of tea, the far ones first: where their crest runs, and between which greens their rows change. */
const HILLS: readonly { crest: (x: number) => number; rows: number; dark: Rgb; light: Rgb }[] = [
  { crest: (x) => 214 + 34 * Math.sin(x / 170 + 0.6), rows: 0, dark: [0xbf, 0xd9, 0x9a], light: [0xbf, 0xd9, 0x9a] },
  { crest: (x) => 258 + 40 * Math.sin(x / 230 + 2.4), rows: 15, dark: [0x86, 0xb4, 0x60], light: [0x9a, 0xc3, 0x74] },
  { crest: (x) => 300 + 30 * Math.sin(x / 205 + 4.3), rows: 18, dark: [0x4f, 0x8b, 0x3c], light: [0x66, 0xa0, 0x4c] },
  { crest: (x) => 346 + 22 * Math.sin(x / 260 + 0.2), rows: 22, dark: [0x2d, 0x63, 0x25], light: [0x3b, 0x78, 0x2f] },
];

/** The demo's hero, 3 to 1: terraces of tea below a morning sun, painted here so that no picture has to be shipped. A PNG. */
export function demoHero(): Buffer {
  const rows = Buffer.alloc((WIDTH * 3 + 1) * HEIGHT);
  for (let y = 0; y < HEIGHT; y++) {
    const start = y * (WIDTH * 3 + 1);
    // Each row is told by how it differs from the one above, which for a painted sky is hardly at all.
    rows[start] = 2;
    for (let x = 0; x < WIDTH; x++) rows.set(pixel(x, y), start + 1 + x * 3);
  }
  return png(differences(rows));
}

function pixel(x: number, y: number): Rgb {
  const sum = [0, 0, 0];
  for (let part = 0; part < FINE * FINE; part++) {
    const colour = paint(x + ((part % FINE) + 0.5) / FINE, y + (Math.floor(part / FINE) + 0.5) / FINE);
    for (const channel of [0, 1, 2] as const) sum[channel]! += colour[channel];
  }
  return sum.map((value) => Math.round(value / (FINE * FINE))) as unknown as Rgb;
}

function paint(x: number, y: number): Rgb {
  const sky = mix(SKY[0], SKY[1], y / HEIGHT);
  const away = Math.hypot(x - SUN.x, y - SUN.y);
  const glow = Math.max(0, 1 - away / SUN.halo) ** 2 * 0.45;
  let colour = away < SUN.radius ? SUN.colour : mix(sky, SUN.colour, glow);
  for (const { crest, rows, dark, light } of HILLS) {
    const below = y - crest(x);
    if (below >= 0) colour = rows > 0 && below % rows < rows * 0.62 ? light : dark;
  }
  return colour;
}

function mix(one: Rgb, other: Rgb, share: number): Rgb {
  return [0, 1, 2].map((at) => one[at]! + (other[at]! - one[at]!) * share) as unknown as Rgb;
}

/** PNG's filter Up, from the last row to the first. */
function differences(rows: Buffer): Buffer {
  const width = WIDTH * 3 + 1;
  const told = Buffer.from(rows);
  for (let at = width; at < rows.length; at++) {
    if (at % width !== 0) told[at] = (rows[at]! - rows[at - width]!) & 0xff;
  }
  return told;
}

function png(rows: Buffer): Buffer {
  const head = Buffer.alloc(13);
  head.writeUInt32BE(WIDTH, 0);
  head.writeUInt32BE(HEIGHT, 4);
  head.set([8, 2, 0, 0, 0], 8);
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk('IHDR', head),
    chunk('IDAT', deflateSync(rows, { level: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function chunk(name: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(name, 'latin1'), data]);
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  sum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, sum]);
}
