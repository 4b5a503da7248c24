import { setTimeout as sleep } from 'node:timers/promises';
import type { Console } from './console';
import type { LedgerSummary } from './wire';

/** States in which money is on its way. */
export const OPEN_STATES = ['PENDING', 'SENDING', 'UNKNOWN', 'WAIT_USER'] as const;
const LOOK_EVERY_MS = 1_000;

export interface Quiet {
  readonly quiet: boolean;
  readonly afterMs: number;
  readonly summary: LedgerSummary;
}

/** Waits until no payout is under way, at most so long. */
export async function untilQuiet(console: Console, withinMs: number): Promise<Quiet> {
  const startedAt = Date.now();
  for (;;) {
    const summary = await console.get<LedgerSummary>('ledger/summary?recount=true');
    const afterMs = Date.now() - startedAt;
    const open = OPEN_STATES.reduce((sum, state) => sum + (summary.byState[state]?.count ?? 0), 0);
    if (open === 0) return { quiet: true, afterMs, summary };
    if (afterMs > withinMs) return { quiet: false, afterMs, summary };
    await sleep(LOOK_EVERY_MS);
  }
}

/** Waits until nothing is between us and WeChat but people who have not tapped yet. */
export async function untilOnlyPeopleAreLeft(console: Console, withinMs: number): Promise<void> {
  const until = Date.now() + withinMs;
  while (Date.now() < until) {
    const { byState } = await console.get<LedgerSummary>('ledger/summary');
    const busy = ['PENDING', 'SENDING', 'UNKNOWN'].reduce((sum, state) => sum + (byState[state]?.count ?? 0), 0);
    if (busy === 0) return;
    await sleep(LOOK_EVERY_MS);
  }
}
