import 'reflect-metadata';
import { ConfigError, loadConfig } from '@app/config';
import { CodeCatalog } from '@app/codes';
import { Database, databaseReadiness } from '@app/database';
import { createLogger, InternalServer, type Logger } from '@app/observability';
import { warmRegions } from '@app/regions';
import { createApp } from './create-app';

const STOP_WITHIN_MS = 9_000;
/** A node that has not agreed with the database for so long answers scans from what may be long changed. */
const OLDEST_CATALOG_MS = 30_000;

async function main(): Promise<void> {
  const config = loadConfig('api');
  const log = createLogger('api', config.log.level);
  warmRegions();
  const app = await createApp(config, log);
  const catalog = app.get(CodeCatalog, { strict: false });
  const internal = new InternalServer([
    databaseReadiness(app.get(Database, { strict: false })),
    {
      name: 'codes',
      check: () => Promise.resolve(catalog.ageMs() > OLDEST_CATALOG_MS ? 'the code catalog is out of date' : null),
    },
  ]);
  await app.listen(config.http.port, config.http.host);
  await internal.listen(config.http.internalPort);
  log.info({ port: config.http.port, profile: config.profile, publicUrl: config.http.publicUrl }, 'api is ready');
  stopOnSignal(log, async () => {
    internal.drain();
    await app.close();
    await internal.close();
  });
}

/** Ends what runs, but never later than ten seconds after the first signal. */
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
  process.stderr.write(`api did not start: ${text}\n`);
  process.exit(1);
});
