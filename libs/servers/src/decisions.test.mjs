import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { describe, it } from 'node:test';
import { afterDeath, BACKOFF, delayBefore } from './backoff.mjs';
import { unpackedSettings } from './binaries.mjs';
import { chooseRung, wayOut } from './ladder.mjs';
import { pingMariadb, pingRedis } from './ping.mjs';
import { choosePorts, freePort, isPortFreeEverywhere, nextFreePort } from './ports.mjs';

const debian = { platform: 'linux', isRoot: false, hasSudo: false, hasApt: true, binary: null };

describe('the ladder', () => {
  it('takes the address it is given before anything else', () => {
    const facts = { ...debian, givenUrl: 'mysql://x', binary: '/usr/sbin/mariadbd', isRoot: true };
    assert.deepEqual(chooseRung('mariadb', facts), { rung: 'given', url: 'mysql://x' });
  });

  it('takes a binary before it installs', () => {
    const rung = chooseRung('redis', { ...debian, isRoot: true, binary: '/usr/bin/redis-server' });
    assert.deepEqual(rung, { rung: 'binary', binary: '/usr/bin/redis-server' });
  });

  it('installs as root, or by sudo, only the core packages', () => {
    const packages = ['mariadb-server-core', 'mariadb-client-core'];
    assert.deepEqual(chooseRung('mariadb', { ...debian, isRoot: true }), {
      rung: 'apt-install',
      sudo: false,
      packages,
    });
    assert.deepEqual(chooseRung('mariadb', { ...debian, hasSudo: true }), {
      rung: 'apt-install',
      sudo: true,
      packages,
    });
  });

  it('unpacks packages with their libraries without root', () => {
    const rung = chooseRung('redis', debian);
    assert.equal(rung.rung, 'apt-unpack');
    assert.ok(rung.packages.includes('redis-tools') && rung.packages.includes('libjemalloc2'));
  });

  it('explains where it can do nothing: no apt, or another system', () => {
    assert.equal(chooseRung('redis', { ...debian, isRoot: true, hasApt: false }).rung, 'explain');
    assert.match(chooseRung('redis', { ...debian, platform: 'darwin' }).message, /brew install mariadb redis/);
    assert.match(wayOut('linux'), /docker compose/);
    assert.match(wayOut('linux'), /DATABASE_URL=/);
    assert.doesNotMatch(wayOut('linux'), /brew/);
  });
});

describe('programs that were unpacked', () => {
  it('are told where their libraries and messages are, others are left alone', () => {
    const { env, mariadbArgs } = unpackedSettings('/p/pkgs/usr/sbin/mariadbd', '/p/pkgs', { LD_LIBRARY_PATH: '/own' });
    assert.equal(env.LD_LIBRARY_PATH, '/own');
    assert.ok(mariadbArgs.includes('--basedir=/p/pkgs/usr'));
    assert.deepEqual(unpackedSettings('/usr/sbin/mariadbd', '/p/pkgs'), { env: {}, mariadbArgs: [] });
  });
});

describe('back-off', () => {
  it('doubles from 250 ms to 10 s', () => {
    assert.deepEqual(
      [1, 2, 3, 4, 5, 6, 7, 20].map((n) => delayBefore(n)),
      [250, 500, 1000, 2000, 4000, 8000, 10_000, 10_000],
    );
  });

  it('counts fast deaths only and gives up at the limit', () => {
    assert.deepEqual(afterDeath({ failures: 3, uptimeMs: 10 }), { failures: 4, giveUp: false, delayMs: 2000 });
    assert.deepEqual(afterDeath({ failures: 7, uptimeMs: BACKOFF.fastMs }), {
      failures: 1,
      giveUp: false,
      delayMs: 250,
    });
    assert.equal(afterDeath({ failures: BACKOFF.giveUpAfter - 1, uptimeMs: 10 }).giveUp, true);
  });
});

describe('ports', () => {
  it('keeps the wanted ones that are free and replaces the others, without giving one twice', async () => {
    const isFree = async (port) => port !== 7001;
    const chosen = await choosePorts(['a', 'b', 'c', 'd'], { a: 7000, b: 7001, c: 7000 }, isFree);
    assert.equal(chosen.a, 7000);
    assert.notEqual(chosen.b, 7001);
    assert.notEqual(chosen.c, 7000);
    assert.equal(new Set(Object.values(chosen)).size, 4);
  });

  it('sees a listener on loopback and one on every interface', async () => {
    for (const host of ['127.0.0.1', '0.0.0.0']) {
      const port = await freePort();
      const server = createServer().listen(port, host);
      await once(server, 'listening');
      assert.equal(await isPortFreeEverywhere(port), false);
      server.close();
      await once(server, 'close');
      assert.equal(await isPortFreeEverywhere(port), true);
    }
  });

  it('takes the next one and says so when fifty are in use', async () => {
    assert.equal(await nextFreePort(8080, async (port) => port >= 8083), 8083);
    await assert.rejects(
      nextFreePort(8080, async () => false),
      /8080 to 8129 are all in use/,
    );
  });
});

describe('pings', () => {
  const answering = async (bytes, ping) => {
    const server = createServer((socket) => socket.write(bytes)).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const verdict = await ping({ port: server.address().port, timeoutMs: 200 });
    server.close();
    return verdict;
  };

  it('accept a greeting of protocol 10 and refuse an error packet, a foreign server and silence', async () => {
    assert.equal(await answering(Buffer.from([74, 0, 0, 0, 10, 53]), pingMariadb), true);
    assert.equal(await answering(Buffer.from([23, 0, 0, 0, 0xff, 0x10]), pingMariadb), false);
    assert.equal(await answering('SSH-2.0-OpenSSH\r\n', pingMariadb), false);
    assert.equal(await answering('', pingMariadb), false);
  });

  it('accept +PONG and refuse a Redis that is still loading', async () => {
    assert.equal(await answering('+PONG\r\n', pingRedis), true);
    assert.equal(await answering('-LOADING Redis is loading the dataset in memory\r\n', pingRedis), false);
    assert.equal(await pingRedis({ port: await freePort() }), false);
  });
});
