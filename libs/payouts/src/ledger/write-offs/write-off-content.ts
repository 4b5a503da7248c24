import { createHash, type Hash } from 'node:crypto';
import type { WriteOffLine } from '@app/analytics';

/** 核销单: what two people sign. It follows from the ledger, its period and what its author chose, and from nothing else. */
export interface WriteOffContent {
  readonly schema: 1;
  readonly grant: {
    readonly id: number;
    readonly budgetId: number;
    /** 费用申请单号 */
    readonly applicationNo: string;
    /** 费用科目 */
    readonly expenseAccount: string;
    /** 成本中心 */
    readonly costCenter: string;
    /** 承担方 */
    readonly bearer: string;
    readonly amountFen: number;
  };
  /** Shanghai days `[from, to)`. */
  readonly from: string;
  readonly to: string;
  /** Charged to the grant before the period. */
  readonly beforeFen: number;
  readonly settledFen: number;
  readonly refundedFen: number;
  /** What this sheet writes off: settled less refunded. */
  readonly netFen: number;
  /** Of the grant's amount nobody has used this by the end of the period. */
  readonly unspentFen: number;
  /** The last sheet of this grant: with the second signature what is unspent leaves the budget. */
  readonly final: boolean;
  readonly memo: string;
  /** Evidence, line by line: how many, and their hash in hex. */
  readonly lines: number;
  readonly linesHash: string;
}

/** Hash of a sheet, which its signatures carry. Keys are written in the order in which the content was built. */
export function contentHash(contentText: string): Buffer {
  return createHash('sha256').update(contentText, 'utf8').digest();
}

/** Hash over evidence lines, one after the other. */
export class LinesHash {
  private readonly hash: Hash = createHash('sha256');
  private counted = 0;

  add(line: WriteOffLine): void {
    const { act, at, payoutKey, offerNo, fen, payoutFen, campaignId, memberId, billNo, mchId, awards } = line;
    const proof = awards.map((award) => [award.awardKey, award.scanId, award.memberId, award.wonAt, award.fen]);
    const parts = [act, at, payoutKey, offerNo, fen, payoutFen, campaignId, memberId, billNo, mchId, proof];
    this.hash.update(`${JSON.stringify(parts)}\n`);
    this.counted++;
  }

  get lines(): number {
    return this.counted;
  }

  digest(): string {
    return this.hash.digest('hex');
  }
}
