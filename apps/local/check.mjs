import { spawn } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ensurePackages, requireNode } from './packages.mjs';
import { ROOT } from './places.mjs';
import { runCommand } from './stopping.mjs';

const script = (path) => join(ROOT, 'node_modules', path);

/** Every gate that needs no server. Two run at a time; the longest come first. */
function steps() {
  const all = [
    { name: 'types', args: [script('typescript/bin/tsc'), '--noEmit', '-p', 'tsconfig.json'] },
    { name: 'lint', args: [script('eslint/bin/eslint.js'), '.'] },
    { name: 'format', args: [script('prettier/bin/prettier.cjs'), '--check', '--log-level', 'warn', '.'] },
    {
      name: 'types of h5',
      args: [script('vue-tsc/bin/vue-tsc.js'), '--noEmit', '-p', 'apps/h5/tsconfig.json'],
      when: existsSync(join(ROOT, 'apps/h5/tsconfig.json')),
    },
    {
      name: 'types of console',
      args: [script('vue-tsc/bin/vue-tsc.js'), '--noEmit', '-p', 'apps/console/tsconfig.json'],
    },
    {
      name: 'borders',
      args: [
        script('dependency-cruiser/bin/dependency-cruise.mjs'),
        '--config',
        '.dependency-cruiser.cjs',
        'apps',
        'libs',
        'migrations',
      ],
    },
    { name: 'generated files', args: ['apps/local/sync.mjs', '--check'] },
  ];
  return all.filter((step) => step.when !== false);
}

function runStep(step) {
  const startedAt = Date.now();
  return new Promise((resolve) => {
    const child = spawn(process.execPath, step.args, { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk.toString()));
    child.once('close', (code) => {
      const seconds = ((Date.now() - startedAt) / 1000).toFixed(1);
      console.log(`  ${code === 0 ? 'ok    ' : 'FAILED'} ${step.name} (${seconds} s)`);
      if (code !== 0) console.log(output.trimEnd().replace(/^/gm, '    '));
      resolve({ name: step.name, ok: code === 0 });
    });
  });
}

async function main() {
  requireNode();
  await ensurePackages();
  const waiting = steps();
  const results = [];
  const work = async () => {
    for (let step = waiting.shift(); step; step = waiting.shift()) results.push(await runStep(step));
  };
  await Promise.all([work(), work()]);
  const at = process.argv.indexOf('--report');
  if (at > 0) writeFileSync(process.argv[at + 1], JSON.stringify(results));
  return results.every((step) => step.ok) ? 0 : 1;
}

await runCommand(main);
