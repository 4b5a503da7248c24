import { AsyncLocalStorage } from 'node:async_hooks';
import type { LoggerService } from '@nestjs/common';
import pino, { type Logger } from 'pino';

/** Ids that tie log lines of one story together. Never openid, phone, token or code text. */
export interface Correlation {
  requestId?: string;
  jobName?: string;
  outboxId?: string;
}

const correlation = new AsyncLocalStorage<Correlation>();

/** Runs `work` so that every line logged inside carries these ids. */
export function withCorrelation<T>(ids: Correlation, work: () => T): T {
  return correlation.run({ ...correlation.getStore(), ...ids }, work);
}

export function currentCorrelation(): Correlation {
  return correlation.getStore() ?? {};
}

/** Fields that must never reach a log, wherever they stand in a logged object. */
const FORBIDDEN = [
  'openid',
  'unionid',
  'phone',
  'token',
  'cookie',
  'authorization',
  'password',
  'secret',
  'code',
  'package',
];
const redact = { paths: FORBIDDEN.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]), censor: '[removed]' };

/** An error as it may be logged: a failed statement keeps its text, never the values that were in it. */
function errorWithoutValues(error: Error): object {
  const {
    parameters: _,
    driverError: __,
    ...rest
  } = pino.stdSerializers.err(error) as unknown as Record<string, unknown>;
  const { sqlMessage: ___, sql: ____, ...safe } = rest;
  return safe;
}

/** One JSON line per step of a story on stdout. Level error means that a person must act now. */
export function createLogger(app: string, level: string): Logger {
  return pino({
    level,
    base: { app },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
    // A copy: pino writes the fields of each line into what it gets here.
    mixin: () => ({ ...currentCorrelation() }),
    redact,
    serializers: { err: errorWithoutValues },
  });
}

/** Lets Nest's own messages go the same way. */
export class NestLog implements LoggerService {
  constructor(private readonly logger: Logger) {}
  log(message: unknown, context?: string): void {
    this.logger.debug({ context }, String(message));
  }
  error(message: unknown, stack?: string, context?: string): void {
    this.logger.error({ context, stack }, String(message));
  }
  warn(message: unknown, context?: string): void {
    this.logger.warn({ context }, String(message));
  }
  debug(message: unknown, context?: string): void {
    this.logger.debug({ context }, String(message));
  }
  verbose(message: unknown, context?: string): void {
    this.logger.trace({ context }, String(message));
  }
}
