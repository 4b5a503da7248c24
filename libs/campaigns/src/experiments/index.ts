export {
  ArmTally,
  METRICS,
  type ArmComparison,
  type ArmReport,
  type ExperimentReport,
  type Metric,
  type MemberFigures,
} from './compare-arms';
export { ExperimentReports, type ExperimentResults } from './experiment-results';
export type { Interval } from './statistics';
