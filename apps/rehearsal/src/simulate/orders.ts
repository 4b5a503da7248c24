/** What a parent tells a process that plays seeds. */
export interface Order {
  readonly from: number;
  readonly count: number;
  /** Seeds are taken so far apart: several processes share a range. */
  readonly step: number;
  readonly mutant: string | null;
  readonly reconciles: boolean;
  readonly without: readonly number[];
  /** Ends at the first failure, without making it smaller. */
  readonly untilFound: boolean;
  /** Prints every step. */
  readonly trace: boolean;
  /** Begins no further seed after so many milliseconds. */
  readonly withinMs: number | null;
}

export interface Failure {
  readonly seed: number;
  readonly invariant: string;
  readonly detail: string;
  /** Elements that are not needed for it. */
  readonly without: readonly number[];
  /** The elements that are, in words. */
  readonly elements: readonly string[];
}

/** What it tells its parent. */
export type Report =
  | { readonly kind: 'progress'; readonly seeds: number; readonly steps: number }
  | { readonly kind: 'failure'; readonly failure: Failure }
  | { readonly kind: 'end'; readonly seeds: number; readonly steps: number; readonly trace: string };
