import type { Chance } from '../time/chance';
import type { Schedule } from '../time/schedule';
import { Books } from './books';

export type TransferState =
  'ACCEPTED' | 'PROCESSING' | 'WAIT_USER_CONFIRM' | 'TRANSFERING' | 'SUCCESS' | 'FAIL' | 'CANCELING' | 'CANCELLED';
export type PacketState = 'SENDING' | 'SENT' | 'RECEIVED' | 'RFUND_ING' | 'REFUND' | 'FAILED';
export type BillState = TransferState | PacketState;

/** What this seed's WeChat is like. */
export interface Manners {
  /** How long a person may take to confirm, and how much later the bill may be closed. */
  readonly confirmWithinMs: number;
  readonly closingLagMs: number;
  /** Questions are answered from a copy that is so far behind. */
  readonly lagMs: number;
  /** Its own steps take up to so long. */
  readonly workMs: number;
  /** How often a bill is ready for the person in the answer to its creation. */
  readonly readyAtOnce: number;
  /** How often a package comes again with a repeated creation; never otherwise. */
  readonly packageAgain: number;
  /** How often a confirmed transfer fails all the same. */
  readonly failsAfterConfirm: number;
}

export interface WechatBill {
  readonly kind: 'transfer' | 'packet' | 'authorised';
  readonly billNo: string;
  readonly mchId: string;
  readonly openid: string;
  readonly fen: number;
  /** The whole request of the first time. */
  readonly request: string;
  readonly createdAt: number;
  readonly package: string;
  /** State by state, with the reason of a failure. */
  readonly history: { readonly at: number; readonly state: BillState; readonly why: string | null }[];
  /** How often money of this bill reached the person. */
  credits: number;
}

export interface Standing {
  readonly state: BillState;
  readonly why: string | null;
  readonly at: number;
}

export interface PlatformWatch {
  /** A request to create a bill has arrived, whatever comes of it. */
  arrived(billNo: string, request: string, known: WechatBill | null): void;
  credited(bill: WechatBill): void;
  ended(bill: WechatBill): void;
}

const FAILURES = ['REAL_NAME_CHECK_FAIL', 'ACCOUNT_FROZEN', 'DAY_RECEIVED_QUOTA_EXCEED', 'OTHER_FAIL_REASON_TYPE'];
const ENDS: ReadonlySet<BillState> = new Set(['SUCCESS', 'FAIL', 'CANCELLED', 'RECEIVED', 'REFUND', 'FAILED']);

export function isEnd(state: BillState): boolean {
  return ENDS.has(state);
}

/** Has the person got this money, or may it still come? */
export function mayPay(state: BillState): boolean {
  return state !== 'FAIL' && state !== 'CANCELLED' && state !== 'REFUND' && state !== 'FAILED';
}

export type Created = { readonly bill: WechatBill; readonly again: boolean } | 'not_enough' | 'other_data';

/** Bills of all merchants, and where their money is. Knows nothing of us but what requests say. */
export class Platform {
  readonly books = new Books();
  readonly bills = new Map<string, WechatBill>();
  private numbers = 0;

  constructor(
    private readonly schedule: Schedule,
    private readonly chance: Chance,
    readonly manners: Manners,
    private readonly watch: PlatformWatch,
  ) {}

  topUp(mchId: string, fen: number): void {
    this.books.move('outside', free(mchId), fen);
  }

  /** Takes away what the merchant has left, and says how much it was. */
  drain(mchId: string): number {
    const left = this.books.balance(free(mchId));
    if (left > 0) this.books.move(free(mchId), 'outside', left);
    return left;
  }

  create(asked: Pick<WechatBill, 'kind' | 'billNo' | 'mchId' | 'openid' | 'fen' | 'request'>): Created {
    const known = this.bills.get(asked.billNo) ?? null;
    this.watch.arrived(asked.billNo, asked.request, known);
    if (known) return known.request === asked.request ? { bill: known, again: true } : 'other_data';
    if (this.books.balance(free(asked.mchId)) < asked.fen) return 'not_enough';
    this.books.move(free(asked.mchId), locked(asked.mchId), asked.fen);
    const at = this.schedule.now();
    const begin: BillState = asked.kind === 'packet' ? 'SENDING' : 'ACCEPTED';
    const bill: WechatBill = {
      ...asked,
      createdAt: at,
      package: `pkg-${++this.numbers}-${asked.billNo}`,
      history: [{ at, state: begin, why: null }],
      credits: 0,
    };
    this.bills.set(asked.billNo, bill);
    this.begin(bill);
    return { bill, again: false };
  }

  /** As it stands at the copy that questions go to; null = not there (yet). */
  find(billNo: string): { readonly bill: WechatBill; readonly standing: Standing } | null {
    const bill = this.bills.get(billNo);
    if (!bill) return null;
    const seenAt = this.schedule.now() - this.manners.lagMs * this.chance.next();
    const standing = bill.history.findLast(({ at }) => at <= seenAt);
    return standing ? { bill, standing } : null;
  }

  standing(bill: WechatBill): Standing {
    return bill.history.at(-1)!;
  }

  cancel(bill: WechatBill): Standing {
    const { state } = this.standing(bill);
    if (isEnd(state) || state === 'CANCELING') return this.standing(bill);
    const moving = state === 'TRANSFERING';
    if (!moving) this.become(bill, 'CANCELING');
    this.soon(() => {
      if (this.standing(bill).state === 'CANCELING') this.fail(bill, 'CANCELLED', null);
    });
    return { state: 'CANCELING', why: null, at: this.schedule.now() };
  }

  /** The person confirms what a page with this package shows, or opens the packet. False = WeChat shows an error. */
  take(bill: WechatBill, openid: string, pack: string | null): boolean {
    const { state } = this.standing(bill);
    if (bill.openid !== openid) return false;
    if (bill.kind === 'packet') {
      if (state !== 'SENT') return false;
      this.credit(bill, 'RECEIVED');
      return true;
    }
    if (state !== 'WAIT_USER_CONFIRM' || pack !== bill.package) return false;
    this.become(bill, 'TRANSFERING');
    this.soon(() => this.finish(bill));
    return true;
  }

  /** The person says no: the bill stays until it is closed, or fails at once. */
  refuse(bill: WechatBill): void {
    if (this.standing(bill).state === 'WAIT_USER_CONFIRM') this.fail(bill, 'FAIL', 'MERCHANT_NOT_CONFIRM');
  }

  private begin(bill: WechatBill): void {
    if (bill.kind === 'packet') return this.beginPacket(bill);
    if (bill.kind === 'authorised') return this.soon(() => this.finish(bill));
    if (this.chance.happens(this.manners.readyAtOnce)) this.wait(bill);
    else this.soon(() => this.process(bill));
  }

  private process(bill: WechatBill): void {
    if (this.standing(bill).state !== 'ACCEPTED') return;
    this.become(bill, 'PROCESSING');
    this.soon(() => {
      if (this.standing(bill).state === 'PROCESSING') this.wait(bill);
    });
  }

  private wait(bill: WechatBill): void {
    this.become(bill, 'WAIT_USER_CONFIRM');
    const { confirmWithinMs, closingLagMs } = this.manners;
    this.schedule.later(confirmWithinMs + closingLagMs * this.chance.next(), () => {
      if (this.standing(bill).state === 'WAIT_USER_CONFIRM') this.fail(bill, 'FAIL', 'OVERDUE_CLOSE');
    });
  }

  private beginPacket(bill: WechatBill): void {
    this.soon(() => {
      if (this.chance.happens(this.manners.failsAfterConfirm)) return this.fail(bill, 'FAILED', null);
      this.become(bill, 'SENT');
      this.schedule.later(this.manners.confirmWithinMs, () => {
        if (this.standing(bill).state !== 'SENT') return;
        this.become(bill, 'RFUND_ING');
        const { workMs, closingLagMs } = this.manners;
        const takesMs = 1 + this.chance.next() * (workMs + 2 * closingLagMs);
        this.schedule.later(takesMs, () => this.fail(bill, 'REFUND', null));
      });
    });
  }

  private finish(bill: WechatBill): void {
    if (this.chance.happens(this.manners.failsAfterConfirm)) this.fail(bill, 'FAIL', this.chance.pick(FAILURES));
    else this.credit(bill, 'SUCCESS');
  }

  private credit(bill: WechatBill, state: BillState): void {
    this.books.move(locked(bill.mchId), `person:${bill.openid}`, bill.fen);
    bill.credits++;
    this.become(bill, state);
    this.watch.credited(bill);
    this.watch.ended(bill);
  }

  private fail(bill: WechatBill, state: BillState, why: string | null): void {
    this.books.move(locked(bill.mchId), free(bill.mchId), bill.fen);
    this.become(bill, state, why);
    this.watch.ended(bill);
  }

  private become(bill: WechatBill, state: BillState, why: string | null = null): void {
    bill.history.push({ at: this.schedule.now(), state, why });
  }

  private soon(work: () => void): void {
    this.schedule.later(1 + this.chance.next() * this.manners.workMs, work);
  }
}

function free(mchId: string): string {
  return `merchant:${mchId}:free`;
}

function locked(mchId: string): string {
  return `merchant:${mchId}:locked`;
}
