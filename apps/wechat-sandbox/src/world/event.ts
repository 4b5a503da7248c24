import type { AuthorizationNews, AuthorizationState, CloseReason, NewAuthorization } from './authorization';
import type { BillState, NewBill } from './bill';

/** A fake WeChat user. Coordinates are gcj02 degrees, `ip` is the public address the user's phone would have. */
export interface SandboxUser {
  id: string;
  nickname: string;
  city: string;
  latitude: number;
  longitude: number;
  ip: string;
  unionid?: string;
  /** Opens pages in 快照页 mode, with a virtual account. */
  snapshot?: boolean;
  follows?: boolean;
  realName?: string;
  /** Refuses to share a location. */
  deniesLocation?: boolean;
  /** Blocked by the platform's risk control: red packets answer NO_AUTH. */
  blocked?: boolean;
  /** A transfer confirmed by this user ends in FAIL with this reason. */
  transferFailReason?: string;
}

export interface IssuedToken {
  kind: 'access' | 'stable' | 'ticket';
  appId: string;
  value: string;
  /** Wall clock, epoch milliseconds. */
  issuedAt: number;
  expiresAt: number;
  forced?: boolean;
}

/** Everything that ever changed, one JSON line each. Replaying them in order rebuilds the world. */
export type SandboxEvent =
  | { t: 'user'; user: SandboxUser }
  | { t: 'topup'; mchId: string; amountFen: number; at: number }
  | { t: 'clock'; offsetMs: number }
  | { t: 'bill'; bill: NewBill }
  /** A bill of a past lived elsewhere, with all the states it went through after the first. */
  | { t: 'past'; bill: NewBill; states: BillState[]; at: number; failReason?: string }
  | { t: 'repeat'; key: string }
  | {
      t: 'move';
      key: string;
      state: BillState;
      at: number;
      failReason?: string;
      holdUntil?: number;
      afterHold?: BillState;
    }
  | { t: 'notify'; key: string; done: boolean }
  | { t: 'authorization'; authorization: NewAuthorization }
  | { t: 'authorization_move'; key: string; state: AuthorizationState; at: number; closeReason?: CloseReason }
  | { t: 'authorization_notify'; key: string; news: AuthorizationNews; done: boolean }
  | { t: 'token'; token: IssuedToken };
