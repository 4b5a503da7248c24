import { textOf, type Reader, type SqlValue } from '@app/database';

/** Fen that moved on one Shanghai day, by campaign and by the city where the bottle was scanned (0 = unknown place). */
export interface Flow {
  readonly day: string;
  readonly campaignId: number;
  readonly city: number;
  readonly settledFen: number;
  readonly refundedFen: number;
  /** Less what was undone of it: below 0 on a day on which more was undone than released. */
  readonly releasedFen: number;
}

/** The same as `cityGrain`: a test holds the two together. */
export function cityGrainSql(adcode: string): string {
  return `CASE WHEN COALESCE(${adcode}, 0) = 0 THEN 0
    WHEN ${adcode} IN (110000, 120000, 310000) THEN ${adcode} + 100
    WHEN MOD(${adcode}, 10000) = 0 OR MOD(FLOOR(${adcode} / 100), 100) = 90 THEN ${adcode}
    ELSE ${adcode} - MOD(${adcode}, 100) END`;
}

/** `batch:layer:serial:slot` as conditions on an award's primary key. */
export function awardOfKey(award: string, key: string): string {
  const part = (from: number): string =>
    `CAST(SUBSTRING_INDEX(SUBSTRING_INDEX(${key}, ':', ${from}), ':', -1) AS UNSIGNED)`;
  return `${award}.batch_id = ${part(1)} AND ${award}.layer = ${part(2)} AND ${award}.serial = ${part(3)} AND ${award}.slot = ${part(4)}`;
}

const DAY = (at: string): string => `DATE_FORMAT(${at} + INTERVAL 8 HOUR, '%Y-%m-%d')`;
const PLACE = `LEFT JOIN scans s ON s.member_id = a.member_id AND s.scan_id = a.scan_id`;
/** Offers that were settled or refunded, once each, however many grants they were charged to. */
const MOVED = `(SELECT DISTINCT payout_key, offer_no, act, at FROM grant_uses WHERE at >= ? AND at < ?) m`;

/**
 * What the ledger moved in `[from, to)`, from the rows that were written with its journals. A payout without an award counts as of an
 * unknown place, so that nothing is ever left out.
 */
export async function flowsBetween(reader: Reader, from: Date, to: Date): Promise<Flow[]> {
  const range: SqlValue[] = [from, to];
  const rows = await reader.query<{ day: string; campaign: number; city: string; act: Buffer; fen: string }>(
    `SELECT day, campaign, city, act, SUM(fen) AS fen FROM (
       SELECT ${DAY('m.at')} AS day, p.campaign_id AS campaign, ${cityGrainSql('s.adcode')} AS city, m.act, p.amount_fen AS fen
         FROM ${MOVED} JOIN payouts p ON p.payout_key = m.payout_key
         LEFT JOIN awards a ON ${awardOfKey('a', 'p.payout_key')} ${PLACE}
        WHERE LEFT(m.payout_key, 1) <> 'p'
       UNION ALL
       SELECT ${DAY('m.at')}, p.campaign_id, ${cityGrainSql('s.adcode')}, m.act, w.amount_fen
         FROM ${MOVED} JOIN payouts p ON p.payout_key = m.payout_key JOIN pooled_awards w ON w.payout_key = p.payout_key
         LEFT JOIN awards a ON a.batch_id = w.batch_id AND a.layer = w.layer AND a.serial = w.serial AND a.slot = w.slot ${PLACE}
        WHERE LEFT(m.payout_key, 1) = 'p'
       UNION ALL
       SELECT ${DAY('r.at')}, r.campaign_id, ${cityGrainSql('s.adcode')}, 'release', r.amount_fen
         FROM award_releases r LEFT JOIN awards a ON ${awardOfKey('a', 'r.award_key')} ${PLACE}
        WHERE r.at >= ? AND r.at < ?
       UNION ALL
       SELECT ${DAY('u.at')}, u.campaign_id, ${cityGrainSql('s.adcode')}, 'release', -u.amount_fen
         FROM undone_releases u LEFT JOIN awards a ON ${awardOfKey('a', 'u.award_key')} ${PLACE}
        WHERE u.at >= ? AND u.at < ?) moved
     GROUP BY day, campaign, city, act`,
    [...range, ...range, ...range, ...range],
  );
  const flows = new Map<string, Flow>();
  for (const row of rows) {
    const [campaignId, city] = [Number(row.campaign), Number(row.city)];
    const key = `${row.day}|${campaignId}|${city}`;
    const flow = flows.get(key) ?? {
      ...{ day: row.day, campaignId, city },
      ...{ settledFen: 0, refundedFen: 0, releasedFen: 0 },
    };
    const fen = Number(row.fen);
    flows.set(key, { ...flow, [COLUMN[textOf(row.act) as keyof typeof COLUMN]]: fen });
  }
  return [...flows.values()];
}

const COLUMN = { settle: 'settledFen', refund: 'refundedFen', release: 'releasedFen' } as const;
