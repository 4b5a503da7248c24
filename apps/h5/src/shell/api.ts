import { signIn, signedIn } from './sign-in';
import type {
  Address,
  Authorisation,
  AwardPage,
  AwardView,
  Boot,
  CampaignNotice,
  CampaignProof,
  DealtCode,
  JsConfig,
  Me,
  Money,
  MyPhone,
  PhoneCodeAsked,
  Region,
  ReminderOffer,
  ScanAnswer,
  ScanRequest,
} from './wire';

/** Why an answer did not come. `message` of `refused` is the server's own Chinese sentence. */
export class NoAnswer extends Error {
  constructor(
    readonly kind: 'offline' | 'slow' | 'busy' | 'too_fast' | 'leaving' | 'missing' | 'refused',
    readonly code: string,
    message: string,
    readonly retryAfterSeconds: number | null = null,
  ) {
    super(message);
  }
}

const ATTEMPTS = 3;
const TIMEOUT_MS = 8000;
/** A photo, or a whole file, on a slow network. */
const PHOTO_TIMEOUT_MS = 45_000;
const RETRY_AFTER_MS = [700, 2000];

export interface Call {
  method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  path: string;
  body?: unknown;
  /** Sent as it is instead of a body. */
  photo?: Blob;
  /** Takes the server longer than other things. */
  slow?: true;
  /** Answered without a session, so a success says nothing about being signed in. */
  anybody?: true;
  /** May come from the phone's own cache. */
  lasting?: true;
}

export const api = {
  boot: () => ask<Boot>({ method: 'GET', path: '/v1/h5/boot', anybody: true }),
  scan: (request: ScanRequest) => ask<ScanAnswer>({ method: 'POST', path: '/v1/h5/scans', body: request }),
  award: (awardId: string) => ask<AwardView>({ method: 'GET', path: `/v1/h5/awards/${encodeURIComponent(awardId)}` }),
  claim: (awardId: string) =>
    ask<AwardView>({ method: 'POST', path: `/v1/h5/awards/${encodeURIComponent(awardId)}/claim` }),
  refresh: (awardId: string) =>
    ask<AwardView>({ method: 'POST', path: `/v1/h5/awards/${encodeURIComponent(awardId)}/refresh` }),
  money: () => ask<Money>({ method: 'GET', path: '/v1/h5/money' }),
  claimPool: (poolId: string) =>
    ask<Money>({ method: 'POST', path: `/v1/h5/money/pools/${encodeURIComponent(poolId)}/claim` }),
  refreshPool: (poolId: string) =>
    ask<Money>({ method: 'POST', path: `/v1/h5/money/pools/${encodeURIComponent(poolId)}/refresh` }),
  authorisation: () => ask<Authorisation>({ method: 'GET', path: '/v1/h5/authorisation' }),
  askAuthorisation: () => ask<Authorisation>({ method: 'POST', path: '/v1/h5/authorisation' }),
  refreshAuthorisation: () => ask<Authorisation>({ method: 'POST', path: '/v1/h5/authorisation/refresh' }),
  endAuthorisation: () => ask<Authorisation>({ method: 'DELETE', path: '/v1/h5/authorisation' }),
  reminders: () => ask<ReminderOffer>({ method: 'GET', path: '/v1/h5/reminders' }),
  agreeToReminder: (templateId: string) =>
    ask<ReminderOffer>({ method: 'POST', path: '/v1/h5/reminders', body: { templateId } }),
  awards: (cursor: string | null) =>
    ask<AwardPage>({
      method: 'GET',
      path: `/v1/h5/awards?limit=20${cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`}`,
    }),
  /** Repeating it replaces the address by the same one. */
  giveAddress: (awardId: string, body: Address) =>
    ask<AwardView>({ method: 'POST', path: `/v1/h5/awards/${encodeURIComponent(awardId)}/address`, body }),
  regions: (under: number | null) =>
    ask<Region[]>({
      method: 'GET',
      path: `/v1/h5/regions${under === null ? '' : `?under=${under}`}`,
      anybody: true,
      lasting: true,
    }),
  myPhone: () => ask<MyPhone>({ method: 'GET', path: '/v1/h5/me/phone' }),
  askPhoneCode: (phone: string, consentVersion: string) =>
    ask<PhoneCodeAsked>({ method: 'POST', path: '/v1/h5/me/phone/code', body: { phone, consentVersion } }),
  bindPhone: (phone: string, code: string) =>
    ask<{ kind: string }>({ method: 'POST', path: '/v1/h5/me/phone', body: { phone, code } }),
  giveUpPhone: () => ask<Record<string, never>>({ method: 'DELETE', path: '/v1/h5/me/phone' }),
  notice: (campaignId: number) =>
    ask<CampaignNotice>({
      method: 'GET',
      path: `/v1/h5/campaigns/${campaignId}/notice`,
      anybody: true,
      lasting: true,
    }),
  proof: (campaignId: number) =>
    ask<CampaignProof>({ method: 'GET', path: `/v1/h5/campaigns/${campaignId}/proof`, anybody: true }),
  dealtCodes: (campaignId: number) =>
    ask<{ items: DealtCode[] }>({ method: 'GET', path: `/v1/h5/campaigns/${campaignId}/proof/codes` }),
  me: () => ask<Me>({ method: 'GET', path: '/v1/h5/me' }),
  jsConfig: (url: string) =>
    ask<JsConfig>({ method: 'GET', path: `/v1/h5/js-config?url=${encodeURIComponent(url)}`, anybody: true }),
};

/** Every call may be repeated safely: a scan carries its scanId, claim and refresh are idempotent by award. */
export async function ask<T>(call: Call): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await askOnce<T>(call);
    } catch (error) {
      const again = error instanceof NoAnswer && ['offline', 'slow', 'busy'].includes(error.kind);
      if (!again || attempt === ATTEMPTS) throw error;
      await pause((RETRY_AFTER_MS[attempt - 1] ?? 2000) * (0.8 + Math.random() * 0.4));
    }
  }
}

async function askOnce<T>(call: Call): Promise<T> {
  const { response, body } = await send(call);
  if (response.ok) {
    if (call.anybody === undefined) signedIn();
    return body as T;
  }
  if (response.status === 401) {
    signIn();
    throw new NoAnswer('leaving', 'no_session', '正在前往微信登录');
  }
  // A code that is not ours is a normal answer with status 404.
  if (response.status === 404 && typeof body['verdict'] === 'string') return body as T;
  throw failureOf(response, body);
}

interface Reply {
  response: Response;
  body: Record<string, unknown>;
}

async function send(call: Call): Promise<Reply> {
  const stop = new AbortController();
  const timer = setTimeout(
    () => stop.abort(),
    call.photo === undefined && call.slow === undefined ? TIMEOUT_MS : PHOTO_TIMEOUT_MS,
  );
  try {
    const response = await fetch(call.path, {
      method: call.method,
      credentials: 'same-origin',
      cache: call.lasting === true ? 'default' : 'no-store',
      headers: {
        accept: 'application/json',
        ...(call.body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(call.photo === undefined ? {} : { 'content-type': call.photo.type }),
      },
      ...(call.body === undefined ? {} : { body: JSON.stringify(call.body) }),
      ...(call.photo === undefined ? {} : { body: call.photo }),
      signal: stop.signal,
    });
    return { response, body: await readJson(response) };
  } catch (error) {
    if (error instanceof NoAnswer) throw error;
    if (stop.signal.aborted) throw new NoAnswer('slow', 'timeout', '网络有点慢，没有等到回答');
    throw new NoAnswer('offline', 'network', `网络没有连上（${error instanceof Error ? error.name : '未知'}）`);
  } finally {
    clearTimeout(timer);
  }
}

async function readJson(response: Response): Promise<Record<string, unknown>> {
  if (response.status === 204) return {};
  const text = await response.text();
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    // A gateway's own page, or a body cut off on the way: of a success that means ask again.
    if (response.ok) throw new NoAnswer('busy', 'bad_body', '回答没有收全');
    return {};
  }
}

function failureOf(response: Response, body: Record<string, unknown>): NoAnswer {
  const error = (body['error'] ?? {}) as { code?: string; message?: string };
  const code = error.code ?? `http_${response.status}`;
  const message = error.message ?? '';
  const retryAfter = Number(response.headers.get('retry-after'));
  if (response.status === 429) return new NoAnswer('too_fast', code, message, retryAfter > 0 ? retryAfter : null);
  if (response.status >= 500) return new NoAnswer('busy', code, message);
  if (response.status === 404) return new NoAnswer('missing', code, message);
  return new NoAnswer('refused', code, message);
}

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** The picture that a till or a store's clerk scans. */
export function qrUrl(awardId: string): string {
  return `/v1/h5/awards/${encodeURIComponent(awardId)}/qr.svg`;
}
