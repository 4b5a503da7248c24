import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '@app/config';

/** An answer of api.weixin.qq.com. Errors come as HTTP 200 with an `errcode`; 0 and absent mean success. */
export type ApiReply =
  | { readonly noReply: false; readonly errcode: number; readonly body: Readonly<Record<string, unknown>> }
  | { readonly noReply: true; readonly errcode: null; readonly cause: string };

const MAX_REPLY_CHARS = 64 * 1024;

/** Plain JSON calls to the official account API, each bounded in time. Secrets travel in the query, so addresses are never logged. */
@Injectable()
export class ApiClient {
  constructor(@Inject(CONFIG) private readonly config: Config) {}

  get(path: string, query: Record<string, string>): Promise<ApiReply> {
    return this.exchange(`${path}?${new URLSearchParams(query)}`, { method: 'GET' });
  }

  post(path: string, body: unknown): Promise<ApiReply> {
    return this.exchange(path, {
      method: 'POST',
      body: JSON.stringify(body),
      headers: { 'content-type': 'application/json' },
    });
  }

  private async exchange(path: string, init: RequestInit): Promise<ApiReply> {
    const { wechat, waits } = this.config;
    try {
      const signal = AbortSignal.timeout(waits.wechatTimeoutMs);
      const response = await fetch(`${wechat.apiUrl}${path}`, { ...init, signal, redirect: 'error' });
      const text = await response.text();
      if (response.status !== 200) return { noReply: true, errcode: null, cause: `http ${response.status}` };
      return readReply(text);
    } catch (error) {
      return { noReply: true, errcode: null, cause: (error as Error).name };
    }
  }
}

/** The content type may say text/plain: the text decides. */
function readReply(text: string): ApiReply {
  const broken: ApiReply = { noReply: true, errcode: null, cause: 'unreadable' };
  if (text.length > MAX_REPLY_CHARS) return broken;
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    return broken;
  }
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return broken;
  const { errcode } = body as { errcode?: unknown };
  return { noReply: false, errcode: typeof errcode === 'number' ? errcode : 0, body: body as Record<string, unknown> };
}
