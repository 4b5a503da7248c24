import type { ScanFact } from './scan-fact';

/** What is counted of scans: column of a roll-up → what one fact adds, here and in SQL over `scan_facts`. */
export const COUNTERS = {
  scans: { of: () => 1, sql: 'COUNT(*)' },
  first_scans: { of: (fact: ScanFact) => Number(fact.firstOfCode), sql: 'SUM(first_of_code)' },
  opened: { of: (fact: ScanFact) => Number(fact.opened), sql: 'SUM(opened)' },
  wins: { of: (fact: ScanFact) => Number(fact.won), sql: 'SUM(won)' },
  awarded_fen: { of: (fact: ScanFact) => fact.amountFen, sql: 'SUM(amount_fen)' },
  new_members: { of: (fact: ScanFact) => Number(fact.newMember), sql: 'SUM(new_member)' },
} as const;
export type Counter = keyof typeof COUNTERS;

/** What scans are counted by: column of a roll-up → where a fact has it. In SQL the columns of `scan_facts` have the same names. */
const KEYS = {
  distributor_id: (fact: ScanFact) => fact.distributorId,
  day: (fact: ScanFact) => fact.day,
  city: (fact: ScanFact) => fact.city,
  adcode: (fact: ScanFact) => fact.adcode,
  campaign_id: (fact: ScanFact) => fact.campaignId,
  product_id: (fact: ScanFact) => fact.productId,
  batch_id: (fact: ScanFact) => fact.batchId,
} as const;
export type Key = keyof typeof KEYS;

export interface DayTable {
  readonly table: string;
  /** The primary key, in its order. */
  readonly keys: readonly Key[];
  readonly counters: readonly Counter[];
}

const ALL: readonly Counter[] = ['scans', 'opened', 'wins', 'awarded_fen', 'new_members'];

/** Roll-ups by day that are kept for ever. The fold adds to them and a rebuild makes them again, both from this one list. */
export const DAY_TABLES: readonly DayTable[] = [
  {
    table: 'rollup_days',
    keys: ['distributor_id', 'day', 'city', 'campaign_id', 'product_id', 'batch_id'],
    counters: ['scans', 'first_scans', 'wins', 'awarded_fen', 'new_members'],
  },
  { table: 'rollup_places', keys: ['distributor_id', 'day', 'city'], counters: ALL },
  { table: 'rollup_product_places', keys: ['product_id', 'distributor_id', 'day', 'city'], counters: ALL },
  { table: 'rollup_districts', keys: ['distributor_id', 'day', 'adcode'], counters: ALL },
  {
    table: 'rollup_items',
    keys: ['distributor_id', 'day', 'product_id', 'batch_id', 'campaign_id'],
    counters: ALL,
  },
];

/** Rows that a handful of new facts adds to one of the tables: its keys, then its counters. */
export function cellsOf({ keys, counters }: DayTable, facts: readonly ScanFact[]): (string | number)[][] {
  const cells = new Map<string, { key: (string | number)[]; sums: number[] }>();
  for (const fact of facts) {
    const key = keys.map((name) => KEYS[name](fact));
    const cell = cells.get(key.join('/')) ?? { key, sums: counters.map(() => 0) };
    counters.forEach((name, index) => (cell.sums[index]! += COUNTERS[name].of(fact)));
    cells.set(key.join('/'), cell);
  }
  return [...cells.values()].map(({ key, sums }) => [...key, ...sums]);
}
