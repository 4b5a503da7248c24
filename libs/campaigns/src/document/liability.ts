import { Defect } from '@app/kernel';
import { ODDS_TOTAL, type CampaignContent, type DealtTable, type DrawnTable, type Prize } from './campaign-content';
import { isEverybody } from './condition-shape';
import { amountRange, doubleMeanFen, isMoney, prizeOf, sharesOf } from './prize-worth';

/** What a campaign may cost its budget, in whole fen. Only cash and locked packets cost money here. */
export interface Liability {
  /** No set of decisions over these codes can cost more: every code scanned and every draw as dear as it can be. */
  readonly mostFen: number;
  /** 全部兑付: every code scanned, drawn prizes at their published odds, dealt ones to the piece. Rounded up. */
  readonly fullFen: number;
  /** 预计兑付: the same for the assumed share of codes that are scanned. Rounded up. */
  readonly expectedFen: number;
  /** Each prize at the rule that gives most of it; where several rules share the codes these add up to more than the totals. */
  readonly perPrize: readonly PrizeLiability[];
}
export interface PrizeLiability {
  readonly key: string;
  readonly name: string;
  readonly kind: Prize['kind'];
  /** Prizes given out when every code is scanned, and at the assumed scan rate. Rounded up. */
  readonly fullCount: number;
  readonly expectedCount: number;
  readonly fullFen: number;
  readonly expectedFen: number;
}

const MILLION = 1_000_000n;
/** Exact arithmetic: amounts are kept as 1 / (2 · 10^6 · 10^6) fen (mean amounts in halves, odds and scan rate in millionths). */
const UNIT = 2n * MILLION * MILLION;

/**
 * @param codesInScope codes that may decide here, whole and ≥ 0. Codes of dealt segments are among them.
 * @param scanRate share of codes that get scanned, 0 … 1; used to a millionth.
 * Throws Defect for any other number. `content` must have passed validation.
 */
export function liability(content: CampaignContent, codesInScope: number, scanRate: number): Liability {
  if (!Number.isSafeInteger(codesInScope) || codesInScope < 0) throw new Defect(`no number of codes: ${codesInScope}`);
  if (!(scanRate >= 0 && scanRate <= 1)) throw new Defect(`no scan rate: ${scanRate}`);
  const rate = BigInt(Math.round(scanRate * 1e6));
  const scope = scopeOf(content, codesInScope);
  const most = mostFen(content, scope);
  const atMost = (units: bigint): number => toNumber(least([fenOf(units), most]));
  return {
    mostFen: toNumber(most),
    fullFen: atMost(meanUnits(content, scope, MILLION)),
    expectedFen: atMost(meanUnits(content, scope, rate)),
    perPrize: content.prizes.map((prize) => prizeLiability(content, scope, prize, rate)),
  };
}

interface Scope {
  /** Codes outside every dealt segment. */
  readonly drawnCodes: bigint;
  /** These, and the codes of segments that a drawn rule may take first. */
  readonly openCodes: bigint;
  readonly drawn: readonly DrawnTable[];
  /** `exact`: nothing but the deal decides the codes of its segment. */
  readonly dealt: readonly { readonly table: DealtTable; readonly exact: boolean }[];
}

function scopeOf({ rules }: CampaignContent, codesInScope: number): Scope {
  const firstDrawn = rules.findIndex(({ then }) => then.mode === 'drawn');
  const dealt = rules.flatMap(({ when, then }, index) => {
    if (then.mode !== 'dealt') return [];
    return [{ table: then, exact: isEverybody(when) && (firstDrawn < 0 || index < firstDrawn) }];
  });
  const sizeOf = (table: DealtTable): number => table.segment.to - table.segment.from;
  const inDeals = dealt.reduce((sum, { table }) => sum + sizeOf(table), 0);
  const shared = dealt.reduce((sum, { table, exact }) => (exact ? sum : sum + sizeOf(table)), 0);
  const drawnCodes = Math.max(0, codesInScope - inDeals);
  return {
    drawnCodes: BigInt(drawnCodes),
    openCodes: BigInt(drawnCodes + shared),
    drawn: rules.flatMap(({ then }) => (then.mode === 'drawn' ? [then] : [])),
    dealt,
  };
}

/** The mean cost, in UNITs, when `rate` millionths of the codes are scanned. Where rules share the codes the dearer one counts. */
function meanUnits(content: CampaignContent, { drawnCodes, openCodes, drawn, dealt }: Scope, rate: bigint): bigint {
  const dearest = greatest(drawn.map((table) => steadyUnits(content, table)));
  const dealtUnits = dealt.map(({ table, exact }) =>
    table.prizes.reduce((sum, { key, count }) => {
      const own = costUnits(content, key);
      return sum + BigInt(count) * rate * (exact ? own : greatest([own, dearest]));
    }, 0n),
  );
  const limited = content.prizes.map((prize) => limitedUnits(content, drawn, prize, openCodes * rate));
  return sum([drawnCodes * rate * dearest, ...dealtUnits, ...limited]);
}

/** Mean cost of one draw, in 1 / (2 · 10^6) fen, as if every limited prize were out of stock already. */
function steadyUnits(content: CampaignContent, table: DrawnTable): bigint {
  return sum(
    table.prizes.map(({ key, odds }) => {
      const prize = prizeOf(content, key);
      return (
        BigInt(odds) * doubleMean(prize && stockOf(prize) !== null ? prizeOf(content, table.fallbackPrizeKey) : prize)
      );
    }),
  );
}

/** What a limited prize costs beyond the fallback it replaces, for as many as are drawn or in stock, whichever is less. */
function limitedUnits(content: CampaignContent, drawn: readonly DrawnTable[], prize: Prize, scanned: bigint): bigint {
  const stock = stockOf(prize);
  if (stock === null) return 0n;
  const rows = drawn.flatMap(({ prizes, fallbackPrizeKey }) =>
    prizes.flatMap(({ key, odds }) => (key === prize.key ? [{ odds: BigInt(odds), fallbackPrizeKey }] : [])),
  );
  // `scanned` carries one factor of a million, the odds another.
  const drawnUnits = scanned * greatest(rows.map(({ odds }) => odds));
  const more = greatest(
    rows.map(({ fallbackPrizeKey }) => doubleMean(prize) - doubleMean(prizeOf(content, fallbackPrizeKey))),
  );
  return least([drawnUnits, BigInt(stock) * MILLION * MILLION]) * more;
}

/** The hard bound, in fen. */
function mostFen(content: CampaignContent, { openCodes, drawn, dealt }: Scope): bigint {
  const keys = drawn.flatMap(({ prizes, fallbackPrizeKey }) => [...prizes.map(({ key }) => key), fallbackPrizeKey]);
  const prizes = [...new Set(keys)].flatMap((key) => prizeOf(content, key) ?? []);
  const slots = dealt.flatMap(({ table }) =>
    table.prizes.map(({ key, count }) => ({ own: dearest(prizeOf(content, key)), codes: BigInt(count) })),
  );
  // A code that both may take counts on both sides: too much at worst, never too little.
  const bound = sum(slots.map(({ own, codes }) => own * codes)) + fill(prizes, openCodes);
  return least([
    bound,
    ...totalLimits(
      content,
      prizes,
      slots.map(({ own }) => own),
    ),
  ]);
}

/** The dearest way to give one prize to each of `codes` codes. */
function fill(prizes: readonly Prize[], codes: bigint): bigint {
  let left = codes;
  let fen = 0n;
  for (const prize of [...prizes].sort((a, b) => Number(dearest(b) - dearest(a)))) {
    const stock = stockOf(prize);
    const given = stock === null ? left : least([left, BigInt(stock)]);
    fen += given * dearest(prize);
    left -= given;
  }
  return fen;
}

/** Caps on the whole campaign and the plan of a burst bound the cost whatever is drawn. */
function totalLimits({ caps, burst }: CampaignContent, prizes: readonly Prize[], dealt: readonly bigint[]): bigint[] {
  const each = greatest([...prizes.map(dearest), ...dealt]);
  const totals = caps.filter(({ per, window }) => per === 'campaign' && window === 'total');
  const limits = [...totals, ...(burst ? [{ count: burst.maxCount, fen: burst.maxFen }] : [])];
  return limits.flatMap(({ count, fen }) => [
    ...(fen === null ? [] : [BigInt(fen)]),
    ...(count === null ? [] : [BigInt(count) * each]),
  ]);
}

function prizeLiability(content: CampaignContent, scope: Scope, prize: Prize, rate: bigint): PrizeLiability {
  const count = (share: bigint): bigint => {
    const inDeals = sum(
      scope.dealt.map(({ table }) =>
        sum(table.prizes.map(({ key, count: of }) => (key === prize.key ? BigInt(of) : 0n))),
      ),
    );
    const odds = greatest(scope.drawn.map((table) => BigInt(Math.round(shareOf(content, table, prize) * ODDS_TOTAL))));
    const drawn = ceil(scope.openCodes * share * odds, MILLION * MILLION);
    const stock = stockOf(prize);
    return ceil(inDeals * share, MILLION) + (stock === null ? drawn : least([drawn, BigInt(stock)]));
  };
  const cost = (pieces: bigint): number => toNumber(ceil(pieces * doubleMean(prize), 2n));
  const [full, expected] = [count(MILLION), count(rate)];
  return {
    ...{ key: prize.key, name: prize.name, kind: prize.kind },
    ...{
      fullCount: toNumber(full),
      expectedCount: toNumber(expected),
      fullFen: cost(full),
      expectedFen: cost(expected),
    },
  };
}

/** The share of a table that falls on the prize; a fallback may be given to whatever can run out. */
function shareOf(content: CampaignContent, table: DrawnTable, prize: Prize): number {
  const own = (of: Prize): boolean =>
    of.key === prize.key || (table.fallbackPrizeKey === prize.key && stockOf(of) !== null);
  return sharesOf(content, table).reduce((total, { prize: of, share }) => (own(of) ? total + share : total), 0);
}

/** A pool that runs dry is not in the document; the liability counts its coupons as unlimited, and they cost no money here. */
function stockOf(prize: Prize): number | null {
  return prize.kind === 'nothing' ? null : prize.stock;
}
function dearest(prize: Prize | undefined): bigint {
  return prize && isMoney(prize) ? BigInt(amountRange(prize.amount).maxFen) : 0n;
}
function doubleMean(prize: Prize | undefined): bigint {
  return prize && isMoney(prize) ? BigInt(doubleMeanFen(prize.amount)) : 0n;
}
/** Of a dealt prize, in the same 1 / (2 · 10^6) fen as a draw. */
function costUnits(content: CampaignContent, key: string): bigint {
  return doubleMean(prizeOf(content, key)) * MILLION;
}

const sum = (numbers: readonly bigint[]): bigint => numbers.reduce((total, number) => total + number, 0n);
const least = (numbers: readonly bigint[]): bigint => numbers.reduce((a, b) => (a < b ? a : b));
/** 0 for none; nothing here is worth less. */
const greatest = (numbers: readonly bigint[]): bigint => numbers.reduce((a, b) => (a > b ? a : b), 0n);
const ceil = (number: bigint, by: bigint): bigint => (number + by - 1n) / by;
const fenOf = (units: bigint): bigint => ceil(units, UNIT);

/** Beyond 2^53 − 1 fen (90 trillion yuan) there is nothing left to tell apart. */
function toNumber(value: bigint): number {
  return Number(least([value, BigInt(Number.MAX_SAFE_INTEGER)]));
}
