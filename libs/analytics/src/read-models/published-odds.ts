import { placeholders, type Reader } from '@app/database';

/** How likely a prize of money is by a campaign's published tables: of the rule that gives least, and of the one that gives most, 0 … 1. */
export interface PublishedOdds {
  readonly campaignId: number;
  readonly name: string;
  readonly least: number;
  readonly most: number;
}

interface Content {
  readonly prizes: readonly { readonly key: string; readonly kind: string }[];
  readonly rules: readonly {
    readonly then: {
      readonly prizes: readonly { readonly key: string; readonly odds?: number; readonly count?: number }[];
    };
  }[];
}

const MONEY = new Set(['cash', 'locked']);

/** Of the versions in force; a campaign that was never published is missing. */
export async function readPublishedOdds(
  reader: Reader,
  ids: readonly number[],
): Promise<ReadonlyMap<number, PublishedOdds>> {
  if (ids.length === 0) return new Map();
  const rows = await reader.query<{ id: number; name: string; content: string }>(
    `SELECT c.id, c.name, v.content FROM campaigns c JOIN campaign_versions v ON v.id = c.current_version_id
      WHERE c.id IN (${placeholders(ids)})`,
    ids,
  );
  return new Map(
    rows.map(({ id, name, content }) => {
      const shares = moneyShares(JSON.parse(content) as Content);
      return [id, { campaignId: id, name, least: Math.min(...shares), most: Math.max(...shares) }];
    }),
  );
}

/** Rule by rule, drawn or dealt: both say how much of the whole each prize is. */
function moneyShares({ prizes, rules }: Content): number[] {
  const money = new Set(prizes.filter(({ kind }) => MONEY.has(kind)).map(({ key }) => key));
  return rules.map(({ then }) => {
    const parts = then.prizes.map(({ key, odds = 0, count = 0 }) => ({ key, part: odds + count }));
    const whole = parts.reduce((sum, { part }) => sum + part, 0);
    const won = parts.filter(({ key }) => money.has(key)).reduce((sum, { part }) => sum + part, 0);
    return whole === 0 ? 0 : won / whole;
  });
}
