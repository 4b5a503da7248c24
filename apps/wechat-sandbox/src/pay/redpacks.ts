import { randomInt } from 'node:crypto';
import type { Fault } from '../control/faults';
import { QUERY_WINDOW_MS } from '../limits';
import type { Settings } from '../settings';
import { billKey, type Bill, type NewBill } from '../world/bill';
import { merchantAccount } from '../world/ledger';
import type { Store } from '../world/store';
import type { RedpackOrder } from './redpack-order';
import type { V2Failure } from './v2-wire';

const SAME_BILL_KEPT = 10_000;

export type Reception = { kind: 'done' } | { kind: 'refused'; message: string };

/** 现金红包: accept, find, receive. Delivery and the refund after 24 hours happen by themselves. */
export class Redpacks {
  private readonly lastTry = new Map<string, number>();

  constructor(
    private readonly store: Store,
    private readonly settings: Settings,
  ) {}

  send(mchId: string, order: RedpackOrder, fault: Fault | undefined): Bill | V2Failure {
    const key = billKey('redpack', mchId, order.outBillNo);
    const existing = this.store.world.bills.get(key);
    const tooSoon = this.tooSoon(key);
    if (existing !== undefined) {
      if (existing.fingerprint !== order.fingerprint) {
        return { code: 'FATAL_ERROR', message: '两次请求参数不一致' };
      }
      if (tooSoon) return { code: 'FREQ_LIMIT', message: '同一单号请求过于频繁，请稍后再试' };
      return this.repeat(existing);
    }
    const refused = this.refusal(mchId, order);
    if (refused !== undefined) return refused;
    const now = this.store.now();
    const bill: NewBill = {
      channel: 'redpack',
      outBillNo: order.outBillNo,
      platformNo: this.listId(),
      mchId,
      appId: order.appId,
      openid: order.openid,
      userId: this.store.world.whoIs(order.openid)?.userId ?? '',
      amountFen: order.amountFen,
      fingerprint: order.fingerprint,
      details: {
        remark: order.remark,
        sceneId: order.sceneId,
        sendName: order.sendName,
        wishing: order.wishing,
        actName: order.actName,
      },
      createdAt: now,
      updatedAt: now,
      ...birth(now, fault),
    };
    this.store.commit({ t: 'bill', bill });
    const made = this.store.world.bills.get(key);
    if (made === undefined) throw new Error(`red packet ${key} was not stored`);
    return this.outcome(made);
  }

  find(mchId: string, outBillNo: string): Bill | undefined {
    const bill = this.store.world.bills.get(billKey('redpack', mchId, outBillNo));
    return bill === undefined || this.store.now() - bill.createdAt > QUERY_WINDOW_MS ? undefined : bill;
  }

  /** The user opened the packet. */
  receive(bill: Bill, userId: string): Reception {
    if (bill.userId !== userId) return { kind: 'refused', message: '这个红包不是发给你的' };
    if (bill.state === 'RECEIVED') return { kind: 'done' };
    if (bill.state === 'SENDING') return { kind: 'refused', message: '红包还在路上' };
    if (bill.state !== 'SENT') return { kind: 'refused', message: '该红包已超过24小时，未领取的金额已退回' };
    this.store.commit({ t: 'move', key: bill.key, state: 'RECEIVED', at: this.store.now() });
    return { kind: 'done' };
  }

  private repeat(existing: Bill): Bill | V2Failure {
    const outcome = this.outcome(existing);
    if (!('code' in outcome)) this.store.commit({ t: 'repeat', key: existing.key });
    return outcome;
  }

  /** How a stored packet answers a request to send it. */
  private outcome(bill: Bill): Bill | V2Failure {
    if (bill.state === 'SENDING' && bill.holdUntil !== undefined) {
      return { code: 'PROCESSING', message: '请求已受理，请稍后使用原单号查询发放结果' };
    }
    if (bill.state === 'FAILED') return { code: 'SEND_FAILED', message: '红包发放失败，请更换单号再重试' };
    return bill;
  }

  private refusal(mchId: string, order: RedpackOrder): V2Failure | undefined {
    const { world } = this.store;
    const { limits, appId } = this.settings;
    if (order.appId !== appId)
      return { code: 'ILLEGAL_APPID', message: '非法appid，请确认是否为公众号的appid，不能为APP的appid' };
    const payee = world.whoIs(order.openid);
    if (payee === undefined) return { code: 'OPENID_ERROR', message: 'openid和appid不匹配' };
    if (payee.virtual || world.users.get(payee.userId)?.blocked === true) {
      return { code: 'NO_AUTH', message: '该用户账号异常，已拦截本次发放' };
    }
    const now = this.store.now();
    const own = world.redpacksOn(mchId, payee.userId, now);
    const all = world.redpacksOn(mchId, '*', now);
    if (own.count >= limits.redpackPerUserDay)
      return { code: 'SENDNUM_LIMIT', message: '该用户今日领取红包个数超过限制' };
    if (own.fen + order.amountFen > limits.redpackFenPerUserDay) {
      return { code: 'RCVDAMOUNT_LIMIT', message: '该用户今日领取金额超过限制' };
    }
    if (all.fen + order.amountFen > limits.redpackFenPerMerchantDay) {
      return { code: 'SENDAMOUNT_LIMIT', message: '商户号今日发放金额超过限制' };
    }
    if (world.ledger.balance(merchantAccount(mchId)) < order.amountFen) {
      return { code: 'NOTENOUGH', message: '帐号余额不足，请到商户平台充值后再重试' };
    }
    return undefined;
  }

  private tooSoon(key: string): boolean {
    const now = this.store.wallNow();
    const last = this.lastTry.get(key);
    if (last !== undefined && now - last < this.settings.limits.redpackSameBillMs) return true;
    this.lastTry.delete(key);
    this.lastTry.set(key, now);
    if (this.lastTry.size > SAME_BILL_KEPT) {
      for (const oldest of this.lastTry.keys()) {
        this.lastTry.delete(oldest);
        break;
      }
    }
    return false;
  }

  private listId(): string {
    const ordinal = String(this.store.world.billsInOrder.length + 1).padStart(10, '0');
    return `1000041701${ordinal}${randomInt(10_000_000, 99_999_999)}`;
  }
}

function birth(
  now: number,
  fault: Fault | undefined,
): Pick<NewBill, 'state' | 'failReason' | 'holdUntil' | 'afterHold'> {
  const reason = fault?.code;
  switch (fault?.kind) {
    case 'processing':
      return { state: 'SENDING', holdUntil: now + (fault.ms ?? 3_000), failReason: reason ?? '系统处理中' };
    case 'processing_then_failed':
      return {
        state: 'SENDING',
        holdUntil: now + (fault.ms ?? 3_000),
        afterHold: 'FAILED',
        failReason: reason ?? '余额不足',
      };
    case 'send_failed':
      return { state: 'FAILED', failReason: reason ?? '发放失败' };
    default:
      return { state: 'SENDING' };
  }
}
