const PAGE_BITS = 12;
const PAGE = 2 ** PAGE_BITS;
const RUN = 2 ** 30;

const SEEN = 1;
const CONSUMED = 2;

interface Hold {
  readonly by: number;
  readonly until: number;
}

/** Which codes the replay has met, used up or holds for somebody. A byte a serial, in pages that appear when they are touched. */
export class SimulatedCodes {
  private readonly runs = new Map<string, number>();
  private readonly pages: Map<number, Uint8Array>[] = [];
  private readonly holds = new Map<number, Hold>();
  private latest: { run: number; number: number; page: Uint8Array } = { run: -1, number: -1, page: new Uint8Array(0) };

  /** The number of a layer of a batch, to be asked once a chunk. */
  runOf({ batch, layer }: { readonly batch: number; readonly layer: number }): number {
    const key = `${batch}:${layer}`;
    let run = this.runs.get(key);
    if (run === undefined) {
      run = this.pages.push(new Map()) - 1;
      this.runs.set(key, run);
    }
    return run;
  }

  /** True the first time. */
  meet(run: number, serial: number): boolean {
    const page = this.page(run, serial);
    const at = serial % PAGE;
    if (page[at]! & SEEN) return false;
    page[at]! |= SEEN;
    return true;
  }

  consumed(run: number, serial: number): boolean {
    return (this.page(run, serial)[serial % PAGE]! & CONSUMED) !== 0;
  }

  consume(run: number, serial: number): void {
    this.page(run, serial)[serial % PAGE]! |= CONSUMED;
    if (this.holds.size > 0) this.holds.delete(run * RUN + serial);
  }

  hold(run: number, serial: number, hold: Hold | null): void {
    const key = run * RUN + serial;
    if (hold) this.holds.set(key, hold);
    else if (this.holds.size > 0) this.holds.delete(key);
  }

  heldForAnother(run: number, serial: number, member: number, at: number): boolean {
    if (this.holds.size === 0) return false;
    const hold = this.holds.get(run * RUN + serial);
    return hold !== undefined && hold.by !== member && at < hold.until;
  }

  /** Codes come from a printing one after another: mostly it is the page that was asked for last. */
  private page(run: number, serial: number): Uint8Array {
    const number = serial >>> PAGE_BITS;
    const { latest } = this;
    if (latest.run === run && latest.number === number) return latest.page;
    const pages = this.pages[run]!;
    let page = pages.get(number);
    if (!page) pages.set(number, (page = new Uint8Array(PAGE)));
    this.latest = { run, number, page };
    return page;
  }
}
