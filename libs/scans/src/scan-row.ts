import { formatCode, type CodeBook } from '@app/codes';
import { regionWords } from '@app/regions';
import type { Verdict } from './scan-outcome';
import { recordKey, type ScanRecord } from './scan-records.repository';

/** One scan in a list for staff. */
export interface ScanRow {
  /** `memberId-scanId` */
  readonly id: string;
  /** Null for a distributor: who drinks is headquarters' to know. */
  readonly memberId: number | null;
  readonly at: string;
  /** For a distributor only its ends. */
  readonly code: string;
  readonly verdict: Verdict;
  readonly place: string;
  readonly trust: ScanRecord['trust'];
  readonly campaignId: number | null;
  readonly amountFen: number;
  readonly refusal: string | null;
}

export function scanRow(record: ScanRecord, codeBook: CodeBook): ScanRow & { readonly memberId: number } {
  return {
    id: recordKey(record.member, record.scanId),
    memberId: record.member,
    at: record.at.toISOString(),
    code: formatCode(codeBook.encode(record.code)),
    verdict: record.verdict,
    place: record.adcode === null ? '地点未知' : regionWords(record.adcode),
    trust: record.trust,
    campaignId: record.campaignId,
    amountFen: record.amountFen,
    refusal: record.refusal,
  };
}

/** The same as a distributor sees it: nobody can be told by it, and nothing scanned with it. */
export function maskedRow(row: ScanRow): ScanRow {
  return { ...row, id: row.id.slice(row.id.indexOf('-') + 1), memberId: null, code: maskCode(row.code) };
}

/** `K-7F2Q-****-****-90AB` */
function maskCode(code: string): string {
  const parts = code.split('-');
  return parts.map((part, at) => (at > 1 && at < parts.length - 1 ? '*'.repeat(part.length) : part)).join('-');
}
