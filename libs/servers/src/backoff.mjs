/** Waiting times before a dead child is started again, and when to stop trying. Pure. */

export const BACKOFF = { firstMs: 250, maxMs: 10_000, fastMs: 3_000, giveUpAfter: 8 };

/**
 * @param {number} failures fast failures in a row, this one included (≥ 1)
 * @returns {number} milliseconds to wait
 */
export function delayBefore(failures, backoff = BACKOFF) {
  return Math.min(backoff.maxMs, backoff.firstMs * 2 ** (Math.max(1, failures) - 1));
}

/**
 * A child that lived longer than `fastMs` had started well: its death opens a new count.
 *
 * @param {{ failures: number, uptimeMs: number }} death `failures` counts the fast ones before this death
 * @returns {{ failures: number, giveUp: boolean, delayMs: number }}
 */
export function afterDeath({ failures, uptimeMs }, backoff = BACKOFF) {
  const counted = uptimeMs >= backoff.fastMs ? 1 : failures + 1;
  return { failures: counted, giveUp: counted >= backoff.giveUpAfter, delayMs: delayBefore(counted, backoff) };
}
