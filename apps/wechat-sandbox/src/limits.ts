/** What the stand-in allows and how fast it moves. Every number can be set at start; most can be changed while it runs by `POST /limits`. */

export interface Limits {
  redpackPerSecond: number;
  redpackPerUserDay: number;
  redpackFenPerUserDay: number;
  redpackFenPerMerchantDay: number;
  redpackMinFen: number;
  redpackMaxFen: number;
  /** Same mch_billno again within this time → FREQ_LIMIT. */
  redpackSameBillMs: number;
  redpackQueryPerSecond: number;
  transferPerSecond: number;
  transferQueryPerSecond: number;
  transferCancelPerSecond: number;
  authorizationPerSecond: number;
  authorizationQueryPerSecond: number;
  transferMinFen: number;
  transferMaxFen: number;
  /** A transfer the balance cannot cover waits in PROCESSING (true) or is refused with NOT_ENOUGH (false). */
  transferWaitsForBalance: boolean;
  /** 模板消息 a day. */
  templatePerDay: number;
  forcedTokensPerDay: number;
  forcedTokenGapMs: number;
}

export const DEFAULT_LIMITS: Limits = {
  redpackPerSecond: 30,
  redpackPerUserDay: 10,
  redpackFenPerUserDay: 100_000,
  redpackFenPerMerchantDay: 100_000_000,
  redpackMinFen: 100,
  redpackMaxFen: 20_000,
  redpackSameBillMs: 1_000,
  redpackQueryPerSecond: 100,
  transferPerSecond: 100,
  transferQueryPerSecond: 100,
  transferCancelPerSecond: 20,
  authorizationPerSecond: 50,
  authorizationQueryPerSecond: 100,
  transferMinFen: 10,
  transferMaxFen: 20_000,
  transferWaitsForBalance: false,
  templatePerDay: 100_000,
  forcedTokensPerDay: 20,
  forcedTokenGapMs: 30_000,
};

/** How long the platform takes for its own steps, milliseconds of virtual time. */
export interface Lags {
  redpackSend: number;
  redpackRefund: number;
  cancel: number;
  /** From the lock of a silent transfer to its arrival. */
  silent: number;
  /** How long after the 24 hours an unconfirmed bill is really closed. */
  close: number;
  /** How often a bill that waits for the merchant's balance is tried again. */
  lockRetry: number;
  /** Waits before each delivery of a callback; the list's length is the number of attempts. */
  notify: readonly number[];
}

export const DEFAULT_LAGS: Lags = {
  redpackSend: 500,
  redpackRefund: 2_000,
  cancel: 1_000,
  silent: 500,
  close: 5_000,
  lockRetry: 2_000,
  notify: [
    0, 2_000, 5_000, 15_000, 30_000, 60_000, 180_000, 600_000, 1_200_000, 1_800_000, 1_800_000, 1_800_000, 3_600_000,
    10_800_000, 10_800_000, 10_800_000, 21_600_000, 21_600_000,
  ],
};

export const FAST_LAGS: Lags = {
  redpackSend: 20,
  redpackRefund: 20,
  cancel: 20,
  silent: 20,
  close: 0,
  lockRetry: 50,
  notify: [0, 100, 200, 400, 1_000, 2_000, 5_000, 15_000, 60_000, 600_000],
};

export const OPEN_FOR_MS = 24 * 3_600_000;
export const QUERY_WINDOW_MS = 30 * 24 * 3_600_000;

/** Counts calls per key in the running wall-clock second. */
export class RateMeter {
  private second = -1;
  private readonly counts = new Map<string, number>();

  /** True when this call is still within `perSecond`. A refused call does not count. */
  allow(key: string, perSecond: number, nowMs: number): boolean {
    const second = Math.floor(nowMs / 1_000);
    if (second !== this.second) {
      this.second = second;
      this.counts.clear();
    }
    const used = this.counts.get(key) ?? 0;
    if (used >= perSecond) return false;
    this.counts.set(key, used + 1);
    return true;
  }
}
