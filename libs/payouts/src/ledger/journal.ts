import { bulkInsert, isDuplicate, placeholders, textOf, type Tx } from '@app/database';
import { Defect } from '@app/kernel';

/**
 * Every budget is a little set of books: `granted` runs negative by what was approved, the other parts say where those fen are.
 * Legs of a journal sum to zero, so the parts of a budget always do too.
 */
export type BudgetPart = 'granted' | 'available' | 'reserved' | 'settled';
/**
 * `channel` is clearing: negative by what was paid on our word and not yet found in the channel's own bill. `merchant` is our copy of
 * the balance at WeChat, `member` what somebody got, `outside` the bank.
 */
export type Account =
  | `budget:${number}:${BudgetPart}`
  | `channel:${string}:${string}`
  | `merchant:${string}`
  | `member:${number}`
  | 'outside';
export type JournalKind =
  | 'grant'
  | 'reserve'
  | 'settle'
  | 'refund'
  | 'release'
  | 'unrelease'
  | 'return'
  | 'confirm'
  | 'transfer'
  | 'correction';

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
const ACCOUNT_BYTES = 64;

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
  for (const { account, amountFen } of legs) {
    if (!Number.isSafeInteger(amountFen) || amountFen === 0) throw new Defect(`journal ${key} has a broken leg`);
    if (Buffer.byteLength(account) > ACCOUNT_BYTES)
      throw new Defect(`journal ${key} names an account too long to keep`);
    sum += amountFen;
  }
  if (sum !== 0) throw new Defect(`legs of journal ${key} sum to ${sum}, not 0`);
  if (new Set(legs.map((leg) => leg.account)).size !== legs.length) {
    throw new Defect(`journal ${key} names an account twice`);
  }
  return { key, kind, legs: [...legs], memo };
}

/** Fen from one account to another. */
export function transfer(from: Account, to: Account, amountFen: number): readonly [Leg, Leg] {
  if (!Number.isSafeInteger(amountFen) || amountFen <= 0) throw new Defect(`cannot move ${amountFen} fen`);
  return [
    { account: from, amountFen: -amountFen },
    { account: to, amountFen },
  ];
}

/** Fen from one part of a budget to another. */
export function movement(budgetId: number, from: BudgetPart, to: BudgetPart, amountFen: number): readonly [Leg, Leg] {
  return transfer(`budget:${budgetId}:${from}`, `budget:${budgetId}:${to}`, amountFen);
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
  if (entries.length === 0) return [];
  try {
    await insertJournals(tx, entries);
  } catch (error) {
    if (!isDuplicate(error, 'PRIMARY')) throw error;
    return others(tx, entries);
  }
  await bulkInsert(
    tx,
    'ledger_legs',
    ['journal_key', 'leg', 'account', 'amount_fen'],
    entries.flatMap(({ key, legs }) => legs.map((leg, index) => [key, index, leg.account, leg.amountFen])),
  );
  return entries;
}

async function insertJournals(tx: Tx, entries: readonly Journal[]): Promise<void> {
  await tx.execute(
    `INSERT INTO ledger_journals (journal_key, kind, at, memo)
     VALUES ${entries.map(() => '(?, ?, UTC_TIMESTAMP(6), ?)').join(', ')}`,
    entries.flatMap(({ key, kind, memo }) => [key, kind, memo]),
  );
}

/** Some were booked before, so the statement left nothing: those must be the same movements, and only the others are booked. */
async function others(tx: Tx, entries: readonly Journal[]): Promise<readonly Journal[]> {
  const booked = await bookedLegs(
    tx,
    entries.map(({ key }) => key),
  );
  for (const entry of entries) {
    const legs = booked.get(entry.key);
    if (legs !== undefined && legs !== legsText(entry.legs)) {
      throw new Defect(`journal ${entry.key} was booked with other legs`);
    }
  }
  const fresh = entries.filter(({ key }) => !booked.has(key));
  if (fresh.length === entries.length) return oneByOne(tx, entries);
  return bookJournals(tx, fresh);
}

/** A duplicate that nobody sees: somebody booked it and has not committed, or the list names a key twice. Each is tried alone. */
async function oneByOne(tx: Tx, entries: readonly Journal[]): Promise<readonly Journal[]> {
  const [only] = entries;
  if (only && entries.length === 1) throw new Defect(`journal ${only.key} is there and is not`);
  const fresh: Journal[] = [];
  for (const entry of entries) fresh.push(...(await bookJournals(tx, [entry])));
  return fresh;
}

async function bookedLegs(tx: Tx, keys: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const rows = await tx.query<{ journal_key: Buffer; account: Buffer; amount_fen: string }>(
    `SELECT journal_key, account, amount_fen FROM ledger_legs WHERE journal_key IN (${placeholders(keys)})
     ORDER BY journal_key, leg`,
    keys,
  );
  const booked = new Map<string, string>();
  for (const row of rows) {
    const key = textOf(row.journal_key);
    const leg = `${textOf(row.account)} ${row.amount_fen}`;
    const before = booked.get(key);
    booked.set(key, before === undefined ? leg : `${before},${leg}`);
  }
  return booked;
}

function legsText(legs: readonly Leg[]): string {
  return legs.map((leg) => `${leg.account} ${leg.amountFen}`).join();
}
