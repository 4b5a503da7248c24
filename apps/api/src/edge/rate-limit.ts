/**
 * How fast one key may go, in this process: GCRA, one number per key. At most `mostKeys` keys are remembered; the ones that were
 * idle longest are forgotten first, so a flood of new keys costs memory of a known size.
 */
export class RateLimit {
  /** Key → the time (ms) at which its allowance would be whole again. */
  private readonly fullAt = new Map<string | number, number>();
  private readonly stepMs: number;
  private readonly spanMs: number;

  constructor(
    perMinute: number,
    private readonly mostKeys = 100_000,
  ) {
    this.spanMs = 60_000;
    this.stepMs = this.spanMs / perMinute;
  }

  /** 0 = go ahead, else how many seconds to wait. A refused call costs nothing. */
  take(key: string | number, nowMs: number): number {
    const from = Math.max(this.fullAt.get(key) ?? 0, nowMs);
    const next = from + this.stepMs;
    if (next - nowMs > this.spanMs) return Math.max(1, Math.ceil((next - nowMs - this.spanMs) / 1000));
    // Set again at the end, so that the order of the map is the order of use.
    this.fullAt.delete(key);
    this.fullAt.set(key, next);
    if (this.fullAt.size > this.mostKeys) this.forgetOldest();
    return 0;
  }

  get size(): number {
    return this.fullAt.size;
  }

  private forgetOldest(): void {
    const oldest = this.fullAt.keys().next();
    if (!oldest.done) this.fullAt.delete(oldest.value);
  }
}
