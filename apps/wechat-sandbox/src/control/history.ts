import { createHash } from 'node:crypto';
import { z } from 'zod';
import {
  billKey,
  isPaid,
  isTerminal,
  locksMoney,
  STATES_OF,
  type Bill,
  type BillState,
  type NewBill,
} from '../world/bill';
import type { SandboxEvent } from '../world/event';
import type { Store } from '../world/store';

const instant = z.union([
  z.number().int().positive(),
  z.iso.datetime({ offset: true }).transform((text) => Date.parse(text)),
]);

export const historyRequest = z.object({
  bills: z
    .array(
      z.object({
        channel: z.enum(['transfer', 'redpack']),
        outBillNo: z.string().regex(/^[0-9A-Za-z]{1,32}$/),
        mchId: z.string(),
        openid: z.string(),
        amountFen: z.number().int().positive(),
        state: z.string(),
        remark: z.string().default('历史发放'),
        failReason: z.string().optional(),
        createdAt: instant,
        updatedAt: instant,
      }),
    )
    .max(20_000),
});
type PastBill = z.infer<typeof historyRequest>['bills'][number];

export interface HistoryResult {
  loaded: number;
  /** Bills that were here already with the same content. */
  skipped: number;
  problems: string[];
}

/**
 * Loads bills of a past that was lived elsewhere. Each takes the way through the ledger it would have taken then; the merchant gets a top-up of what the paid and
 * open ones took, so that its balance stays what it was. Nothing is loaded when one bill is wrong. Loading the same bills again changes nothing.
 */
export function loadHistory(
  store: Store,
  appId: string,
  bills: readonly PastBill[],
  merchants: ReadonlySet<string>,
): HistoryResult {
  const problems = bills.flatMap((bill) => problemOf(store, bill, merchants)).slice(0, 20);
  if (problems.length > 0) return { loaded: 0, skipped: 0, problems };
  const fresh = new Map<string, PastBill>();
  for (const bill of bills) {
    const key = billKey(bill.channel, bill.mchId, bill.outBillNo);
    if (!store.world.bills.has(key)) fresh.set(key, bill);
  }
  const events: SandboxEvent[] = [...fundings(fresh.values(), store.now())];
  for (const [key, bill] of fresh) events.push(lifeOf(key, bill, store, appId));
  if (events.length > 0) store.commit(...events);
  return { loaded: fresh.size, skipped: bills.length - fresh.size, problems: [] };
}

function problemOf(store: Store, bill: PastBill, merchants: ReadonlySet<string>): string[] {
  const state = bill.state as BillState;
  const name = bill.outBillNo;
  if (!STATES_OF[bill.channel].includes(state)) return [`${name}: a ${bill.channel} has no state ${bill.state}`];
  if (!isTerminal(state) && !locksMoney(state)) return [`${name}: ${state} cannot be loaded`];
  if (!merchants.has(bill.mchId)) return [`${name}: no merchant ${bill.mchId}`];
  if (store.world.whoIs(bill.openid) === undefined) return [`${name}: no user has openid ${bill.openid}`];
  if (bill.updatedAt < bill.createdAt) return [`${name}: updatedAt is before createdAt`];
  if (bill.createdAt > store.now()) return [`${name}: createdAt is in the future`];
  const existing = store.world.bills.get(billKey(bill.channel, bill.mchId, bill.outBillNo));
  return existing === undefined || sameBill(existing, bill) ? [] : [`${name}: exists with another content`];
}

function sameBill(existing: Bill, bill: PastBill): boolean {
  return existing.openid === bill.openid && existing.amountFen === bill.amountFen;
}

function* fundings(bills: Iterable<PastBill>, now: number): Generator<SandboxEvent> {
  const needs = new Map<string, { fen: number; at: number }>();
  for (const bill of bills) {
    const need = needs.get(bill.mchId) ?? { fen: 0, at: now };
    needs.set(bill.mchId, { fen: need.fen + bill.amountFen, at: Math.min(need.at, bill.createdAt) });
  }
  for (const [mchId, { fen, at }] of needs) yield { t: 'topup', mchId, amountFen: fen, at };
}

function lifeOf(key: string, bill: PastBill, store: Store, appId: string): SandboxEvent {
  const open: BillState = bill.channel === 'transfer' ? 'WAIT_USER_CONFIRM' : 'SENDING';
  const made: NewBill = {
    channel: bill.channel,
    outBillNo: bill.outBillNo,
    platformNo: `H${createHash('sha256').update(key).digest('hex').slice(0, 27)}`,
    mchId: bill.mchId,
    appId,
    openid: bill.openid,
    userId: store.world.whoIs(bill.openid)?.userId ?? '',
    amountFen: bill.amountFen,
    fingerprint: 'history',
    details: { remark: bill.remark },
    createdAt: bill.createdAt,
    updatedAt: bill.createdAt,
    state: open,
  };
  const states = path(bill.state as BillState);
  return { t: 'past', bill: made, states, at: bill.updatedAt, failReason: bill.failReason };
}

/** The states between the open one a bill starts in and the one it is to have. */
function path(state: BillState): BillState[] {
  if (state === 'WAIT_USER_CONFIRM' || state === 'SENDING') return [];
  if (state === 'CANCELLED') return ['CANCELING', 'CANCELLED'];
  if (state === 'REFUND') return ['SENT', 'RFUND_ING', 'REFUND'];
  if (state === 'RFUND_ING') return ['SENT', 'RFUND_ING'];
  if (state === 'RECEIVED') return ['SENT', 'RECEIVED'];
  return isPaid(state) || isTerminal(state) || state === 'SENT' ? [state] : ['TRANSFERING'];
}
