/** A stretch of one layer of a code batch. */
export interface CodeRange {
  readonly batchId: number;
  readonly layer: number;
  readonly from: number;
  /** Half-open. */
  readonly to: number;
}
