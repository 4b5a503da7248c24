import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { ConfigError, loadConfig } from '@app/config';
import { createLogger, NestLog } from '@app/observability';
import { Recovery } from '@app/payouts';
import { WorkerModule } from './worker.module';

const USAGE = 'recover [--open | --status]';

/**
 * For people on call: opens a recovery by hand, which the workers carry out, or says how far it has come. Nothing is sent from its commit on
 * until WeChat was asked about every open bill. Needs a worker that runs, and its environment.
 */
async function main(): Promise<void> {
  const [wish = '--open', ...rest] = process.argv.slice(2);
  if (rest.length > 0 || (wish !== '--open' && wish !== '--status')) throw new Error(`unknown: ${USAGE}`);
  const config = loadConfig('tool');
  const log = createLogger('recover', config.log.level);
  const module = WorkerModule.forRoot(config, log, { run: false });
  const app = await NestFactory.createApplicationContext(module, { logger: new NestLog(log) });
  const recovery = app.get(Recovery, { strict: false });
  if (wish === '--open') await recovery.open('by_hand');
  const report = await recovery.report();
  await app.close();
  process.stdout.write(`${JSON.stringify(report)}\n`);
}

main().then(
  () => process.exit(0),
  (error: unknown) => {
    const text = error instanceof ConfigError ? error.message : error instanceof Error ? error.stack : String(error);
    process.stderr.write(`recover failed: ${text}\n`);
    process.exit(1);
  },
);
