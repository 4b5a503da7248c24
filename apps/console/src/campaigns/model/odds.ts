import type { Amount } from './document';

/** Odds of a drawn table add up to exactly this many parts per million. */
export const ODDS_TOTAL = 1_000_000;

/** What the arithmetic needs of a prize; a form and a document both have it. */
export interface PricedPrize {
  readonly key: string;
  readonly kind: string;
  readonly amount?: Amount;
  readonly valueFen?: number;
  readonly coPayFen?: number;
}

export const oddsSum = (rows: readonly { readonly odds: number }[]): number =>
  rows.reduce((sum, { odds }) => sum + odds, 0);
export const countSum = (rows: readonly { readonly count: number }[]): number =>
  rows.reduce((sum, { count }) => sum + count, 0);

/** Mean of one award in fen. A ladder counts as its dearest step: nobody knows who climbs how far. */
export function meanFen(amount: Amount): number {
  if (amount.type === 'fixed') return amount.fen;
  if (amount.type === 'ladder') return Math.max(0, ...amount.steps.map(({ fen }) => fen));
  const step = Math.max(1, amount.stepFen ?? 1);
  const top = amount.minFen + step * Math.floor(Math.max(0, amount.maxFen - amount.minFen) / step);
  return (amount.minFen + top) / 2;
}

export interface ExpectedCost {
  /** Fen a scan that reaches the table costs the budget on the average. */
  readonly moneyFen: number;
  /** Fen of goods and coupons that it gives away besides. */
  readonly goodsFen: number;
}

/** What one scan costs that reaches this table; parts are odds, or counts of a deal. A sum that is not complete counts as written. */
export function expectedCost(
  rows: readonly { readonly key: string; readonly part: number }[],
  whole: number,
  prizes: readonly PricedPrize[],
): ExpectedCost {
  const cost = { moneyFen: 0, goodsFen: 0 };
  if (whole <= 0) return cost;
  for (const { key, part } of rows) {
    const prize = prizes.find((one) => one.key === key);
    if (!prize) continue;
    const share = part / whole;
    if (prize.kind === 'cash' || prize.kind === 'locked') cost.moneyFen += share * meanFen(prize.amount ?? NO_AMOUNT);
    else cost.goodsFen += share * Math.max(0, (prize.valueFen ?? 0) - (prize.coPayFen ?? 0));
  }
  return cost;
}

const NO_AMOUNT: Amount = { type: 'fixed', fen: 0 };

/** Parts per million as percent: 12345 → `1.2345`; no trailing zeros. */
export function percentOf(ppm: number): string {
  return (ppm / 10_000).toFixed(4).replace(/\.?0+$/, '');
}

/** `1.2345` → 12345. null for what is no percentage between 0 and 100 with at most four decimals. */
export function ppmOf(percent: string): number | null {
  const text = percent.trim().replace(/%$/, '').replace('。', '.');
  if (!/^\d{1,3}(\.\d{0,4})?$/.test(text)) return null;
  const ppm = Math.round(Number(text) * 10_000);
  return ppm <= ODDS_TOTAL ? ppm : null;
}

/** One in how many, for odds that are small: 50 ppm → 20,000. null for what is common. */
export function oneIn(ppm: number): number | null {
  return ppm > 0 && ppm <= 10_000 ? Math.round(ODDS_TOTAL / ppm) : null;
}

/** Gives what is missing to one row, or takes what is too much from it, never below 0. Returns that row's new odds. */
export function filledUp(rows: readonly { readonly odds: number }[], at: number): number {
  const others = rows.reduce((sum, { odds }, row) => (row === at ? sum : sum + odds), 0);
  return Math.max(0, ODDS_TOTAL - others);
}
