import { Injectable } from '@nestjs/common';
import { Database } from '@app/database';
import { fen, sumFen, type Fen, type MemberId } from '@app/kernel';
import { MemberDirectory } from '@app/members';
import { PayoutViews, type PayoutSum, type PayoutView } from '@app/payouts';
import { gathering } from '../award-state';
import { OpenPools } from '../pools/open-pools';
import { isClaimable, type ClosedPool, type OpenPool } from '../pools/pool';
import { Pools } from '../pools/pools.repository';
import { MoneySums } from './money-sums';
import { moneyStanding, type MoneyStanding } from './money-words';

/** Each fen of a person is in exactly one of these. */
export interface MoneyTotals {
  /** 已到账 */
  readonly receivedFen: Fen;
  /** 待领取: a tap is needed. */
  readonly waitingFen: Fen;
  /** 到账中: no tap is needed. */
  readonly onTheWayFen: Fen;
  /** 累计中: too little to be paid yet. */
  readonly gatheringFen: Fen;
}

/** Small amounts that are paid together. */
export interface PoolView extends MoneyStanding {
  /** What is claimed and refreshed. */
  readonly poolId: string;
  readonly campaignName: string;
  readonly amountFen: Fen;
  /** Null once its awards are fixed. */
  readonly untilFen: Fen | null;
  readonly awards: number;
  readonly confirm: PayoutView['confirm'];
  readonly expiresAt: string | null;
}

export interface MoneyOverview {
  readonly totals: MoneyTotals;
  /** What gathers now, then what was paid out lately, newest first. */
  readonly pools: readonly PoolView[];
}

/** Closed pools that are shown beside those that gather. */
const SHOWN_POOLS = 10;

/** 我的钱在哪里: sums over everything a person ever won, and his pools. Single awards are in `AwardViews.list`. */
@Injectable()
export class MoneyOverviews {
  constructor(
    private readonly database: Database,
    private readonly members: MemberDirectory,
    private readonly openPools: OpenPools,
    private readonly pools: Pools,
    private readonly payouts: PayoutViews,
    private readonly sums: MoneySums,
  ) {}

  async of(member: MemberId): Promise<MoneyOverview> {
    const numbers = await this.members.numbersOf(member);
    const open = await this.openPools.of(this.database, numbers);
    const closed = await this.pools.ofMembers(this.database, numbers, SHOWN_POOLS);
    const { wonFen, payouts } = await this.sums.of(numbers);
    return { totals: totalsOf(wonFen, payouts, open), pools: await this.views(open, closed) };
  }

  private async views(open: readonly OpenPool[], closed: readonly ClosedPool[]): Promise<PoolView[]> {
    const names = await this.sums.names([...open, ...closed].map(({ versionId }) => versionId));
    const payouts = await this.payouts.payoutViews(closed.map(({ payoutKey }) => payoutKey));
    return [
      ...open.map((pool) => openView(pool, names.get(pool.versionId) ?? '')),
      ...closed.flatMap((pool) => {
        const payout = payouts.get(pool.payoutKey);
        return payout ? [closedView(pool, payout, names.get(pool.versionId) ?? '')] : [];
      }),
    ];
  }
}

/**
 * Pure. `wonFen`: all money won that can be seen and was not given back to its budget. What has not arrived, is not on its way without a
 * tap and does not gather waits for one; reads that do not belong to one instant never make a sum negative.
 */
export function totalsOf(wonFen: number, payouts: readonly PayoutSum[], open: readonly OpenPool[]): MoneyTotals {
  const sum = (which: (one: PayoutSum) => boolean): Fen =>
    sumFen(payouts.filter(which).map(({ amountFen }) => amountFen));
  const receivedFen = sum(({ state }) => state === 'SETTLED');
  const onTheWayFen = sum(needsNoTap);
  const gatheringFen = sumFen(open.filter((pool) => !isClaimable(pool)).map(({ amountFen }) => amountFen));
  const waitingFen = fen(Math.max(0, wonFen - receivedFen - onTheWayFen - gatheringFen));
  return { receivedFen, waitingFen, onTheWayFen, gatheringFen };
}

function needsNoTap({ state, channel }: PayoutSum): boolean {
  if (state === 'WAIT_USER') return channel !== 'transfer_confirm_v3';
  return state === 'PENDING' || state === 'SENDING' || state === 'UNKNOWN' || state === 'MANUAL';
}

function openView(pool: OpenPool, campaignName: string): PoolView {
  const { payoutKey, amountFen, untilFen, awards } = pool;
  const standing = gathering({ untilFen, gatheredFen: amountFen });
  const shown = { poolId: payoutKey, campaignName, amountFen, untilFen, awards: awards.length };
  return { ...shown, ...standing, confirm: null, expiresAt: null };
}

function closedView({ payoutKey, amountFen, awards }: ClosedPool, payout: PayoutView, campaignName: string): PoolView {
  const shown = { poolId: payoutKey, campaignName, amountFen, untilFen: null, awards };
  const expiresAt = payout.billExpiresAt?.toISOString() ?? null;
  return { ...shown, ...moneyStanding(payout), confirm: payout.confirm, expiresAt };
}
