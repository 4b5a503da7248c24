import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '@app/config';
import { outboxEntry, type OutboxEntry } from '@app/jobs';
import { mayPayAtAward } from '@app/payouts';
import { payoutKeyOf, type AwardRow } from '../award';
import { mayRemind } from '../reminders/ladder';
import { AwardsWon } from './awards-won.job';

/** What a group of scans says to the outbox about the money it gave. */
@Injectable()
export class TellAwards {
  constructor(@Inject(CONFIG) private readonly config: Config) {}

  /** One entry for the whole group, none when nothing would come of it. `opened`: packets of earlier scans that the group opened. */
  entries(won: readonly AwardRow[], opened: readonly AwardRow[]): OutboxEntry[] {
    if (!mayPayAtAward(this.config.wechat.merchants) && !mayRemind(this.config)) return [];
    const money = [...won.filter(({ prizeKind }) => prizeKind === 'cash'), ...opened];
    return money.length === 0 ? [] : [outboxEntry(AwardsWon, { awards: money.map(payoutKeyOf) })];
  }
}
