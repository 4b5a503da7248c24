export { bigIntegerColumn, fenColumn, identifierColumn, instantColumn, textOf } from './columns';
export { connect, dataSourceOptions } from './data-source';
export { DatabaseModule } from './database.module';
export { databaseReadiness } from './readiness';
export { blindIndex, sealedAt, Sealer } from './sealed';
export { Slots } from './slots';
export { bulkInsert, databaseNow, errorNumber, isDuplicate, isRolledBack, placeholders, Tx } from './tx';
export type { ExecuteResult, SqlValue } from './tx';
export { Database, UnitOfWork } from './unit-of-work';
