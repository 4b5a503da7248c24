export type { CommitAt, CommitFault, Faults, StatementAt, StatementFault } from './faults';
export type { Parked, Scheduler } from './scheduler';
