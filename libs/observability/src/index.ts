export type { Logger } from 'pino';
export { InternalServer, type ReadinessCheck } from './health';
export { createLogger, currentCorrelation, NestLog, withCorrelation, type Correlation } from './logger';
export { counter, gauge, histogram, registry } from './metrics';
export { LOGGER, ObservabilityModule } from './observability.module';
