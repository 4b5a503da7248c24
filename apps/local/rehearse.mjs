import { ensureBuilt } from './build.mjs';
import { ensurePackages, requireNode, runVisibly } from './packages.mjs';
import { ENTRIES } from './places.mjs';
import { runOnPrivateSystem } from './private-run.mjs';
import { runCommand } from './stopping.mjs';

/**
 * `npm run rehearse -- --shoppers 2000`: plays on a system made for it. With `--url ADDRESS` it plays against a running one, whose
 * other addresses then come from the environment.
 */
async function main() {
  const args = process.argv.slice(2);
  const hasTarget = args.some((argument) => argument === '--url' || argument.startsWith('--url='));
  if (!hasTarget) return runOnPrivateSystem('rehearsal', args, { seed: true });
  requireNode();
  await ensurePackages();
  await ensureBuilt({ parts: ['server'] });
  return runVisibly(process.execPath, ['--enable-source-maps', ENTRIES.rehearsal, ...args]);
}

await runCommand(main);
