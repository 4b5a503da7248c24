import { Injectable } from '@nestjs/common';
import { Database, placeholders } from '@app/database';
import { fenFromColumn } from '@app/kernel';
import type { Scope } from '../scope';
import type { FoundBudget } from './campaign-surroundings';
import { scopeClause } from './rollup-scope';

/** What a campaign has given away so far, by the roll-ups. */
export interface CampaignTotals {
  readonly campaignId: number;
  readonly scans: number;
  readonly wins: number;
  readonly awardedFen: number;
  /** What pays for the version in force, other campaigns' spending included; null outside headquarters and where nothing costs money. */
  readonly budget: FoundBudget | null;
}

/** A campaign that decided scans in somebody's scope. */
export interface ScopedCampaign {
  readonly campaignId: number;
  readonly name: string;
  /** Of the version in force, half-open; null where none ever was. */
  readonly startsAt: Date | null;
  readonly endsAt: Date | null;
  readonly scans: number;
  readonly firstScans: number;
  readonly wins: number;
  readonly awardedFen: number;
  readonly newMembers: number;
}

const MOST_CAMPAIGNS = 200;

/** The figures beside each campaign of a list. */
@Injectable()
export class CampaignTotalsModel {
  constructor(private readonly database: Database) {}

  /** One row for each campaign of `ids`, in their order. */
  async read(scope: Scope, ids: readonly number[]): Promise<CampaignTotals[]> {
    if (ids.length === 0) return [];
    const clause = await scopeClause(this.database, scope, 'rollup_days');
    const rows = await this.database.query<{ id: number; scans: string; wins: string; fen: string }>(
      `SELECT campaign_id AS id, SUM(scans) AS scans, SUM(wins) AS wins, SUM(awarded_fen) AS fen
         FROM rollup_days WHERE ${clause.sql} AND campaign_id IN (${placeholders(ids)}) GROUP BY campaign_id`,
      [...clause.params, ...ids],
    );
    const found = new Map(rows.map((row) => [row.id, row]));
    const budgets = scope.kind === 'national' ? await this.budgets(ids) : new Map<number, FoundBudget>();
    return ids.map((campaignId) => {
      const row = found.get(campaignId);
      const sums = { scans: Number(row?.scans ?? 0), wins: Number(row?.wins ?? 0), awardedFen: Number(row?.fen ?? 0) };
      return { campaignId, ...sums, budget: budgets.get(campaignId) ?? null };
    });
  }

  /** Campaigns that people met in this scope, the latest first; at most 200. Says nothing of what they did elsewhere. */
  async met(scope: Scope): Promise<ScopedCampaign[]> {
    const clause = await scopeClause(this.database, scope, 'rollup_days');
    const rows = await this.database.query<{
      id: number;
      name: string;
      startsAt: Date | null;
      endsAt: Date | null;
      scans: string;
      firstScans: string;
      wins: string;
      fen: string;
      newMembers: string;
    }>(
      `SELECT c.id, c.name, c.starts_at AS startsAt, c.ends_at AS endsAt, t.scans, t.first_scans AS firstScans, t.wins,
              t.awarded_fen AS fen, t.new_members AS newMembers
         FROM (SELECT campaign_id, SUM(scans) AS scans, SUM(first_scans) AS first_scans, SUM(wins) AS wins,
                      SUM(awarded_fen) AS awarded_fen, SUM(new_members) AS new_members
                 FROM rollup_days WHERE ${clause.sql} AND campaign_id > 0 GROUP BY campaign_id) t
         JOIN campaigns c ON c.id = t.campaign_id
        ORDER BY c.id DESC LIMIT ${MOST_CAMPAIGNS}`,
      clause.params,
    );
    return rows.map(({ id, name, startsAt, endsAt, scans, firstScans, wins, fen, newMembers }) => ({
      ...{ campaignId: id, name, startsAt, endsAt, scans: Number(scans), firstScans: Number(firstScans) },
      ...{ wins: Number(wins), awardedFen: Number(fen), newMembers: Number(newMembers) },
    }));
  }

  private async budgets(ids: readonly number[]): Promise<Map<number, FoundBudget>> {
    const rows = await this.database.query<{ campaign: number; id: number; granted: string; left: string }>(
      `SELECT c.id AS campaign, b.id, b.granted_fen AS granted, b.available_fen AS \`left\`
         FROM campaigns c JOIN campaign_versions v ON v.id = c.current_version_id
         JOIN budgets b ON b.id = CAST(JSON_EXTRACT(v.content, '$.budgetId') AS UNSIGNED)
        WHERE c.id IN (${placeholders(ids)})`,
      ids,
    );
    return new Map(
      rows.map(({ campaign, id, granted, left }) => [
        campaign,
        { id, grantedFen: fenFromColumn(granted), leftFen: fenFromColumn(left) },
      ]),
    );
  }
}
