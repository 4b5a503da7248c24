import { randomBytes, randomUUID } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import type { Fault } from '../control/faults';
import type { Answer, FailureKind, Wire } from '../control/exchange';
import type { Merchant, Platform } from '../settings';
import { V3_ERRORS } from './error-codes';
import { refusal, type Refusal } from './refusal';
import { parseAuthorization, requestMessage, responseMessage, signature, verifies } from './v3-signature';

const CLOCK_TOLERANCE_S = 300;
const NONCE_ROUND_MS = 10 * 60_000;
const SHOWN_CHARS = 200;

/** Remembers nonces for ten to twenty minutes, twice as long as a timestamp can be valid. */
export class NonceBook {
  private current = new Set<string>();
  private previous = new Set<string>();
  private turnAt = 0;

  /** False when this nonce was seen before. */
  isNew(key: string, now: number): boolean {
    if (now >= this.turnAt) {
      this.previous = now - this.turnAt > NONCE_ROUND_MS ? new Set() : this.current;
      this.current = new Set();
      this.turnAt = now + NONCE_ROUND_MS;
    }
    if (this.current.has(key) || this.previous.has(key)) return false;
    this.current.add(key);
    return true;
  }
}

/** Checks the merchant's signature on a v3 request; a refusal has the shape of the real gateway's 401. */
export class V3Door {
  private readonly nonces = new NonceBook();

  constructor(
    private readonly merchants: ReadonlyMap<string, Merchant>,
    private readonly wallNow: () => number,
  ) {}

  enter(method: string, url: string, header: string | undefined, body: string): Merchant | Refusal {
    const given = parseAuthorization(header);
    const unsigned = (field: string, issue: string, message: string): Refusal =>
      this.signError(field, issue, message, method, url, '');
    if ('missing' in given)
      return unsigned(
        'authorization',
        `${given.missing} missing`,
        'Http头Authorization值格式错误，请参考《微信支付商户REST API签名规则》',
      );
    const message = requestMessage(method, url, given.timestamp, given.nonce_str, body);
    const fail = (field: string, issue: string, text = '错误的签名，验签失败'): Refusal =>
      this.signError(field, issue, text, method, url, message);
    const merchant = this.merchants.get(given.mchid);
    if (merchant === undefined) return fail('mchid', 'mchid not found', '商户号不存在');
    if (given.serial_no.toUpperCase() !== merchant.serialNo)
      return fail('serial_no', 'serial_no not found', '商户证书序列号有误');
    const now = this.wallNow();
    const seconds = Number(given.timestamp);
    if (!Number.isInteger(seconds) || Math.abs(now / 1_000 - seconds) > CLOCK_TOLERANCE_S) {
      return fail('timestamp', 'timestamp expired', 'Http头Authorization中的timestamp与发起请求的时间不得超过5分钟');
    }
    if (!verifies(message, given.signature, merchant.publicKey)) return fail('signature', 'sign not match');
    if (!this.nonces.isNew(`${given.mchid}|${given.nonce_str}`, now)) {
      return fail('nonce_str', 'nonce_str repeated', '请求随机串重复');
    }
    return merchant;
  }

  private signError(field: string, issue: string, text: string, method: string, url: string, message: string): Refusal {
    return {
      ...refusal(401, 'SIGN_ERROR', text),
      detail: {
        detail: { issue },
        field,
        location: 'authorization',
        sign_information: {
          method,
          url,
          truncated_sign_message: message.slice(0, SHOWN_CHARS),
          sign_message_length: Buffer.byteLength(message),
        },
      },
    };
  }
}

const FAILURES: Record<FailureKind, Refusal> = {
  system_error: refusal(500, 'SYSTEM_ERROR', '系统异常，请稍后重试'),
  not_enough: refusal(403, 'NOT_ENOUGH', '商户账户资金不足，请充值后使用原单号重试'),
  rate_limited: refusal(429, 'FREQUENCY_LIMITED', '频率超限，请降低请求频率'),
  unknown_code: refusal(400, 'NEW_CODE_NOBODY_KNOWS', '暂时无法处理'),
  not_found: refusal(404, 'NOT_FOUND', '记录不存在'),
};

/** Words v3 answers and signs each of them with the platform key, errors included. */
export class V3Wire implements Wire {
  constructor(
    private readonly platform: Platform,
    private readonly wallNow: () => number,
  ) {}

  answer(document: object): Answer {
    return { status: 200, body: JSON.stringify(document) };
  }

  refuse({ status, code, message, detail }: Refusal): Answer {
    return { status, body: JSON.stringify({ code, message, detail }) };
  }

  failure(kind: FailureKind, code?: string): Answer {
    const failure = FAILURES[kind];
    return this.refuse(code === undefined ? failure : { ...failure, code });
  }

  refuseWith(code: string): Answer {
    const [status, message] = V3_ERRORS[code] ?? [400, '暂时无法处理'];
    return this.refuse(refusal(status, code, message));
  }

  async seal(answer: Answer, request: FastifyRequest, fault?: Fault): Promise<Answer> {
    const { platform } = this;
    const named = String(request.headers['wechatpay-serial'] ?? '');
    const signer = platform.keys.has(named) ? named : platform.publicKeyId;
    const key = platform.keys.get(signer) ?? platform.privateKey;
    const timestamp = String(Math.floor(this.wallNow() / 1_000));
    const nonce = randomBytes(16).toString('hex');
    const signed = fault?.kind === 'bad_signature' ? `${answer.body} ` : answer.body;
    const serial = fault?.kind === 'wrong_serial' ? 'PUB_KEY_ID_0100000000000000000000000000000000' : signer;
    return {
      ...answer,
      headers: {
        'content-type': 'application/json; charset=utf-8',
        'request-id': randomUUID(),
        'wechatpay-serial': serial,
        'wechatpay-timestamp': timestamp,
        'wechatpay-nonce': nonce,
        'wechatpay-signature': await signature(responseMessage(timestamp, nonce, signed), key),
        'wechatpay-signature-type': 'WECHATPAY2-SHA256-RSA2048',
      },
    };
  }
}
