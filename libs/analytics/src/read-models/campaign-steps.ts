import type { Reader, SqlValue } from '@app/database';
import { awardOfKey } from './statement-flows';

/** What became of prizes on one Shanghai day, by campaign and by the distributor in whose territory the bottle was scanned. */
export interface CampaignSteps {
  readonly day: string;
  readonly campaignId: number;
  /** 0 = nobody's territory, and everybody's together where distributors were not asked for. */
  readonly distributorId: number;
  /** Awards whose money was asked for. */
  readonly claims: number;
  readonly claimedFen: number;
  /** Awards whose money arrived, less those whose money came back. */
  readonly confirmed: number;
  readonly confirmedFen: number;
}

export interface StepsQuestion {
  /** Instants, `[from, to)`. */
  readonly from: Date;
  readonly to: Date;
  readonly campaignId?: number | undefined;
  /** Tells distributors apart, which costs two look-ups an award. */
  readonly apart: boolean;
}

interface Row {
  day: string;
  campaign: number;
  distributor: number;
  step: string | Buffer;
  awards: string;
  fen: string;
}

const DAY = (at: string): string => `DATE_FORMAT(${at} + INTERVAL 8 HOUR, '%Y-%m-%d')`;
/** Offers that were settled or refunded, once each, however many grants they were charged to. */
const MOVED =
  '(SELECT DISTINCT payout_key, offer_no, act, turn, at FROM grant_uses WHERE at >= ? AND at < ?) m JOIN payouts p ON p.payout_key = m.payout_key';
const SCAN = 'LEFT JOIN scans s ON s.member_id = a.member_id AND s.scan_id = a.scan_id';
const ALONE = `LEFT JOIN awards a ON ${awardOfKey('a', 'p.payout_key')} ${SCAN}`;
const OF_POOL =
  'LEFT JOIN awards a ON a.batch_id = w.batch_id AND a.layer = w.layer AND a.serial = w.serial AND a.slot = w.slot ' +
  SCAN;
const POOLED = 'JOIN pooled_awards w ON w.payout_key = p.payout_key';

/** Claims and arrivals in a range of time. A payment of small amounts counts as each of the awards it gathered. */
export async function campaignSteps(reader: Reader, question: StepsQuestion): Promise<CampaignSteps[]> {
  const { from, to, campaignId, apart } = question;
  const distributor = apart ? 'COALESCE(s.distributor_id, 0)' : '0';
  const alone = apart ? ALONE : '';
  const ofPool = apart ? OF_POOL : '';
  const only = campaignId === undefined ? '' : 'AND p.campaign_id = ?';
  const range: SqlValue[] = [from, to, ...(campaignId === undefined ? [] : [campaignId])];
  const part = (at: string, step: string, fen: string, source: string, where: string): string =>
    `SELECT ${DAY(at)} AS day, p.campaign_id AS campaign, ${distributor} AS distributor, ${step} AS step, ${fen} AS fen
       FROM ${source} WHERE ${where} ${only}`;
  const asked = 'p.created_at >= ? AND p.created_at < ?';
  const rows = await reader.query<Row>(
    `SELECT day, campaign, distributor, step, COUNT(*) AS awards, SUM(fen) AS fen FROM (
       ${part('p.created_at', "'claim'", 'p.amount_fen', `payouts p ${alone}`, `LEFT(p.payout_key, 1) <> 'p' AND ${asked}`)}
       UNION ALL
       ${part('p.created_at', "'claim'", 'w.amount_fen', `payouts p ${POOLED} ${ofPool}`, `LEFT(p.payout_key, 1) = 'p' AND ${asked}`)}
       UNION ALL
       ${part('m.at', 'm.act', 'p.amount_fen', `${MOVED} ${alone}`, "LEFT(p.payout_key, 1) <> 'p'")}
       UNION ALL
       ${part('m.at', 'm.act', 'w.amount_fen', `${MOVED} ${POOLED} ${ofPool}`, "LEFT(p.payout_key, 1) = 'p'")}) steps
     GROUP BY day, campaign, distributor, step`,
    [...range, ...range, ...range, ...range],
  );
  return gathered(rows);
}

function gathered(rows: readonly Row[]): CampaignSteps[] {
  const found = new Map<string, CampaignSteps>();
  for (const row of rows) {
    const [campaignId, distributorId] = [Number(row.campaign), Number(row.distributor)];
    const key = `${row.day}|${campaignId}|${distributorId}`;
    const known = found.get(key) ?? { day: row.day, campaignId, distributorId, ...NONE };
    const [awards, fen] = [Number(row.awards), Number(row.fen)];
    found.set(key, { ...known, ...added(known, String(row.step), awards, fen) });
  }
  return [...found.values()];
}

const NONE = { claims: 0, claimedFen: 0, confirmed: 0, confirmedFen: 0 } as const;

function added(known: typeof NONE | CampaignSteps, step: string, awards: number, fen: number): Partial<CampaignSteps> {
  if (step === 'claim') return { claims: known.claims + awards, claimedFen: known.claimedFen + fen };
  const sign = step === 'settle' ? 1 : -1;
  return { confirmed: known.confirmed + sign * awards, confirmedFen: known.confirmedFen + sign * fen };
}
