import { writeFileSync } from 'node:fs';
import { readOptions } from './options';
import { rehearse } from './rehearse';

/** `npm run rehearse`: exit code 0 only when both ledgers agree to the fen and every promise was kept. */
async function main(): Promise<number> {
  const options = readOptions(process.argv.slice(2), process.env);
  const { ok, text, figures } = await rehearse(options, (line) => process.stdout.write(`  ${line}\n`));
  process.stdout.write(`${text}\n`);
  if (options.resultFile !== null) writeFileSync(options.resultFile, JSON.stringify(figures));
  return ok ? 0 : 1;
}

main().then(
  (code) => (process.exitCode = code),
  (error: unknown) => {
    process.stderr.write(`rehearsal: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  },
);
