import { SurfacesModule } from './api.module';
import { bareApp } from './create-app';
import { openApiDocument } from './open-api';

/** Prints openapi.json. `preview` builds no provider, so neither configuration nor servers are needed. */
async function main(): Promise<void> {
  const app = await bareApp(SurfacesModule, { preview: true, logger: false });
  process.stdout.write(`${JSON.stringify(openApiDocument(app), null, 2)}\n`);
}

main().then(
  () => process.exit(0),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
    process.exit(1);
  },
);
