import { setTimeout as sleep } from 'node:timers/promises';

/** Waits until `look` gives something truthy, at most `boundMs`, and returns it. Throws naming `what` otherwise. */
export async function until<T>(what: string, look: () => Promise<T> | T, boundMs = 10_000): Promise<NonNullable<T>> {
  const end = Date.now() + boundMs;
  for (;;) {
    const seen = await look();
    if (seen) return seen;
    if (Date.now() > end) throw new Error(`did not happen within ${boundMs} ms: ${what}`);
    await sleep(25);
  }
}
