import { Defect } from '@app/kernel';
import { ODDS_TOTAL, type CashAmount, type Prize } from './document/campaign-content';
import type { CompiledTable, CompiledVersion, DecisionState, Draw, PrizeShare } from './decision';
import { scaleDraw } from './draw';

const PRIZE_SLOT = 0;
const AMOUNT_SLOT = 1;

export interface DrawnPrize {
  /** 0 … 999,999. */
  readonly partPerMillion: number;
  /** What the draw fell on. */
  readonly share: PrizeShare;
  /** What is given: the drawn prize, or the fallback when that one is out of stock. */
  readonly prize: Prize;
  readonly viaFallback: boolean;
  /** 0 for 谢谢参与. */
  readonly amountFen: number;
}

/** Draws from a prize table. The same code in the same campaign always falls on the same part per million. */
export function drawPrize(
  { campaignId }: CompiledVersion,
  table: CompiledTable,
  state: DecisionState,
  draw: Draw,
): DrawnPrize {
  const partPerMillion = scaleDraw(draw(campaignId, PRIZE_SLOT), ODDS_TOTAL);
  const share = table.shares.find(({ upTo }) => partPerMillion < upTo);
  if (!share) throw new Defect(`the odds of a table in campaign ${campaignId} do not add up`);
  const available = inStock(state, campaignId, share.prize);
  const prize = available ? share.prize : table.fallback;
  if (!prize) throw new Defect(`${share.prize.key} of campaign ${campaignId} is out of stock and has no fallback`);
  const amountFen = prize.kind === 'cash' ? amountOf(prize.amount, () => draw(campaignId, AMOUNT_SLOT)) : 0;
  return { partPerMillion, share, prize, viaFallback: !available, amountFen };
}

function inStock(state: DecisionState, campaignId: number, prize: Prize): boolean {
  if (prize.kind === 'nothing') return true;
  const left = state.stockLeft(campaignId, prize.key);
  return left === null || left > 0;
}

function amountOf(amount: CashAmount, draw: () => number): number {
  if (amount.type === 'fixed') return amount.fen;
  const { minFen, maxFen, stepFen = 1 } = amount;
  const steps = Math.floor((maxFen - minFen) / stepFen) + 1;
  return minFen + stepFen * scaleDraw(draw(), steps);
}
