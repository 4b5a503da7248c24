import { setTimeout as sleep } from 'node:timers/promises';
import type { Options } from './options';
import type { Bottle, Party } from './plan';
import { Shopper } from './shopper';
import type { Tally } from './tally';

/** How much of the play is over; `say` is called from time to time. */
export type Say = (line: string) => void;

const SAY_EVERY_MS = 5_000;

/** Everybody comes, scans and takes the money (or does not). Returns the shoppers, who may come back another day. */
export async function play(parties: readonly Party[], options: Options, tally: Tally, say: Say): Promise<Shopper[]> {
  const all: Shopper[] = [];
  const startedAt = Date.now();
  const total = parties.reduce((sum, party) => sum + party.shoppers.length, 0);
  let here = 0;
  let gone = 0;
  const ticker = setInterval(
    () => say(`${gone} of ${total} shoppers were here, ${tally.requests} scans`),
    SAY_EVERY_MS,
  );
  try {
    await inTurn(parties, options.atOnce, async (party, index) => {
      const due = startedAt + (options.minutes * 60_000 * index) / parties.length;
      if (due > Date.now()) await sleep(due - Date.now());
      here += party.shoppers.length;
      const shoppers = party.shoppers.map((plan) => new Shopper(plan, options.places, tally));
      all.push(...shoppers);
      await visit(party, shoppers, tally);
      gone += party.shoppers.length;
    });
  } finally {
    clearInterval(ticker);
  }
  say(`${here} shoppers were here`);
  return all;
}

/** A day later. */
export async function comeBack(shoppers: readonly Shopper[], options: Options, tally: Tally): Promise<void> {
  await inTurn(shoppers, options.atOnce, (shopper) => guarded(tally, () => shopper.comeBack()));
}

async function visit(party: Party, shoppers: readonly Shopper[], tally: Tally): Promise<void> {
  const { shared } = party;
  const arrived = await Promise.all(shoppers.map((shopper, at) => arrive(party, shopper, at, tally)));
  // Everybody at the table holds a phone over the same cap now.
  if (shared) await each(arrived, (shopper) => guarded(tally, () => shopper.open(shared)));
  await each(arrived, async (shopper) => {
    const bottles = party.shoppers[shoppers.indexOf(shopper)]?.bottles ?? [];
    for (const bottle of bottles) await guarded(tally, () => shopper.open(bottle));
  });
}

async function arrive(party: Party, shopper: Shopper, at: number, tally: Tally): Promise<Shopper | null> {
  const first: Bottle | undefined = party.shared ?? party.shoppers[at]?.bottles[0];
  const signedIn = first !== undefined && (await guarded(tally, () => shopper.signIn(first.code)));
  return signedIn ? shopper : null;
}

async function each(
  shoppers: readonly (Shopper | null)[],
  does: (shopper: Shopper) => Promise<unknown>,
): Promise<void> {
  await Promise.all(shoppers.flatMap((shopper) => (shopper ? [does(shopper)] : [])));
}

/** Trouble of one shopper is written down and does not send the others home. */
async function guarded(tally: Tally, work: () => Promise<void>): Promise<boolean> {
  try {
    await work();
    return true;
  } catch (error) {
    tally.wrong(error instanceof Error ? error.message : String(error));
    return false;
  }
}

async function inTurn<T>(
  items: readonly T[],
  atOnce: number,
  does: (item: T, index: number) => Promise<unknown>,
): Promise<void> {
  let next = 0;
  const one = async (): Promise<void> => {
    while (next < items.length) {
      const index = next++;
      await does(items[index] as T, index);
    }
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, items.length) }, one));
}
