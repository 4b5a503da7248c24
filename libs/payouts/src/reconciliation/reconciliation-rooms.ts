import { ChannelRows } from './channel-rows.repository';
import { AskPayee, CheckPayees } from './check-payees';
import { Differences } from './differences.repository';
import { FetchDay } from './fetch-day';
import { MatchDay } from './match-day';
import { OurBills } from './our-bills.repository';
import { BookDay, CloseDay, ReconcileDay } from './reconcile-day';
import { ReconciliationRuns } from './reconciliation-runs.repository';
import { ReconciliationSchedule } from './reconciliation-schedule';
import { ReconciliationViews } from './reconciliation-views';
import { WriteVerdicts } from './write-verdicts';

/** What the console asks, and what a bench drives by hand. */
export const RECONCILIATION_DOOR = [ReconciliationSchedule, ReconciliationViews];

export const RECONCILIATION_ROOMS = [
  AskPayee,
  BookDay,
  ChannelRows,
  CheckPayees,
  CloseDay,
  Differences,
  FetchDay,
  MatchDay,
  OurBills,
  ReconcileDay,
  ReconciliationRuns,
  WriteVerdicts,
];
