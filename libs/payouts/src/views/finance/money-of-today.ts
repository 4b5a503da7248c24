import { textOf, type Reader } from '@app/database';
import { fenFromColumn, type Fen } from '@app/kernel';
import { payoutState, type PayoutState } from '../../payout-state';

export interface CountAndFen {
  readonly count: number;
  readonly fen: Fen;
}

/** What happened on one Beijing day so far. */
export interface TodaySums {
  /** Prizes won, of every kind, and the fen reserved for them; by the roll-ups, which are a few seconds behind. */
  readonly won: CountAndFen;
  /** Money asked for the first time. */
  readonly claimed: CountAndFen;
  readonly settled: CountAndFen;
  /** Offers that ended without effect; their prizes can be claimed again. */
  readonly failed: CountAndFen;
  /** Paid and proven to have come back. */
  readonly refunded: CountAndFen;
}

export interface StateInFlight extends CountAndFen {
  readonly state: PayoutState;
  /** When the longest waiting offer began. */
  readonly oldestAt: Date;
}

export const OPEN_STATES = [
  'PENDING',
  'SENDING',
  'UNKNOWN',
  'WAIT_USER',
  'MANUAL',
] as const satisfies readonly PayoutState[];

/** Each comes from an index alone, but for failures, which are few. */
export async function today(reader: Reader, from: Date): Promise<Omit<TodaySums, 'won'>> {
  const since = (column: 'created_at' | 'settled_at'): Promise<CountAndFen> =>
    countAndFen(reader, `FROM payouts p WHERE p.${column} >= ?`, [from]);
  const moved = (state: PayoutState): Promise<CountAndFen> =>
    countAndFen(reader, 'FROM payout_moves m JOIN payouts p USING (payout_key) WHERE m.to_state = ? AND m.at >= ?', [
      state,
      from,
    ]);
  return {
    claimed: await since('created_at'),
    settled: await since('settled_at'),
    failed: await moved('FAILED'),
    refunded: await moved('REFUNDED'),
  };
}

/** Payouts under way, by state; states without any are left out. */
export async function openPayouts(reader: Reader): Promise<StateInFlight[]> {
  const rows = await reader.query<{ state: Buffer; count: string; fen: string; oldest: Date }>(
    `SELECT state, COUNT(*) AS count, SUM(amount_fen) AS fen, MIN(offered_at) AS oldest FROM payouts
      WHERE state IN (${OPEN_STATES.map(() => '?').join(',')}) GROUP BY state`,
    OPEN_STATES,
  );
  return rows.map(({ state, count, fen, oldest }) => ({
    ...{ state: payoutState(textOf(state)), count: Number(count), fen: fenFromColumn(fen), oldestAt: oldest },
  }));
}

async function countAndFen(reader: Reader, from: string, values: readonly (string | Date)[]): Promise<CountAndFen> {
  const [row] = await reader.query<{ count: string; fen: string }>(
    `SELECT COUNT(*) AS count, COALESCE(SUM(p.amount_fen), 0) AS fen ${from}`,
    values,
  );
  return { count: Number(row!.count), fen: fenFromColumn(row!.fen) };
}
