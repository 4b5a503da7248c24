import { setTimeout as sleep } from 'node:timers/promises';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Fault, FaultDesk, FaultScope } from './faults';

const HOLD_MS = 15_000;
const SLOW_MS = 5_000;

export interface Answer {
  status: number;
  body: string;
  headers?: Record<string, string>;
}

export type FailureKind = 'system_error' | 'not_enough' | 'rate_limited' | 'unknown_code' | 'not_found';

/** How one product of WeChat words its answers. */
export interface Wire {
  failure(kind: FailureKind, code?: string): Answer;
  /** One of the product's own error codes, with its own status and words. */
  refuseWith?(code: string): Answer;
  /** Adds what every answer carries (signature, content type). `fault` may spoil it. */
  seal(answer: Answer, request: FastifyRequest, fault?: Fault): Answer | Promise<Answer>;
}

/** Faults that answer without touching anything, and what they answer. */
const BEFORE: Record<string, FailureKind> = {
  system_error_before_commit: 'system_error',
  unknown_code_before_commit: 'unknown_code',
  rate_limited: 'rate_limited',
  not_enough: 'not_enough',
  not_found: 'not_found',
};

/** Faults that do the work and then say something else. */
const AFTER: Record<string, FailureKind> = {
  system_error: 'system_error',
  system_error_after_commit: 'system_error',
  unknown_code: 'unknown_code',
};

export class Exchange {
  constructor(private readonly faults: FaultDesk) {}

  /** Runs `act` and sends its answer, unless a fault of `scope` strikes before, after or in between. */
  async run(
    scope: FaultScope,
    wire: Wire,
    request: FastifyRequest,
    reply: FastifyReply,
    act: (fault: Fault | undefined) => Answer | Promise<Answer>,
  ): Promise<void> {
    const fault = this.faults.take(scope, merchantOf(request));
    request.struckBy = fault?.kind;
    const kind = fault?.kind ?? '';
    if (kind === 'slow') await sleep(fault?.ms ?? SLOW_MS);
    if (kind === 'timeout_before_commit') return hold(reply, fault);
    const code = fault?.code ?? '';
    if (kind === 'error') return send(reply, await wire.seal(coded(wire, code), request));
    const early = BEFORE[kind];
    if (early !== undefined) return send(reply, await wire.seal(wire.failure(early, fault?.code), request));
    const answer = await act(fault);
    if (kind === 'timeout_after_commit') return hold(reply, fault);
    if (kind === 'error_after_commit') return send(reply, await wire.seal(coded(wire, code), request));
    const late = AFTER[kind];
    if (late !== undefined) return send(reply, await wire.seal(wire.failure(late, fault?.code), request));
    const sealed = await wire.seal(answer, request, fault);
    if (kind === 'truncated_body') return cutShort(reply, sealed);
    send(reply, sealed);
  }
}

/** Whom the request was let in as, where the route notes that before anything else happens. */
function merchantOf({ note }: FastifyRequest): string | undefined {
  const mchId = note?.['mchId'];
  return typeof mchId === 'string' ? mchId : undefined;
}

function coded(wire: Wire, code: string): Answer {
  return wire.refuseWith?.(code) ?? wire.failure('unknown_code', code);
}

export function send(reply: FastifyReply, answer: Answer): void {
  void reply
    .code(answer.status)
    .headers(answer.headers ?? {})
    .send(answer.body);
}

/** Says nothing for a while, then drops the line. */
function hold(reply: FastifyReply, fault: Fault | undefined): void {
  reply.hijack();
  const timer = setTimeout(() => reply.raw.destroy(), fault?.ms ?? HOLD_MS);
  reply.raw.once('close', () => clearTimeout(timer));
}

/** Promises the whole body, sends half of it and drops the line. */
function cutShort(reply: FastifyReply, answer: Answer): void {
  reply.hijack();
  const bytes = Buffer.from(answer.body, 'utf8');
  reply.raw.writeHead(answer.status, { ...answer.headers, 'content-length': String(bytes.length) });
  reply.raw.write(bytes.subarray(0, Math.floor(bytes.length / 2)), () => reply.raw.destroy());
}
