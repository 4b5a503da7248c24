/** 免确认收款授权: a user lets a merchant pay without asking each time. Times are virtual epoch milliseconds. */

export type AuthorizationState = 'WAIT_USER_CONFIRM' | 'TAKING_EFFECT' | 'CLOSED';

export const CLOSE_REASONS = [
  'CLOSE_VIA_MCH_API',
  'USER_CLOSE',
  'USER_OVERDUE_UNCONFIRMED',
  'TRANSFER_RISK',
  'USER_ACCOUNT_ABNORMAL',
] as const;
export type CloseReason = (typeof CLOSE_REASONS)[number];

/** What the merchant is told about an authorization: that the user agreed, that it ended. */
export type AuthorizationNews = 'CONFIRMED' | 'CLOSED';

export interface Authorization {
  readonly key: string;
  readonly seq: number;
  readonly outNo: string;
  /** authorization_id. */
  readonly platformNo: string;
  readonly mchId: string;
  readonly appId: string;
  readonly openid: string;
  readonly userId: string;
  readonly sceneId: string;
  readonly displayName: string;
  readonly perception: string | undefined;
  readonly notifyUrl: string;
  readonly fingerprint: string;
  readonly createdAt: number;
  state: AuthorizationState;
  updatedAt: number;
  authorizedAt: number | undefined;
  closedAt: number | undefined;
  closeReason: CloseReason | undefined;
  /** Deliveries of each piece of news so far. */
  told: Record<AuthorizationNews, { attempts: number; done: boolean }>;
}

export type NewAuthorization = Omit<
  Authorization,
  'key' | 'seq' | 'state' | 'updatedAt' | 'authorizedAt' | 'closedAt' | 'closeReason' | 'told'
>;

const MOVES: Record<AuthorizationState, readonly AuthorizationState[]> = {
  WAIT_USER_CONFIRM: ['TAKING_EFFECT', 'CLOSED'],
  TAKING_EFFECT: ['CLOSED'],
  CLOSED: [],
};

export function authorizationKey(mchId: string, outNo: string): string {
  return `authorization:${mchId}:${outNo}`;
}

/** All authorizations, changed by the world's events only. Throws before it changes anything when a change is not allowed. */
export class Authorizations {
  readonly inOrder: Authorization[] = [];
  private readonly byKey = new Map<string, Authorization>();
  private readonly byPlatformNo = new Map<string, Authorization>();
  private readonly open = new Map<string, Authorization>();

  get(key: string): Authorization | undefined {
    return this.byKey.get(key);
  }

  byPlatform(platformNo: string): Authorization | undefined {
    return this.byPlatformNo.get(platformNo);
  }

  /** The one of this person and scene that is not over, if any. */
  openOf(mchId: string, openid: string, sceneId: string): Authorization | undefined {
    return this.open.get(`${mchId}|${openid}|${sceneId}`);
  }

  of(userId: string): Authorization[] {
    return this.inOrder.filter((one) => one.userId === userId);
  }

  add(made: NewAuthorization): void {
    const key = authorizationKey(made.mchId, made.outNo);
    if (this.byKey.has(key)) throw new Error(`authorization ${key} exists already`);
    if (this.openOf(made.mchId, made.openid, made.sceneId)) throw new Error(`${made.openid} has an open authorization`);
    const authorization: Authorization = {
      ...made,
      key,
      seq: this.inOrder.length + 1,
      state: 'WAIT_USER_CONFIRM',
      updatedAt: made.createdAt,
      authorizedAt: undefined,
      closedAt: undefined,
      closeReason: undefined,
      told: { CONFIRMED: { attempts: 0, done: false }, CLOSED: { attempts: 0, done: false } },
    };
    this.byKey.set(key, authorization);
    this.byPlatformNo.set(made.platformNo, authorization);
    this.open.set(`${made.mchId}|${made.openid}|${made.sceneId}`, authorization);
    this.inOrder.push(authorization);
  }

  move(key: string, state: AuthorizationState, at: number, closeReason: CloseReason | undefined): void {
    const authorization = this.need(key);
    if (!MOVES[authorization.state].includes(state)) {
      throw new Error(`authorization ${key} cannot go from ${authorization.state} to ${state}`);
    }
    authorization.state = state;
    authorization.updatedAt = at;
    if (state === 'TAKING_EFFECT') authorization.authorizedAt = at;
    if (state !== 'CLOSED') return;
    authorization.closedAt = at;
    authorization.closeReason = closeReason;
    const { mchId, openid, sceneId } = authorization;
    this.open.delete(`${mchId}|${openid}|${sceneId}`);
  }

  noteTold(key: string, news: AuthorizationNews, done: boolean): void {
    const told = this.need(key).told[news];
    told.attempts += 1;
    told.done = done;
  }

  private need(key: string): Authorization {
    const authorization = this.byKey.get(key);
    if (authorization === undefined) throw new Error(`no authorization ${key}`);
    return authorization;
  }
}
