import { Injectable } from '@nestjs/common';
import type { Tx } from '@app/database';
import type { MemberId } from '@app/kernel';
import { MemberPresence } from '@app/members';
import { AskedFor, AtAward, Releases } from '@app/payouts';
import { payoutKeyOf, type AwardRow } from '../award';
import { AwardMoney } from '../award-money';
import { OpenPools } from '../pools/open-pools';
import { isClaimable, type OpenPool } from '../pools/pool';
import { PoolMoney } from '../pools/pool-money';
import { Pools } from '../pools/pools.repository';

/** Money that nobody has asked for yet, by the key that its payout would have. */
export interface LooseMoney {
  readonly payoutKey: string;
  readonly memberId: MemberId;
}

/** Asks for the money of what was just won where that needs nothing from the winner. */
@Injectable()
export class PayAtAward {
  constructor(
    private readonly atAward: AtAward,
    private readonly askedFor: AskedFor,
    private readonly releases: Releases,
    private readonly pools: Pools,
    private readonly openPools: OpenPools,
    private readonly awardMoney: AwardMoney,
    private readonly poolMoney: PoolMoney,
    private readonly presence: MemberPresence,
  ) {}

  /**
   * `numbers`: all numbers of each winner. Returns what waits for a tap: single awards, and pools that are full. Small amounts below
   * that wait for more. Throws like `PoolMoney.close` when somebody taps at this moment.
   */
  async run(
    tx: Tx,
    won: readonly AwardRow[],
    numbers: ReadonlyMap<MemberId, readonly MemberId[]>,
  ): Promise<LooseMoney[]> {
    // Nobody is paid who was erased since; their prizes go the way of all that nobody claims.
    const present = await this.presence.among(
      tx,
      won.map(({ member }) => member),
    );
    const awards = won.filter(({ member }) => present.has(member));
    const free = await this.free(tx, awards);
    const pools = await this.poolsOf(tx, free, numbers);
    const pooled = new Set(pools.flatMap((pool) => pool.awards.map(payoutKeyOf)));
    // Also what no open pool holds just now: below the floor the channel refuses it, and it could never be pooled again.
    const gathers = await this.openPools.gathersAmong(tx, free);
    const single = free.filter((award) => !pooled.has(payoutKeyOf(award)) && !gathers.has(payoutKeyOf(award)));
    const full = pools.filter(isClaimable);
    const wishes: LooseMoney[] = [
      ...single.map((award) => ({ payoutKey: payoutKeyOf(award), memberId: award.member })),
      ...full.map(({ payoutKey, member }) => ({ payoutKey, memberId: member })),
    ];
    const channels = await this.atAward.channels(tx, wishes);
    for (const award of single) {
      const channel = channels.get(payoutKeyOf(award));
      if (channel) await this.awardMoney.request(tx, award, channel);
    }
    for (const pool of full) {
      const channel = channels.get(pool.payoutKey);
      if (channel) await this.poolMoney.close(tx, pool, channel);
    }
    return wishes.filter(({ payoutKey }) => !channels.has(payoutKey));
  }

  /**
   * A winner may have tapped already: a second request after a failure would be a second offer that nobody asked for. And claims may be
   * over by the time a late job arrives: what was given back to its budget is never paid.
   */
  private async free(tx: Tx, awards: readonly AwardRow[]): Promise<AwardRow[]> {
    const keys = awards.map(payoutKeyOf);
    const [asked, held, released] = [
      await this.askedFor.among(tx, keys),
      await this.pools.holding(tx, awards),
      await this.releases.releasedAt(tx, keys),
    ];
    return awards.filter((_, index) => ![asked, held, released].some((taken) => taken.has(keys[index]!)));
  }

  /** The open pools that these awards are in. */
  private async poolsOf(
    tx: Tx,
    awards: readonly AwardRow[],
    numbers: ReadonlyMap<MemberId, readonly MemberId[]>,
  ): Promise<OpenPool[]> {
    const keys = new Set(awards.map(payoutKeyOf));
    const people = new Map(awards.map(({ member }) => [numbers.get(member)![0]!, numbers.get(member)!]));
    const pools: OpenPool[] = [];
    for (const own of people.values()) {
      const open = await this.openPools.of(tx, own);
      pools.push(...open.filter((pool) => pool.awards.some((award) => keys.has(payoutKeyOf(award)))));
    }
    return pools;
  }
}
