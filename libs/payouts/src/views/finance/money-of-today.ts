import { textOf, type Reader } from '@app/database';
import { fen, fenFromColumn, type Fen } from '@app/kernel';
import { payoutState, type PayoutState } from '../../payout-state';
import type { PayoutSums, SumKind } from './payout-sums';

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

/** From the sums by the hour; `from` begins an hour. */
export async function today(model: PayoutSums, from: Date): Promise<Omit<TodaySums, 'won'>> {
  const sums = await model.read(from);
  const sum = (kind: SumKind): CountAndFen => ({ count: sums[kind].count, fen: fen(sums[kind].fen) });
  return {
    claimed: sum('claimed'),
    settled: sum('to:SETTLED'),
    failed: sum('to:FAILED'),
    refunded: sum('to:REFUNDED'),
  };
}

/** Payouts under way, by state; states without any are left out. */
export async function openPayouts(reader: Reader): Promise<StateInFlight[]> {
  const rows = await reader.query<{ state: Buffer; count: string; fen: string; oldest: Date }>(
    `SELECT state, COUNT(*) AS count, SUM(amount_fen) AS fen, MIN(offered_at) AS oldest FROM payouts
      WHERE state IN (${OPEN_STATES.map(() => '?').join(',')}) GROUP BY state`,
    OPEN_STATES,
  );
  return rows.map(({ state, count, fen: sum, oldest }) => ({
    ...{ state: payoutState(textOf(state)), count: Number(count), fen: fenFromColumn(sum), oldestAt: oldest },
  }));
}
