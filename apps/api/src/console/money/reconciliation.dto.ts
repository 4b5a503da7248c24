import { ApiProperty } from '@nestjs/swagger';
import { Matches } from 'class-validator';
import { DIFFERENCE_KINDS, RUN_STATES, type DifferenceKind, type RunState } from '@app/payouts';

const MERCHANT = /^[0-9A-Za-z]{1,16}$/;
const DAY = /^\d{4}-\d{2}-\d{2}$/;

export class ReconciliationDayDto {
  @Matches(MERCHANT)
  mchId: string;

  /** Asia/Shanghai. */
  @Matches(DAY)
  day: string;
}

/** One merchant account and one day. Amounts in fen. */
export class ReconciliationRunDto {
  mchId: string;
  day: string;
  @ApiProperty({ enum: RUN_STATES })
  state: RunState;
  /** `fetch`, `match`, `payees` or `confirm` while it runs. */
  step: string | null;
  /** 0 to 1. */
  progress: number;
  /** What it waits for, or why it failed. */
  why: string | null;
  /** How often this day was gone through. */
  runNo: number;
  /** SHA-1 of each account's file, separated by spaces; null when WeChat has none for this day. */
  fileHash: string | null;
  rowsTotal: number;
  /** Rows that are about payouts. */
  rowsOurs: number;
  matched: number;
  /** Paid out and back again, and known here as not paid. */
  returned: number;
  /** Bills whose other side may still come. */
  waiting: number;
  /** Found by this day's run and not gone since. */
  differences: number;
  payeesAsked: number;
  /** Matches that are booked in the ledger. */
  confirmed: number;
  paidFen: number;
  returnedFen: number;
  /** Top-ups less withdrawals. */
  movedFen: number;
  /** Whatever else moved on the account, income less spending. */
  otherFen: number;
  /** Balance after the last row of the file. */
  closingFen: number | null;
  startedAt: Date | null;
  finishedAt: Date | null;
}

export class ReconciliationRunPageDto {
  @ApiProperty({ type: [ReconciliationRunDto] })
  items: readonly ReconciliationRunDto[];
  nextCursor: string | null;
}

export class ReconciliationDifferenceDto {
  id: number;
  @ApiProperty({ enum: DIFFERENCE_KINDS })
  kind: DifferenceKind;
  billNo: string;
  /** The day on which one side named the bill first. */
  since: string;
  payoutKey: string | null;
  ourState: string | null;
  ourFen: number | null;
  /** Out of the account, by all rows of the bill. */
  paidFen: number;
  returnedFen: number;
  fileRows: number;
  foundAt: Date;
  /** A later run found it gone. */
  goneAt: Date | null;
}

export class ReconciliationDifferencePageDto {
  @ApiProperty({ type: [ReconciliationDifferenceDto] })
  items: readonly ReconciliationDifferenceDto[];
  nextCursor: string | null;
}
