import type { CampaignContent, CashAmount, Prize, PrizeTable, Rule } from './campaign-content';

/** What one award of this amount can be, in fen; both ends can happen. */
export function amountRange(amount: CashAmount): { readonly minFen: number; readonly maxFen: number } {
  if (amount.type === 'fixed') return { minFen: amount.fen, maxFen: amount.fen };
  if (amount.type === 'uniform') return { minFen: amount.minFen, maxFen: amount.maxFen };
  const steps = amount.steps.map(({ fen }) => fen);
  return { minFen: Math.min(...steps), maxFen: Math.max(...steps) };
}

/** Twice the mean of one award in fen, so that it stays whole. A ladder counts as its dearest step: nobody knows who climbs how far. */
export function doubleMeanFen(amount: CashAmount): number {
  if (amount.type !== 'uniform') return 2 * amountRange(amount).maxFen;
  const { minFen, maxFen, stepFen = 1 } = amount;
  return 2 * minFen + stepFen * Math.floor((maxFen - minFen) / stepFen);
}

/** Prizes that are paid from the budget. */
export type MoneyPrize = Extract<Prize, { kind: 'cash' | 'locked' }>;
export function isMoney(prize: Prize): prize is MoneyPrize {
  return prize.kind === 'cash' || prize.kind === 'locked';
}

/** What the dearest award of a prize is worth to its holder, in fen; a co-pay is taken off. */
export function worthFen(prize: Prize): number {
  if (isMoney(prize)) return amountRange(prize.amount).maxFen;
  if (prize.kind === 'nothing') return 0;
  return prize.kind === 'redeem' ? Math.max(0, prize.valueFen - prize.coPayFen) : prize.valueFen;
}

/** Twice the mean worth of a prize, in fen. */
export function doubleMeanWorth(prize: Prize): number {
  return isMoney(prize) ? doubleMeanFen(prize.amount) : 2 * worthFen(prize);
}

/** Can it run out? A coupon from a pool also runs out when its pool does. */
export function isLimited(prize: Prize): boolean {
  if (prize.kind === 'nothing') return false;
  return prize.stock !== null || (prize.kind === 'coupon' && prize.coupon.type === 'pool');
}

export function prizeOf({ prizes }: Pick<CampaignContent, 'prizes'>, key: string | null): Prize | undefined {
  return key === null ? undefined : prizes.find((prize) => prize.key === key);
}

/** Every prize key a table can give, the fallback included. */
export function keysOf(table: PrizeTable): string[] {
  const keys = table.prizes.map(({ key }) => key);
  return table.mode === 'drawn' && table.fallbackPrizeKey !== null ? [...keys, table.fallbackPrizeKey] : keys;
}

/** The known prizes of a table with their share of it, 0 … 1. The fallback is not among them. */
export function sharesOf(
  content: Pick<CampaignContent, 'prizes'>,
  table: PrizeTable,
): { prize: Prize; share: number }[] {
  const parts =
    table.mode === 'drawn'
      ? table.prizes.map(({ key, odds }) => ({ key, part: odds }))
      : table.prizes.map(({ key, count }) => ({ key, part: count }));
  const whole = parts.reduce((sum, { part }) => sum + part, 0);
  return parts.flatMap(({ key, part }) => {
    const prize = prizeOf(content, key);
    return prize ? [{ prize, share: part / whole }] : [];
  });
}

/** What a scan that reaches this rule can expect, in fen. For comparing rules, not for accounts. */
export function expectedWorth(content: Pick<CampaignContent, 'prizes'>, { then }: Rule): number {
  return sharesOf(content, then).reduce((sum, { prize, share }) => sum + (share * doubleMeanWorth(prize)) / 2, 0);
}

/** Does luck decide what a scan gets from this table? */
export function isLottery({ prizes }: PrizeTable): boolean {
  return prizes.length > 1;
}
