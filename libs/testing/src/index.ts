export { plantScans, type PlantedScan } from './scan-rows';
export { openTestSandbox, type SandboxBill, type SandboxFault, type TestSandbox } from './sandbox';
export { plainMerchant, testConfig } from './test-config';
export { openTestDatabase, type TestDatabase } from './test-database';
export { until } from './until';
export { drawnPng, pngChunk } from './drawn-png';
