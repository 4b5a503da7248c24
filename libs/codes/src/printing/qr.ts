import { Defect, Rejected } from '@app/kernel';
import { create, type QRCode } from 'qrcode';
import { CODE_LENGTH } from '../text/code-text';
import { digitalLink, shortUrl } from './carrier';

export type ErrorLevel = 'L' | 'M' | 'Q' | 'H';

/** Modules of white around a symbol, ISO/IEC 18004. */
const QUIET_ZONE = 4;
/** What QR's alphanumeric mode can hold; anything else would fall to bytes and cost a version. */
const ALPHANUMERIC = /^[0-9A-Z $%*+\-./:]+$/;

/** How the codes of one layer are printed. */
export interface CarrierPlan {
  readonly form: 'short' | 'gs1';
  /** Origin printed in the code, e.g. `https://q.example.cn`. */
  readonly origin: string;
  readonly level: ErrorLevel;
  /** Side of the smallest module the printer holds, in mm; 0.25 to 0.5 is usual on caps. */
  readonly moduleMm: number;
  /** The symbol version the artwork has room for; null = whatever it takes. */
  readonly version: number | null;
  /** For the gs1 form. `lotLength` 0 = no `/10/`. */
  readonly gtin?: string;
  readonly lotLength?: number;
}

export interface CarrierSize {
  readonly characters: number;
  /** 1 … 40. */
  readonly version: number;
  /** Modules a side, without the quiet zone. */
  readonly modules: number;
  /** Side of the symbol with its quiet zone, mm. */
  readonly sideMm: number;
  /** The same without the quiet zone. */
  readonly symbolMm: number;
  /** How many more characters the host may have before the symbol grows. */
  readonly spareCharacters: number;
}

/**
 * Version, modules and printed side of a layer's symbols. Throws Rejected (422) when the host is too long for the version the artwork was
 * drawn for, naming how much too long it is, or when a value is out of range.
 */
export function carrierSize(plan: CarrierPlan): CarrierSize {
  if (!(plan.moduleMm >= 0.1 && plan.moduleMm <= 10)) {
    throw new Rejected('bad_module_size', '模块边长应在 0.1 到 10 毫米之间', 422, { moduleMm: plan.moduleMm });
  }
  if (plan.version !== null && !(Number.isInteger(plan.version) && plan.version >= 1 && plan.version <= 40)) {
    throw new Rejected('bad_version', 'QR 版本应是 1 到 40', 422, { version: plan.version });
  }
  const characters = sampleUrl(plan).length;
  const version = smallestVersion(characters, plan.level);
  if (plan.version !== null && version > plan.version) {
    const capacity = capacityOf(plan.version, plan.level);
    throw new Rejected(
      'code_host_too_long',
      `网址有 ${characters} 个字符，版本 ${plan.version}（容错 ${plan.level}）只放得下 ${capacity} 个：` +
        `请把域名缩短 ${characters - capacity} 个字符，或改用版本 ${version}`,
      422,
      { characters, capacity, version },
    );
  }
  const drawn = plan.version ?? version;
  const modules = 17 + 4 * drawn;
  return {
    characters,
    version: drawn,
    modules,
    sideMm: millimetres((modules + 2 * QUIET_ZONE) * plan.moduleMm),
    symbolMm: millimetres(modules * plan.moduleMm),
    spareCharacters: capacityOf(drawn, plan.level) - characters,
  };
}

/** A URL as long as every one of the layer. */
function sampleUrl(plan: CarrierPlan): string {
  const code = '0'.repeat(CODE_LENGTH);
  if (plan.form === 'short') return shortUrl(plan.origin, code);
  if (plan.gtin === undefined) throw new Defect('a gs1 carrier needs a GTIN');
  const lot = plan.lotLength ? '0'.repeat(plan.lotLength) : null;
  return digitalLink(plan.origin, { code, gtin: plan.gtin, lot });
}

function millimetres(value: number): number {
  return Math.round(value * 100) / 100;
}

const capacities = new Map<string, number>();

/** Alphanumeric characters that fit a version at a level, asked from the encoder itself. */
function capacityOf(version: number, level: ErrorLevel): number {
  const name = `${version}${level}`;
  let capacity = capacities.get(name);
  if (capacity === undefined) {
    let fits = 1;
    let fails = 5000;
    while (fails - fits > 1) {
      const middle = (fits + fails) >> 1;
      if (fitsVersion(middle, version, level)) fits = middle;
      else fails = middle;
    }
    capacity = fits;
    capacities.set(name, capacity);
  }
  return capacity;
}

function fitsVersion(characters: number, version: number, level: ErrorLevel): boolean {
  try {
    create([{ data: 'A'.repeat(characters), mode: 'alphanumeric' }], {
      errorCorrectionLevel: level,
      version,
      maskPattern: 0,
    });
    return true;
  } catch {
    return false;
  }
}

function smallestVersion(characters: number, level: ErrorLevel): number {
  let version = 1;
  while (version <= 40 && capacityOf(version, level) < characters) version++;
  if (version > 40) throw new Rejected('code_host_too_long', '网址太长，放不进任何 QR 版本', 422, { characters });
  return version;
}

/** Encodes a printed URL. Throws Defect when it would leave alphanumeric mode. `version` null = the smallest. */
export function encodeQr(url: string, level: ErrorLevel, version: number | null = null): QRCode {
  if (!ALPHANUMERIC.test(url)) throw new Defect(`not alphanumeric for a QR code: ${url}`);
  return create([{ data: url, mode: 'alphanumeric' }], {
    errorCorrectionLevel: level,
    ...(version === null ? {} : { version }),
  });
}

/**
 * The symbol as one SVG: quiet zone included, one path, one unit a module. `sideMm` sets the printed size; without it the picture fills
 * the space it is given.
 */
export function qrSvg(url: string, options: { level: ErrorLevel; version?: number | null; sideMm?: number }): string {
  return svgOf(encodeQr(url, options.level, options.version ?? null), options.sideMm);
}

/** Any short text as a symbol, in whatever mode holds it best; it fills the space it is given. */
export function textQrSvg(text: string, level: ErrorLevel): string {
  return svgOf(create(text, { errorCorrectionLevel: level }));
}

function svgOf({ modules }: QRCode, sideMm?: number): string {
  const side = modules.size + 2 * QUIET_ZONE;
  const size = sideMm === undefined ? '' : ` width="${sideMm}mm" height="${sideMm}mm"`;
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${side} ${side}"${size} shape-rendering="crispEdges">` +
    `<path fill="#fff" d="M0 0h${side}v${side}H0z"/><path fill="#000" d="${darkRuns(modules.data, modules.size)}"/></svg>`
  );
}

/** Dark modules row by row, neighbours joined. */
function darkRuns(data: Uint8Array, size: number): string {
  let path = '';
  for (let row = 0; row < size; row++) {
    for (let column = 0; column < size; column++) {
      if (!data[row * size + column]) continue;
      let end = column + 1;
      while (end < size && data[row * size + end]) end++;
      path += `M${column + QUIET_ZONE} ${row + QUIET_ZONE}h${end - column}v1h${column - end}z`;
      column = end;
    }
  }
  return path;
}
