import { migrate } from './migrate';

async function main(): Promise<void> {
  const { MIGRATOR_DATABASE_URL, DATABASE_URL } = process.env;
  if (!MIGRATOR_DATABASE_URL || !DATABASE_URL) throw new Error('MIGRATOR_DATABASE_URL and DATABASE_URL must be set');
  const done = await migrate(MIGRATOR_DATABASE_URL, DATABASE_URL);
  process.stdout.write(done.length === 0 ? 'schema is at head\n' : `migrated: ${done.join(', ')}\n`);
}

main().catch((error: unknown) => {
  process.stderr.write(`migration failed: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
