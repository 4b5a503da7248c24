export { testConfig } from './test-config';
export { openTestDatabase, type TestDatabase } from './test-database';
export { until } from './until';
