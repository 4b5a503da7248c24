import { Injectable } from '@nestjs/common';
import { Database } from '@app/database';
import type { Finding } from '../../document/finding';
import { liability, type Liability } from '../../document/liability';
import { lintInSurroundings } from '../../document/lint-in-surroundings';
import type { CampaignLook } from '../../document/look/campaign-look';
import { draftLook } from '../../document/look/draft-look';
import { validateCampaign } from '../../document/validate-campaign';
import { SurroundedLint } from '../surrounded-lint';

export interface CampaignOutlook {
  /** No error: it can be submitted. */
  readonly ok: boolean;
  readonly findings: readonly Finding[];
  /** As phones would show it, also while the document is faulty elsewhere; null = as the brand looks. */
  readonly look: CampaignLook | null;
  /** What it may cost; null while the document itself is faulty. */
  readonly outlook: {
    readonly codesInScope: number;
    /** 扫码率 that the expected cost assumes. */
    readonly scanRate: number;
    readonly budget: { readonly id: number; readonly grantedFen: number; readonly leftFen: number } | null;
    readonly liability: Liability;
  } | null;
}

/** What would be said of a document if it were submitted now; nothing is kept. */
@Injectable()
export class CheckCampaign {
  constructor(
    private readonly database: Database,
    private readonly lint: SurroundedLint,
  ) {}

  /** `content` is untrusted. `campaignId` is the campaign it would become a version of, null for a new one. */
  async run(content: unknown, campaignId: number | null = null): Promise<CampaignOutlook> {
    const check = validateCampaign(content);
    const look = draftLook(content);
    if (!check.ok) return { ok: false, findings: check.findings, look, outlook: null };
    const surroundings = await this.lint.surroundings(this.database, campaignId, check.content);
    const findings = [...check.findings, ...lintInSurroundings(check.content, surroundings)];
    const { codesInScope, scanRate, budget } = surroundings;
    return {
      ok: findings.every(({ severity }) => severity !== 'error'),
      findings,
      look,
      outlook: { codesInScope, scanRate, budget, liability: liability(check.content, codesInScope, scanRate) },
    };
  }
}
