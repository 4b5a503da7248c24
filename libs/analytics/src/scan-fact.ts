import { shanghaiDay } from '@app/kernel';
import { cityGrain } from './place-grain';

/** One scan as it is counted. Made once from the row of `scans` and never changed. */
export interface ScanFact {
  /** Shanghai day, `YYYY-MM-DD`. */
  readonly day: string;
  readonly memberId: number;
  readonly scanId: string;
  readonly at: Date;
  /** Finest known place; 0 = unknown. */
  readonly adcode: number;
  readonly city: number;
  readonly productId: number;
  readonly batchId: number;
  /** 0 = none decided. */
  readonly campaignId: number;
  /** 0 = nobody's territory. */
  readonly distributorId: number;
  readonly verdict: number;
  readonly firstOfCode: boolean;
  /** The first scan of a code that pays consumers: a bottle was opened. Codes that only verify or travel are none. */
  readonly opened: boolean;
  /** This scan consumed the member's first code, so a member is new once. */
  readonly newMember: boolean;
  readonly won: boolean;
  readonly amountFen: number;
}

/** What is read of a row of `scans`. */
export interface ScanRow {
  readonly memberId: number;
  readonly scanId: string;
  readonly at: Date;
  readonly batchId: number;
  readonly verdict: number;
  readonly counted: boolean;
  readonly firstOfCode: boolean;
  /** The layer of the code pays consumers, as far as anybody says. */
  readonly pays: boolean;
  readonly newMember: boolean;
  readonly adcode: number | null;
  readonly productId: number;
  readonly distributorId: number | null;
  readonly campaignId: number | null;
  readonly amountFen: number;
}

export function factOf(row: ScanRow): ScanFact {
  return {
    day: shanghaiDay(row.at),
    memberId: row.memberId,
    scanId: row.scanId,
    at: row.at,
    adcode: row.adcode ?? 0,
    city: cityGrain(row.adcode),
    productId: row.productId,
    batchId: row.batchId,
    campaignId: row.campaignId ?? 0,
    distributorId: row.distributorId ?? 0,
    verdict: row.verdict,
    firstOfCode: row.firstOfCode,
    opened: row.firstOfCode && row.pays,
    newMember: row.newMember && row.counted,
    won: row.amountFen > 0,
    amountFen: row.amountFen,
  };
}
