import { randomInt } from 'node:crypto';
import { OPEN_FOR_MS, type Lags } from '../limits';
import {
  authorizationKey,
  type Authorization,
  type AuthorizationState,
  type CloseReason,
  type NewAuthorization,
} from '../world/authorization';
import { businessDay } from '../world/clock';
import { DueQueue } from '../world/due-queue';
import type { Identity } from '../world/identity';
import type { Store } from '../world/store';
import { authorizationPrint, type AuthorizationOrder } from './authorization-order';
import { refusal, type Refusal } from './refusal';

export type OpenedAuthorization =
  { kind: 'ready' | 'agreed'; authorization: Authorization } | { kind: 'refused'; message: string };

const OVER = '参数错误：该授权已过期或已失效';
const WRONG_USER = '你的微信号与商家指定的微信号不一致';

/** 免确认收款授权: asking for it, agreeing, closing, and its end after 24 hours without an answer. */
export class Authorizing {
  private readonly queue = new DueQueue<Authorization>();

  constructor(
    private readonly store: Store,
    private readonly identity: Identity,
    private readonly lags: Lags,
  ) {
    for (const authorization of this.all.inOrder) this.watch(authorization);
  }

  create(mchId: string, order: AuthorizationOrder): Authorization | Refusal {
    const key = authorizationKey(mchId, order.out_authorization_no);
    const fingerprint = authorizationPrint(order);
    const existing = this.all.get(key);
    if (existing !== undefined) {
      if (existing.fingerprint === fingerprint) return existing;
      return refusal(400, 'INVALID_REQUEST', '单号已存在但信息不一致，请查单后比较确认');
    }
    const person = this.store.world.whoIs(order.openid);
    if (person === undefined) return refusal(400, 'PARAM_ERROR', 'openid与appid不匹配');
    if (this.all.openOf(mchId, order.openid, order.transfer_scene_id) !== undefined) {
      return refusal(400, 'INVALID_REQUEST', '该用户的授权数量达到限制');
    }
    const now = this.store.now();
    const made: NewAuthorization = {
      outNo: order.out_authorization_no,
      platformNo: this.platformNo(mchId, now),
      mchId,
      appId: order.appid,
      openid: order.openid,
      userId: person.userId,
      sceneId: order.transfer_scene_id,
      displayName: order.user_display_name,
      perception: order.user_recv_perception,
      notifyUrl: order.authorization_notify_url,
      fingerprint,
      createdAt: now,
    };
    this.store.commit({ t: 'authorization', authorization: made });
    const authorization = this.need(key);
    this.watch(authorization);
    return authorization;
  }

  find(mchId: string, outNo: string): Authorization | undefined {
    return this.all.get(authorizationKey(mchId, outNo));
  }

  /** The one that a silent transfer names, if money may go out under it now. */
  inForce(mchId: string, name: { outNo?: string; platformNo?: string }): Authorization | undefined {
    const found = name.outNo !== undefined ? this.find(mchId, name.outNo) : this.all.byPlatform(name.platformNo ?? '');
    return found?.mchId === mchId && found.state === 'TAKING_EFFECT' ? found : undefined;
  }

  /** The sealed name of an authorization that waits for its user. */
  packageInfo({ state, key }: Authorization): string | undefined {
    return state === 'WAIT_USER_CONFIRM' ? this.identity.seal('package', { a: key }) : undefined;
  }

  /** What the page may show this user; undefined when the package is none of an authorization. */
  openPackage(sealed: string, mchId: string, appId: string, userId: string): OpenedAuthorization | undefined {
    const key = this.identity.unseal('package', sealed)?.['a'];
    if (typeof key !== 'string') return undefined;
    const authorization = this.all.get(key);
    if (authorization === undefined) return { kind: 'refused', message: '参数错误：package无效' };
    if (authorization.mchId !== mchId) return { kind: 'refused', message: '商户号错误' };
    if (authorization.appId !== appId) return { kind: 'refused', message: 'APPID错误' };
    if (!this.belongsTo(authorization, userId)) return { kind: 'refused', message: WRONG_USER };
    if (authorization.state === 'TAKING_EFFECT') return { kind: 'agreed', authorization };
    if (!this.mayAgree(authorization)) return { kind: 'refused', message: OVER };
    return { kind: 'ready', authorization };
  }

  /** The user tapped 同意授权. Returns why not, or null. */
  agree(authorization: Authorization, userId: string): string | null {
    if (!this.belongsTo(authorization, userId)) return WRONG_USER;
    if (authorization.state === 'TAKING_EFFECT') return null;
    if (!this.mayAgree(authorization)) return OVER;
    this.move(authorization, 'TAKING_EFFECT', this.store.now());
    return null;
  }

  /** Ends it, whoever wants that. An ended one stays as it is. */
  close(authorization: Authorization, reason: CloseReason): void {
    if (authorization.state !== 'CLOSED') this.move(authorization, 'CLOSED', this.store.now(), reason);
  }

  /** Ends those that nobody answered in time and returns how many. */
  sweep(): number {
    const now = this.store.now();
    let closed = 0;
    for (let one = this.queue.take(now); one !== undefined; one = this.queue.take(now)) {
      if (one.state !== 'WAIT_USER_CONFIRM') continue;
      this.move(one, 'CLOSED', this.dueAt(one), 'USER_OVERDUE_UNCONFIRMED');
      closed += 1;
    }
    return closed;
  }

  private get all(): Store['world']['authorizations'] {
    return this.store.world.authorizations;
  }

  private move(authorization: Authorization, state: AuthorizationState, at: number, closeReason?: CloseReason): void {
    this.store.commit({ t: 'authorization_move', key: authorization.key, state, at, closeReason });
  }

  private mayAgree({ state, createdAt }: Authorization): boolean {
    return state === 'WAIT_USER_CONFIRM' && this.store.now() < createdAt + OPEN_FOR_MS;
  }

  private belongsTo(authorization: Authorization, userId: string): boolean {
    const user = this.store.world.users.get(userId);
    return user !== undefined && this.store.world.openidOf(user) === authorization.openid;
  }

  private watch(authorization: Authorization): void {
    if (authorization.state === 'WAIT_USER_CONFIRM') this.queue.push(this.dueAt(authorization), authorization);
  }

  private dueAt({ createdAt }: Authorization): number {
    return createdAt + OPEN_FOR_MS + this.lags.close;
  }

  private platformNo(mchId: string, now: number): string {
    const ordinal = String(this.all.inOrder.length + 1).padStart(10, '0');
    return `1660${mchId.slice(-6)}${businessDay(now).replaceAll('-', '')}${ordinal}${randomInt(1_000, 9_999)}`;
  }

  private need(key: string): Authorization {
    const authorization = this.all.get(key);
    if (authorization === undefined) throw new Error(`authorization ${key} was not stored`);
    return authorization;
  }
}
