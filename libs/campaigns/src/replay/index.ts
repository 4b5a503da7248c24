export { ChunkBuilder } from './chunk-builder';
export { atAnyTime, replay, type ReplayOptions } from './replay';
export type { Breach, Compared, Difference, Figures, PrizeFigures, ReplayResult } from './replay-result';
export {
  CHUNK_ROWS,
  type ChunkMember,
  type ItemFacts,
  type PersonFacts,
  type RecordedScan,
  type ScanChunk,
  type Standing,
} from './scan-chunk';
export type { StartOfReplay } from './simulated-world';
export { syntheticScans, type SyntheticShape } from './synthetic-scans';
