import { numberIn, textIn, type Change, type Row } from './change';
import type { Verdict } from './verdict';

/** Codes and prizes: one winner a code, no prize beyond the stock, no scan without its word to those who count. */
export class RewardRules {
  readonly awards = new Map<string, Row>();
  private readonly issued = new Map<string, number>();
  private readonly scans = new Map<string, string>();
  private readonly claims = new Map<string, Row>();
  private readonly stocks = new Map<string, Row>();

  constructor(private readonly verdict: Verdict) {}

  commit(changes: readonly Change[]): void {
    const codes = new Set<string>();
    const prizes = new Set<string>();
    for (const { table, before, after } of changes) {
      if (!after) continue;
      if (table === 'awards' && !before) prizes.add(this.award(after, codes));
      if (table === 'code_claims') this.claim(before, after, codes);
      if (table === 'prize_stock') prizes.add(this.stock(after));
    }
    for (const { table, before, after } of changes) if (table === 'scans' && after) this.scan(before, after, changes);
    for (const prize of prizes) this.inStock(prize);
    for (const code of codes) this.winner(code);
  }

  /** The answer that a scan got, or null when there is none. */
  answer(member: string, scanId: string): string | null {
    return this.scans.get(`${member} ${scanId}`) ?? null;
  }

  get count(): number {
    return this.awards.size;
  }

  /** Returns its prize. */
  private award(row: Row, codes: Set<string>): string {
    const code = codeOf(row);
    const key = `${code}:${textIn(row, 'slot')}`;
    this.verdict.check(!this.awards.has(key), 'I11', () => `${key} is won twice`);
    this.awards.set(key, row);
    const prize = prizeOf(row);
    this.issued.set(prize, (this.issued.get(prize) ?? 0) + 1);
    codes.add(code);
    return prize;
  }

  private claim(before: Row | null, after: Row, codes: Set<string>): void {
    const code = codeOf(after);
    const was = before ? textIn(before, 'consumed_by') : '';
    const kept = was === '' || was === textIn(after, 'consumed_by');
    this.verdict.check(kept, 'I11', () => `code ${code} changes its winner`);
    this.claims.set(code, after);
    codes.add(code);
  }

  /** I11: who used the code up has the prize, and nobody else. */
  private winner(code: string): void {
    const by = textIn(this.claims.get(code) ?? {}, 'consumed_by');
    const award = this.awards.get(`${code}:0`);
    const owner = award ? textIn(award, 'member_id') : '';
    this.verdict.check(
      by === owner,
      'I11',
      () => `code ${code} was used by ${by || 'nobody'}, won by ${owner || 'nobody'}`,
    );
  }

  /** I12, I17: one answer for good, and members are told in the same commit. I11: nobody is shown a prize of somebody else. */
  private scan(before: Row | null, after: Row, changes: readonly Change[]): void {
    const [member, scanId] = [textIn(after, 'member_id'), textIn(after, 'scan_id')];
    if (before) return this.verdict.fail('I12', `scan ${scanId} was changed`);
    const answer = String(after.answer);
    this.scans.set(`${member} ${scanId}`, answer);
    const { reward } = JSON.parse(answer) as { readonly reward: unknown };
    const shown = reward === null ? null : this.awards.get(`${codeOf(after)}:0`);
    const own = shown === null || (shown !== undefined && textIn(shown, 'member_id') === member);
    this.verdict.check(own, 'I11', () => `scan ${scanId} of member ${member} shows a prize that is not theirs`);
    const told = changes.some(
      (change) =>
        change.table === 'outbox' &&
        change.after !== null &&
        textIn(change.after, 'job') === 'members.scans-recorded' &&
        textIn(change.after, 'payload').includes(`"${scanId}"`),
    );
    this.verdict.check(told, 'I17', () => `nobody is told of scan ${scanId}`);
  }

  /** Returns its prize. */
  private stock(row: Row): string {
    const prize = prizeOf(row);
    this.stocks.set(prize, row);
    return prize;
  }

  /** I13: whatever is won was issued, and there was enough of it. What is no prize has no stock. */
  private inStock(prize: string): void {
    const row = this.stocks.get(prize);
    if (!row) return;
    const [issued, given] = [numberIn(row, 'issued'), this.issued.get(prize) ?? 0];
    const fits = row.stock === null || issued <= Number(row.stock);
    this.verdict.check(
      fits && issued === given,
      'I13',
      () => `${prize}: ${issued} issued, ${given} won, of ${String(row.stock)}`,
    );
  }
}

function prizeOf(row: Row): string {
  return `${textIn(row, 'campaign_id')}:${textIn(row, 'prize_key')}`;
}

function codeOf(row: Row): string {
  return `${textIn(row, 'batch_id')}:${textIn(row, 'layer')}:${textIn(row, 'serial')}`;
}
