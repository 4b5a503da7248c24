import { Injectable } from '@nestjs/common';
import { Database, databaseNow, placeholders } from '@app/database';
import { addDays, fenFromColumn, shanghaiDay, type Fen } from '@app/kernel';

export interface BurningCampaign {
  readonly id: number;
  readonly name: string;
  readonly endsAt: Date | null;
}

export interface BudgetBurn {
  readonly id: number;
  readonly name: string;
  readonly grantedFen: Fen;
  /** Free to be won. */
  readonly leftFen: Fen;
  /** Won and not paid yet. */
  readonly reservedFen: Fen;
  readonly settledFen: Fen;
  /** Mean of what its campaigns awarded on each of the last seven days that are over. */
  readonly fenPerDay: number;
  /** Whole days that the rest lasts at that rate; null while nothing is won. */
  readonly daysLeft: number | null;
  /** The Shanghai day on which it is used up at that rate. */
  readonly until: string | null;
  /** Live campaigns that spend it. */
  readonly campaigns: readonly BurningCampaign[];
  /** At that rate it is used up before the last of them ends. */
  readonly short: boolean;
}

const RATE_DAYS = 7;
const MOST = 50;
const DAY_MS = 86_400_000;

/** How fast the budgets burn, and until when they last. */
@Injectable()
export class BudgetBurnModel {
  constructor(private readonly database: Database) {}

  /** Those that live campaigns spend first, the shortest of them on top; at most 50. `at` is now unless a test says otherwise. */
  async read(at?: Date): Promise<BudgetBurn[]> {
    const now = at ?? (await databaseNow(this.database));
    const budgets = await this.database.query<RawBudget>(
      `SELECT id, name, granted_fen, available_fen, reserved_fen, settled_fen FROM budgets ORDER BY id DESC LIMIT ${MOST}`,
    );
    const campaigns = await this.campaigns();
    const rates = await this.rates(
      campaigns.map(({ id }) => id),
      shanghaiDay(now),
    );
    return budgets
      .map((raw) => burnOf(raw, campaigns, rates, now))
      .sort((a, b) => Number(b.campaigns.length > 0) - Number(a.campaigns.length > 0) || days(a) - days(b));
  }

  /** With the budget that their version in force spends. */
  private async campaigns(): Promise<(BurningCampaign & { budgetId: number | null; live: boolean })[]> {
    const rows = await this.database.query<{
      id: number;
      name: string;
      endsAt: Date | null;
      live: number;
      content: string;
    }>(
      `SELECT c.id, c.name, COALESCE(c.run_until, c.ends_at) AS endsAt, c.status = 'live' AS live, v.content
         FROM campaigns c JOIN campaign_versions v ON v.id = c.current_version_id
        WHERE c.status IN ('live', 'paused') OR c.ended_at > UTC_TIMESTAMP(6) - INTERVAL ${RATE_DAYS} DAY`,
    );
    return rows.map(({ content, live, ...row }) => ({
      ...{ ...row, live: Number(live) === 1 },
      budgetId: (JSON.parse(content) as { budgetId: number | null }).budgetId,
    }));
  }

  /** Fen that each campaign awarded in the days that the rate is taken from. */
  private async rates(ids: readonly number[], today: string): Promise<ReadonlyMap<number, number>> {
    if (ids.length === 0) return new Map();
    const rows = await this.database.query<{ id: number; fen: string }>(
      `SELECT campaign_id AS id, SUM(awarded_fen) AS fen FROM rollup_items
        WHERE day >= ? AND day < ? AND campaign_id IN (${placeholders(ids)}) GROUP BY campaign_id`,
      [addDays(today, -RATE_DAYS), today, ...ids],
    );
    return new Map(rows.map(({ id, fen }) => [id, Number(fen)]));
  }
}

interface RawBudget {
  readonly id: number;
  readonly name: string;
  readonly granted_fen: string;
  readonly available_fen: string;
  readonly reserved_fen: string;
  readonly settled_fen: string;
}

function burnOf(
  raw: RawBudget,
  campaigns: readonly (BurningCampaign & { budgetId: number | null; live: boolean })[],
  rates: ReadonlyMap<number, number>,
  now: Date,
): BudgetBurn {
  const mine = campaigns.filter(({ budgetId }) => budgetId === raw.id);
  const fenPerDay = Math.round(mine.reduce((sum, { id }) => sum + (rates.get(id) ?? 0), 0) / RATE_DAYS);
  const leftFen = fenFromColumn(raw.available_fen);
  const daysLeft = fenPerDay === 0 ? null : Math.floor(leftFen / fenPerDay);
  const live = mine.filter((campaign) => campaign.live);
  const usedUp = daysLeft === null ? Infinity : now.getTime() + daysLeft * DAY_MS;
  return {
    ...{ id: raw.id, name: raw.name, leftFen, fenPerDay, daysLeft },
    grantedFen: fenFromColumn(raw.granted_fen),
    reservedFen: fenFromColumn(raw.reserved_fen),
    settledFen: fenFromColumn(raw.settled_fen),
    until: daysLeft === null ? null : addDays(shanghaiDay(now), Math.min(daysLeft, 36_500)),
    campaigns: live.map(({ id, name, endsAt }) => ({ id, name, endsAt })),
    short: live.some(({ endsAt }) => (endsAt === null ? usedUp < Infinity : endsAt.getTime() > usedUp)),
  };
}

function days({ daysLeft }: BudgetBurn): number {
  return daysLeft ?? Infinity;
}
