import { Injectable } from '@nestjs/common';
import { DealProofs } from '@app/campaigns';
import { Database } from '@app/database';
import type { MemberId } from '@app/kernel';
import { MemberDirectory } from '@app/members';
import { AwardIds, Awards } from '@app/rewards';

const MOST = 50;

/** A code whose prize was laid out beforehand, with what its owner needs to lay it out once more. */
export interface DealtCode {
  readonly awardId: string;
  readonly ruleKey: string;
  /** Of the code in its batch. */
  readonly serial: number;
  readonly prizeKey: string;
  readonly prizeName: string;
  /** ISO 8601, UTC. */
  readonly wonAt: string;
}

/**
 * What a member opened of the deals of a campaign, the latest 50. Serials are told only of deals that are open, and only of codes that
 * this member has used up: nobody can win with them any more, whatever other deals lie over the same range.
 */
@Injectable()
export class MyDealtCodes {
  constructor(
    private readonly database: Database,
    private readonly proofs: DealProofs,
    private readonly members: MemberDirectory,
    private readonly awards: Awards,
    private readonly ids: AwardIds,
  ) {}

  /** Empty before the seeds are opened. Throws Rejected `no_campaign` (404). */
  async run(member: MemberId, campaignId: number): Promise<DealtCode[]> {
    const { deals } = await this.proofs.of(campaignId);
    const open = new Set(deals.flatMap(({ ruleKey, openedAt }) => (openedAt === null ? [] : [ruleKey])));
    if (open.size === 0) return [];
    const numbers = await this.members.numbersOf(member);
    const awards = await this.awards.ofCampaign(this.database, numbers, campaignId, MOST);
    return awards
      .filter(({ ruleKey }) => open.has(ruleKey))
      .map(({ code, slot, ruleKey, prizeKey, prizeName, wonAt }) => ({
        ...{ awardId: this.ids.make(code, slot), ruleKey, serial: code.serial },
        ...{ prizeKey, prizeName, wonAt: wonAt.toISOString() },
      }));
  }
}
