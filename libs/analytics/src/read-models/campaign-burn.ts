import { Injectable } from '@nestjs/common';
import { Database, databaseNow, textOf } from '@app/database';
import { budgetOf, type FoundBudget } from './campaign-surroundings';

export interface BurnHour {
  readonly hour: Date;
  readonly wins: number;
  readonly awardedFen: number;
}

/** What a campaign has used so far. */
export interface CampaignBurn {
  readonly at: Date;
  readonly budget: FoundBudget | null;
  /** By the roll-ups, which are a few seconds behind. */
  readonly wins: number;
  readonly awardedFen: number;
  /** The last 24 hours, those without a win left out. */
  readonly hours: readonly BurnHour[];
  /** Counters of caps that are not a member's, by key; see campaigns' `caps.ts`. At most 500, the largest first. */
  readonly counters: readonly { readonly key: string; readonly awards: number; readonly fen: number }[];
}

const MOST_COUNTERS = 500;

/** How fast a campaign uses up its budget and its caps. */
@Injectable()
export class CampaignBurnModel {
  constructor(private readonly database: Database) {}

  /** `campaignId` need not exist: everything is 0 then. */
  async read(campaignId: number, budgetId: number | null): Promise<CampaignBurn> {
    const at = await databaseNow(this.database);
    const [total] = await this.database.query<{ wins: string | null; fen: string | null }>(
      'SELECT SUM(wins) AS wins, SUM(awarded_fen) AS fen FROM rollup_days WHERE campaign_id = ?',
      [campaignId],
    );
    const hours = await this.database.query<{ hour: Date; wins: string; fen: string }>(
      `SELECT hour, SUM(wins) AS wins, SUM(awarded_fen) AS fen FROM rollup_hours
        WHERE hour >= ? AND campaign_id = ? GROUP BY hour ORDER BY hour`,
      [new Date(at.getTime() - 24 * 3_600_000), campaignId],
    );
    const counters = await this.database.query<{ key: Buffer; awards: string; fen: string }>(
      `SELECT counter_key AS \`key\`, awards, fen FROM campaign_counters WHERE campaign_id = ?
        ORDER BY fen DESC, awards DESC LIMIT ${MOST_COUNTERS}`,
      [campaignId],
    );
    return {
      at,
      budget: budgetId === null ? null : await budgetOf(this.database, budgetId),
      wins: Number(total?.wins ?? 0),
      awardedFen: Number(total?.fen ?? 0),
      hours: hours
        .filter(({ wins }) => Number(wins) > 0)
        .map(({ hour, wins, fen }) => ({ hour, wins: Number(wins), awardedFen: Number(fen) })),
      counters: counters.map(({ key, awards, fen }) => ({
        ...{ key: textOf(key), awards: Number(awards), fen: Number(fen) },
      })),
    };
  }
}
