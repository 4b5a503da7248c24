import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { pingMariadb, pingRedis, startServers, Supervised } from './index.mjs';

const folder = mkdtempSync(join(tmpdir(), 'yima-servers-'));
after(() => rmSync(folder, { recursive: true, force: true }));

const portOf = (url) => Number(new URL(url).port);

/** One question to Redis over the wire, the whole answer as text. */
function askRedis(url, question) {
  return new Promise((resolve, reject) => {
    const socket = connect({ port: portOf(url), host: '127.0.0.1' }, () => socket.write(`${question}\r\n`));
    socket.once('data', (chunk) => {
      socket.destroy();
      resolve(chunk.toString().trim());
    });
    socket.once('error', reject);
  });
}

async function until(holds, ms = 10_000) {
  const end = Date.now() + ms;
  while (!(await holds())) {
    assert.ok(Date.now() < end, 'did not come true in time');
    await sleep(20);
  }
}

const isAlive = (pid) => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

describe('private servers', { concurrency: false }, () => {
  const dataDir = join(folder, 'data');

  it(
    'start, keep what was written over a restart, come back when killed, and leave nothing',
    { timeout: 120_000 },
    async () => {
      const events = [];
      const servers = await startServers({ dataDir, onEvent: (event) => events.push(event) });
      const { mariadb, redis } = servers.processes;
      assert.equal(await pingMariadb({ port: portOf(servers.databaseUrl) }), true);
      assert.equal(statSync(join(dataDir, 'mysql')).mode & 0o077, 0);
      assert.match(await askRedis(servers.redisUrl, 'CONFIG GET maxmemory-policy'), /noeviction/);
      assert.equal(await askRedis(servers.redisUrl, 'SET kept yes'), '+OK');

      const killed = mariadb.pid;
      mariadb.kill('SIGKILL');
      await until(() => mariadb.pid && mariadb.pid !== killed);
      await until(() => pingMariadb({ port: portOf(servers.databaseUrl) }), 30_000);
      assert.ok(
        events.some((event) => event.name === 'mariadb' && event.kind === 'died' && event.signal === 'SIGKILL'),
      );

      const pids = [mariadb.pid, redis.pid];
      await servers.stop();
      assert.deepEqual(pids.map(isAlive), [false, false]);

      const again = await startServers({ dataDir });
      assert.match(await askRedis(again.redisUrl, 'GET kept'), /yes/);
      await again.stop();
    },
  );

  it('do not start beside servers that are given', { timeout: 30_000 }, async () => {
    const given = await startServers({
      dataDir: join(folder, 'none'),
      databaseUrl: 'mysql://a/b',
      redisUrl: 'redis://c',
    });
    assert.deepEqual([given.databaseUrl, given.redisUrl, given.processes], ['mysql://a/b', 'redis://c', {}]);
    await given.stop();
  });

  it('say why when one cannot start, and stop the other', { timeout: 60_000 }, async () => {
    const broken = join(folder, 'broken');
    const events = [];
    const starting = startServers({
      dataDir: broken,
      mariadbArgs: ['--no-such-option'],
      onEvent: (event) => events.push(event),
    });
    await assert.rejects(starting, /mariadb did not start[^]*no-such-option/);
    const redis = events.find((event) => event.name === 'redis' && event.kind === 'started');
    assert.ok(redis && !isAlive(redis.pid));
    assert.equal(await pingRedis({ port: 1 }), false);
  });
});

describe('a supervised child', () => {
  const child = (script, options = {}) =>
    new Supervised({
      name: 'child',
      command: process.execPath,
      args: ['-e', script],
      logFile: join(folder, 'child.log'),
      ...options,
    });

  it('is killed when it ignores SIGTERM', { timeout: 20_000 }, async () => {
    const stubborn = child("process.on('SIGTERM', () => {}); console.log('up'); setInterval(() => {}, 1000)").start();
    await until(() => stubborn.lastLog().includes('up'));
    const { pid } = stubborn;
    await stubborn.stop({ graceMs: 200 });
    assert.equal(isAlive(pid), false);
    assert.equal(stubborn.state, 'stopped');
  });

  it('is given up after too many fast deaths, with its last words', { timeout: 20_000 }, async () => {
    const events = [];
    const backoff = { firstMs: 1, maxMs: 5, fastMs: 60_000, giveUpAfter: 3 };
    const dying = child("console.log('my last words'); process.exit(7)", {
      backoff,
      onEvent: (event) => events.push(event),
    });
    dying.start();
    await until(() => dying.state === 'failed');
    const end = events.at(-1);
    assert.deepEqual([end.kind, end.code], ['gave-up', 7]);
    assert.match(end.log, /my last words/);
    assert.equal(events.filter((event) => event.kind === 'started').length, 3);
  });

  it('that cannot be started at all says so', { timeout: 20_000 }, async () => {
    const missing = child('', { command: join(folder, 'no-such-program') }).start();
    await assert.rejects(
      missing.waitUntilReady(async () => false),
      /child did not start/,
    );
  });

  it('does not outlive a parent that is killed', { timeout: 30_000 }, async () => {
    const pidFile = join(folder, 'orphan.pid');
    const script = join(folder, 'parent.mjs');
    writeFileSync(
      script,
      `import { Supervised } from '${new URL('./index.mjs', import.meta.url)}';
       import { writeFileSync } from 'node:fs';
       const child = new Supervised({ name: 'orphan', command: 'sleep', args: ['600'], logFile: '${join(folder, 'orphan.log')}' });
       writeFileSync('${pidFile}', String(child.start().pid));
       setInterval(() => {}, 1000);`,
    );
    const parent = spawn(process.execPath, [script]);
    await until(() => existsSync(pidFile) && readFileSync(pidFile, 'utf8') !== '');
    const pid = Number(readFileSync(pidFile, 'utf8'));
    assert.equal(isAlive(pid), true);
    parent.kill('SIGKILL');
    await until(() => !isAlive(pid));
  });
});
