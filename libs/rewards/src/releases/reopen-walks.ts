import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '@app/config';
import { databaseNow, UnitOfWork } from '@app/database';
import { CameBack } from '@app/payouts';
import { ReleaseWalks } from './release-walks.repository';

/** No transaction of ours stays open for so long; what it wrote is seen the next time. */
const UNSEEN_MS = 60_000;

/** A walk is over when everything is paid or released; a packet that WeChat refunds afterwards puts money back, which is then due too. */
@Injectable()
export class ReopenWalks {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly unitOfWork: UnitOfWork,
    private readonly walks: ReleaseWalks,
    private readonly cameBack: CameBack,
  ) {}

  async run(): Promise<void> {
    await this.unitOfWork.run(async (tx) => {
      const now = await databaseNow(tx);
      const over = await this.walks.toLookAt(tx);
      if (over.length === 0) return;
      const since = Math.min(...over.map(({ lookedAt }) => lookedAt.getTime()));
      const back = await this.cameBack.campaignsSince(tx, new Date(since - UNSEEN_MS));
      const ids = over.map(({ campaignId }) => campaignId);
      await this.walks.looked(tx, ids, now, this.config.waits.releaseAgainMs);
      await this.walks.reopen(
        tx,
        ids.filter((id) => back.has(id)),
      );
    });
  }
}
