import type { Fen, MemberId } from '@app/kernel';

/** `consume` is a scan that consumed its code; `scan` any other; `returned` is money that came back from WeChat unclaimed. */
export type MemberEventKind = 'scan' | 'consume' | 'received' | 'returned' | 'tier' | 'merged' | 'erased';

/** One thing that happened to a member, known by its natural key, applied to the totals exactly once. */
export interface MemberEvent {
  readonly memberId: MemberId;
  /** `scan:<scanId>`, `paid:<payoutKey>:<offerNo>`, `returned:<payoutKey>:<offerNo>`, `tier:<month>`, `merged:<memberId>`, `erased`. */
  readonly eventKey: string;
  readonly kind: MemberEventKind;
  readonly at: Date;
  /** Fen awarded by a scan, or fen received or returned by a payout. Never negative. */
  readonly amountFen: Fen;
  /** What the event adds to 消费值 as long as it is in the window. */
  readonly spendFen: Fen;
  /** Finest known place of a scan. */
  readonly adcode: number | null;
}

/** What a member's events add up to. Any order and any number of deliveries give the same totals. */
export interface MemberTotals {
  readonly scans: number;
  /** Codes the member consumed (开瓶数). */
  readonly codes: number;
  readonly wins: number;
  readonly awardedFen: number;
  /** May be below zero for a moment, when a return is known before its payment. */
  readonly receivedFen: number;
  /** 消费值 of the window that begins at `spendFrom`. */
  readonly spendFen: number;
  /** Place of the latest scan whose place is known. */
  readonly lastAdcode: number | null;
  readonly lastPlaceAt: Date | null;
  readonly lastScanAt: Date | null;
}

export const NO_TOTALS: MemberTotals = {
  scans: 0,
  codes: 0,
  wins: 0,
  awardedFen: 0,
  receivedFen: 0,
  spendFen: 0,
  lastAdcode: null,
  lastPlaceAt: null,
  lastScanAt: null,
};

/** Adds events that were not yet in the totals. `spendFrom` is the instant from which 消费值 counts. */
export function foldEvents(totals: MemberTotals, events: Iterable<MemberEvent>, spendFrom: Date): MemberTotals {
  let sum = totals;
  for (const event of events) sum = addTotals(sum, totalsOf(event, spendFrom));
  return sum;
}

/** The totals of two disjoint sets of events. Commutative and associative, so order never matters; merging members is this too. */
export function addTotals(a: MemberTotals, b: MemberTotals): MemberTotals {
  const place = laterPlace(a, b);
  return {
    scans: a.scans + b.scans,
    codes: a.codes + b.codes,
    wins: a.wins + b.wins,
    awardedFen: a.awardedFen + b.awardedFen,
    receivedFen: a.receivedFen + b.receivedFen,
    spendFen: a.spendFen + b.spendFen,
    lastAdcode: place.lastAdcode,
    lastPlaceAt: place.lastPlaceAt,
    lastScanAt: later(a.lastScanAt, b.lastScanAt),
  };
}

function totalsOf(event: MemberEvent, spendFrom: Date): MemberTotals {
  switch (event.kind) {
    case 'scan':
    case 'consume':
      return {
        scans: 1,
        codes: event.kind === 'consume' ? 1 : 0,
        wins: event.amountFen > 0 ? 1 : 0,
        awardedFen: event.amountFen,
        receivedFen: 0,
        spendFen: event.at >= spendFrom ? event.spendFen : 0,
        lastAdcode: event.adcode,
        lastPlaceAt: event.adcode === null ? null : event.at,
        lastScanAt: event.at,
      };
    case 'received':
      return { ...NO_TOTALS, receivedFen: event.amountFen };
    case 'returned':
      return { ...NO_TOTALS, receivedFen: -event.amountFen };
    case 'tier':
    case 'merged':
    case 'erased':
      return NO_TOTALS;
  }
}

function later(a: Date | null, b: Date | null): Date | null {
  if (a === null || b === null) return a ?? b;
  return a >= b ? a : b;
}

/** Two scans in the same instant: the larger adcode, so that the order of arrival does not show. */
function laterPlace(a: MemberTotals, b: MemberTotals): Pick<MemberTotals, 'lastAdcode' | 'lastPlaceAt'> {
  if (a.lastPlaceAt === null || b.lastPlaceAt === null) return a.lastPlaceAt === null ? b : a;
  if (a.lastPlaceAt.getTime() !== b.lastPlaceAt.getTime()) return a.lastPlaceAt > b.lastPlaceAt ? a : b;
  return (a.lastAdcode ?? 0) >= (b.lastAdcode ?? 0) ? a : b;
}
