/** One remark of the linter. Errors forbid publishing; warnings are shown to author and approver. `path` is where, `message` is Chinese. */
export interface Finding {
  readonly path: string;
  readonly code: string;
  readonly severity: 'error' | 'warning';
  readonly message: string;
  /** The law or platform rule behind it. */
  readonly source?: string;
}
