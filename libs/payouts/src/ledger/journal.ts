import { bulkInsert, isDuplicate, textOf, type Tx } from '@app/database';
import { Defect } from '@app/kernel';

/**
 * Every budget is a little set of books: `granted` runs negative by what was approved, the other parts say where those fen are.
 * Legs of a journal sum to zero, so the parts of a budget always do too.
 */
export type BudgetPart = 'granted' | 'available' | 'reserved' | 'settled';
export type Account = `budget:${number}:${BudgetPart}`;
export type JournalKind = 'grant' | 'reserve' | 'settle' | 'release';

export interface Leg {
  readonly account: Account;
  /** Whole fen, positive = into the account, never 0. */
  readonly amountFen: number;
}

export interface Journal {
  /** Natural key, at most 96 bytes: the same movement is booked once. */
  readonly key: string;
  readonly kind: JournalKind;
  readonly legs: readonly Leg[];
  readonly memo: string | null;
}

const KEY_BYTES = 96;

/** A journal that is whole. Throws Defect when legs do not sum to zero, are zero or broken, or name an account twice (I2). */
export function journal(parts: {
  key: string;
  kind: JournalKind;
  legs: readonly Leg[];
  memo?: string | null;
}): Journal {
  const { key, kind, legs, memo = null } = parts;
  if (key.length === 0 || Buffer.byteLength(key) > KEY_BYTES)
    throw new Defect('a journal needs a key of 1 to 96 bytes');
  if (legs.length < 2) throw new Defect(`journal ${key} has fewer than two legs`);
  let sum = 0;
  for (const { amountFen } of legs) {
    if (!Number.isSafeInteger(amountFen) || amountFen === 0) throw new Defect(`journal ${key} has a broken leg`);
    sum += amountFen;
  }
  if (sum !== 0) throw new Defect(`legs of journal ${key} sum to ${sum}, not 0`);
  if (new Set(legs.map((leg) => leg.account)).size !== legs.length) {
    throw new Defect(`journal ${key} names an account twice`);
  }
  return { key, kind, legs: [...legs], memo };
}

/** Fen from one part of a budget to another. */
export function movement(budgetId: number, from: BudgetPart, to: BudgetPart, amountFen: number): readonly [Leg, Leg] {
  if (!Number.isSafeInteger(amountFen) || amountFen <= 0) throw new Defect(`cannot move ${amountFen} fen`);
  return [
    { account: `budget:${budgetId}:${from}`, amountFen: -amountFen },
    { account: `budget:${budgetId}:${to}`, amountFen },
  ];
}

/**
 * Books a journal with its legs. `already` when the key was booked before with exactly these legs: then the caller must not move
 * the counters either. Throws Defect when the key stands for another movement.
 */
export async function bookJournal(tx: Tx, entry: Journal): Promise<'booked' | 'already'> {
  return (await bookJournals(tx, [entry])).length === 1 ? 'booked' : 'already';
}

/** The same for several, in two statements; returns those that were not booked before. */
export async function bookJournals(tx: Tx, entries: readonly Journal[]): Promise<readonly Journal[]> {
  try {
    await tx.execute(
      `INSERT INTO ledger_journals (journal_key, kind, at, memo)
       VALUES ${entries.map(() => '(?, ?, UTC_TIMESTAMP(6), ?)').join(', ')}`,
      entries.flatMap(({ key, kind, memo }) => [key, kind, memo]),
    );
  } catch (error) {
    if (!isDuplicate(error, 'PRIMARY')) throw error;
    return oneByOne(tx, entries);
  }
  await bulkInsert(
    tx,
    'ledger_legs',
    ['journal_key', 'leg', 'account', 'amount_fen'],
    entries.flatMap(({ key, legs }) => legs.map((leg, index) => [key, index, leg.account, leg.amountFen])),
  );
  return entries;
}

/** One of them was booked before, so the statement left nothing: each is tried alone to see which. */
async function oneByOne(tx: Tx, entries: readonly Journal[]): Promise<readonly Journal[]> {
  const [only] = entries;
  if (only && entries.length === 1) {
    await assertSame(tx, only);
    return [];
  }
  const fresh: Journal[] = [];
  for (const entry of entries) fresh.push(...(await bookJournals(tx, [entry])));
  return fresh;
}

async function assertSame(tx: Tx, entry: Journal): Promise<void> {
  const rows = await tx.query<{ account: Buffer; amount_fen: string }>(
    'SELECT account, amount_fen FROM ledger_legs WHERE journal_key = ? ORDER BY leg',
    [entry.key],
  );
  const booked = rows.map((row) => `${textOf(row.account)} ${row.amount_fen}`).join();
  const wanted = entry.legs.map((leg) => `${leg.account} ${leg.amountFen}`).join();
  if (booked !== wanted) throw new Defect(`journal ${entry.key} was booked with other legs`);
}
