import { numberIn, textIn, type Change, type Row } from './change';
import type { Verdict } from './verdict';

/** Codes and prizes: one winner a code, no prize beyond the stock, no scan without its word to those who count. */
export class RewardRules {
  readonly awards = new Map<string, Row>();
  private readonly issued = new Map<string, number>();
  private readonly scans = new Map<string, string>();
  private readonly claims = new Map<string, Row>();

  constructor(private readonly verdict: Verdict) {}

  commit(changes: readonly Change[]): void {
    const codes = new Set<string>();
    for (const { table, before, after } of changes) {
      if (!after) continue;
      if (table === 'awards' && !before) this.award(after, codes);
      if (table === 'code_claims') this.claim(before, after, codes);
      if (table === 'scans') this.scan(before, after, changes);
    }
    for (const { table, after } of changes) if (table === 'prize_stock' && after) this.stock(after);
    for (const code of codes) this.winner(code);
  }

  /** The answer that a scan got, or null when there is none. */
  answer(member: string, scanId: string): string | null {
    return this.scans.get(`${member} ${scanId}`) ?? null;
  }

  get count(): number {
    return this.awards.size;
  }

  private award(row: Row, codes: Set<string>): void {
    const code = codeOf(row);
    const key = `${code}:${textIn(row, 'slot')}`;
    this.verdict.check(!this.awards.has(key), 'I11', () => `${key} is won twice`);
    this.awards.set(key, row);
    const prize = `${textIn(row, 'campaign_id')}:${textIn(row, 'prize_key')}`;
    this.issued.set(prize, (this.issued.get(prize) ?? 0) + 1);
    codes.add(code);
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

  /** I12, I17: one answer for good, and members are told in the same commit. */
  private scan(before: Row | null, after: Row, changes: readonly Change[]): void {
    const [member, scanId] = [textIn(after, 'member_id'), textIn(after, 'scan_id')];
    if (before) return this.verdict.fail('I12', `scan ${scanId} was changed`);
    this.scans.set(`${member} ${scanId}`, String(after.answer));
    const told = changes.some(
      (change) =>
        change.table === 'outbox' &&
        change.after !== null &&
        textIn(change.after, 'job') === 'members.scans-recorded' &&
        textIn(change.after, 'payload').includes(`"${scanId}"`),
    );
    this.verdict.check(told, 'I17', () => `nobody is told of scan ${scanId}`);
  }

  private stock(row: Row): void {
    const prize = `${textIn(row, 'campaign_id')}:${textIn(row, 'prize_key')}`;
    const [issued, given] = [numberIn(row, 'issued'), this.issued.get(prize) ?? 0];
    const fits = row.stock === null || issued <= Number(row.stock);
    this.verdict.check(
      fits && issued === given,
      'I13',
      () => `${prize}: ${issued} issued, ${given} won, of ${String(row.stock)}`,
    );
  }
}

function codeOf(row: Row): string {
  return `${textIn(row, 'batch_id')}:${textIn(row, 'layer')}:${textIn(row, 'serial')}`;
}
