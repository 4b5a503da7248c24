import { ensureBuilt } from './build.mjs';
import { ensurePackages, requireNode, runVisibly } from './packages.mjs';
import { ENTRIES } from './places.mjs';
import { runCommand } from './stopping.mjs';

/** `npm run simulate -- --seeds 1000000`: needs no servers. `--seed N` plays one again, `--mutants` shows that planted bugs are found. */
await runCommand(async () => {
  requireNode();
  await ensurePackages();
  await ensureBuilt({ parts: ['server'] });
  return runVisibly(process.execPath, ['--enable-source-maps', ENTRIES.simulate, ...process.argv.slice(2)]);
});
