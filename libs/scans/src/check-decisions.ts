import { Injectable } from '@nestjs/common';
import type { Decision } from '@app/campaigns';
import { Database } from '@app/database';
import { checkLimit, writeCursor } from '@app/kernel';
import { positionOf } from './scan-position';
import type { KeptAnswer } from './scan-outcome';
import { recordKey, ScanRecords, type ScanRecord } from './scan-records.repository';
import { StoredDecisions } from './stored-decisions';

/** What a decision came to, in a line that can be compared. */
type Gist = string;

export interface DecisionCheck {
  /** Scans of this page that had something to decide. */
  readonly checked: number;
  /** Those whose stored inputs no longer lead to what is recorded; always empty unless something is broken. */
  readonly differing: readonly { readonly id: string; readonly recorded: Gist; readonly again: Gist }[];
  readonly nextCursor: string | null;
}

/** Decides recorded scans again, page by page, newest first, and compares with what they got (INVARIANTS I15). */
@Injectable()
export class CheckDecisions {
  constructor(
    private readonly database: Database,
    private readonly records: ScanRecords,
    private readonly stored: StoredDecisions,
  ) {}

  async run(
    filter: { readonly from?: Date; readonly to?: Date },
    page: { readonly limit: number; readonly cursor?: string | null },
  ): Promise<DecisionCheck> {
    const limit = checkLimit(page.limit);
    const before = page.cursor ? positionOf(page.cursor) : null;
    const records = await this.records.page(this.database, filter, limit, before);
    const checks = [];
    for (const record of records) {
      const decision = await this.stored.again(record);
      if (decision)
        checks.push({ id: recordKey(record.member, record.scanId), recorded: recorded(record), again: gist(decision) });
    }
    const last = records.at(-1);
    return {
      checked: checks.length,
      differing: checks.filter(({ recorded: was, again }) => was !== again),
      nextCursor:
        records.length === limit && last ? writeCursor([last.at.toISOString(), last.member, last.scanId]) : null,
    };
  }
}

function recorded({ answer, counted, campaignId, versionId, amountFen, refusal }: ScanRecord): Gist {
  if (!counted) return refused(refusal, campaignId, versionId);
  const { reward } = JSON.parse(answer) as KeptAnswer;
  return `${campaignId}/${versionId} ${reward?.kind} ${reward?.prizeName} ${amountFen}`;
}

function gist(decision: Decision): Gist {
  if (decision.kind === 'no_rule') return refused('no_rule', null, null);
  const { campaignId, versionId } = decision;
  if (decision.kind === 'refused') return refused(decision.reason, campaignId, versionId);
  return `${campaignId}/${versionId} ${decision.prize.kind} ${decision.prize.name} ${decision.amountFen}`;
}

function refused(reason: string | null, campaignId: number | null, versionId: number | null): Gist {
  return `${campaignId}/${versionId} ${reason}`;
}
