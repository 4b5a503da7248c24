import { Record, type Holder, type Waiter } from './record';

/** Thrown by a statement that cannot go on before a lock is free; whoever runs it waits and starts it again. */
export class MustWait {
  constructor(readonly waiter: Waiter) {}
}

/**
 * Row locks, first come first served. Returns false when the lock has to be waited for. `write` also covers `share`; who shares a lock
 * and wants to write waits for everybody before it, as in InnoDB.
 */
export function take(record: Record, holder: Holder, mode: 'write' | 'share'): 'held' | 'taken' | 'busy' {
  if (record.owner === holder) return 'held';
  const shares = record.sharers.includes(holder);
  if (mode === 'share' && shares) return 'held';
  const othersShare = record.sharers.length > (shares ? 1 : 0);
  const free = record.owner === null && (mode === 'share' || !othersShare) && record.waiters.length === 0;
  if (!free) return 'busy';
  if (mode === 'write') record.owner = holder;
  else record.sharers.push(holder);
  return 'taken';
}

export function enqueue(record: Record, holder: Holder, mode: 'write' | 'share'): Waiter {
  const waiter: Waiter = { holder, record, mode, parked: null, outcome: 'waiting' };
  record.waiters.push(waiter);
  holder.waiting = waiter;
  return waiter;
}

/** Gives the record up and grants it to those who wait. Returns the waiters that got it. */
export function release(record: Record, holder: Holder): Waiter[] {
  if (record.owner === holder) record.owner = null;
  if (record.sharers.length > 0) record.sharers = record.sharers.filter((one) => one !== holder);
  return grant(record);
}

/** Takes a waiter out of the line, which may let others go on. */
export function leave(waiter: Waiter): Waiter[] {
  const { record, holder } = waiter;
  record.waiters = record.waiters.filter((one) => one !== waiter);
  holder.waiting = null;
  return grant(record);
}

function grant(record: Record): Waiter[] {
  const granted: Waiter[] = [];
  while (record.waiters.length > 0) {
    const next = record.waiters[0]!;
    const others = record.sharers.some((one) => one !== next.holder);
    const free = record.owner === null && (next.mode === 'share' || !others);
    if (!free) return granted;
    record.waiters.shift();
    if (next.mode === 'write') record.owner = next.holder;
    else if (!record.sharers.includes(next.holder)) record.sharers.push(next.holder);
    next.outcome = 'granted';
    next.holder.waiting = null;
    next.holder.granted(record);
    granted.push(next);
  }
  return granted;
}

/** The transactions that a waiter waits for: who holds what it wants, and who stands before it and wants something else. */
function before({ record, holder, mode }: Waiter): Holder[] {
  const blocking = record.owner !== null && record.owner !== holder ? [record.owner] : [];
  if (mode === 'write') blocking.push(...record.sharers.filter((one) => one !== holder));
  for (const ahead of record.waiters) {
    if (ahead.holder === holder) break;
    if (mode === 'write' || ahead.mode === 'write') blocking.push(ahead.holder);
  }
  return blocking;
}

/** The circle of waiting that this waiter closes: its transactions, itself first. Null when there is none. */
export function circle(waiter: Waiter): Holder[] | null {
  const seen = new Set<Holder>();
  const search = (holder: Holder, path: Holder[]): Holder[] | null => {
    if (holder.waiting === null) return null;
    for (const next of before(holder.waiting)) {
      if (next === waiter.holder) return path;
      if (seen.has(next)) continue;
      seen.add(next);
      const found = search(next, [...path, next]);
      if (found) return found;
    }
    return null;
  };
  return search(waiter.holder, [waiter.holder]);
}

/** The lightest of a circle; of equals the one that closed it. */
export function victimOf(holders: readonly Holder[]): Holder {
  return holders.reduce((lightest, holder) => (holder.weight < lightest.weight ? holder : lightest));
}
