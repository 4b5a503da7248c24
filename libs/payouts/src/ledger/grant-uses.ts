import { Injectable } from '@nestjs/common';
import { placeholders, textOf, type Tx } from '@app/database';
import { Defect, Rejected } from '@app/kernel';
import { allot, type GrantUse, type OpenGrant } from './grant-allotment';

/** What is charged to grants when its money arrives. */
export interface Charged {
  readonly payoutKey: string;
  readonly offerNo: number;
  readonly budgetId: number;
  readonly amountFen: number;
  /** 0, and one more each time that two people settle the same offer again. */
  readonly turn?: number;
}

type Act = 'settle' | 'refund';

/**
 * Which grant paid for what: settling charges each payout to the grants of its budget, the one approved first first, so that every
 * settled prize inherits 费用申请单号, 科目, 成本中心 and bearer. The grants' rows are locked before the budgets'.
 */
@Injectable()
export class GrantUses {
  /** Throws Defect when the approved grants of a budget do not reach. */
  async charge(tx: Tx, payouts: readonly Charged[]): Promise<void> {
    const groups = byBudget(payouts);
    let open = await this.lockOpen(tx, [...groups.keys()]);
    const short = [...groups].some(([budgetId, ofBudget]) => sumOf(open.get(budgetId) ?? []) < amountOf(ofBudget));
    // Somebody used these up first, after a grant was approved that the search had not seen yet.
    if (short) open = await this.lockOpen(tx, [...groups.keys()]);
    const uses = [...groups].flatMap(([budgetId, ofBudget]) => allot(open.get(budgetId) ?? [], ofBudget));
    const turns = new Map(payouts.map(({ payoutKey, turn = 0 }) => [payoutKey, turn]));
    await this.write(
      tx,
      'settle',
      uses.map((use) => ({ ...use, turn: turns.get(use.payoutKey) ?? 0 })),
    );
  }

  /** How often this offer was settled before: its next turn, 0 for one that never was. */
  async turns(tx: Tx, { payoutKey, offerNo }: Pick<Charged, 'payoutKey' | 'offerNo'>): Promise<number> {
    const [row] = await tx.query<{ last: number | null }>(
      "SELECT MAX(turn) AS last FROM grant_uses WHERE payout_key = ? AND offer_no = ? AND act = 'settle'",
      [payoutKey, offerNo],
    );
    return row?.last == null ? 0 : Number(row.last) + 1;
  }

  /** Gives back to the same grants what the settling of these offers had taken. Throws Defect when that is not the payout's amount. */
  async giveBack(tx: Tx, payouts: readonly Charged[]): Promise<void> {
    if (payouts.length === 0) return;
    const rows = await tx.query<{ payout_key: Buffer; offer_no: number; turn: number; grant_id: number; fen: string }>(
      `SELECT payout_key, offer_no, turn, grant_id, fen FROM grant_uses
        WHERE act = 'settle' AND payout_key IN (${placeholders(payouts)}) ORDER BY payout_key, offer_no, grant_id`,
      payouts.map(({ payoutKey }) => payoutKey),
    );
    const known = rows.map((row) => ({
      ...{ payoutKey: textOf(row.payout_key), offerNo: row.offer_no, turn: row.turn },
      ...{ grantId: row.grant_id, fen: Number(row.fen) },
    }));
    const uses = payouts.flatMap(({ payoutKey, offerNo, amountFen, turn = 0 }) => {
      const own = known.filter((use) => use.payoutKey === payoutKey && use.offerNo === offerNo && use.turn === turn);
      if (own.reduce((sum, { fen }) => sum + fen, 0) !== amountFen) {
        throw new Defect(`offer ${offerNo} of payout ${payoutKey} was charged with another amount`);
      }
      return own;
    });
    await this.write(tx, 'refund', uses);
  }

  /**
   * Money that leaves a budget unspent, from the grants approved last first: what is left can still be charged to the others. Rejected
   * `budget_short` (409) when the grants have less left.
   */
  async takeAway(tx: Tx, budgetId: number, amountFen: number): Promise<void> {
    const grants = (await this.lockOpen(tx, [budgetId])).get(budgetId) ?? [];
    let missing = amountFen;
    for (const { grantId, leftFen } of [...grants].reverse()) {
      const fen = Math.min(leftFen, missing);
      if (fen === 0) break;
      await tx.execute('UPDATE budget_grants SET returned_fen = returned_fen + ? WHERE id = ?', [fen, grantId]);
      missing -= fen;
    }
    if (missing > 0) throw new Rejected('budget_short', `预算 ${budgetId} 的费用申请没有这么多未用金额`, 409);
  }

  /** Looked for first, then locked by their ids: a search that locks would wait for the grants of other budgets as well. */
  private async lockOpen(tx: Tx, budgetIds: readonly number[]): Promise<ReadonlyMap<number, OpenGrant[]>> {
    const open = new Map<number, OpenGrant[]>();
    if (budgetIds.length === 0) return open;
    const found = await tx.query<{ id: number }>(
      `SELECT id FROM budget_grants
        WHERE budget_id IN (${placeholders(budgetIds)}) AND status = 'approved' AND amount_fen > used_fen + returned_fen
        ORDER BY budget_id, approved_at, id`,
      budgetIds,
    );
    if (found.length === 0) return open;
    const rows = await tx.query<{ id: number; budget_id: number; left_fen: string }>(
      `SELECT id, budget_id, amount_fen - used_fen - returned_fen AS left_fen FROM budget_grants
        WHERE id IN (${placeholders(found)}) ORDER BY id FOR UPDATE`,
      found.map(({ id }) => id),
    );
    const locked = new Map(rows.map((row) => [row.id, row]));
    for (const { id } of found) {
      const row = locked.get(id);
      if (!row) throw new Defect(`grant ${id} is gone`);
      const grant = { grantId: id, leftFen: Number(row.left_fen) };
      open.set(row.budget_id, [...(open.get(row.budget_id) ?? []), grant]);
    }
    return open;
  }

  private async write(tx: Tx, act: Act, uses: readonly (GrantUse & { readonly turn: number })[]): Promise<void> {
    if (uses.length === 0) return;
    await tx.execute(
      `INSERT INTO grant_uses (payout_key, offer_no, act, turn, grant_id, fen, at)
       VALUES ${uses.map(() => '(?, ?, ?, ?, ?, ?, UTC_TIMESTAMP(6))').join(', ')}`,
      uses.flatMap(({ payoutKey, offerNo, turn, grantId, fen }) => [payoutKey, offerNo, act, turn, grantId, fen]),
    );
    const sums = new Map<number, number>();
    for (const { grantId, fen } of uses) sums.set(grantId, (sums.get(grantId) ?? 0) + fen);
    const change = `CASE id ${[...sums].map(() => 'WHEN ? THEN ?').join(' ')} END`;
    const amounts = [...sums].flat();
    const [sign, room] = act === 'settle' ? ['+', 'amount_fen - used_fen - returned_fen'] : ['-', 'used_fen'];
    const { affectedRows } = await tx.execute(
      `UPDATE budget_grants SET used_fen = used_fen ${sign} ${change}
        WHERE id IN (${placeholders([...sums.keys()])}) AND ${room} >= ${change}`,
      [...amounts, ...sums.keys(), ...amounts],
    );
    if (affectedRows !== sums.size) throw new Defect('a grant was charged with more than it had');
  }
}

function sumOf(grants: readonly OpenGrant[]): number {
  return grants.reduce((sum, { leftFen }) => sum + leftFen, 0);
}

function amountOf(payouts: readonly Charged[]): number {
  return payouts.reduce((sum, { amountFen }) => sum + amountFen, 0);
}

function byBudget<T extends { readonly budgetId: number }>(payouts: readonly T[]): ReadonlyMap<number, T[]> {
  const groups = new Map<number, T[]>();
  for (const payout of payouts) {
    const group = groups.get(payout.budgetId);
    if (group) group.push(payout);
    else groups.set(payout.budgetId, [payout]);
  }
  return groups;
}
