import { Injectable } from '@nestjs/common';
import { Database, isDuplicate, UnitOfWork, type Tx } from '@app/database';
import { fen, formatYuan, Rejected, Transient, type MemberId } from '@app/kernel';
import { MemberDirectory, MemberPresence } from '@app/members';
import { OpenPools } from './open-pools';
import { isClaimable, readPoolKey, type PoolPlace } from './pool';
import { PoolMoney, TakenMeanwhile } from './pool-money';
import { Pools } from './pools.repository';

const ROUNDS = 5;

/** One tap pays what has gathered, once however often it is tapped: the first tap fixes which awards are in it. */
@Injectable()
export class ClaimPool {
  constructor(
    private readonly database: Database,
    private readonly unitOfWork: UnitOfWork,
    private readonly members: MemberDirectory,
    private readonly pools: Pools,
    private readonly open: OpenPools,
    private readonly asking: PoolMoney,
    private readonly presence: MemberPresence,
  ) {}

  /**
   * `poolId` is the payout key that the person was shown: a tap that is repeated never reaches the next pool. Rejected `no_such_pool`
   * (404), `pool_changed` (something else is gathering by now: look again), `still_gathering` (409).
   */
  async run(member: MemberId, poolId: string): Promise<void> {
    const numbers = await this.members.numbersOf(member);
    const place = this.owned(poolId, numbers);
    for (let round = 1; round <= ROUNDS; round++) {
      try {
        return await this.unitOfWork.run((tx) => this.claim(tx, numbers, poolId, place));
      } catch (error) {
        // Another tap, or the pool of the other of two merged numbers, was first. Everything of ours is undone: look again.
        if (!isDuplicate(error) && !(error instanceof TakenMeanwhile)) throw error;
      }
    }
    throw new Transient('the same pool kept being claimed at the same moment');
  }

  /** The page came back from WeChat's dialog: ask WeChat now. */
  async refresh(member: MemberId, poolId: string): Promise<void> {
    this.owned(poolId, await this.members.numbersOf(member));
    const [closed] = await this.pools.find(this.database, [poolId]);
    if (closed) await this.asking.refresh(poolId);
  }

  private owned(poolId: string, numbers: readonly MemberId[]): PoolPlace {
    const place = readPoolKey(poolId);
    if (!place || !numbers.includes(place.member)) throw new Rejected('no_such_pool', '没有找到这份累计奖励', 404);
    return place;
  }

  private async claim(tx: Tx, numbers: readonly MemberId[], poolId: string, place: PoolPlace): Promise<void> {
    await this.presence.require(tx, numbers[0]!);
    const [closed] = await this.pools.find(tx, [poolId]);
    if (closed) return this.asking.request(tx, closed);
    const { campaignId, budgetId } = place;
    const pool = (await this.open.of(tx, numbers)).find(
      (candidate) => candidate.campaignId === campaignId && candidate.budgetId === budgetId,
    );
    if (pool?.payoutKey !== poolId) {
      // Another tap may have closed it between these two looks; then this is a tap on what is closed.
      const [meanwhile] = await this.pools.find(tx, [poolId]);
      if (meanwhile) return this.asking.request(tx, meanwhile);
      throw new Rejected('pool_changed', '累计的奖励有变化，请刷新后再看', 409);
    }
    if (!isClaimable(pool)) {
      const missing = formatYuan(fen(pool.untilFen - pool.amountFen));
      throw new Rejected('still_gathering', `还差 ${missing} 元就能提现，再扫几瓶就够了`, 409);
    }
    await this.asking.close(tx, pool);
  }
}
