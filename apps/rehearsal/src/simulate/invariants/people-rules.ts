import { isNull, textIn, type Change, type Row } from './change';
import type { Verdict } from './verdict';

/** Cases that nobody closes alone. */
const CLOSED_BY_TWO = new Set(['contradiction', 'mismatch']);
const STATE_OF: Readonly<Record<string, readonly string[]>> = { settle: ['SETTLED'], fail: ['FAILED', 'REFUNDED'] };

/** I27: what people decide about money needs two of them, in the commit that does it. */
export class PeopleRules {
  private readonly pending = new Map<string, Row>();

  constructor(private readonly verdict: Verdict) {}

  commit(changes: readonly Change[]): void {
    let approved: Row[] | null = null;
    for (const { table, before, after } of changes) {
      if (table !== 'money_decisions' || !after) continue;
      this.note(before, after);
      if (before && textIn(before, 'state') === 'pending' && textIn(after, 'state') === 'approved') {
        this.pair(after);
        (approved ??= []).push(after);
      }
    }
    for (const change of changes) {
      if (change.table === 'payout_moves' && !change.before && change.after) this.move(change.after, approved);
      if (change.table === 'payout_incidents') this.closing(change, approved);
    }
  }

  /** What waits for a second person, about this payout or this case; null when nothing does. */
  pendingAbout(payoutKey: string, incidentId: string): Row | null {
    for (const row of this.pending.values()) {
      const close = textIn(row, 'kind') === 'close';
      if (close ? textIn(row, 'incident_id') === incidentId : textIn(row, 'payout_key') === payoutKey) return row;
    }
    return null;
  }

  private note(before: Row | null, after: Row): void {
    const id = textIn(after, 'id');
    if (textIn(after, 'state') === 'pending') this.pending.set(id, after);
    else this.pending.delete(id);
    const over = before !== null && textIn(before, 'state') !== 'pending';
    this.verdict.check(!over, 'I27', () => `decision ${id} was changed after it was made`);
  }

  private pair(decision: Row): void {
    const two = !isNull(decision, 'decided_by') && textIn(decision, 'decided_by') !== textIn(decision, 'asked_by');
    this.verdict.check(two, 'I27', () => `one person alone decided ${textIn(decision, 'id')}`);
  }

  private move(move: Row, approved: readonly Row[] | null): void {
    if (textIn(move, 'reason') !== 'manual') return;
    const [key, to] = [textIn(move, 'payout_key'), textIn(move, 'to_state')];
    const decided = approved?.some(
      (one) => textIn(one, 'payout_key') === key && STATE_OF[textIn(one, 'kind')]?.includes(to),
    );
    this.verdict.check(decided === true, 'I27', () => `${key} is ${to} by hand, and no two people decided it`);
  }

  private closing({ before, after }: Change, approved: readonly Row[] | null): void {
    if (!before || !after || !isNull(before, 'resolved_at') || isNull(after, 'resolved_at')) return;
    const id = textIn(after, 'id');
    if (!CLOSED_BY_TWO.has(textIn(after, 'kind'))) return;
    const decided = approved?.some((one) => textIn(one, 'kind') === 'close' && textIn(one, 'incident_id') === id);
    this.verdict.check(decided === true, 'I27', () => `case ${id} freezes money and was closed without two people`);
  }
}
