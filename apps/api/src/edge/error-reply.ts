import { HttpException } from '@nestjs/common';
import { Rejected, Transient } from '@app/kernel';

/** The body of every answer that is not a success. */
export interface ErrorBody {
  readonly error: {
    readonly code: string;
    readonly message: string;
    readonly details?: unknown;
    readonly requestId: string;
  };
}

export interface ErrorReply {
  readonly status: number;
  readonly body: ErrorBody;
  readonly headers: Readonly<Record<string, string>>;
  /** `error`: a person must look; `warn`: bad luck that may pass; `none`: the caller's fault. */
  readonly log: 'error' | 'warn' | 'none';
}

/** What Fastify and Nest refuse before any code of ours runs, by HTTP status. */
const EDGE_WORDS: Readonly<Record<number, readonly [code: string, message: string]>> = {
  400: ['bad_request', '请求的格式不对，请检查后再试'],
  404: ['not_found', '没有这个地址'],
  408: ['too_slow', '请求没有按时收完，请再试一次'],
  413: ['too_large', '请求内容太大'],
  414: ['too_long', '请求的地址太长'],
  415: ['bad_content_type', '请求内容应为 JSON（content-type: application/json）'],
  431: ['too_large', '请求头太大'],
};

/**
 * One of the two places where thrown trouble gets its meaning (the other is the job runner): Rejected → its own status, Transient →
 * 503 with Retry-After, what Fastify or Nest refused → 4xx, anything else is a bug of ours → 500.
 */
export function errorReply(error: unknown, requestId: string): ErrorReply {
  if (error instanceof Rejected) return rejected(error, requestId);
  if (error instanceof Transient) {
    return {
      status: 503,
      body: bodyOf('busy', '现在有点忙，没有处理成，请稍后再试', requestId),
      headers: { 'retry-after': String(Math.max(1, Math.ceil(error.retryAfterSeconds))) },
      log: 'warn',
    };
  }
  const status = statusOf(error);
  if (status !== null && status >= 400 && status < 500) {
    const [code, message] = EDGE_WORDS[status] ?? ['refused', '请求没有被接受'];
    return { status, body: bodyOf(code, message, requestId), headers: {}, log: 'none' };
  }
  const message = `我们这边出了错，已经记下（编号 ${requestId}），请稍后再试`;
  return { status: 500, body: bodyOf('internal', message, requestId), headers: {}, log: 'error' };
}

function rejected({ code, message, status, details }: Rejected, requestId: string): ErrorReply {
  const wait = (details as { retryAfterSeconds?: unknown } | null | undefined)?.retryAfterSeconds;
  return {
    status,
    body: bodyOf(code, message, requestId, details),
    headers: status === 429 && typeof wait === 'number' ? { 'retry-after': String(wait) } : {},
    log: 'none',
  };
}

function bodyOf(code: string, message: string, requestId: string, details?: unknown): ErrorBody {
  return { error: { code, message, ...(details !== undefined && { details }), requestId } };
}

/** Nest's exceptions carry their status in a method, Fastify's in `statusCode`. */
function statusOf(error: unknown): number | null {
  if (error instanceof HttpException) return error.getStatus();
  const status = (error as { statusCode?: unknown } | null | undefined)?.statusCode;
  return typeof status === 'number' ? status : null;
}
