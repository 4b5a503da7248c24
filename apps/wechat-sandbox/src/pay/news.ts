import type { Authorization, AuthorizationNews } from '../world/authorization';
import { isTerminal, type Bill } from '../world/bill';
import { rfc3339 } from '../world/clock';
import type { SandboxEvent } from '../world/event';
import type { World } from '../world/world';
import { authorizationView } from './authorization-view';

/** Something a merchant wants to know. What it says is read when it is delivered; the id is the same for every delivery. */
export interface News {
  readonly id: string;
  readonly mchId: string;
  readonly notifyUrl: string;
  readonly eventType: string;
  readonly summary: string;
  at(): number;
  document(): object;
  attempts(): number;
  heard(): boolean;
  /** The event that notes one more delivery. */
  told(done: boolean): SandboxEvent;
}

/** The news in a change of the world, if it is one that somebody asked to be told. */
export function newsOf(event: SandboxEvent, world: World): News | undefined {
  if (event.t === 'move') return billNews(world.bills.get(event.key));
  if (event.t === 'bill') {
    return billNews(world.bills.get(`${event.bill.channel}:${event.bill.mchId}:${event.bill.outBillNo}`));
  }
  if (event.t !== 'authorization_move') return undefined;
  const authorization = world.authorizations.get(event.key);
  return authorization && authorizationNews(authorization, event.state === 'CLOSED' ? 'CLOSED' : 'CONFIRMED');
}

/** What was not heard before a restart. */
export function* unheardNews(world: World): Generator<News> {
  for (const bill of world.billsInOrder) {
    const news = billNews(bill);
    if (news !== undefined) yield news;
  }
  for (const one of world.authorizations.inOrder) {
    if (one.authorizedAt !== undefined) yield authorizationNews(one, 'CONFIRMED');
    if (one.closedAt !== undefined) yield authorizationNews(one, 'CLOSED');
  }
}

function billNews(bill: Bill | undefined): News | undefined {
  if (bill?.notifyUrl === undefined || !isTerminal(bill.state)) return undefined;
  const { key, mchId, notifyUrl } = bill;
  return {
    id: key,
    mchId,
    notifyUrl,
    eventType: 'MCHTRANSFER.BILL.FINISHED',
    summary: '商家转账单据终态通知',
    at: () => bill.updatedAt,
    document: () => ({
      out_bill_no: bill.outBillNo,
      transfer_bill_no: bill.platformNo,
      state: bill.state,
      mch_id: bill.mchId,
      transfer_amount: bill.amountFen,
      openid: bill.openid,
      fail_reason: bill.failReason,
      create_time: rfc3339(bill.createdAt),
      update_time: rfc3339(bill.updatedAt),
    }),
    attempts: () => bill.notifyAttempts,
    heard: () => bill.notifyDone,
    told: (done) => ({ t: 'notify', key, done }),
  };
}

function authorizationNews(authorization: Authorization, kind: AuthorizationNews): News {
  const { key, mchId, notifyUrl, told } = authorization;
  // What was true at that moment: news of an agreement may be delivered after its end.
  const asThen = authorizationView(
    kind === 'CLOSED' ? authorization : { ...authorization, state: 'TAKING_EFFECT', closedAt: undefined },
  );
  return {
    id: `${key}:${kind}`,
    mchId,
    notifyUrl,
    eventType: `MCHTRANSFER.AUTHORIZATION.${kind}`,
    summary: kind === 'CONFIRMED' ? '用户已确认免确认收款授权' : '免确认收款授权已解除',
    at: () => (kind === 'CONFIRMED' ? authorization.authorizedAt : authorization.closedAt) ?? authorization.updatedAt,
    document: () => ({ mch_id: mchId, ...asThen }),
    attempts: () => told[kind].attempts,
    heard: () => told[kind].done,
    told: (done) => ({ t: 'authorization_notify', key, news: kind, done }),
  };
}
