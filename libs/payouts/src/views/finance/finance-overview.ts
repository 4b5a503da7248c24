import { Inject, Injectable } from '@nestjs/common';
import { wonOnDay } from '@app/analytics';
import { CONFIG, type Config } from '@app/config';
import { Database, databaseNow, textOf } from '@app/database';
import { OutboxRows } from '@app/jobs';
import { fenFromColumn, shanghaiDay, shanghaiDayStart, sumFen, type Fen } from '@app/kernel';
import { MoneyCases, type CaseCounts } from '../../cases/money-cases';
import { ReadCircumstances } from '../circumstances';
import { AccountBalancesModel } from './account-balances';
import { readBreakers, type ChannelBreaker } from './channel-breakers';
import { PayoutSums } from './payout-sums';
import { openPayouts, today, type StateInFlight, type TodaySums } from './money-of-today';

export interface BudgetBalance {
  readonly id: number;
  readonly name: string;
  readonly grantedFen: Fen;
  readonly availableFen: Fen;
  readonly reservedFen: Fen;
  readonly settledFen: Fen;
}

export interface MerchantBalance {
  readonly mchId: string;
  readonly name: string;
  /** New payouts may go to it. */
  readonly enabled: boolean;
  /** Our copy of the balance, as the bill files tell it: signed fen. */
  readonly balanceFen: number;
  /** Per channel: paid by our word, not yet found in the bill file. 0 after a clean day. */
  readonly clearing: readonly { readonly channel: string; readonly unconfirmedFen: number }[];
  /** Null: no ceiling. */
  readonly ceilingFen: number | null;
  /** Of the bills sent today, each once. */
  readonly usedTodayFen: number;
}

/** Where the money is. One answer for one screen. */
export interface FinanceOverview {
  readonly at: Date;
  /** The Beijing day that `today` counts: `2026-11-22`. */
  readonly day: string;
  readonly totals: Omit<BudgetBalance, 'id' | 'name'>;
  /** Newest first, at most 200. */
  readonly budgets: readonly BudgetBalance[];
  readonly merchants: readonly MerchantBalance[];
  /** All that members ever got and kept. */
  readonly membersFen: number;
  readonly today: TodaySums;
  /** Payouts that are neither settled nor failed. */
  readonly inFlight: { readonly count: number; readonly fen: Fen; readonly byState: readonly StateInFlight[] };
  readonly channels: readonly ChannelBreaker[];
  readonly exceptions: CaseCounts & {
    readonly deadJobs: number;
    /** The database was set back: nothing is sent until open bills were asked about. */
    readonly recovering: boolean;
    /** The latest day that was held against the bill file, per merchant account. */
    readonly reconciled: readonly {
      readonly mchId: string;
      readonly day: string;
      readonly state: string;
      readonly differences: number;
    }[];
  };
}

const BUDGETS_SHOWN = 200;

/** 财务总览: balances, today, what is under way, what is wrong. */
@Injectable()
export class FinanceOverviewModel {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly database: Database,
    private readonly accounts: AccountBalancesModel,
    private readonly cases: MoneyCases,
    private readonly circumstances: ReadCircumstances,
    private readonly outbox: OutboxRows,
    private readonly sums: PayoutSums,
  ) {}

  async read(viewerId: number): Promise<FinanceOverview> {
    const at = await databaseNow(this.database);
    const day = shanghaiDay(at);
    const [budgets, merchants, sums, byState, channels, exceptions] = await Promise.all([
      this.budgets(),
      this.merchants(at),
      this.today(day),
      openPayouts(this.database),
      readBreakers(this.database, this.config.wechat.merchants, at),
      this.exceptions(viewerId),
    ]);
    return {
      ...{ at, day, ...budgets, ...merchants, today: sums, channels, exceptions },
      inFlight: {
        count: byState.reduce((all, { count }) => all + count, 0),
        fen: sumFen(byState.map(({ fen }) => fen)),
        byState,
      },
    };
  }

  private async today(day: string): Promise<TodaySums> {
    const won = await wonOnDay(this.database, day);
    return { won, ...(await today(this.sums, shanghaiDayStart(day))) };
  }

  private async budgets(): Promise<Pick<FinanceOverview, 'totals' | 'budgets'>> {
    const columns = ['granted', 'available', 'reserved', 'settled'] as const;
    const [sums] = await this.database.query<Record<(typeof columns)[number], string>>(
      `SELECT ${columns.map((part) => `COALESCE(SUM(${part}_fen), 0) AS ${part}`).join(', ')} FROM budgets`,
    );
    const rows = await this.database.query<Record<(typeof columns)[number], string> & { id: number; name: string }>(
      `SELECT id, name, ${columns.map((part) => `${part}_fen AS ${part}`).join(', ')} FROM budgets ORDER BY id DESC LIMIT ${BUDGETS_SHOWN}`,
    );
    const parts = (row: Record<(typeof columns)[number], string>): Omit<BudgetBalance, 'id' | 'name'> => ({
      grantedFen: fenFromColumn(row.granted),
      availableFen: fenFromColumn(row.available),
      reservedFen: fenFromColumn(row.reserved),
      settledFen: fenFromColumn(row.settled),
    });
    return { totals: parts(sums!), budgets: rows.map((row) => ({ id: row.id, name: row.name, ...parts(row) })) };
  }

  private async merchants(at: Date): Promise<Pick<FinanceOverview, 'merchants' | 'membersFen'>> {
    const { clearing, merchants, membersFen } = await this.accounts.read();
    const used = await this.circumstances.usedToday(at);
    const known = this.config.wechat.merchants.map(
      ({ mchId, name, enabled, channels, dailyCeilingFen }): MerchantBalance => {
        // Also channels that it no longer has: their bills may still be unconfirmed.
        const booked = [...clearing.keys()]
          .filter((key) => key.startsWith(`${mchId}:`))
          .map((key) => key.slice(mchId.length + 1));
        return {
          ...{ mchId, name, enabled, ceilingFen: dailyCeilingFen, usedTodayFen: used.get(mchId) ?? 0 },
          balanceFen: merchants.get(mchId) ?? 0,
          clearing: [...new Set([...channels, ...booked])].map((channel) => ({
            channel,
            unconfirmedFen: 0 - (clearing.get(`${mchId}:${channel}`) ?? 0),
          })),
        };
      },
    );
    return { merchants: known, membersFen };
  }

  private async exceptions(viewerId: number): Promise<FinanceOverview['exceptions']> {
    const counts = await this.cases.counts(viewerId);
    const { dead } = await this.outbox.backlog();
    const runs = await this.database.query<{ mch_id: Buffer; day: string; state: Buffer; differences: number }>(
      `SELECT r.mch_id, CAST(r.day AS CHAR) AS day, r.state, r.differences FROM reconciliation_runs r
         JOIN (SELECT mch_id, MAX(day) AS day FROM reconciliation_runs GROUP BY mch_id) l ON l.mch_id = r.mch_id AND l.day = r.day
        ORDER BY r.mch_id`,
    );
    return {
      ...counts,
      deadJobs: dead,
      recovering: await this.circumstances.recovering(),
      reconciled: runs.map((run) => ({
        ...{ mchId: textOf(run.mch_id), day: run.day, state: textOf(run.state), differences: run.differences },
      })),
    };
  }
}
