import { Injectable } from '@nestjs/common';
import { CampaignCatalog } from '@app/campaigns';
import { Database } from '@app/database';
import type { Fen } from '@app/kernel';
import { MemberDirectory } from '@app/members';
import { PayoutViews, Releases, type PayoutView } from '@app/payouts';
import { Awards } from '../awards.repository';
import { OpenPools } from '../pools/open-pools';
import { isClaimable, readPoolKey } from '../pools/pool';
import { Pools } from '../pools/pools.repository';
import type { ReminderKind } from './ladder';
import type { ReminderFacts } from './reminder-words';
import type { ReminderRef } from './reminders.repository';

/** What a reminder is about, as it stands now. */
export interface ReminderSubject {
  readonly payout: PayoutView | null;
  readonly facts: ReminderFacts;
}

interface Money {
  readonly versionId: number;
  readonly amountFen: Fen;
}

/** Finds the award or the pool behind a reminder. */
@Injectable()
export class ReminderSubjects {
  constructor(
    private readonly database: Database,
    private readonly campaigns: CampaignCatalog,
    private readonly members: MemberDirectory,
    private readonly payouts: PayoutViews,
    private readonly releases: Releases,
    private readonly awards: Awards,
    private readonly openPools: OpenPools,
    private readonly pools: Pools,
  ) {}

  /** Null when there is nothing to remind of any more: given back to its budget, or gathered into another pool. */
  async find({ payoutKey }: ReminderRef, kind: ReminderKind): Promise<ReminderSubject | null> {
    const money = readPoolKey(payoutKey) === null ? await this.award(payoutKey) : await this.pool(payoutKey);
    const [version] = money ? await this.campaigns.byIds(this.database, [money.versionId]) : [];
    if (!money || !version) return null;
    const payout = (await this.payouts.payoutViews([payoutKey], this.database)).get(payoutKey) ?? null;
    const { copy, legal } = version.content;
    // Wall time in Shanghai, which has no daylight saving.
    const until = payout?.billExpiresAt ?? new Date(`${legal.claimUntil}:00+08:00`);
    return { payout, facts: { kind, amountFen: money.amountFen, campaignName: copy.title, until } };
  }

  private async award(payoutKey: string): Promise<Money | null> {
    const [batch, layer, serial] = payoutKey.split(':').map(Number);
    const [award] = await this.awards.ofCodes(this.database, [{ batch: batch!, layer: layer!, serial: serial! }]);
    if (!award) return null;
    const pooled = await this.pools.holding(this.database, [award]);
    const released = await this.releases.releasedAt(this.database, [payoutKey]);
    return pooled.size > 0 || released.size > 0 ? null : award;
  }

  private async pool(payoutKey: string): Promise<Money | null> {
    const [closed] = await this.pools.find(this.database, [payoutKey]);
    if (closed) return closed;
    const numbers = await this.members.numbersOf(readPoolKey(payoutKey)!.member);
    const open = await this.openPools.of(this.database, numbers);
    return open.find((pool) => pool.payoutKey === payoutKey && isClaimable(pool)) ?? null;
  }
}
