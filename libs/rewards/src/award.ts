import type { PrizeKind } from '@app/campaigns';
import { codeKey, type CodeTriple, type Fen, type MemberId, type ScanId } from '@app/kernel';

/** What one scan won. Written once, in the transaction that used the code up, and never changed. */
export interface AwardRow {
  readonly code: CodeTriple;
  /** Claim slot: 0 for the consumer's prize. */
  readonly slot: number;
  readonly member: MemberId;
  readonly scanId: ScanId;
  readonly campaignId: number;
  readonly versionId: number;
  readonly ruleKey: string;
  readonly prizeKey: string;
  readonly prizeKind: PrizeKind;
  readonly prizeName: string;
  /** 0 unless the prize is money, locked or not. */
  readonly amountFen: Fen;
  readonly budgetId: number | null;
  readonly wonAt: Date;
}

/** Natural key of the prize's money, `batch:layer:serial:slot`: a restored database makes the same bills. */
export function payoutKeyOf(award: Pick<AwardRow, 'code' | 'slot'>): string {
  return `${codeKey(award.code)}:${award.slot}`;
}
