export { AnalyticsScansRecorded } from './analytics-jobs';
export { issueScope, type Scope } from './scope';
