import { randomInt } from 'node:crypto';
import type { Fault, FaultDesk } from '../control/faults';
import { OPEN_FOR_MS, QUERY_WINDOW_MS } from '../limits';
import type { Settings } from '../settings';
import { billKey, isTerminal, type Bill, type BillState, type NewBill } from '../world/bill';
import { businessDay } from '../world/clock';
import type { Identity } from '../world/identity';
import { merchantAccount } from '../world/ledger';
import type { Store } from '../world/store';
import { silentCourse } from '../world/lifecycle';
import type { Authorizing } from './authorizing';
import { refusal, type Refusal } from './refusal';
import { brokenRule, fingerprint, type SilentOrder, type TransferOrder } from './transfer-order';

export type Confirmation = { kind: 'done'; state: BillState } | { kind: 'refused'; message: string };
export type OpenedPackage = { kind: 'ready' | 'paid'; bill: Bill } | { kind: 'refused'; message: string };

const EXPIRED = '参数错误：该笔收款已过期或已失效';
const WRONG_USER = '你的微信号与商家指定的微信号不一致';

/** 商家转账, user-confirm mode: create, find, cancel, and what the user does with it. */
export class Transfers {
  constructor(
    private readonly store: Store,
    private readonly identity: Identity,
    private readonly settings: Settings,
    private readonly faults: FaultDesk,
    private readonly authorizing: Authorizing,
  ) {}

  /** A transfer under an authorization: the authorization names the person, and there is nothing to confirm. */
  createSilently(mchId: string, order: SilentOrder, fault: Fault | undefined): Bill | Refusal {
    const name = { outNo: order.out_authorization_no, platformNo: order.authorization_id };
    const existing = this.store.world.bills.get(billKey('transfer', mchId, order.out_bill_no));
    // A number that exists is answered whatever became of the authorization since.
    if (existing?.details.authorizationNo !== undefined) {
      return this.create(mchId, { ...order, openid: existing.openid }, fault, existing.details.authorizationNo);
    }
    const authorization = this.authorizing.inForce(mchId, name);
    if (authorization?.sceneId !== order.transfer_scene_id) {
      return refusal(400, 'INVALID_REQUEST', '用户授权不存在或已解除');
    }
    return this.create(mchId, { ...order, openid: authorization.openid }, fault, authorization.outNo);
  }

  create(mchId: string, order: TransferOrder, fault: Fault | undefined, authorizationNo?: string): Bill | Refusal {
    const key = billKey('transfer', mchId, order.out_bill_no);
    const print = fingerprint(order, authorizationNo);
    const existing = this.store.world.bills.get(key);
    if (existing !== undefined) {
      if (existing.fingerprint !== print) {
        return refusal(400, 'INVALID_REQUEST', '单号已存在但信息不一致，请查单后比较确认');
      }
      this.store.commit({ t: 'repeat', key });
      return existing;
    }
    const broken = brokenRule(order, this.settings.appId, this.settings.limits);
    if (broken !== undefined) return broken;
    const payee = this.store.world.whoIs(order.openid);
    if (payee === undefined) return refusal(400, 'PARAM_ERROR', 'openid与appid不匹配');
    const birth = this.birth(mchId, order, payee, fault, authorizationNo !== undefined);
    if ('status' in birth) return birth;
    const now = this.store.now();
    const bill: NewBill = {
      channel: 'transfer',
      outBillNo: order.out_bill_no,
      platformNo: this.platformNo(mchId, now),
      mchId,
      appId: order.appid,
      openid: order.openid,
      userId: payee.userId,
      amountFen: order.transfer_amount,
      fingerprint: print,
      notifyUrl: order.notify_url,
      details: {
        remark: order.transfer_remark,
        sceneId: order.transfer_scene_id,
        perception: order.user_recv_perception,
        style: order.user_recv_style?.type,
        userName: order.user_name,
        authorizationNo,
      },
      createdAt: now,
      updatedAt: now,
      ...birth,
    };
    this.store.commit({ t: 'bill', bill });
    return this.need(key);
  }

  find(mchId: string, outBillNo: string): Bill | undefined {
    return this.visible(mchId, this.store.world.bills.get(billKey('transfer', mchId, outBillNo)));
  }

  findByPlatformNo(mchId: string, platformNo: string): Bill | undefined {
    return this.visible(mchId, this.store.world.byPlatform(platformNo));
  }

  cancel(mchId: string, outBillNo: string): Bill | Refusal {
    const bill = this.find(mchId, outBillNo);
    if (bill === undefined) return refusal(404, 'NOT_FOUND', '记录不存在');
    if (bill.state === 'CANCELING' || bill.state === 'CANCELLED') return bill;
    if (isTerminal(bill.state)) return refusal(400, 'INVALID_REQUEST', '当前转账单状态不支持撤销');
    this.store.commit({ t: 'move', key: bill.key, state: 'CANCELING', at: this.store.now() });
    return bill;
  }

  /** The sealed name of a bill that waits for its user. */
  packageInfo(bill: Bill): string | undefined {
    return bill.state === 'WAIT_USER_CONFIRM' ? this.identity.seal('package', { n: bill.platformNo }) : undefined;
  }

  /** What the confirm page may show this user. */
  openPackage(sealed: string, mchId: string, appId: string, userId: string): OpenedPackage {
    const number = this.identity.unseal('package', sealed)?.['n'];
    const bill = typeof number === 'string' ? this.store.world.byPlatform(number) : undefined;
    if (bill === undefined) return { kind: 'refused', message: '参数错误：package无效' };
    if (bill.mchId !== mchId) return { kind: 'refused', message: '商户号错误' };
    if (bill.appId !== appId) return { kind: 'refused', message: 'APPID错误' };
    if (!this.belongsTo(bill, userId)) return { kind: 'refused', message: WRONG_USER };
    if (bill.state === 'SUCCESS') return { kind: 'paid', bill };
    if (bill.state === 'TRANSFERING') return { kind: 'refused', message: '正在收款，到账后可在零钱明细中查看' };
    if (!this.mayConfirm(bill) || bill.state === 'CANCELING') return { kind: 'refused', message: EXPIRED };
    return { kind: 'ready', bill };
  }

  /** The user tapped 确认收款. A cancel that is still running may lose this race, as in life. */
  confirm(bill: Bill, userId: string): Confirmation {
    if (!this.belongsTo(bill, userId)) return { kind: 'refused', message: WRONG_USER };
    if (bill.state === 'SUCCESS') return { kind: 'done', state: 'SUCCESS' };
    if (!this.mayConfirm(bill)) return { kind: 'refused', message: EXPIRED };
    const at = this.store.now();
    const fault = this.faults.take('transfer.confirm');
    const failReason =
      this.store.world.users.get(userId)?.transferFailReason ??
      (fault?.kind === 'fail' ? (fault.code ?? 'TRANSFER_RISK') : undefined);
    if (failReason !== undefined && bill.state !== 'CANCELING') {
      this.store.commit({ t: 'move', key: bill.key, state: 'FAIL', at, failReason });
    } else if (fault?.kind === 'transferring' && bill.state !== 'CANCELING') {
      const holdUntil = at + (fault.ms ?? 3_000);
      this.store.commit({ t: 'move', key: bill.key, state: 'TRANSFERING', at, holdUntil, afterHold: 'SUCCESS' });
    } else {
      this.store.commit({ t: 'move', key: bill.key, state: 'SUCCESS', at });
    }
    return { kind: 'done', state: bill.state };
  }

  private birth(
    mchId: string,
    order: TransferOrder,
    payee: { userId: string; virtual: boolean },
    fault: Fault | undefined,
    silent: boolean,
  ): Pick<NewBill, 'state' | 'failReason' | 'holdUntil' | 'afterHold'> | Refusal {
    const now = this.store.now();
    const user = this.store.world.users.get(payee.userId);
    const realName = user?.realName;
    if (payee.virtual) return { state: 'FAIL', failReason: 'ACCOUNT_NOT_EXIST' };
    if (order.plainName !== undefined && realName !== undefined && order.plainName !== realName) {
      return { state: 'FAIL', failReason: 'NAME_NOT_CORRECT' };
    }
    if (fault?.kind === 'accepted') return { state: 'ACCEPTED', holdUntil: now + (fault.ms ?? 1_000) };
    if (fault?.kind === 'processing') return { state: 'PROCESSING', holdUntil: now + (fault.ms ?? 3_000) };
    if (fault?.kind === 'processing_then_failed') {
      const failReason = fault.code ?? 'PAYEE_ACCOUNT_ABNORMAL';
      return { state: 'PROCESSING', holdUntil: now + (fault.ms ?? 3_000), afterHold: 'FAIL', failReason };
    }
    if (this.store.world.ledger.balance(merchantAccount(mchId)) < order.transfer_amount) {
      if (this.settings.limits.transferWaitsForBalance) return { state: 'PROCESSING' };
      return refusal(403, 'NOT_ENOUGH', '商户账户资金不足，请充值后使用原单号重试');
    }
    if (silent) return { state: 'TRANSFERING', ...silentCourse(user, now, this.settings.lags) };
    return { state: 'WAIT_USER_CONFIRM' };
  }

  private belongsTo(bill: Bill, userId: string): boolean {
    const user = this.store.world.users.get(userId);
    return user !== undefined && this.store.world.openidOf(user) === bill.openid;
  }

  private mayConfirm(bill: Bill): boolean {
    const waiting = bill.state === 'WAIT_USER_CONFIRM' || (bill.state === 'CANCELING' && bill.lockedFen > 0);
    return waiting && this.store.now() < bill.createdAt + OPEN_FOR_MS;
  }

  private visible(mchId: string, bill: Bill | undefined): Bill | undefined {
    if (bill === undefined || bill.mchId !== mchId || bill.channel !== 'transfer') return undefined;
    return this.store.now() - bill.createdAt > QUERY_WINDOW_MS ? undefined : bill;
  }

  private platformNo(mchId: string, now: number): string {
    const ordinal = String(this.store.world.billsInOrder.length + 1).padStart(10, '0');
    return `1330${mchId.slice(-6)}${businessDay(now).replaceAll('-', '')}${ordinal}${randomInt(1_000, 9_999)}`;
  }

  private need(key: string): Bill {
    const bill = this.store.world.bills.get(key);
    if (bill === undefined) throw new Error(`bill ${key} was not stored`);
    return bill;
  }
}
