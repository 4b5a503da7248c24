import { Inject, Injectable } from '@nestjs/common';
import { CampaignCatalog, type Prize } from '@app/campaigns';
import { CONFIG, type Config } from '@app/config';
import { databaseNow, type Tx } from '@app/database';
import { Defect } from '@app/kernel';
import type { DueAward } from '@app/payouts';
import { payoutKeyOf } from '../award';
import { Awards } from '../awards.repository';
import { validUntil } from '../validity';
import type { WalkedAward } from './release-walks.repository';

/** Which of some awards, whose campaign's claims are over, can surely not be claimed any more. */
@Injectable()
export class DueAwards {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly campaigns: CampaignCatalog,
    private readonly awards: Awards,
  ) {}

  /**
   * `notYet` counts packets whose own time is not over: they were promised longer than the campaign's claims last. Whoever opens one on
   * its last day is in time, so one that is open already waits for that day as well.
   */
  async among(
    tx: Tx,
    awards: readonly WalkedAward[],
    claimUntil: Date,
    pools: ReadonlyMap<string, string>,
  ): Promise<{ due: DueAward[]; notYet: number }> {
    const locked = awards.filter(({ prizeKind }) => prizeKind === 'locked');
    const opened = await this.awards.openedAt(tx, locked);
    const prizes = await this.prizes(tx, locked);
    const before = new Date((await databaseNow(tx)).getTime() - this.config.waits.releaseGraceMs);
    const inTime = new Set(locked.filter((award) => opensUntil(prizes, award) > before).map(payoutKeyOf));
    const shut = new Set(locked.map(payoutKeyOf).filter((key) => !opened.has(key)));
    const due = awards
      .filter((award) => !inTime.has(payoutKeyOf(award)))
      .map((award): DueAward => {
        const { campaignId, budgetId, member, amountFen } = award;
        if (budgetId === null) throw new Defect('money was won without a budget');
        const awardKey = payoutKeyOf(award);
        const payoutKey = pools.get(awardKey) ?? awardKey;
        const what = { awardKey, payoutKey, campaignId, budgetId, memberId: member, amountFen };
        return { ...what, lapsed: shut.has(awardKey), claimUntil };
      });
    return { due, notYet: inTime.size };
  }

  private async prizes(tx: Tx, awards: readonly WalkedAward[]): Promise<ReadonlyMap<string, Prize>> {
    if (awards.length === 0) return new Map();
    const ids = [...new Set(awards.map(({ versionId }) => versionId))];
    const versions = await this.campaigns.byIds(tx, ids);
    return new Map(
      versions.flatMap(({ versionId, content }) =>
        content.prizes.map((prize) => [`${versionId}:${prize.key}`, prize] as const),
      ),
    );
  }
}

function opensUntil(prizes: ReadonlyMap<string, Prize>, { versionId, prizeKey, wonAt }: WalkedAward): Date {
  const prize = prizes.get(`${versionId}:${prizeKey}`);
  if (prize?.kind !== 'locked') throw new Defect('a locked packet that its version does not have');
  return validUntil(wonAt, prize.opensWithinDays);
}
