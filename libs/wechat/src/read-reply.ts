import type { SilenceCause, WireReply } from './wire-reply';

const EVIDENCE_CHARS = 2000;
const HIDDEN = new Set(['openid', 're_openid', 'package_info', 'package', 'user_name', 'hblist']);

interface AxiosLike {
  readonly status: number;
  readonly data: unknown;
}

/** Errors that end a connection before the first byte of a request: to these hosts nothing was ever said. */
const NOT_CONNECTED: Readonly<Record<string, SilenceCause>> = {
  ECONNREFUSED: 'refused',
  ENOTFOUND: 'unreachable',
  EAI_AGAIN: 'unreachable',
  EHOSTUNREACH: 'unreachable',
  ENETUNREACH: 'unreachable',
  EADDRNOTAVAIL: 'unreachable',
  CERT_HAS_EXPIRED: 'tls',
  CERT_NOT_YET_VALID: 'tls',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'tls',
  SELF_SIGNED_CERT_IN_CHAIN: 'tls',
  UNABLE_TO_GET_ISSUER_CERT: 'tls',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'tls',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'tls',
  ERR_TLS_CERT_ALTNAME_INVALID: 'tls',
};
const TIMEOUTS = new Set(['ECONNABORTED', 'ETIMEDOUT', 'ERR_CANCELED', 'ABORT_ERR']);
const RESETS = new Set(['ECONNRESET', 'EPIPE', 'ERR_STREAM_PREMATURE_CLOSE']);

/** A 2xx answer whose signature held (v3), or a v2 answer that says SUCCESS on both layers. */
export function readReply(response: unknown): WireReply {
  const { status, data } = response as AxiosLike;
  return isRecord(data) ? reply(status, null, data) : silence('unreadable', false, evidence(data));
}

/** Everything the client throws: business refusals become replies, all else becomes silence with its cause. */
export function readBroken(error: unknown): WireReply {
  const { code, response } = error as { code?: string; response?: AxiosLike };
  if (!response) return readSilence(error, code ?? '');
  const { status, data } = response;
  if (code?.startsWith('EV3_RES_')) return silence('unverified', false, `${code} ${evidence(data)}`);
  if (!isRecord(data) || data instanceof Error) return silence('unreadable', false, `http ${status} ${evidence(data)}`);
  return reply(status, codeOf(data), data);
}

function readSilence(error: unknown, code: string): WireReply {
  const inner = (error as { errors?: unknown[]; cause?: { code?: string; errors?: unknown[] } } | null) ?? {};
  const all = (inner.errors ?? inner.cause?.errors ?? []).map((one) => (one as { code?: string }).code ?? '');
  const codes = all.length > 0 ? all : [code];
  const notConnected = codes.map((one) => NOT_CONNECTED[one]);
  if (notConnected.every((cause) => cause !== undefined)) return silence(notConnected[0]!, true, codes.join(' '));
  if (TIMEOUTS.has(code)) return silence('timeout', false, code);
  if (RESETS.has(code)) return silence('reset', false, code);
  return silence('unreadable', false, `${code} ${String((error as Error | null)?.name)}`);
}

/** v3 error bodies carry `code`. In v2 transport failures have `return_code` FAIL and no err_code. */
function codeOf(data: Readonly<Record<string, unknown>>): string {
  if (typeof data.code === 'string') return data.code;
  if ('return_code' in data && data.return_code !== 'SUCCESS') return 'RETURN_FAIL';
  return typeof data.err_code === 'string' && data.err_code !== '' ? data.err_code : 'NO_CODE';
}

function reply(httpStatus: number, code: string | null, body: Readonly<Record<string, unknown>>): WireReply {
  return { noReply: false, httpStatus, code, body, raw: `${httpStatus} ${evidence(body)}` };
}

function silence(cause: SilenceCause, provablyNotSent: boolean, raw: string): WireReply {
  return { noReply: true, cause, provablyNotSent, raw: raw.slice(0, EVIDENCE_CHARS) };
}

/** JSON without personal data. Text that is no object is described, never quoted: nobody knows what stands in it. */
function evidence(data: unknown): string {
  if (!isRecord(data)) return `(${typeof data}, ${typeof data === 'string' ? data.length : 0} characters)`;
  return JSON.stringify(data, (key, value: unknown) => (HIDDEN.has(key) ? '[removed]' : value)).slice(
    0,
    EVIDENCE_CHARS,
  );
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
