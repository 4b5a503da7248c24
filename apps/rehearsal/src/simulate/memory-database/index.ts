export type { CommitAt, CommitFault, Faults, StatementAt, StatementFault } from './faults';
export { ManualScheduler } from './manual-scheduler';
export { MemoryReader, MemoryUnitOfWork } from './memory-connections';
export { MemoryDatabase } from './memory-database';
export type { CommittedChange, Snapshot } from './memory-database';
export { Schema } from './schema';
export type { Parked, Scheduler } from './scheduler';
