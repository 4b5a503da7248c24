import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { ConfigError, loadConfig } from '@app/config';
import { Database, databaseReadiness } from '@app/database';
import { BullQueues, Watchdog } from '@app/jobs';
import { createLogger, InternalServer, NestLog, type Logger } from '@app/observability';
import { WorkerModule } from './worker.module';

const STOP_WITHIN_MS = 9_500;

async function main(): Promise<void> {
  const config = loadConfig('worker');
  const log = createLogger('worker', config.log.level);
  const app = await NestFactory.createApplicationContext(WorkerModule.forRoot(config, log, { run: true }), {
    logger: new NestLog(log),
  });
  const queues = app.get(BullQueues, { strict: false });
  const internal = new InternalServer([
    databaseReadiness(app.get(Database, { strict: false })),
    { name: 'redis', check: () => queues.policyTrouble() },
  ]);
  await internal.listen(config.http.internalPort);
  app.get(Watchdog, { strict: false }).start(() => process.exit(1));
  log.info({ profile: config.profile }, 'worker is ready');
  stopOnSignal(log, async () => {
    internal.drain();
    await app.close();
    await internal.close();
  });
}

/** Lets running jobs finish, but never later than ten seconds after the first signal: rows that are not done come again. */
function stopOnSignal(log: Logger, stop: () => Promise<void>): void {
  let stopping = false;
  const begin = (signal: string): void => {
    if (stopping) return;
    stopping = true;
    log.info({ signal }, 'stopping');
    setTimeout(() => process.exit(1), STOP_WITHIN_MS).unref();
    stop().then(
      () => process.exit(0),
      (error: unknown) => {
        log.error({ err: error }, 'could not stop cleanly');
        process.exit(1);
      },
    );
  };
  process.on('SIGTERM', () => begin('SIGTERM'));
  process.on('SIGINT', () => begin('SIGINT'));
}

main().catch((error: unknown) => {
  const text = error instanceof ConfigError ? error.message : error instanceof Error ? error.stack : String(error);
  process.stderr.write(`worker did not start: ${text}\n`);
  process.exit(1);
});
