import { numberIn, isNull, textIn, type Change, type Row } from './change';
import type { WechatBill } from '../wechat/platform';
import type { Verdict } from './verdict';

interface Attempt {
  readonly no: number;
  readonly act: string;
  readonly hash: string;
  readonly startedAt: number;
  outcome: string | null;
}

interface Known {
  readonly payoutKey: string;
  readonly offerNo: number;
  readonly fen: number;
  readonly hash: string;
  readonly attempts: Attempt[];
  /** The request as WeChat got it first. */
  request: string | null;
}

/** Answers to a send after which the same number may go out again without a question. */
const NOT_TAKEN = new Set(['retry_same_id', 'channel_blocked']);
/** Answers to a question after which it may: WeChat has no such bill, or has it and its package was lost. */
const ASKED = new Set(['not_found', 'wait_user']);

/** Bills and what is said about them: stored before the first byte, asked before sent again, always the same bytes. */
export class BillRules {
  private readonly bills = new Map<string, Known>();
  /** Payout → the bill whose money arrived. */
  private readonly credited = new Map<string, string>();
  /** Since a restore, numbers that WeChat knows and we do not are to be expected. */
  restored = false;

  constructor(
    private readonly verdict: Verdict,
    private readonly resendAfterMs: () => number,
    private readonly now: () => number,
    private readonly wasTaken: (billNo: string) => boolean,
  ) {}

  commit(changes: readonly Change[]): void {
    for (const { table, before, after } of changes) {
      if (!after) continue;
      if (table === 'payout_bills' && !before) this.bill(after);
      if (table === 'payout_attempts') this.attempt(before, after);
    }
  }

  private bill(row: Row): void {
    this.bills.set(textIn(row, 'bill_no'), {
      payoutKey: textIn(row, 'payout_key'),
      offerNo: numberIn(row, 'offer_no'),
      fen: numberIn(row, 'amount_fen'),
      hash: hex(row, 'request_hash'),
      attempts: [],
      request: null,
    });
  }

  private attempt(before: Row | null, after: Row): void {
    const billNo = textIn(after, 'bill_no');
    const bill = this.bills.get(billNo);
    if (!bill) return this.verdict.fail('I4', `an exchange about ${billNo}, which is not stored`);
    const outcome = isNull(after, 'outcome') ? null : textIn(after, 'outcome');
    const no = numberIn(after, 'attempt_no');
    if (before) {
      const known = bill.attempts.find((attempt) => attempt.no === no);
      if (known) known.outcome = outcome;
      return;
    }
    const act = textIn(after, 'act');
    const attempt = {
      no,
      act,
      hash: hex(after, 'request_hash'),
      startedAt: (after.started_at as Date).getTime(),
      outcome,
    };
    this.verdict.check(attempt.hash === bill.hash, 'I7', () => `attempt ${no} of ${billNo} has another request`);
    const last = bill.attempts.at(-1);
    this.verdict.check(!last || last.no < no, 'I21', () => `attempt ${no} of ${billNo} comes after ${last?.no}`);
    if (act === 'send') this.maySend(billNo, bill);
    bill.attempts.push(attempt);
  }

  /** The golden rule: what may have been taken is asked about first, and only after a while it is sent again. */
  private maySend(billNo: string, { attempts }: Known): void {
    const at = attempts.findLastIndex(({ act }) => act === 'send');
    const last = attempts[at];
    if (!last) return;
    if (last.outcome !== null && NOT_TAKEN.has(last.outcome) && this.neverTaken(attempts)) {
      const taken = this.wasTaken(billNo) && !this.restored;
      return this.verdict.check(!taken, 'golden rule', () => `${billNo} was taken, and is sent again unasked`);
    }
    const asked = attempts.slice(at + 1).findLast(({ act, outcome }) => act === 'query' && outcome !== null);
    const answer = asked?.outcome ?? null;
    this.verdict.check(
      answer !== null && ASKED.has(answer),
      'golden rule',
      () => `${billNo} is sent again although nobody asked (last answer: ${answer ?? 'none'})`,
    );
    const since = this.now() - last.startedAt;
    const waited = answer !== 'not_found' || since >= this.resendAfterMs() * 0.99;
    this.verdict.check(waited, 'golden rule', () => `${billNo} is sent again after ${Math.round(since)} ms`);
  }

  private neverTaken(attempts: readonly Attempt[]): boolean {
    return attempts.every(({ act, outcome }) => act !== 'send' || (outcome !== null && NOT_TAKEN.has(outcome)));
  }

  /** Something asks WeChat for a bill. */
  arrived(billNo: string, request: string, known: WechatBill | null): void {
    const bill = this.bills.get(billNo);
    if (!bill) return this.verdict.check(this.restored, 'I4', () => `${billNo} was sent before it was stored`);
    const noted = bill.attempts.some(({ act }) => act === 'send');
    this.verdict.check(noted, 'I4', () => `${billNo} was sent, and no attempt says so`);
    bill.request ??= request;
    const same = bill.request === request && (known === null || this.restored || known.request === request);
    this.verdict.check(same, 'I7', () => `${billNo} was sent again with other bytes`);
  }

  /** Money arrived. */
  paid(paid: WechatBill): void {
    this.verdict.check(paid.credits === 1, 'I5', () => `WeChat pays ${paid.billNo} ${paid.credits} times`);
    const bill = this.bills.get(paid.billNo);
    if (!bill) return this.verdict.check(this.restored, 'I8', () => `WeChat pays ${paid.billNo}, which is not ours`);
    const { payoutKey, fen } = bill;
    this.verdict.check(fen === paid.fen, 'I7', () => `${paid.billNo} is of ${fen} fen, WeChat pays ${paid.fen}`);
    const before = this.credited.get(payoutKey);
    this.verdict.check(
      before === undefined || before === paid.billNo,
      'I5',
      () => `${payoutKey} is paid a second time`,
    );
    this.credited.set(payoutKey, paid.billNo);
  }

  /** Money does not come back because a database forgot it. */
  remember(before: BillRules): void {
    for (const [payoutKey, billNo] of before.credited) this.credited.set(payoutKey, billNo);
  }

  /** A send of this bill was refused for good. */
  refused(billNo: string): boolean {
    const outcomes = this.bills.get(billNo)?.attempts.map(({ outcome }) => outcome) ?? [];
    return outcomes.includes('refused') || outcomes.includes('failed');
  }

  payoutOf(billNo: string): string | null {
    return this.bills.get(billNo)?.payoutKey ?? null;
  }
}

function hex(row: Row, column: string): string {
  const value = row[column];
  return Buffer.isBuffer(value) ? value.toString('hex') : '';
}
