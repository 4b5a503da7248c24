import { randomBytes } from 'node:crypto';
import type { Answer, FailureKind, Wire } from '../control/exchange';

const MESSAGES: Record<number, string> = {
  [-1]: 'system error',
  40001: 'invalid credential, access_token is invalid or not latest',
  40002: 'invalid grant_type',
  40003: 'invalid openid',
  40013: 'invalid appid',
  40014: 'invalid access_token',
  40029: 'invalid code',
  40030: 'invalid refresh_token',
  40125: 'invalid appsecret',
  40037: 'invalid template_id',
  40163: 'code been used',
  41001: 'access_token missing',
  41002: 'appid missing',
  41004: 'appsecret missing',
  41008: 'missing code',
  42001: 'access_token expired',
  42002: 'refresh_token expired',
  42003: 'oauth_code expired',
  43004: 'require subscribe',
  43101: 'user refuse to accept the msg',
  45009: 'reach max api daily quota limit',
  45011: 'api minute-quota reach limit, must slower, retry next minute',
  47001: 'data format error',
  47003: 'argument invalid!',
  48001: 'api unauthorized',
};

const FAILURES: Record<FailureKind, number> = {
  system_error: -1,
  rate_limited: 45011,
  unknown_code: 89999,
  not_enough: -1,
  not_found: -1,
};

/** Words the answers of api.weixin.qq.com: always HTTP 200, errors as errcode. */
export class ApiWire implements Wire {
  constructor(private readonly contentType: string) {}

  answer(document: object): Answer {
    return { status: 200, body: JSON.stringify(document), headers: { 'content-type': this.contentType } };
  }

  error(errcode: number): Answer {
    const rid = [4, 4, 4].map((size) => randomBytes(size).toString('hex')).join('-');
    return this.answer({ errcode, errmsg: `${MESSAGES[errcode] ?? 'unknown'}, rid: ${rid}` });
  }

  failure(kind: FailureKind, code?: string): Answer {
    const errcode = code === undefined ? FAILURES[kind] : Number(code);
    return this.error(Number.isInteger(errcode) ? errcode : FAILURES.unknown_code);
  }

  seal(answer: Answer): Answer {
    return answer;
  }
}
