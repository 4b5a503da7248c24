import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { ensureBuilt } from './build.mjs';
import { ensurePackages, requireNode } from './packages.mjs';
import { ENTRIES, ROOT } from './places.mjs';
import { PlainError, runCommand } from './stopping.mjs';

const OPENAPI = 'libs/api-client/openapi.json';
const SCHEMA = 'libs/api-client/src/schema.d.ts';
const ENV_EXAMPLE = '.env.example';

/** Runs a command that prints a document on stdout. */
function printed(args) {
  const result = spawnSync(process.execPath, args, { cwd: ROOT, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 });
  if (result.status === 0) return result.stdout;
  throw new PlainError(`${args[0]} failed:\n${result.stderr || result.stdout}`);
}

/** Files that are generated, with their text as it must be. Missing generators mean that nothing of theirs is expected. */
function generate(folder) {
  const files = new Map();
  if (existsSync(join(ROOT, ENTRIES.openapi))) {
    const openapi = tidy(printed([ENTRIES.openapi]));
    const source = join(folder, 'openapi.json');
    writeFileSync(source, openapi);
    files.set(OPENAPI, openapi);
    files.set(SCHEMA, printed([join(ROOT, 'node_modules/openapi-typescript/bin/cli.js'), source]));
  }
  if (existsSync(join(ROOT, ENTRIES.envExample))) files.set(ENV_EXAMPLE, printed([ENTRIES.envExample]));
  return files;
}

const tidy = (json) => `${JSON.stringify(JSON.parse(json), null, 2)}\n`;

/** Writes what can be generated, or with `--check` only says which committed file differs from it. */
async function main() {
  requireNode();
  await ensurePackages();
  await ensureBuilt({ parts: ['server'] });
  const folder = mkdtempSync(join(tmpdir(), 'yima-sync-'));
  try {
    const files = generate(folder);
    const isCheck = process.argv.includes('--check');
    const differing = [...files].filter(([path, text]) => readText(path) !== text);
    for (const [path, text] of isCheck ? [] : differing) {
      mkdirSync(dirname(join(ROOT, path)), { recursive: true });
      writeFileSync(join(ROOT, path), text);
    }
    for (const [path] of differing)
      console.log(isCheck ? `${path} is out of date; run: npm run sync` : `wrote ${path}`);
    if (differing.length === 0) console.log(`${files.size} generated files are up to date`);
    return isCheck && differing.length > 0 ? 1 : 0;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const readText = (path) => (existsSync(join(ROOT, path)) ? readFileSync(join(ROOT, path), 'utf8') : null);

await runCommand(main);
