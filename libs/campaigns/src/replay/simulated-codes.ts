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

  private page(run: number, serial: number): Uint8Array {
    const pages = this.pages[run]!;
    const number = serial >>> PAGE_BITS;
    let page = pages.get(number);
    if (!page) pages.set(number, (page = new Uint8Array(PAGE)));
    return page;
  }
}
