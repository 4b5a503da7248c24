import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './places.mjs';

const SKIPPED_FOLDERS = new Set(['node_modules', 'dist', 'fixtures', '.data']);

/** Groups of tests in the order they run: cheap ones first. `node` runs without node_modules, by node:test. */
export const GROUPS = ['node', 'unit', 'db', 'e2e', 'browser'];

/** The group of a test file, by its name and room; null for other files. */
export function groupOf(path) {
  if (/^(apps\/local|libs\/servers)\/.*\.test\.mjs$/.test(path)) return 'node';
  if (!/[.-]spec\.ts$/.test(path)) return null;
  if (/^apps\/(h5|console)\/test\//.test(path) || path.endsWith('.browser-spec.ts')) return 'browser';
  if (path.endsWith('.e2e-spec.ts')) return 'e2e';
  return path.endsWith('.db.spec.ts') ? 'db' : 'unit';
}

/**
 * Test files by group; `filters` are Jest's: patterns, any of which must be found in the path.
 *
 * @returns {Record<string, string[]>}
 */
export function findTests(filters = [], root = ROOT) {
  const groups = Object.fromEntries(GROUPS.map((group) => [group, []]));
  const patterns = filters.map((filter) => new RegExp(filter.replace(/^\.\//, ''), 'i'));
  const walk = (folder) => {
    if (!existsSync(join(root, folder))) return;
    for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
      const path = `${folder}/${entry.name}`;
      if (entry.isDirectory()) {
        if (!SKIPPED_FOLDERS.has(entry.name)) walk(path);
        continue;
      }
      const group = groupOf(path);
      if (group && (patterns.length === 0 || patterns.some((pattern) => pattern.test(path)))) groups[group].push(path);
    }
  };
  walk('apps');
  walk('libs');
  for (const files of Object.values(groups)) files.sort();
  return groups;
}
