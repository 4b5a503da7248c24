import { Injectable } from '@nestjs/common';
import { Database, textOf } from '@app/database';
import { fen, fenFromColumn, type Fen } from '@app/kernel';
import { PAYOUT_STATES, payoutState, type PayoutState } from '../payout-state';
import { PayoutSums, type SumKind } from '../views/finance/payout-sums';

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
  /** Journals before it were recounted one by one; null before the first night. */
  readonly checkedTo: Date | null;
}

const INVARIANTS = ['I1', 'I2', 'I3', 'I4', 'I6'] as const;

/** A difference between what is booked and what is counted; the system is sound when there is none. */
export interface LedgerFault {
  readonly invariant: (typeof INVARIANTS)[number];
  readonly detail: string;
}

const UNRESOLVED_SHOWN = 100;

@Injectable()
export class LedgerSummaries {
  constructor(
    private readonly database: Database,
    private readonly sums: PayoutSums,
  ) {}

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
      checkedTo: await this.checkedTo(),
    };
  }

  /**
   * What is known to be wrong without recounting anything: what the nights found and people have not closed, and counters that contradict
   * each other. The proof that nothing else is wrong is `LedgerCheck`, each night.
   */
  async knownFaults(): Promise<LedgerFault[]> {
    const found = await this.database.query<{ incident_key: Buffer; detail: string }>(
      "SELECT incident_key, detail FROM payout_incidents WHERE resolved_at IS NULL AND kind = 'ledger' ORDER BY id LIMIT 100",
    );
    const charged = await this.database.query<{ id: number; settled: string; used: string }>(
      `SELECT * FROM (SELECT b.id, b.settled_fen AS settled,
           COALESCE((SELECT SUM(g.used_fen) FROM budget_grants g WHERE g.budget_id = b.id), 0) AS used
         FROM budgets b) AS both_sides WHERE settled <> used LIMIT 100`,
    );
    return [
      ...found.map(({ incident_key: key, detail }): LedgerFault => {
        const invariant = textOf(key).split(':')[1];
        return { invariant: INVARIANTS.find((known) => known === invariant) ?? 'I3', detail };
      }),
      ...charged.map(({ id, settled, used }): LedgerFault => {
        return { invariant: 'I3', detail: `budget ${id} settled ${settled} fen, its grants were charged ${used}` };
      }),
    ];
  }

  private async checkedTo(): Promise<Date | null> {
    const [night] = await this.database.query<{ to: Date }>(
      'SELECT booked_to AS `to` FROM ledger_nights WHERE finished_at IS NOT NULL ORDER BY day DESC LIMIT 1',
    );
    return night?.to ?? null;
  }

  /** Results are counted by the hour, what is open is found by its index: no walk through all payouts. */
  private async byState(): Promise<Record<PayoutState, StateSum>> {
    const rows = await this.database.query<{ state: Buffer; count: string; fen: string }>(
      `SELECT state, COUNT(*) AS count, SUM(amount_fen) AS fen FROM payouts
        WHERE state IN ('PENDING', 'SENDING', 'UNKNOWN', 'WAIT_USER', 'MANUAL') GROUP BY state`,
    );
    const none: StateSum = { count: 0, fen: fenFromColumn(0) };
    const sums = Object.fromEntries(PAYOUT_STATES.map((state) => [state, none])) as Record<PayoutState, StateSum>;
    for (const row of rows) {
      sums[payoutState(textOf(row.state))] = { count: Number(row.count), fen: fenFromColumn(row.fen) };
    }
    const all = await this.sums.read(null);
    const left = (came: SumKind, went: SumKind): StateSum => ({
      count: all[came].count - all[went].count,
      fen: fen(all[came].fen - all[went].fen),
    });
    // Money that comes back was settled, and nothing else leaves that state.
    sums.SETTLED = left('to:SETTLED', 'to:REFUNDED');
    sums.FAILED = left('to:FAILED', 'from:FAILED');
    sums.REFUNDED = left('to:REFUNDED', 'from:REFUNDED');
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
