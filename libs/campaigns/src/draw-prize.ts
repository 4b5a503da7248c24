import { Defect } from '@app/kernel';
import { ODDS_TOTAL, type CashAmount, type Prize } from './document/campaign-content';
import type { CompiledRule, CompiledVersion, DecisionState, Draw, PrizeShare, ScanFacts } from './decision';
import { scaleDraw } from './draw';

const PRIZE_SLOT = 0;
const AMOUNT_SLOT = 1;

export interface DrawnPrize {
  /** 0 … 999,999 of a drawn table, the position in the deal of a dealt one. */
  readonly point: number;
  /** What the draw fell on. */
  readonly share: PrizeShare;
  /** What is given: the drawn prize, or the fallback when that one is out of stock. */
  readonly prize: Prize;
  readonly viaFallback: boolean;
  /** A dealt prize of which there is none just now: its coupons have run out. Nothing else may be given in its place. */
  readonly missing: boolean;
  /** 0 unless the prize is money. */
  readonly amountFen: number;
}

/** Draws from a rule's prize table. The same code in the same campaign always falls on the same point. */
export function drawPrize(
  { campaignId }: CompiledVersion,
  { rule, table }: CompiledRule,
  facts: ScanFacts,
  state: DecisionState,
  draw: Draw,
): DrawnPrize {
  const { segment, shares, fallback } = table;
  const point = segment
    ? draw.position(campaignId, rule.key, segment)
    : scaleDraw(draw.number(campaignId, PRIZE_SLOT), ODDS_TOTAL);
  const share = shareAt(shares, point);
  if (!share) throw new Defect(`the table of ${rule.key} in campaign ${campaignId} does not add up`);
  const available = inStock(state, campaignId, share.prize);
  const prize = available || segment ? share.prize : fallback;
  if (!prize) throw new Defect(`${share.prize.key} of campaign ${campaignId} is out of stock and has no fallback`);
  const missing = segment !== null && !available;
  return {
    point,
    share,
    prize,
    missing,
    viaFallback: !available && !missing,
    amountFen: amountOf(prize, campaignId, facts, draw),
  };
}

/** A loop, because every scan comes here. */
function shareAt(shares: readonly PrizeShare[], point: number): PrizeShare | null {
  for (const share of shares) if (point < share.upTo) return share;
  return null;
}

function inStock(state: DecisionState, campaignId: number, prize: Prize): boolean {
  if (prize.kind === 'nothing') return true;
  const left = state.stockLeft(campaignId, prize.key);
  return left === null || left > 0;
}

function amountOf(prize: Prize, campaignId: number, facts: ScanFacts, draw: Draw): number {
  if (prize.kind !== 'cash' && prize.kind !== 'locked') return 0;
  const { amount } = prize;
  switch (amount.type) {
    case 'fixed':
      return amount.fen;
    case 'ladder':
      return stepOf(amount, facts.nthScan.campaign(campaignId));
    case 'uniform': {
      const { minFen, maxFen, stepFen = 1 } = amount;
      const steps = Math.floor((maxFen - minFen) / stepFen) + 1;
      return minFen + stepFen * scaleDraw(draw.number(campaignId, AMOUNT_SLOT), steps);
    }
  }
}

/** The last step that the ordinal has reached. */
function stepOf({ steps }: Extract<CashAmount, { type: 'ladder' }>, nth: number): number {
  const step = steps.findLast(({ fromNth }) => fromNth <= nth);
  if (!step) throw new Defect('a ladder does not start at 1');
  return step.fen;
}
