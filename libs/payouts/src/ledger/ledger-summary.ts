import { Injectable } from '@nestjs/common';
import { Database, textOf } from '@app/database';
import { fenFromColumn, type Fen } from '@app/kernel';
import { PAYOUT_STATES, payoutState, type PayoutState } from '../payout-state';

export interface StateSum {
  readonly count: number;
  readonly fen: Fen;
}

/** Where every fen is. Read at one moment. */
export interface LedgerSummary {
  readonly grantedFen: Fen;
  readonly availableFen: Fen;
  readonly reservedFen: Fen;
  readonly settledFen: Fen;
  /** All that was ever reserved for prizes, less what was released. */
  readonly awardedFen: Fen;
  readonly byState: Readonly<Record<PayoutState, StateSum>>;
  /** Payouts that are neither settled nor failed, oldest first, at most 100. */
  readonly unresolved: readonly {
    readonly payoutKey: string;
    readonly state: PayoutState;
    readonly amountFen: Fen;
    readonly billNo: string | null;
    readonly nextAt: Date | null;
  }[];
  readonly openIncidents: readonly { readonly kind: string; readonly count: number }[];
}

/** A difference between what is booked and what is counted; the system is sound when there is none. */
export interface LedgerFault {
  readonly invariant: 'I1' | 'I2' | 'I3' | 'I4' | 'I6';
  readonly detail: string;
}

const UNRESOLVED_SHOWN = 100;

@Injectable()
export class LedgerSummaries {
  constructor(private readonly database: Database) {}

  async ledgerSummary(): Promise<LedgerSummary> {
    const [sums] = await this.database.query<Record<'granted' | 'available' | 'reserved' | 'settled', string>>(
      `SELECT COALESCE(SUM(granted_fen), 0) AS granted, COALESCE(SUM(available_fen), 0) AS available,
         COALESCE(SUM(reserved_fen), 0) AS reserved, COALESCE(SUM(settled_fen), 0) AS settled FROM budgets`,
    );
    const [reservedFen, settledFen] = [fenFromColumn(sums!.reserved), fenFromColumn(sums!.settled)];
    return {
      grantedFen: fenFromColumn(sums!.granted),
      availableFen: fenFromColumn(sums!.available),
      reservedFen,
      settledFen,
      awardedFen: fenFromColumn(String(reservedFen + settledFen)),
      byState: await this.byState(),
      unresolved: await this.unresolved(),
      openIncidents: await this.incidents(),
    };
  }

  private async byState(): Promise<Record<PayoutState, StateSum>> {
    const rows = await this.database.query<{ state: Buffer; count: string; fen: string }>(
      'SELECT state, COUNT(*) AS count, SUM(amount_fen) AS fen FROM payouts GROUP BY state',
    );
    const none: StateSum = { count: 0, fen: fenFromColumn(0) };
    const sums = Object.fromEntries(PAYOUT_STATES.map((state) => [state, none])) as Record<PayoutState, StateSum>;
    for (const row of rows) {
      sums[payoutState(textOf(row.state))] = { count: Number(row.count), fen: fenFromColumn(row.fen) };
    }
    return sums;
  }

  private async unresolved(): Promise<LedgerSummary['unresolved']> {
    const rows = await this.database.query<{
      payout_key: Buffer;
      state: Buffer;
      amount_fen: string;
      bill_no: Buffer | null;
      next_at: Date | null;
    }>(
      `SELECT payout_key, state, amount_fen, bill_no, next_at FROM payouts
       WHERE state IN ('PENDING', 'SENDING', 'UNKNOWN', 'WAIT_USER', 'MANUAL') ORDER BY created_at LIMIT ${UNRESOLVED_SHOWN}`,
    );
    return rows.map((row) => ({
      payoutKey: textOf(row.payout_key),
      state: payoutState(textOf(row.state)),
      amountFen: fenFromColumn(row.amount_fen),
      billNo: row.bill_no === null ? null : textOf(row.bill_no),
      nextAt: row.next_at,
    }));
  }

  private async incidents(): Promise<LedgerSummary['openIncidents']> {
    const rows = await this.database.query<{ kind: Buffer; count: string }>(
      'SELECT kind, COUNT(*) AS count FROM payout_incidents WHERE resolved_at IS NULL GROUP BY kind',
    );
    return rows.map((row) => ({ kind: textOf(row.kind), count: Number(row.count) }));
  }
}
