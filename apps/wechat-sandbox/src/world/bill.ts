import { lockedAccount } from './ledger';

/** A payment bill of either product, as the stand-in keeps it. Amounts are integer fen, times are virtual epoch milliseconds. */

export type Channel = 'transfer' | 'redpack';

export type TransferState =
  'ACCEPTED' | 'PROCESSING' | 'WAIT_USER_CONFIRM' | 'TRANSFERING' | 'CANCELING' | 'SUCCESS' | 'FAIL' | 'CANCELLED';

export type RedpackState = 'SENDING' | 'SENT' | 'RECEIVED' | 'RFUND_ING' | 'REFUND' | 'FAILED';

export type BillState = TransferState | RedpackState;

/** What the merchant wrote on the bill and the user or a query sees again. */
export interface BillDetails {
  remark: string;
  sceneId?: string;
  perception?: string;
  style?: string;
  userName?: string;
  /** A transfer under this authorization: nobody has to confirm it. */
  authorizationNo?: string;
  sendName?: string;
  wishing?: string;
  actName?: string;
}

export interface Bill {
  readonly key: string;
  /** Its account in the book while money is locked. */
  readonly account: string;
  readonly seq: number;
  readonly channel: Channel;
  readonly outBillNo: string;
  /** transfer_bill_no of a transfer, send_listid of a red packet. */
  readonly platformNo: string;
  readonly mchId: string;
  readonly appId: string;
  readonly openid: string;
  readonly userId: string;
  readonly amountFen: number;
  /** SHA-256 of the business parameters: a second request with the same number must match it. */
  readonly fingerprint: string;
  readonly notifyUrl: string | undefined;
  readonly details: BillDetails;
  readonly createdAt: number;
  state: BillState;
  updatedAt: number;
  failReason: string | undefined;
  /** Until then the platform is "busy" with the bill; `afterHold` names where it goes. */
  holdUntil: number | undefined;
  afterHold: BillState | undefined;
  lockedFen: number;
  creditedFen: number;
  creditCount: number;
  /** Requests to create this bill that were taken: the first one and every identical repeat. */
  acceptedCount: number;
  notifyAttempts: number;
  notifyDone: boolean;
}

/** The part of a bill that is written down when it is made; the counters start at zero. */
export interface NewBill {
  channel: Channel;
  outBillNo: string;
  platformNo: string;
  mchId: string;
  appId: string;
  openid: string;
  userId: string;
  amountFen: number;
  fingerprint: string;
  notifyUrl?: string;
  details: BillDetails;
  createdAt: number;
  updatedAt: number;
  state: BillState;
  failReason?: string;
  holdUntil?: number;
  afterHold?: BillState;
}

/** All fields in one order and none added later: a hundred thousand bills of one shape are small and quick to load. */
export function makeBill(made: NewBill, seq: number): Bill {
  const key = billKey(made.channel, made.mchId, made.outBillNo);
  return {
    key,
    account: lockedAccount(key),
    seq,
    channel: made.channel,
    outBillNo: made.outBillNo,
    platformNo: made.platformNo,
    mchId: made.mchId,
    appId: made.appId,
    openid: made.openid,
    userId: made.userId,
    amountFen: made.amountFen,
    fingerprint: made.fingerprint,
    notifyUrl: made.notifyUrl,
    details: made.details,
    createdAt: made.createdAt,
    updatedAt: made.updatedAt,
    state: made.state,
    failReason: made.failReason,
    holdUntil: made.holdUntil,
    afterHold: made.afterHold,
    lockedFen: 0,
    creditedFen: 0,
    creditCount: 0,
    acceptedCount: 1,
    notifyAttempts: 0,
    notifyDone: false,
  };
}

const MOVES: Record<BillState, readonly BillState[]> = {
  ACCEPTED: ['PROCESSING', 'WAIT_USER_CONFIRM', 'TRANSFERING', 'FAIL', 'CANCELING'],
  PROCESSING: ['WAIT_USER_CONFIRM', 'TRANSFERING', 'FAIL', 'CANCELING'],
  WAIT_USER_CONFIRM: ['TRANSFERING', 'SUCCESS', 'FAIL', 'CANCELING'],
  TRANSFERING: ['WAIT_USER_CONFIRM', 'SUCCESS', 'FAIL', 'CANCELING'],
  CANCELING: ['CANCELLED', 'SUCCESS'],
  SUCCESS: [],
  FAIL: [],
  CANCELLED: [],
  SENDING: ['SENT', 'FAILED'],
  SENT: ['RECEIVED', 'RFUND_ING'],
  RFUND_ING: ['REFUND'],
  RECEIVED: [],
  REFUND: [],
  FAILED: [],
};

/** States in which the merchant's money sits in the bill's own locked account. */
const LOCKED = new Set<BillState>(['WAIT_USER_CONFIRM', 'TRANSFERING', 'SENDING', 'SENT', 'RFUND_ING']);

export const STATES_OF: Record<Channel, readonly BillState[]> = {
  transfer: ['ACCEPTED', 'PROCESSING', 'WAIT_USER_CONFIRM', 'TRANSFERING', 'CANCELING', 'SUCCESS', 'FAIL', 'CANCELLED'],
  redpack: ['SENDING', 'SENT', 'RECEIVED', 'RFUND_ING', 'REFUND', 'FAILED'],
};

export function mayMove(from: BillState, to: BillState): boolean {
  return MOVES[from].includes(to);
}

export function isTerminal(state: BillState): boolean {
  return MOVES[state].length === 0;
}

export function isPaid(state: BillState): boolean {
  return state === 'SUCCESS' || state === 'RECEIVED';
}

export function locksMoney(state: BillState): boolean {
  return LOCKED.has(state);
}

export function billKey(channel: Channel, mchId: string, outBillNo: string): string {
  return `${channel}:${mchId}:${outBillNo}`;
}
