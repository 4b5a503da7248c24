import { createHash } from 'node:crypto';
import { addDays, Rejected } from '@app/kernel';

/** How owed units are settled: delivered again, paid, or not recognised. */
export const CREDIT_KINDS = ['goods', 'money', 'refused'] as const;
export type CreditKind = (typeof CREDIT_KINDS)[number];

export const SHEET_SIDES = ['hq', 'distributor'] as const;
export type SheetSide = (typeof SHEET_SIDES)[number];

/** What one month moved, of one store and product or of more. */
export interface SheetFigures {
  /** Owed from earlier months. */
  readonly openingUnits: number;
  readonly redeemedUnits: number;
  /** What stores collected from winners. */
  readonly coPayFen: number;
  readonly goodsUnits: number;
  readonly moneyUnits: number;
  readonly moneyFen: number;
  readonly refusedUnits: number;
  /** Opening and redeemed less all that was settled: carried to the next month. */
  readonly owedUnits: number;
}

export interface SheetLine extends SheetFigures {
  readonly storeId: number;
  readonly productId: number;
}

/** 兑付对账单: what one distributor's stores handed over in one Shanghai month, and what headquarters owes for it. */
export interface Sheet {
  readonly id: number;
  readonly distributorId: number;
  /** `YYYY-MM`. */
  readonly month: string;
  /** Raised by every act; a side agrees to one revision. */
  readonly revision: number;
  readonly hqAt: Date | null;
  readonly hqBy: number | null;
  readonly distributorAt: Date | null;
  readonly distributorBy: number | null;
  /** Both agreed: from then on it stays as it is. */
  readonly closedAt: Date | null;
  /** SHA-256 of the agreed lines, hex. */
  readonly contentHash: string | null;
}

/** Everything a line is made of. */
export interface LineParts {
  readonly opening: ReadonlyMap<string, number>;
  readonly moved: readonly { storeId: number; productId: number; before: number; units: number; coPayFen: number }[];
  readonly credits: readonly {
    storeId: number;
    productId: number;
    kind: CreditKind;
    now: boolean;
    units: number;
    amountFen: number;
  }[];
}

type Draft = { -readonly [K in keyof SheetLine]: SheetLine[K] };

export function lineKey({ storeId, productId }: { storeId: number; productId: number }): string {
  return `${storeId}:${productId}`;
}

/** Pure: lines by store, then product; those in which nothing moved and nothing is owed are left out. */
export function sheetLines({ opening, moved, credits }: LineParts): SheetLine[] {
  const drafts = new Map<string, Draft>();
  const at = (storeId: number, productId: number): Draft => {
    const key = lineKey({ storeId, productId });
    const draft = drafts.get(key) ?? { storeId, productId, ...NOTHING };
    drafts.set(key, draft);
    return draft;
  };
  for (const [key, units] of opening) {
    const [storeId, productId] = key.split(':').map(Number);
    at(storeId!, productId!).openingUnits += units;
  }
  for (const { storeId, productId, before, units, coPayFen } of moved) {
    const draft = at(storeId, productId);
    draft.openingUnits += before;
    draft.redeemedUnits += units;
    draft.coPayFen += coPayFen;
  }
  for (const { storeId, productId, kind, now, units, amountFen } of credits) {
    const draft = at(storeId, productId);
    if (!now) draft.openingUnits -= units;
    else if (kind === 'goods') draft.goodsUnits += units;
    else if (kind === 'refused') draft.refusedUnits += units;
    else {
      draft.moneyUnits += units;
      draft.moneyFen += amountFen;
    }
  }
  return [...drafts.values()]
    .map((draft) => ({ ...draft, owedUnits: owedOf(draft) }))
    .filter((line) => line.openingUnits !== 0 || line.redeemedUnits > 0 || line.owedUnits !== 0 || settledOf(line) > 0)
    .sort((a, b) => a.storeId - b.storeId || a.productId - b.productId);
}

const NOTHING: SheetFigures = {
  ...{ openingUnits: 0, redeemedUnits: 0, coPayFen: 0 },
  ...{ goodsUnits: 0, moneyUnits: 0, moneyFen: 0, refusedUnits: 0, owedUnits: 0 },
};

export function settledOf({ goodsUnits, moneyUnits, refusedUnits }: SheetFigures): number {
  return goodsUnits + moneyUnits + refusedUnits;
}

function owedOf(figures: SheetFigures): number {
  return figures.openingUnits + figures.redeemedUnits - settledOf(figures);
}

export function sumFigures(all: readonly SheetFigures[]): SheetFigures {
  return all.reduce<SheetFigures>(
    (sum, one) => ({
      openingUnits: sum.openingUnits + one.openingUnits,
      redeemedUnits: sum.redeemedUnits + one.redeemedUnits,
      coPayFen: sum.coPayFen + one.coPayFen,
      goodsUnits: sum.goodsUnits + one.goodsUnits,
      moneyUnits: sum.moneyUnits + one.moneyUnits,
      moneyFen: sum.moneyFen + one.moneyFen,
      refusedUnits: sum.refusedUnits + one.refusedUnits,
      owedUnits: sum.owedUnits + one.owedUnits,
    }),
    NOTHING,
  );
}

/** What both sides agree to, as one text of 64 hex digits. */
export function contentHashOf(month: string, distributorId: number, lines: readonly SheetLine[]): string {
  const text = lines.map((line) =>
    [
      ...[line.storeId, line.productId, line.openingUnits, line.redeemedUnits, line.coPayFen],
      ...[line.goodsUnits, line.moneyUnits, line.moneyFen, line.refusedUnits, line.owedUnits],
    ].join(','),
  );
  return createHash('sha256')
    .update([`${month}/${distributorId}`, ...text].join('\n'))
    .digest('hex');
}

const MONTH = /^20\d\d-(0[1-9]|1[0-2])$/;

/** Shanghai days of a month, half-open. Throws Rejected 422 for what is no month. */
export function daysOfMonth(month: string): { readonly from: string; readonly to: string } {
  if (!MONTH.test(month)) throw new Rejected('bad_month', '月份须写成 2026-11 的样子', 422);
  const from = `${month}-01`;
  return { from, to: `${addDays(from, 31).slice(0, 7)}-01` };
}

export function monthBefore(month: string): string {
  return addDays(`${month}-01`, -1).slice(0, 7);
}
