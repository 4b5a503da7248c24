import { Injectable } from '@nestjs/common';
import { bulkInsert, databaseNow, placeholders, textOf, type Tx } from '@app/database';
import { Rejected, sumFen, Transient, type Fen } from '@app/kernel';
import { incidentKind } from '../cases/incident-kinds';
import { payoutState, type PayoutState } from '../payout-state';
import { Budgets } from './budgets';
import { bookJournals, journal, movement } from './journal';

/** An award whose money may no longer be asked for: the published end of claims is over, with some room. */
export interface DueAward {
  /** `batch:layer:serial:slot` */
  readonly awardKey: string;
  /** The payout that would have carried it: `awardKey`, or that of the pool it is in. */
  readonly payoutKey: string;
  readonly campaignId: number;
  readonly budgetId: number;
  readonly memberId: number;
  readonly amountFen: Fen;
  /** A packet that was never opened and cannot be opened any more. */
  readonly lapsed: boolean;
  /** Not included. */
  readonly claimUntil: Date;
}

export type ReleaseReason = 'unclaimed' | 'lapsed' | 'failed' | 'refunded';

export interface Released {
  readonly awards: number;
  readonly fen: Fen;
  /** Awards whose money is under way or not proven, or that people must look at first: they stay due. */
  readonly held: number;
}

/** Of rows `r` of `award_releases`: those that were not undone. */
export const COUNTS = 'NOT EXISTS (SELECT 1 FROM undone_releases u WHERE u.award_key = r.award_key AND u.nth = r.nth)';
/** Only here has the money surely not reached anybody. */
const OVER: Partial<Record<PayoutState, ReleaseReason>> = { FAILED: 'failed', REFUNDED: 'refunded' };

/**
 * Gives what was reserved for prizes back to their budgets, once and for all. An award with a row in `award_releases` is 已过期, and
 * its money can never be asked for again; only when two people find that it had arrived before is that release undone. Whoever asks for money writes first and then calls `assertOpen`; a release writes first and
 * then looks for payouts: of two that meet, one waits for the other or is rolled back, so never both go through.
 */
@Injectable()
export class Releases {
  constructor(private readonly budgets: Budgets) {}

  /**
   * Releases those of the awards whose money is neither on its way nor settled, at most some hundred at a time; those released before are
   * left out. Throws Transient when somebody asked for one of them at this very moment: then nothing is released, try again.
   */
  async release(tx: Tx, due: readonly DueAward[]): Promise<Released> {
    const before = await this.releasedKeys(
      tx,
      due.map(({ awardKey }) => awardKey),
    );
    const fresh = due.filter(({ awardKey }) => !before.has(awardKey));
    const keys = [...new Set(fresh.map(({ payoutKey }) => payoutKey))].sort();
    const states = await this.lockPayouts(tx, keys);
    const frozen = await this.frozen(tx, [...states.keys()]);
    const free = fresh.flatMap((award) => {
      const state = states.get(award.payoutKey);
      if (state === undefined) return [{ award, reason: award.lapsed ? ('lapsed' as const) : ('unclaimed' as const) }];
      const reason = frozen.has(award.payoutKey) ? undefined : OVER[state];
      return reason === undefined ? [] : [{ award, reason }];
    });
    await this.write(tx, free);
    const unasked = keys.filter((key) => !states.has(key));
    if ((await this.lockPayouts(tx, unasked)).size > 0) {
      throw new Transient('a prize was asked for while it was being released', 1);
    }
    const settled = fresh.filter(({ payoutKey }) => states.get(payoutKey) === 'SETTLED').length;
    const fen = sumFen(free.map(({ award }) => award.amountFen));
    return { awards: free.length, fen, held: fresh.length - free.length - settled };
  }

  /**
   * For whoever asks for money, in the same transaction and after the row that asks was written. `keys` are awards' or pools'. Throws
   * Rejected `award_expired` (409) when one of them was released.
   */
  async assertOpen(tx: Tx, keys: readonly string[]): Promise<void> {
    if (keys.length === 0) return;
    const rows = await tx.query(
      `SELECT r.award_key FROM award_releases r WHERE r.payout_key IN (${placeholders(keys)}) AND ${COUNTS} LIMIT 1 FOR UPDATE`,
      keys,
    );
    if (rows.length > 0) throw new Rejected('award_expired', '兑奖截止时间已过，这份奖励已过期', 409);
  }

  /**
   * The money of this payout had arrived before its awards were released: their fen are reserved again, as if nobody had released them.
   * Returns the awards; none when none was released. Rejected `budget_short` (409) when the budget has not got them any more. `payout`
   * must be locked.
   */
  async undo(tx: Tx, payoutKey: string): Promise<readonly string[]> {
    const rows = await tx.query<{
      award_key: Buffer;
      nth: number;
      campaign_id: number;
      budget_id: number;
      amount_fen: string;
    }>(
      `SELECT r.award_key, r.nth, r.campaign_id, r.budget_id, r.amount_fen FROM award_releases r
        WHERE r.payout_key = ? AND ${COUNTS} ORDER BY r.award_key`,
      [payoutKey],
    );
    if (rows.length === 0) return [];
    const at = await databaseNow(tx);
    await bulkInsert(
      tx,
      'undone_releases',
      ['award_key', 'nth', 'payout_key', 'campaign_id', 'amount_fen', 'at'],
      rows.map((row) => [row.award_key, row.nth, payoutKey, row.campaign_id, row.amount_fen, at]),
    );
    const undone = rows.map((row) => {
      const [awardKey, amountFen] = [textOf(row.award_key), Number(row.amount_fen)];
      return { awardKey, nth: row.nth, budgetId: row.budget_id, amountFen };
    });
    await bookJournals(
      tx,
      undone.map(({ awardKey, nth, budgetId, amountFen }) =>
        journal({
          key: `un${releaseKey(awardKey, nth)}`,
          kind: 'unrelease',
          legs: movement(budgetId, 'available', 'reserved', amountFen),
        }),
      ),
    );
    await this.budgets.takeBack(tx, undone);
    return undone.map(({ awardKey }) => awardKey);
  }

  /** When these awards were released, by `batch:layer:serial:slot`; the others are missing. At most a page of keys at a time. */
  async releasedAt(
    reader: { query<T>(sql: string, params?: readonly string[]): Promise<T[]> },
    awardKeys: readonly string[],
  ): Promise<ReadonlyMap<string, Date>> {
    if (awardKeys.length === 0) return new Map();
    const rows = await reader.query<{ award_key: Buffer; at: Date }>(
      `SELECT r.award_key, r.at FROM award_releases r WHERE r.award_key IN (${placeholders(awardKeys)}) AND ${COUNTS}`,
      awardKeys,
    );
    return new Map(rows.map((row) => [textOf(row.award_key), row.at]));
  }

  private async releasedKeys(tx: Tx, keys: readonly string[]): Promise<ReadonlySet<string>> {
    return new Set((await this.releasedAt(tx, keys)).keys());
  }

  private async lockPayouts(tx: Tx, keys: readonly string[]): Promise<ReadonlyMap<string, PayoutState>> {
    if (keys.length === 0) return new Map();
    const rows = await tx.query<{ payout_key: Buffer; state: Buffer }>(
      `SELECT payout_key, state FROM payouts WHERE payout_key IN (${placeholders(keys)}) ORDER BY payout_key FOR UPDATE`,
      keys,
    );
    return new Map(rows.map((row) => [textOf(row.payout_key), payoutState(textOf(row.state))]));
  }

  /** Payouts of which WeChat has said contradictory things: whether they failed is for people to say. */
  private async frozen(tx: Tx, keys: readonly string[]): Promise<ReadonlySet<string>> {
    if (keys.length === 0) return new Set();
    const rows = await tx.query<{ payout_key: Buffer; kind: Buffer }>(
      `SELECT payout_key, kind FROM payout_incidents
        WHERE resolved_at IS NULL AND payout_key IN (${placeholders(keys)})`,
      keys,
    );
    const freezing = rows.filter(({ kind }) => incidentKind(textOf(kind))?.freezes ?? true);
    return new Set(freezing.map((row) => textOf(row.payout_key)));
  }

  private async write(
    tx: Tx,
    free: readonly { readonly award: DueAward; readonly reason: ReleaseReason }[],
  ): Promise<void> {
    if (free.length === 0) return;
    const at = await databaseNow(tx);
    const nths = await this.nextNths(
      tx,
      free.map(({ award }) => award.awardKey),
    );
    await bulkInsert(
      tx,
      'award_releases',
      [
        'award_key',
        'nth',
        'payout_key',
        'campaign_id',
        'budget_id',
        'member_id',
        'amount_fen',
        'reason',
        'claim_until',
        'at',
      ],
      free.map(({ award, reason }) => [
        ...[
          award.awardKey,
          nths.get(award.awardKey) ?? 1,
          award.payoutKey,
          award.campaignId,
          award.budgetId,
          award.memberId,
          award.amountFen,
        ],
        ...[reason, award.claimUntil, at],
      ]),
    );
    await bookJournals(
      tx,
      free.map(({ award: { awardKey, budgetId, amountFen } }) =>
        journal({
          key: releaseKey(awardKey, nths.get(awardKey) ?? 1),
          kind: 'release',
          legs: movement(budgetId, 'reserved', 'available', amountFen),
        }),
      ),
    );
    await this.budgets.count(
      tx,
      'release',
      free.map(({ award }) => award),
    );
  }

  /** Of awards whose release was undone; all others are released for the first time. */
  private async nextNths(tx: Tx, awardKeys: readonly string[]): Promise<ReadonlyMap<string, number>> {
    const rows = await tx.query<{ award_key: Buffer; nth: number }>(
      `SELECT award_key, MAX(nth) AS nth FROM undone_releases WHERE award_key IN (${placeholders(awardKeys)}) GROUP BY award_key`,
      awardKeys,
    );
    return new Map(rows.map((row) => [textOf(row.award_key), Number(row.nth) + 1]));
  }
}

/** The first of an award has no number. */
export function releaseKey(awardKey: string, nth: number): string {
  return nth === 1 ? `release:${awardKey}` : `release:${awardKey}:${nth}`;
}
