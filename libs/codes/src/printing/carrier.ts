import { Defect, Rejected } from '@app/kernel';
import { parseCode } from '../text/code-text';
import { parseGtin } from './gtin';

/** What a printed symbol carries besides the code. */
export interface Carrier {
  readonly code: string;
  /** 14 digits. */
  readonly gtin: string | null;
  readonly lot: string | null;
}

/** Characters of AI (10) that keep their meaning in a URL and fit a QR's alphanumeric mode; GS1 allows 1 to 20. */
export const LOT_PATTERN = /^[0-9A-Z.-]{1,20}$/;

/**
 * Origin as it is printed: upper case, so that the QR stays in alphanumeric mode. A bare host means https. Throws Rejected (422) for anything
 * but scheme, host and port.
 */
export function printedOrigin(origin: string): string {
  const match = /^(?:(https?):\/\/)?([0-9a-z.-]+)(?::(\d{1,5}))?\/?$/i.exec(origin.trim());
  if (match === null || !isHost(match[2]!)) {
    throw new Rejected('bad_code_host', `「${origin}」不能印在码里：只能是域名或 IP，可带端口，不能带路径`, 422, {
      origin,
    });
  }
  const scheme = (match[1] ?? 'https').toUpperCase();
  return `${scheme}://${match[2]!.toUpperCase()}${match[3] === undefined ? '' : `:${match[3]}`}`;
}

function isHost(host: string): boolean {
  return host.length <= 253 && /^[0-9a-z]([0-9a-z-]*[0-9a-z])?(\.[0-9a-z]([0-9a-z-]*[0-9a-z])?)*$/i.test(host);
}

/** `HTTPS://HOST/K0123456789ABCDEF`: the shortest carrier, for caps. */
export function shortUrl(origin: string, code: string): string {
  return `${printedOrigin(origin)}/${code}`;
}

/** `HTTPS://HOST/01/{gtin}/10/{lot}/21/{code}`: a GS1 Digital Link; one symbol for till, scan and inspector. */
export function digitalLink(origin: string, carrier: { code: string; gtin: string; lot?: string | null }): string {
  const gtin = parseGtin(carrier.gtin);
  if (gtin === null) throw new Defect(`not a GTIN: ${carrier.gtin}`);
  const lot = carrier.lot ?? null;
  if (lot !== null && !LOT_PATTERN.test(lot)) throw new Defect(`lot cannot be printed in a link: ${lot}`);
  return `${printedOrigin(origin)}/01/${gtin}${lot === null ? '' : `/10/${lot}`}/21/${carrier.code}`;
}

/**
 * Path of a URL that a phone opened → what it carries, or null when it is no path of ours. Knows `/{code}`, `/01/{gtin}/21/{code}` and
 * `/01/{gtin}/10/{lot}/21/{code}`; a query or fragment is ignored. The code is normalised but not decoded.
 */
export function parseCarrierPath(path: string): Carrier | null {
  const [bare] = path.split(/[?#]/, 1);
  const parts = bare!.split('/').slice(1);
  if (parts.length > 1 && parts.at(-1) === '') parts.pop();
  if (parts.length === 1) return withCode(parts[0]!, null, null);
  const [ai01, gtinText, ...rest] = parts;
  const gtin = ai01 === '01' ? parseGtin(gtinText ?? '') : null;
  if (gtin === null) return null;
  if (rest.length === 2 && rest[0] === '21') return withCode(rest[1]!, gtin, null);
  if (rest.length !== 4 || rest[0] !== '10' || rest[2] !== '21') return null;
  const lot = decoded(rest[1]!);
  return lot !== null && LOT_PATTERN.test(lot.toUpperCase()) ? withCode(rest[3]!, gtin, lot.toUpperCase()) : null;
}

/** A whole URL of ours, a path or a bare code → what it carries: for input fields into which people paste anything. */
export function parseCarrier(text: string): Carrier | null {
  const trimmed = text.trim();
  const url = /^https?:\/\/[^/]+(\/.*)$/i.exec(trimmed);
  if (url !== null) return parseCarrierPath(url[1]!);
  return trimmed.startsWith('/') ? parseCarrierPath(trimmed) : withCode(trimmed, null, null);
}

function withCode(text: string, gtin: string | null, lot: string | null): Carrier | null {
  const plain = decoded(text);
  const code = plain === null ? null : parseCode(plain);
  return code === null ? null : { code, gtin, lot };
}

function decoded(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}
