export { CheckDecisions, type DecisionCheck } from './check-decisions';
export { ExplainScan, type ScanExplanation, type ScanRow } from './explain-scan';
export { ScanCode } from './scan-code';
export type { ScanInput } from './scan-input';
export { VERDICTS, type ScanAnswer, type ScanOutcome, type ScanRefusalReason, type Verdict } from './scan-outcome';
export { ScanTime } from './scan-time';
export { ScansModule } from './scans.module';
