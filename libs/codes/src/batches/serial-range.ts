/** Serials `[from, to)` of one layer. */
export interface SerialRange {
  readonly batchId: number;
  readonly layer: number;
  readonly from: number;
  readonly to: number;
}
