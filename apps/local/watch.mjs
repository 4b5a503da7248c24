import { watch } from 'node:fs';
import { join } from 'node:path';
import { ensureBuilt } from './build.mjs';
import { ROOT } from './places.mjs';

const QUIET_MS = 300;
const SERVER_SOURCE = /^(?!.*(node_modules|[\\/]dist[\\/]|[\\/]test[\\/]|\.spec\.ts$)).*\.(ts|json)$/;
const PAGE_SOURCE = /^(h5|console)[\\/](?!dist|test)/;

/** Which parts a changed path under `apps`, `libs` or `migrations` belongs to. */
export function partOf(folder, path) {
  const page = folder === 'apps' ? PAGE_SOURCE.exec(path)?.[1] : undefined;
  if (page) return page;
  if (folder === 'apps' && /^(h5|console)\b/.test(path)) return null;
  return SERVER_SOURCE.test(path) ? 'server' : null;
}

/** `npm run dev`: after a change, build what it touches; after a server build, migrate and start the processes again. */
export function watchSources(system, { say = console.log } = {}) {
  const dirty = new Set();
  let timer = null;
  let working = false;
  const work = async () => {
    if (working || dirty.size === 0) return;
    working = true;
    const parts = [...dirty];
    dirty.clear();
    try {
      await rebuild(system, parts, say);
    } catch (error) {
      say(error.message);
    }
    working = false;
    await work();
  };
  const hear = (folder) => (event, path) => {
    const part = path && partOf(folder, path);
    if (!part) return;
    dirty.add(part);
    clearTimeout(timer);
    timer = setTimeout(work, QUIET_MS);
  };
  const watchers = ['apps', 'libs', 'migrations'].map((folder) =>
    // A build that empties its folder while Node looks into it is no reason to stop the system.
    watch(join(ROOT, folder), { recursive: true }, hear(folder)).on('error', (error) => {
      if (error.code !== 'ENOENT') say(`watching ${folder}: ${error.message}`);
    }),
  );
  say('Watching apps, libs and migrations 监听源码变化');
  return () => {
    clearTimeout(timer);
    for (const watcher of watchers) watcher.close();
  };
}

async function rebuild(system, parts, say) {
  const built = await ensureBuilt({ parts, say });
  if (!built.includes('server')) return;
  await system.run('migrate');
  for (const name of ['sandbox', 'worker', 'api']) await system.restart(name);
  say('Restarted 已重启');
}
