export { bigIntegerColumn, fenColumn, identifierColumn, instantColumn, textOf } from './columns';
export { Pool } from './connections';
export type { Connections, Session } from './connections';
export { connect, dataSourceOptions } from './data-source';
export { DatabaseModule } from './database.module';
export { GroupLine, type LineLimits } from './group-line';
export { databaseReadiness } from './readiness';
export { blindIndex, sealedAt, Sealer } from './sealed';
export { Slots } from './slots';
export type { SqlValue } from './sql-text';
export { StatementError } from './statement';
export type { Answer } from './statement';
export {
  bulkInsert,
  bulkUpsert,
  databaseNow,
  errorNumber,
  isConnectionLost,
  isDuplicate,
  isRolledBack,
  placeholders,
  Tx,
} from './tx';
export type { ExecuteResult, Reader } from './tx';
export { Database, UnitOfWork } from './unit-of-work';
