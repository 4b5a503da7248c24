import { randomUUID } from 'node:crypto';

import { ERROR_CODES } from '../pay/error-codes';

export const SCOPES = [
  'sendredpack',
  'gethbinfo',
  'transfer.create',
  'transfer.query',
  'transfer.cancel',
  'transfer.authorized',
  'authorization.create',
  'authorization.query',
  'authorization.close',
  'transfer.confirm',
  'notify',
  'oauth',
  'token',
  'ticket',
  'user.info',
  'message.template',
  'message.subscribe',
  'sms',
  'bill.apply',
] as const;
export type FaultScope = (typeof SCOPES)[number];

/** Trouble any request may meet. `system_error` alone means: the work was done, the answer says it was not. */
const ANY_REQUEST = [
  'timeout_before_commit',
  'timeout_after_commit',
  'system_error',
  'system_error_before_commit',
  'system_error_after_commit',
  'rate_limited',
  'unknown_code',
  'unknown_code_before_commit',
  'truncated_body',
  'slow',
] as const;
/** One of the codes that the product documents for this call, before or after the work is done. */
const CODED = ['error', 'error_after_commit'] as const;
const SIGNED = ['bad_signature', 'wrong_serial'] as const;

const BILL_REQUEST = [...ANY_REQUEST, ...CODED, ...SIGNED, 'not_enough'] as const;

const KINDS: Record<FaultScope, readonly string[]> = {
  sendredpack: [...ANY_REQUEST, ...CODED, 'not_enough', 'processing', 'processing_then_failed', 'send_failed'],
  gethbinfo: [...ANY_REQUEST, ...CODED, 'not_found', 'missing_hblist'],
  'transfer.create': [...BILL_REQUEST, 'accepted', 'processing', 'processing_then_failed'],
  'transfer.authorized': [...BILL_REQUEST, 'accepted', 'processing', 'processing_then_failed'],
  'transfer.query': [...ANY_REQUEST, ...CODED, ...SIGNED, 'not_found'],
  'transfer.cancel': [...ANY_REQUEST, ...CODED, ...SIGNED],
  'authorization.create': [...ANY_REQUEST, ...CODED, ...SIGNED],
  'authorization.query': [...ANY_REQUEST, ...CODED, ...SIGNED, 'not_found'],
  'authorization.close': [...ANY_REQUEST, ...CODED, ...SIGNED],
  'transfer.confirm': ['transferring', 'fail'],
  notify: ['duplicate_notify', 'late_notify', 'no_notify', 'bad_signature', 'wrong_serial', 'signtest_notify', 'slow'],
  oauth: ANY_REQUEST,
  token: ANY_REQUEST,
  ticket: ANY_REQUEST,
  'user.info': ANY_REQUEST,
  'message.template': ANY_REQUEST,
  'message.subscribe': ANY_REQUEST,
  sms: ANY_REQUEST,
  'bill.apply': [...ANY_REQUEST, ...SIGNED],
};

export interface Fault {
  readonly id: string;
  readonly scope: FaultScope;
  readonly kind: string;
  /** Strikes requests of this merchant only. */
  readonly mchId?: string;
  /** Share of requests it strikes, 0..100. Without `percent` and `next` it strikes every one. */
  readonly percent?: number;
  /** How many more requests it strikes; at 0 it is gone. */
  next?: number;
  /** How long to hold, delay or lag; the default depends on the kind. */
  readonly ms?: number;
  /** Error code to answer with (`error`, `unknown_code`), fail reason (`processing_then_failed`, `fail`). */
  readonly code?: string;
  hits: number;
}

export type FaultOrder = Pick<Fault, 'scope' | 'kind' | 'mchId' | 'percent' | 'next' | 'ms' | 'code'>;

const MOST_FAULTS = 1_000;

/** Faults ordered by the operator. The dice are seeded, so a run can be repeated. */
export class FaultDesk {
  private faults: Fault[] = [];
  private dice: () => number;

  constructor(seed: number) {
    this.dice = mulberry32(seed);
  }

  list(): readonly Fault[] {
    return this.faults;
  }

  /** Refuses a kind that means nothing in its scope, naming those that do. */
  order(order: FaultOrder): Fault | { problem: string } {
    const kinds = KINDS[order.scope];
    if (!kinds.includes(order.kind)) {
      return { problem: `kind "${order.kind}" means nothing for ${order.scope}; there are: ${kinds.join(', ')}` };
    }
    const codes = order.kind.startsWith('error') ? (ERROR_CODES[order.scope] ?? []) : null;
    if (codes && !codes.includes(order.code ?? '')) {
      return { problem: `${order.scope} has no error code "${order.code ?? ''}"; there are: ${codes.join(', ')}` };
    }
    if (this.faults.length >= MOST_FAULTS) return { problem: `there are ${MOST_FAULTS} faults already; clear some` };
    const fault: Fault = { id: randomUUID(), ...order, hits: 0 };
    this.faults.push(fault);
    return fault;
  }

  clear(id?: string): void {
    this.faults = id === undefined ? [] : this.faults.filter((fault) => fault.id !== id);
  }

  /** The fault that strikes this request, if any: the first in order of arrival whose dice say so. */
  take(scope: FaultScope, mchId?: string): Fault | undefined {
    for (const fault of this.faults) {
      if (fault.scope !== scope || (fault.mchId !== undefined && fault.mchId !== mchId)) continue;
      if (fault.percent !== undefined && this.dice() * 100 >= fault.percent) continue;
      fault.hits += 1;
      if (fault.next !== undefined) {
        fault.next -= 1;
        if (fault.next <= 0) this.clear(fault.id);
      }
      return fault;
    }
    return undefined;
  }
}

function mulberry32(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
