import assert from 'node:assert/strict';
import { appendFileSync, existsSync, mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { sourceStamp } from './build.mjs';
import { browserPlan } from './chromium.mjs';
import { statementsFor } from './database.mjs';
import { lanAddress, PORT_NAMES, systemEnvironment } from './environment.mjs';
import { errorOf, watchLogs } from './logs.mjs';
import { requireNode, staleness } from './packages.mjs';
import { readReport } from './system.mjs';
import { findTests, groupOf } from './test-files.mjs';
import { countsOf, summarise } from './test-report.mjs';
import { partOf } from './watch.mjs';

const temporary = () => mkdtempSync(join(tmpdir(), 'yima-local-'));

describe('node and packages', () => {
  it('refuses an old Node with the way out', () => {
    for (const version of ['20.19.0', '20.20.2', '22.0.0']) requireNode(version);
    for (const version of ['18.20.0', '20.18.9', '20.9.0']) assert.throws(() => requireNode(version), /nvm install 20/);
  });

  it('sees what is not installed as locked, and does not miss optional packages of other platforms', () => {
    const packages = {
      '': {},
      'node_modules/a': { version: '1.0.0' },
      'node_modules/b': { version: '2.0.0', optional: true },
    };
    assert.deepEqual(staleness({ packages }, null), ['everything']);
    assert.deepEqual(staleness({ packages }, { packages: { 'node_modules/a': { version: '1.0.0' } } }), []);
    assert.deepEqual(staleness({ packages }, { packages: { 'node_modules/a': { version: '1.0.1' } } }), [
      'node_modules/a',
    ]);
    assert.deepEqual(staleness({ packages }, { packages: {} }), ['node_modules/a']);
  });
});

describe('building', () => {
  it('notices a changed, a new and a removed source, and nothing that is skipped', () => {
    const root = temporary();
    mkdirSync(join(root, 'libs/a/dist'), { recursive: true });
    writeFileSync(join(root, 'libs/a/one.ts'), '1');
    const stamp = () => sourceStamp({ sources: ['libs', 'missing.json'], skip: /(^|\/)dist(\/|$)|\.spec\.ts$/ }, root);
    const first = stamp();
    writeFileSync(join(root, 'libs/a/dist/out.js'), '1');
    writeFileSync(join(root, 'libs/a/one.spec.ts'), '1');
    assert.equal(stamp(), first);
    utimesSync(join(root, 'libs/a/one.ts'), 1, 1);
    const touched = stamp();
    assert.notEqual(touched, first);
    writeFileSync(join(root, 'libs/a/two.ts'), '');
    assert.notEqual(stamp(), touched);
    rmSync(join(root, 'libs/a/two.ts'));
    assert.equal(stamp(), touched);
    rmSync(root, { recursive: true });
  });

  it('knows which part a changed file belongs to', () => {
    assert.equal(partOf('libs', 'codes/src/ff1.ts'), 'server');
    assert.equal(partOf('libs', 'codes/src/ff1.spec.ts'), null);
    assert.equal(partOf('apps', 'h5/src/App.vue'), 'h5');
    assert.equal(partOf('apps', 'h5/dist/index.html'), null);
    assert.equal(partOf('apps', 'console/src/app.vue'), 'console');
    assert.equal(partOf('apps', 'console/dist/index.html'), null);
    assert.equal(partOf('apps', 'api/src/main.ts'), 'server');
    assert.equal(partOf('apps', 'api/test/story.e2e-spec.ts'), null);
  });
});

describe('the environment of the processes', () => {
  const ports = Object.fromEntries(PORT_NAMES.map((name, at) => [name, 7000 + at]));
  const system = {
    profile: 'local',
    dataDir: '/d',
    secretsFile: '/d/secrets.json',
    caFile: '/d/ca.pem',
    ports,
    databaseUrl: 'mysql://a',
    migratorUrl: 'mysql://m',
    redisUrl: 'redis://r',
    adminToken: 'token',
  };

  it('opens pages to phones in the network and keeps the rest on loopback', () => {
    const env = systemEnvironment({ ...system, lan: true, host: '192.168.1.5', base: {} });
    assert.equal(env.PUBLIC_URL, 'http://192.168.1.5:7000');
    assert.equal(env.API_HOST, '0.0.0.0');
    assert.equal(env.WECHAT_OPEN_URL, `http://192.168.1.5:${ports.sandboxOpen}`);
    assert.equal(env.WECHAT_PAY_URL, `https://127.0.0.1:${ports.sandboxPay}`);
    assert.ok(env.SANDBOX_OAUTH_DOMAINS.split(',').includes('192.168.1.5:7000'));
    assert.equal(env.API_PORT, '7000');
  });

  it('trusts nobody but itself when phones cannot come', () => {
    const env = systemEnvironment({ ...system, profile: 'rehearsal', lan: false, host: '127.0.0.1', base: {} });
    assert.equal(env.TRUSTED_PROXIES, '127.0.0.1,::1');
    assert.equal(env.API_HOST, '127.0.0.1');
  });

  it('hands on what an operator set and nothing that belongs to the command above', () => {
    const base = {
      PATH: '/bin',
      LOG_LEVEL: 'debug',
      NODE_OPTIONS: '--x',
      npm_config_y: '1',
      JEST_WORKER_ID: '2',
      DATABASE_URL: 'mysql://root',
    };
    const env = systemEnvironment({ ...system, lan: true, host: '10.0.0.2', publicUrl: 'https://m.example.cn/', base });
    assert.equal(env.LOG_LEVEL, 'debug');
    assert.equal(env.PUBLIC_URL, 'https://m.example.cn');
    assert.equal(env.DATABASE_URL, 'mysql://a');
    assert.deepEqual(
      [env.PATH, env.NODE_OPTIONS, env.npm_config_y, env.JEST_WORKER_ID],
      ['/bin', undefined, undefined, undefined],
    );
  });

  it('finds the address a phone can reach, not that of a container bridge', () => {
    const entry = (address, internal = false) => [{ family: 'IPv4', address, internal }];
    assert.equal(
      lanAddress({ lo: entry('127.0.0.1', true), docker0: entry('172.17.0.1'), eth0: entry('192.168.1.5') }),
      '192.168.1.5',
    );
    assert.equal(lanAddress({ eth0: entry('203.0.113.7'), wlan0: entry('10.1.1.1') }), '10.1.1.1');
    assert.equal(lanAddress({ lo: entry('127.0.0.1', true) }), null);
  });
});

describe('database users', () => {
  it('gives the schema to the migrator and nothing to the app; a _ in the name is no wildcard', () => {
    const users = { migrator: 'ab_c_migrator', app: 'ab_c_app' };
    const sql = statementsFor({ database: 'ab_c', users, migratorPassword: 'x1', appPassword: 'x2' });
    const grants = sql.filter((statement) => statement.startsWith('GRANT'));
    assert.deepEqual(grants, ["GRANT ALL PRIVILEGES ON `ab\\_c`.* TO 'ab_c_migrator'@'%' WITH GRANT OPTION"]);
    assert.equal(sql.filter((statement) => statement.includes("'ab_c_app'@'%'")).length, 2);
  });
});

describe('logs', () => {
  it('shows errors only', () => {
    assert.equal(
      errorOf('{"level":50,"msg":"bill refused","err":{"message":"NOT_ENOUGH"}}'),
      'bill refused: NOT_ENOUGH',
    );
    assert.equal(errorOf('{"level":"error","msg":"x"}'), 'x');
    for (const line of ['{"level":30,"msg":"scan"}', 'plain text', '{broken', '']) assert.equal(errorOf(line), null);
  });

  it('shows each line once, also one that was written in two pieces', async () => {
    const root = temporary();
    const file = join(root, 'api.log');
    writeFileSync(file, '{"level":50,"msg":"of an earlier start"}\n');
    const seen = [];
    const stop = watchLogs({ api: file }, (name, text) => seen.push(`${name} ${text}`));
    appendFileSync(file, '{"level":50,"ms');
    await sleep(700);
    appendFileSync(file, 'g":"first"}\n{"level":30,"msg":"quiet"}\n');
    await sleep(1_200);
    stop();
    assert.deepEqual(seen, ['api first']);
    rmSync(root, { recursive: true });
  });
});

describe('the seed report', () => {
  it('is the last report line, whatever stands around it', () => {
    assert.equal(readReport('{"level":30}\n{"demoCode":"A1"}\n{"level":30,"msg":"bye"}\n').demoCode, 'A1');
    assert.throws(() => readReport('nothing'), /no report/);
  });
});

describe('tests of the whole', () => {
  it('are found by name and room', () => {
    const cases = {
      'libs/codes/src/ff1.spec.ts': 'unit',
      'libs/codes/src/batches.db.spec.ts': 'db',
      'apps/api/test/scan.e2e-spec.ts': 'e2e',
      'apps/h5/test/scan.browser-spec.ts': 'browser',
      'apps/h5/test/format.spec.ts': 'browser',
      'apps/local/start.test.mjs': 'node',
      'apps/local/start.mjs': null,
      'libs/payouts/src/payout-channel.contract.ts': null,
    };
    for (const [path, group] of Object.entries(cases)) assert.equal(groupOf(path), group, path);
    assert.ok(findTests().node.includes('apps/local/decisions.test.mjs'));
    assert.deepEqual(findTests(['apps/local/secrets']).node, ['apps/local/secrets.test.mjs']);
  });

  it('are counted from the reports of the runners, a file that cannot run being a failure', () => {
    const root = temporary();
    const write = (name, text) => {
      writeFileSync(join(root, name), text);
      return join(root, name);
    };
    const jest = {
      numPassedTests: 5,
      numPendingTests: 1,
      numTodoTests: 0,
      testResults: [
        { name: 'a.spec.ts', status: 'failed', assertionResults: [{ status: 'failed', fullName: 'adds' }] },
        { name: 'b.spec.ts', status: 'failed', assertionResults: [] },
      ],
    };
    const counts = [
      countsOf({ name: 'unit', kind: 'jest', file: write('j', JSON.stringify(jest)), exitCode: 1 }),
      countsOf({
        name: 'node',
        kind: 'tap',
        file: write('t', 'not ok 1 - x\n# pass 3\n# fail 1\n# skipped 0\n'),
        exitCode: 1,
      }),
      countsOf({ name: 'check', kind: 'check', file: write('c', '[{"name":"lint","ok":true}]'), exitCode: 0 }),
    ];
    assert.deepEqual(summarise(counts).line, '9 passed, 3 failed');
    assert.equal(summarise(counts).skipped, 1);
    rmSync(root, { recursive: true });
  });

  it('are red without a report, with a cut one, with a bad end, and with no tests at all', () => {
    const root = temporary();
    const tap = join(root, 'tap');
    assert.equal(countsOf({ name: 'db', kind: 'jest', file: join(root, 'none'), exitCode: 0 }).failed, 1);
    writeFileSync(tap, 'ok 1 - x\n');
    assert.equal(countsOf({ name: 'node', kind: 'tap', file: tap, exitCode: 0 }).failed, 1);
    writeFileSync(tap, 'ok 1 - x\n# pass 1\n# fail 0\n');
    assert.equal(countsOf({ name: 'node', kind: 'tap', file: tap, exitCode: 0 }).failed, 0);
    assert.equal(countsOf({ name: 'node', kind: 'tap', file: tap, exitCode: 1 }).failed, 1);
    assert.equal(summarise([]).ok, false);
    assert.equal(existsSync(tap), true);
    rmSync(root, { recursive: true });
  });
});

describe('Chromium', () => {
  const debian = { platform: 'linux', hasApt: true, isRoot: false, hasSudo: false };

  it('is installed where we may, with a Chinese font', () => {
    const plan = browserPlan({ found: null, chineseFont: true, facts: { ...debian, isRoot: true } });
    assert.deepEqual(plan, { kind: 'install', missing: ['chromium', 'fonts-noto-cjk'] });
    const fontOnly = browserPlan({
      found: '/usr/bin/chromium',
      chineseFont: false,
      facts: { ...debian, hasSudo: true },
    });
    assert.deepEqual(fontOnly, { kind: 'install', missing: ['fonts-noto-cjk'] });
  });

  it('else names the line and the way to leave its tests out', () => {
    const plan = browserPlan({ found: null, chineseFont: true, facts: debian });
    assert.equal(plan.kind, 'explain');
    assert.match(plan.message, /apt-get install -y --no-install-recommends chromium fonts-noto-cjk/);
    assert.match(plan.message, /npm test -- --no-browser/);
    assert.equal(browserPlan({ found: '/x', chineseFont: true, facts: debian }).kind, 'ready');
  });
});
