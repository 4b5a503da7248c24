import type { OpenDifference } from './differences.repository';
import type { FlowRow } from './fund-flow-file';
import type { FileSide, Judgement } from './judge';
import type { OurBillBorn } from './our-bills.repository';

/** A bill with everything both sides say about it, over all days. */
export interface JudgedBill {
  readonly billNo: string;
  readonly ours: OurBillBorn | null;
  /** Rows of the run's own day. */
  readonly rows: readonly FlowRow[];
  readonly file: FileSide;
  /** Other days with rows of this bill. */
  readonly daysElsewhere: readonly string[];
  readonly since: string;
  readonly judgement: Judgement;
  /** Settled on the day and one row on the day: as nearly all bills are. */
  readonly plain: boolean;
  readonly awaited: boolean;
  readonly open: readonly OpenDifference[];
}
