import { Inject, Injectable } from '@nestjs/common';
import { ClaimDeadlines } from '@app/campaigns';
import { CONFIG, type Config } from '@app/config';
import { databaseNow, UnitOfWork, type Tx } from '@app/database';
import { fen, Transient } from '@app/kernel';
import { Releases, type Released } from '@app/payouts';
import { payoutKeyOf } from '../award';
import { Pools } from '../pools/pools.repository';
import { DueAwards } from './due-awards';
import { placeOf, ReleaseWalks, type Walk, type WalkedAward } from './release-walks.repository';

const RELEASED_AT_ONCE = 200;
const NOTHING: Released = { awards: 0, fen: fen(0), held: 0 };

/** One step of the walk: reads what it needs, then releases and moves on in one transaction. */
@Injectable()
export class ReleaseStep {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly unitOfWork: UnitOfWork,
    private readonly walks: ReleaseWalks,
    private readonly deadlines: ClaimDeadlines,
    private readonly releases: Releases,
    private readonly pools: Pools,
    private readonly due: DueAwards,
  ) {}

  /** Campaigns that have come due and are not through yet, each with its walk. */
  async begin(): Promise<number[]> {
    return this.unitOfWork.run(async (tx) => {
      const before = new Date((await databaseNow(tx)).getTime() - this.config.waits.releaseGraceMs);
      const passed = await this.deadlines.passed(tx, before, await this.walks.done(tx));
      for (const { campaignId, claimUntil } of passed) await this.walks.begin(tx, campaignId, claimUntil);
      return passed.map(({ campaignId }) => campaignId);
    });
  }

  /** Releases what is due among the awards, at most some hundred, and takes the walk on to the last one that was looked at. */
  async take(walk: Walk, awards: readonly WalkedAward[]): Promise<void> {
    const own = awards.filter(
      ({ campaignId, amountFen, budgetId }) => campaignId === walk.campaignId && amountFen > 0 && budgetId !== null,
    );
    const part = own.slice(0, RELEASED_AT_ONCE);
    const last = own.length > part.length ? part.at(-1)! : awards.at(-1)!;
    await this.unitOfWork.run(async (tx) => {
      const released = part.length === 0 ? NOTHING : await this.release(tx, walk, part);
      if (!(await this.walks.advance(tx, walk, placeOf(last), released))) {
        throw new Transient('another worker took this walk on', 1);
      }
    });
  }

  async end(walk: Walk, againMs: number): Promise<void> {
    await this.unitOfWork.run((tx) => this.walks.end(tx, walk, againMs));
  }

  private async release(tx: Tx, walk: Walk, awards: readonly WalkedAward[]): Promise<Released> {
    // What the walk knows was read before this transaction; from here on nobody can publish a later end.
    if ((await this.deadlines.hold(tx, walk.campaignId)) > walk.claimUntil) {
      throw new Transient('the claims of this campaign were prolonged', 1);
    }
    const pools = await this.pools.holding(tx, awards);
    const { due, notYet } = await this.due.among(tx, awards, walk.claimUntil, pools);
    const released = await this.releases.release(tx, due);
    // Written first, looked at then, and locked: whoever closes a pool with one of them does the same the other way round.
    const alone = awards.filter((award) => !pools.has(payoutKeyOf(award)));
    if ((await this.pools.lockHolding(tx, alone)).size > 0) {
      throw new Transient('a prize was put into a pool while it was being released', 1);
    }
    return { ...released, held: released.held + notYet };
  }
}
