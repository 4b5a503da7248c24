import type { Platform, PlatformWatch, WechatBill } from '../wechat/platform';
import { BillRules } from './bill-rules';
import { textIn, type Change, type Row } from './change';
import { LedgerRules } from './ledger-rules';
import { PayoutRules } from './payout-rules';
import { PeopleRules } from './people-rules';
import { RewardRules } from './reward-rules';
import type { Verdict } from './verdict';

export interface WatchOptions {
  readonly billKey: Buffer;
  readonly resendAfterMs: () => number;
  readonly now: () => number;
  readonly openidOf: (memberId: string) => string | null;
  readonly platform: () => Platform;
  /** Is it at WeChat, by a request whose answer says so? */
  readonly taken: (billNo: string) => boolean;
}

/** Sees every commit and every step of WeChat, and holds them against the contract at once. */
export class Watch implements PlatformWatch {
  ledger: LedgerRules;
  payouts: PayoutRules;
  bills: BillRules;
  rewards: RewardRules;
  people: PeopleRules;
  /** Outbox rows that are not done, by id, and incidents that nobody closed. */
  readonly outbox = new Map<string, Row>();
  readonly incidents = new Map<string, Row>();
  readonly members = new Map<string, Row>();
  /** Payout and kind of every incident that there ever was. */
  readonly raised = new Set<string>();
  /** Called with the id of each open incident. */
  incident: (id: string) => void = () => undefined;
  ended: (bill: WechatBill) => void = () => undefined;

  constructor(
    readonly verdict: Verdict,
    private readonly options: WatchOptions,
  ) {
    this.ledger = new LedgerRules(verdict);
    this.rewards = new RewardRules(verdict);
    this.people = new PeopleRules(verdict);
    this.bills = this.newBills();
    this.payouts = this.newPayouts();
  }

  commit(changes: readonly Change[]): void {
    for (const { table, after } of changes) if (after) this.note(table, after);
    this.rewards.commit(changes);
    this.bills.commit(changes);
    this.payouts.commit(changes);
    this.ledger.commit(changes);
    this.people.commit(changes);
  }

  /** The database is another one now: what was known of it is learnt anew, without judging how it came about. */
  relearn(tables: Iterable<readonly [string, Iterable<Row>]>): void {
    for (const map of [this.outbox, this.incidents, this.members, this.raised]) map.clear();
    const deaf = { violation: null, fail: () => undefined, check: () => undefined } as unknown as Verdict;
    const paid = this.bills;
    this.ledger = new LedgerRules(deaf);
    this.rewards = new RewardRules(deaf);
    this.people = new PeopleRules(deaf);
    this.bills = this.newBills(deaf);
    this.payouts = new PayoutRules(deaf, this.facts());
    for (const [table, rows] of tables) this.commit([...rows].map((after) => ({ table, before: null, after })));
    for (const rules of [this.ledger, this.rewards, this.bills, this.payouts, this.people]) {
      Object.assign(rules, { verdict: this.verdict });
    }
    this.bills.restored = true;
    this.bills.remember(paid);
  }

  /** Kinds of open incidents about a payout. */
  incidentsOf(payoutKey: string): ReadonlySet<string> {
    const kinds = new Set<string>();
    for (const row of this.incidents.values()) {
      if (textIn(row, 'payout_key') === payoutKey) kinds.add(textIn(row, 'kind'));
    }
    return kinds;
  }

  /** Who a payout belongs to, as WeChat knows people. */
  openidOf(payout: Row): string | null {
    return this.options.openidOf(textIn(payout, 'member_id'));
  }

  arrived(billNo: string, request: string, known: WechatBill | null): void {
    this.bills.arrived(billNo, request, known);
  }

  credited(bill: WechatBill): void {
    this.bills.paid(bill);
  }

  private note(table: string, row: Row): void {
    if (table === 'outbox') {
      const id = textIn(row, 'id');
      if (Number(row.status) === 1) this.outbox.delete(id);
      else this.outbox.set(id, row);
    }
    if (table === 'payout_incidents') {
      const id = textIn(row, 'id');
      if (row.resolved_at === null) {
        this.incidents.set(id, row);
        this.raised.add(`${textIn(row, 'payout_key')} ${textIn(row, 'kind')}`);
        this.incident(id);
      } else this.incidents.delete(id);
    }
    if (table === 'members') this.members.set(textIn(row, 'id'), row);
  }

  private facts() {
    const { platform, billKey, openidOf, now } = this.options;
    return {
      billKey,
      now,
      openidOf,
      bill: (billNo: string) => platform().bills.get(billNo) ?? null,
      stateOf: (bill: WechatBill) => platform().standing(bill).state,
      refused: (billNo: string) => this.bills.refused(billNo),
      frozen: (payoutKey: string) => {
        const kinds = this.incidentsOf(payoutKey);
        return kinds.has('contradiction') || kinds.has('mismatch');
      },
      award: (payoutKey: string) => this.rewards.awards.get(payoutKey) ?? null,
    };
  }

  private newBills(verdict = this.verdict): BillRules {
    const { resendAfterMs, now, taken } = this.options;
    return new BillRules(verdict, resendAfterMs, now, taken);
  }

  private newPayouts(): PayoutRules {
    return new PayoutRules(this.verdict, this.facts());
  }
}
