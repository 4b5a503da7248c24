import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../../libs/servers/src/index.mjs';
import { makeStandInCheckout } from './fixtures/stand-in-checkout.mjs';
import { birthOf } from './run-state.mjs';

/** Starts the launcher and gathers what it prints. */
function launch(checkout, env = {}, args = []) {
  const child = spawn(process.execPath, ['apps/local/start.mjs', ...args], {
    cwd: checkout.root,
    env: { PATH: process.env.PATH, HOME: process.env.HOME, ...env },
    detached: true,
  });
  const run = { child, output: '', exit: once(child, 'exit') };
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (run.output += chunk));
  run.seen = (pattern, ms = 40_000) =>
    waitFor(
      () => pattern.test(run.output),
      ms,
      () => run.output,
    );
  run.code = async () => (await run.exit)[0];
  return run;
}

async function waitFor(holds, ms, describeIt) {
  const until = Date.now() + ms;
  while (Date.now() < until) {
    if (await holds()) return;
    await sleep(30);
  }
  assert.fail(`not seen within ${ms} ms: ${describeIt()}`);
}

const readRun = (checkout) => JSON.parse(readFileSync(join(checkout.dataDir, 'run.json'), 'utf8'));
const answers = (port, path = '/readyz') =>
  fetch(`http://127.0.0.1:${port}${path}`).then(
    (reply) => reply.ok,
    () => false,
  );

describe('npm start on stand-in processes', { concurrency: false }, () => {
  let checkout;
  let port;
  let firstPorts;
  before(async () => {
    checkout = makeStandInCheckout();
    port = await freePort();
  });
  after(() => checkout.remove());

  it('starts everything, says where to go, brings back the dead, stops in order', { timeout: 90_000 }, async () => {
    const run = launch(checkout, { API_PORT: String(port) });
    await run.seen(/Ctrl-C stops everything/);
    assert.match(run.output, /\/demo\/A0123456789ABCDEF/);
    assert.match(run.output, /hq \/ hq-demo/);
    assert.equal(statSync(join(checkout.dataDir, 'secrets.json')).mode & 0o777, 0o600);
    const state = readRun(checkout);
    firstPorts = state.ports;
    assert.equal(state.ports.api, port);
    assert.deepEqual(Object.keys(state.children).sort(), ['api', 'mariadb', 'redis', 'sandbox', 'worker']);

    const second = launch(checkout);
    assert.equal(await second.code(), 1);
    assert.match(second.output, new RegExp(`already running.*:${port}`));

    await fetch(`http://127.0.0.1:${state.ports.apiInternal}/complain`);
    await run.seen(/\[api\] something a person must see/);

    process.kill(state.children.worker.pid, 'SIGKILL');
    await run.seen(/worker ended \(SIGKILL\); starting it again/);
    await waitFor(
      () => answers(state.ports.workerInternal),
      10_000,
      () => run.output,
    );
    await waitFor(
      () => readRun(checkout).children.worker.pid !== state.children.worker.pid,
      5_000,
      () => 'same pid',
    );

    const children = Object.values(readRun(checkout).children);
    process.kill(-run.child.pid, 'SIGINT');
    assert.equal(await run.code(), 0);
    assert.deepEqual(
      children.map(({ pid }) => birthOf(pid)),
      [null, null, null, null, null],
    );
    const order = readFileSync(join(checkout.dataDir, 'stop-order.txt'), 'utf8').trim().split('\n');
    assert.equal(order.at(-1), 'wechat-sandbox');
    assert.equal(existsSync(join(checkout.dataDir, 'run.json')), false);
  });

  it(
    'starts a second time without building, on the same ports, with the same secrets',
    { timeout: 60_000 },
    async () => {
      const secrets = readFileSync(join(checkout.dataDir, 'secrets.json'), 'utf8');
      const run = launch(checkout, { API_PORT: String(port) });
      await run.seen(/Ctrl-C stops everything/);
      assert.deepEqual(readRun(checkout).ports, firstPorts);
      assert.equal(readFileSync(join(checkout.root, 'builds.txt'), 'utf8'), 'built\n');
      assert.equal(readFileSync(join(checkout.dataDir, 'secrets.json'), 'utf8'), secrets);
      run.child.kill('SIGTERM');
      assert.equal(await run.code(), 0);
    },
  );

  it('leaves no children when it is killed hard, and starts again after that', { timeout: 60_000 }, async () => {
    const run = launch(checkout, { API_PORT: String(port) });
    await run.seen(/Ctrl-C stops everything/);
    const children = Object.values(readRun(checkout).children);
    run.child.kill('SIGKILL');
    await run.exit;
    await waitFor(
      () => children.every(({ pid }) => birthOf(pid) === null),
      20_000,
      () => 'children still there',
    );
    assert.equal(existsSync(join(checkout.dataDir, 'run.json')), true);
    const again = launch(checkout, { API_PORT: String(port) });
    await again.seen(/Ctrl-C stops everything/);
    again.child.kill('SIGTERM');
    assert.equal(await again.code(), 0);
  });

  it('refuses a port that was asked for and is in use, and names the way out', { timeout: 30_000 }, async () => {
    const other = createServer().listen(port, '127.0.0.1');
    await once(other, 'listening');
    const run = launch(checkout, { API_PORT: String(port) });
    assert.equal(await run.code(), 1);
    assert.match(run.output, new RegExp(`Port ${port} is in use[^]*API_PORT=${port + 1} npm start`));
    other.close();
  });

  it('builds and starts the processes again when a source changes, with --dev', { timeout: 60_000 }, async () => {
    const run = launch(checkout, { API_PORT: String(port) }, ['--dev']);
    await run.seen(/Watching apps, libs and migrations/);
    const before = readRun(checkout).children;
    writeFileSync(join(checkout.root, 'migrations/first.ts'), 'export const changed = 1;');
    await run.seen(/Restarted/);
    const now = readRun(checkout).children;
    for (const name of ['api', 'worker', 'sandbox']) assert.notEqual(now[name].pid, before[name].pid);
    assert.equal(now.mariadb.pid, before.mariadb.pid);
    assert.equal(await answers(readRun(checkout).ports.apiInternal), true);
    run.child.kill('SIGTERM');
    assert.equal(await run.code(), 0);
  });

  it('uses the Redis whose address it is given and starts none', { timeout: 60_000 }, async () => {
    const run = launch(checkout, { API_PORT: String(port), REDIS_URL: 'redis://127.0.0.1:1' });
    await run.seen(/Ctrl-C stops everything/);
    assert.equal(readRun(checkout).children.redis, undefined);
    run.child.kill('SIGTERM');
    assert.equal(await run.code(), 0);
  });

  it('says why when a process cannot start, and leaves nothing behind', { timeout: 60_000 }, async () => {
    const run = launch(checkout, { API_PORT: String(port), STAND_IN_FAILS: 'worker' });
    assert.equal(await run.code(), 1);
    assert.match(run.output, /worker did not start[^]*stand-in told to fail/);
    assert.equal(existsSync(join(checkout.dataDir, 'run.json')), false);
  });

  it('gives up on a process that dies again and again, and stops the rest', { timeout: 90_000 }, async () => {
    const run = launch(checkout, { API_PORT: String(port) });
    await run.seen(/Ctrl-C stops everything/);
    const { ports, children } = readRun(checkout);
    const crash = setInterval(() => answers(ports.workerInternal, '/crash'), 50);
    assert.equal(await run.code(), 1);
    clearInterval(crash);
    assert.match(run.output, /worker ended again and again \(code 3\) and is given up/);
    assert.equal(birthOf(children.mariadb.pid), null);
  });
});
