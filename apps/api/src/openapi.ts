import type { Config } from '@app/config';
import { createLogger } from '@app/observability';
import { ApiModule } from './api.module';
import { bareApp } from './create-app';
import { openApiDocument } from './open-api';

/** Prints openapi.json. `preview` builds no provider, so nothing reads the configuration and no server is needed. */
async function main(): Promise<void> {
  const app = await bareApp(ApiModule.forRoot({} as Config, createLogger('openapi', 'silent')), {
    preview: true,
    logger: false,
    abortOnError: false,
  });
  const text = `${JSON.stringify(openApiDocument(app), null, 2)}\n`;
  // A pipe takes it in pieces: whoever exits before the last one cuts the document off.
  await new Promise<unknown>((resolve) => process.stdout.write(text, resolve));
}

main().then(
  () => process.exit(0),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
    process.exit(1);
  },
);
