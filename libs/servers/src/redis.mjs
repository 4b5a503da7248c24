import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { unpackedSettings } from './binaries.mjs';
import { pingRedis } from './ping.mjs';
import { Supervised } from './supervise.mjs';

export const REDIS_BINARIES = ['redis-server', 'valkey-server'];

/**
 * Starts a private Redis in `dir/redis`, on loopback. Queues must not be evicted, hence noeviction.
 *
 * @param {{ binary: string, dir: string, packagesDir: string, port: number, logFile: string, onEvent?: (event: object) => void }} options
 * @returns {Promise<Supervised>} ready to be asked
 */
export async function startRedis({ binary, dir, packagesDir, port, logFile, onEvent }) {
  const dataDir = join(dir, 'redis');
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const args = ['--port', String(port), '--bind', '127.0.0.1', '--dir', dataDir];
  args.push('--appendonly', 'yes', '--maxmemory-policy', 'noeviction', '--daemonize', 'no');
  const env = { ...process.env, ...unpackedSettings(binary, packagesDir).env };
  const server = new Supervised({ name: 'redis', command: binary, args, env, logFile, graceMs: 15_000, onEvent });
  server.start();
  await server.waitUntilReady(() => pingRedis({ port }), { timeoutMs: 60_000 });
  return server;
}
