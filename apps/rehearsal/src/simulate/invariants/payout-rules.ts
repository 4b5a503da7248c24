import { createHmac } from 'node:crypto';
import { mayPay, type WechatBill } from '../wechat/platform';
import { isNull, numberIn, textIn, type Change, type Row } from './change';
import type { Verdict } from './verdict';

/** What the rules may ask of the rest of the world. */
export interface Facts {
  readonly billKey: Buffer;
  now(): number;
  /** WeChat's truth. */
  bill(billNo: string): WechatBill | null;
  stateOf(bill: WechatBill): WechatBill['history'][number]['state'];
  openidOf(memberId: string): string | null;
  award(payoutKey: string): Row | null;
  /** WeChat refused this bill for good, by name. */
  refused(billNo: string): boolean;
  /** People must look at this payout first. */
  frozen(payoutKey: string): boolean;
}

/** DESIGN §6, written down once more: the code's own table is not asked. */
const MOVES: Readonly<Record<string, readonly string[]>> = {
  PENDING: ['SENDING'],
  SENDING: ['WAIT_USER', 'UNKNOWN', 'SETTLED', 'FAILED', 'PENDING'],
  UNKNOWN: ['SENDING', 'WAIT_USER', 'SETTLED', 'FAILED', 'MANUAL'],
  WAIT_USER: ['SETTLED', 'FAILED', 'UNKNOWN'],
  MANUAL: ['SETTLED', 'FAILED'],
  SETTLED: ['REFUNDED'],
  FAILED: ['PENDING'],
  REFUNDED: ['PENDING'],
};
/** What only people may do, where WeChat spoke against what we held for certain. */
const MOVES_BY_HAND: Readonly<Record<string, readonly string[]>> = { FAILED: ['SETTLED'], REFUNDED: ['SETTLED'] };
const DRIVEN = new Set(['PENDING', 'SENDING', 'UNKNOWN', 'WAIT_USER']);
const FIXED = ['member_id', 'campaign_id', 'version_id', 'budget_id', 'amount_fen', 'mch_id'];
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** Payouts: only along the table, each step noted, settled and failed only when WeChat agrees, a new bill only when the old one is over. */
export class PayoutRules {
  readonly payouts = new Map<string, Row>();
  private readonly moves = new Map<string, Row[]>();
  /** Exchanges that this commit ends, by bill. */
  private readonly ended = new Map<string, Row>();
  /** Bills that a callback of this commit is about. */
  private readonly notified = new Set<string>();

  constructor(
    private readonly verdict: Verdict,
    private readonly facts: Facts,
  ) {}

  commit(changes: readonly Change[]): void {
    this.moves.clear();
    this.ended.clear();
    this.notified.clear();
    for (const { table, before, after } of changes) {
      if (table === 'payout_moves' && !before && after) this.noteMove(after);
      if (table === 'payout_attempts' && !before && after && textIn(after, 'act') === 'notify') {
        this.notified.add(textIn(after, 'bill_no'));
      }
      if (table === 'payout_attempts' && before && after) this.ended.set(textIn(after, 'bill_no'), after);
    }
    for (const { table, before, after } of changes) {
      if (table !== 'payouts') continue;
      if (!after) this.verdict.fail('I9', 'a payout was removed');
      else this.payout(before, after, changes);
    }
  }

  /** How many payouts somebody still has to drive, without those that wait for people. */
  driven(withPeople: (key: string) => boolean): number {
    let count = 0;
    for (const [key, row] of this.payouts) if (DRIVEN.has(textIn(row, 'state')) && !withPeople(key)) count++;
    return count;
  }

  private noteMove(row: Row): void {
    const key = textIn(row, 'payout_key');
    const list = this.moves.get(key);
    if (list) list.push(row);
    else this.moves.set(key, [row]);
  }

  private payout(before: Row | null, after: Row, changes: readonly Change[]): void {
    const key = textIn(after, 'payout_key');
    this.payouts.set(key, after);
    if (before === null) this.born(key, after, changes);
    else this.changed(key, before, after, changes);
    const [state, to] = [textIn(after, 'state'), before ? textIn(before, 'state') : ''];
    if (state !== to) this.reached(key, after, state);
    if (DRIVEN.has(state)) {
      this.verdict.check(!isNull(after, 'next_at'), 'I20', () => `${key} is ${state} and nobody will look at it`);
    }
  }

  /** I8: no payout without its prize; I17: whoever is to send it is told in the same commit. */
  private born(key: string, after: Row, changes: readonly Change[]): void {
    const award = this.facts.award(key);
    const same =
      award !== null &&
      ['amount_fen', 'budget_id', 'campaign_id', 'version_id'].every(
        (column) => textIn(award, column) === textIn(after, column),
      );
    this.verdict.check(same, 'I8', () => `payout ${key} of ${textIn(after, 'amount_fen')} fen without such a prize`);
    this.verdict.check(textIn(after, 'state') === 'PENDING', 'I9', () => `${key} is born ${textIn(after, 'state')}`);
    this.verdict.check(numberIn(after, 'offer_no') === 1, 'I4', () => `${key} is born with another offer than 1`);
    this.told(key, changes);
  }

  private told(key: string, changes: readonly Change[]): void {
    const told = changes.some(
      ({ table, before, after }) =>
        table === 'outbox' && !before && after !== null && textIn(after, 'payload').includes(`"${key}"`),
    );
    this.verdict.check(told, 'I17', () => `nobody is told to send ${key}`);
  }

  private changed(key: string, before: Row, after: Row, changes: readonly Change[]): void {
    for (const column of FIXED) {
      const kept = textIn(before, column) === textIn(after, column);
      this.verdict.check(kept, 'I7', () => `${column} of ${key} was changed`);
    }
    this.chain(key, before, after);
    const [was, is] = [numberIn(before, 'offer_no'), numberIn(after, 'offer_no')];
    this.verdict.check(is === was || is === was + 1, 'I4', () => `${key} goes from offer ${was} to ${is}`);
    const exchange = this.ended.get(textIn(before, 'bill_no'));
    const stale = exchange !== undefined && numberIn(exchange, 'attempt_no') < numberIn(before, 'attempt_no');
    this.verdict.check(!stale, 'I21', () => `a stale exchange changes ${key}`);
    this.leased(key, before, after, exchange);
    const fence = numberIn(after, 'attempt_no') >= numberIn(before, 'attempt_no');
    this.verdict.check(fence, 'I21', () => `the fence of ${key} goes back`);
    if (is !== was) {
      this.over(key, was, before);
      this.told(key, changes);
    } else if (!isNull(before, 'bill_no')) {
      const same = textIn(before, 'bill_no') === textIn(after, 'bill_no');
      this.verdict.check(same, 'I4', () => `${key} changes its bill within offer ${is}`);
    }
    if (!isNull(after, 'bill_no')) {
      const right = textIn(after, 'bill_no') === this.numberOf(key, is);
      this.verdict.check(right, 'I4', () => `${key} has another bill number than its keys make`);
    }
  }

  /** I21: while a send is under way under its lease nobody begins another exchange; only WeChat's own word comes in between. */
  private leased(key: string, before: Row, after: Row, exchange: Row | undefined): void {
    if (textIn(before, 'state') !== 'SENDING') return;
    if (numberIn(after, 'attempt_no') === numberIn(before, 'attempt_no')) return;
    if (exchange !== undefined || this.notified.has(textIn(before, 'bill_no'))) return;
    const over = isNull(before, 'lease_until') || (before.lease_until as Date).getTime() <= this.facts.now();
    this.verdict.check(over, 'I21', () => `${key} is driven by a second worker under the first one's lease`);
  }

  /** I9: every move is allowed and has its row, and together they lead from the state before to the state after. */
  private chain(key: string, before: Row, after: Row): void {
    const rows = (this.moves.get(key) ?? []).sort((a, b) => numberIn(a, 'move_no') - numberIn(b, 'move_no'));
    let [state, number] = [textIn(before, 'state'), numberIn(before, 'move_no')];
    for (const row of rows) {
      const [from, to] = [textIn(row, 'from_state'), textIn(row, 'to_state')];
      const byHand = isByHand(row) && (MOVES_BY_HAND[from] ?? []).includes(to);
      const allowed = byHand || (MOVES[from] ?? []).includes(to);
      const fits = from === state && numberIn(row, 'move_no') === number + 1 && allowed;
      this.verdict.check(fits, 'I9', () => `${key} moves ${from} → ${to} out of ${state}`);
      state = to;
      number++;
    }
    const ends = state === textIn(after, 'state') && number === numberIn(after, 'move_no');
    this.verdict.check(ends, 'I9', () => `${key} is ${textIn(after, 'state')}, its moves end in ${state}`);
  }

  /** I4, I5: the offer before must be proven over at WeChat before another begins. */
  private over(key: string, offerNo: number, before: Row): void {
    const state = textIn(before, 'state');
    const proven = state === 'FAILED' || state === 'REFUNDED';
    this.verdict.check(proven, 'I4', () => `${key} gets another offer while ${state}`);
    this.verdict.check(!this.facts.frozen(key), 'I9', () => `${key} gets another offer while people must look at it`);
    const bill = this.facts.bill(this.numberOf(key, offerNo));
    const dead = !bill || !mayPay(this.facts.stateOf(bill));
    this.verdict.check(dead, 'I5', () => `offer ${offerNo} of ${key} may still pay`);
  }

  /** I5, I6: what we call an end is one at WeChat. */
  private reached(key: string, after: Row, state: string): void {
    const bill = isNull(after, 'bill_no') ? null : this.facts.bill(textIn(after, 'bill_no'));
    if (state === 'SETTLED') {
      const paid = bill !== null && bill.credits === 1 && bill.fen === numberIn(after, 'amount_fen');
      this.verdict.check(paid, 'I6', () => `${key} is SETTLED, WeChat has not paid it`);
      const payee = this.facts.openidOf(textIn(after, 'member_id'));
      this.verdict.check(bill?.openid === payee, 'I6', () => `${key} was paid to somebody else`);
      this.verdict.check(!isNull(after, 'settled_at'), 'I6', () => `${key} is SETTLED at no time`);
    }
    if (state === 'FAILED' || state === 'REFUNDED') {
      const byHand = this.moves.get(key)?.some(isByHand) === true;
      const dead = bill ? !mayPay(this.facts.stateOf(bill)) : byHand || this.facts.refused(textIn(after, 'bill_no'));
      const how = bill ? 'is alive at WeChat' : 'was never refused';
      this.verdict.check(dead, 'I6', () => `${key} is ${state}, its bill ${how}`);
    }
    if (state === 'WAIT_USER' && textIn(after, 'channel') === 'transfer_confirm_v3') {
      const takeable = !isNull(after, 'package_sealed');
      this.verdict.check(takeable, 'I20', () => `${key} waits for a person who has nothing to tap`);
    }
    if (state === 'SENDING') {
      const named = !isNull(after, 'bill_no') && !isNull(after, 'lease_until');
      this.verdict.check(named, 'I4', () => `${key} is SENDING without a stored bill or a lease`);
    }
  }

  /** `Y` and 25 Crockford characters of HMAC-SHA256 over key and offer, made here once more. */
  numberOf(key: string, offerNo: number): string {
    const name = `${key}\n${offerNo}`;
    const known = numbers.get(name);
    if (known !== undefined) return known;
    const digest = createHmac('sha256', this.facts.billKey).update(name).digest();
    let bits = 0n;
    for (const byte of digest.subarray(0, 16)) bits = (bits << 8n) | BigInt(byte);
    let text = 'Y';
    for (let at = 0; at < 25; at++) text += ALPHABET[Number((bits >> BigInt(123 - 5 * at)) & 31n)];
    numbers.set(name, text);
    return text;
  }
}

/** The same few keys come in every seed. */
const numbers = new Map<string, string>();

function isByHand(move: Row): boolean {
  return textIn(move, 'reason') === 'manual';
}
