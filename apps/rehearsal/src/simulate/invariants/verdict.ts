/** A broken invariant, by its number in the contract, and what was seen. */
export interface Violation {
  readonly invariant: string;
  readonly detail: string;
}

/** Keeps the first violation of a seed: what comes after it is mostly its echo. */
export class Verdict {
  violation: Violation | null = null;

  constructor(private readonly stop: () => void) {}

  fail(invariant: string, detail: string): void {
    if (this.violation) return;
    this.violation = { invariant, detail };
    this.stop();
  }

  check(holds: boolean, invariant: string, detail: () => string): void {
    if (!holds) this.fail(invariant, detail());
  }
}
