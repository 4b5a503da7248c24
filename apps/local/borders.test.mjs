import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { ROOT } from './places.mjs';

/** The libraries of the house, written out: the test must not learn them from the table it tests. */
const LIBRARIES =
  `kernel api-client servers conditions config observability database jobs wechat regions staff analytics codes risk
  members payouts pictures campaigns channel rewards scans testing`.split(/\s+/);
const APPS = 'api worker h5 console wechat-sandbox local rehearsal'.split(' ');
const PACKAGES = ['bullmq', 'typeorm', 'axios', 'undici', 'wechatpay-axios-plugin'];

/** One violation per rule: rule, file, what it imports. */
const VIOLATIONS = [
  ['library-kernel', 'libs/kernel/src/bad.ts', '@app/config'],
  ['library-api-client', 'libs/api-client/src/bad.ts', '@app/kernel'],
  ['library-brand', 'libs/brand/src/bad.ts', '@app/kernel'],
  ['library-packing', 'libs/packing/src/bad.mjs', '../../kernel/src/index'],
  ['library-servers', 'libs/servers/src/bad.mjs', '../../kernel/src/index'],
  ['library-conditions', 'libs/conditions/src/bad.ts', '@app/config'],
  ['library-config', 'libs/config/src/bad.ts', '@app/observability'],
  ['library-observability', 'libs/observability/src/bad.ts', '@app/database'],
  ['library-database', 'libs/database/src/bad.ts', '@app/jobs'],
  ['library-jobs', 'libs/jobs/src/bad.ts', '@app/wechat'],
  ['library-wechat', 'libs/wechat/src/bad.ts', '@app/members'],
  ['library-regions', 'libs/regions/src/bad.ts', '@app/conditions'],
  ['library-staff', 'libs/staff/src/bad.ts', '@app/members'],
  ['library-analytics', 'libs/analytics/src/bad.ts', '@app/payouts'],
  ['library-codes', 'libs/codes/src/bad.ts', '@app/campaigns'],
  ['library-risk', 'libs/risk/src/bad.ts', '@app/members'],
  ['library-members', 'libs/members/src/bad.ts', '@app/payouts'],
  ['library-payouts', 'libs/payouts/src/bad.ts', '@app/rewards'],
  ['library-pictures', 'libs/pictures/src/bad.ts', '@app/members'],
  ['library-campaigns', 'libs/campaigns/src/bad.ts', '@app/members'],
  ['library-channel', 'libs/channel/src/bad.ts', '@app/rewards'],
  ['library-rewards', 'libs/rewards/src/bad.ts', '@app/scans'],
  ['library-scans', 'libs/scans/src/bad.ts', '@app/api-client'],
  ['library-service', 'libs/service/src/bad.ts', '@app/rewards'],
  ['app-api', 'apps/api/src/bad.ts', '@app/testing'],
  ['app-worker', 'apps/worker/src/bad.ts', '@app/testing'],
  ['app-h5', 'apps/h5/src/bad.ts', '@app/kernel'],
  ['app-console', 'apps/console/src/bad.ts', '@app/kernel'],
  ['app-wechat-sandbox', 'apps/wechat-sandbox/src/bad.ts', '@app/kernel'],
  ['app-local', 'apps/local/bad.mjs', '../../libs/kernel/src/index'],
  ['app-rehearsal', 'apps/rehearsal/src/bad.ts', '@app/payouts'],
  ['package-bullmq', 'libs/payouts/src/queue.ts', 'bullmq'],
  ['package-typeorm', 'libs/payouts/src/query.ts', 'typeorm'],
  ['package-http-client', 'libs/payouts/src/call.ts', 'axios'],
  ['package-http-client', 'apps/api/src/call.ts', 'undici'],
  ['package-http-client', 'apps/worker/src/call.ts', 'wechatpay-axios-plugin'],
  ['doors-only', 'libs/payouts/src/side.ts', '../../members/src/member.entity'],
  ['doors-only', 'libs/payouts/src/side.spec.ts', '../../members/src/member.entity'],
  ['doors-only', 'apps/rehearsal/src/bench/side.ts', '../../../../libs/members/src/member.entity'],
  ['no-app-imports-an-app', 'apps/worker/src/other.ts', '../../api/src/main'],
  ['no-app-imports-an-app', 'libs/scans/src/back.ts', '../../../apps/api/src/main'],
  ['tests-enter-only-the-launcher', 'apps/api/test/side.e2e-spec.ts', '../../worker/src/main'],
  ['tests-enter-only-the-launcher', 'apps/h5/test/side.browser-spec.ts', '../../api/src/main'],
  ['tests-enter-only-the-launcher', 'libs/payouts/src/beside.spec.ts', '../../../apps/wechat-sandbox/src/main'],
  ['harness-drives-the-sandbox', 'libs/testing/src/side.ts', '../../../apps/worker/src/main'],
  ['testing-only-in-tests', 'libs/payouts/src/harness.ts', '@app/testing'],
  ['not-to-unresolvable', 'libs/payouts/src/deep.ts', '@app/members/src/member.entity'],
];

/** What must stay allowed: file, what it imports. */
const ALLOWED = [
  ['libs/payouts/src/fine.ts', '@app/members'],
  ['libs/payouts/src/payout.entity.ts', 'typeorm'],
  ['libs/payouts/src/payout.repository.ts', 'typeorm'],
  ['libs/analytics/src/read-models/screen.ts', 'typeorm'],
  ['libs/database/src/source.ts', 'typeorm'],
  ['migrations/first.ts', 'typeorm'],
  ['libs/jobs/src/queue.ts', 'bullmq'],
  ['libs/wechat/src/pay.ts', 'wechatpay-axios-plugin'],
  ['libs/scans/src/story.ts', '@app/rewards'],
  ['libs/testing/src/rows.ts', '@app/scans'],
  ['libs/kernel/src/fine.spec.ts', '@app/testing'],
  ['libs/payouts/src/rows.db.spec.ts', '@app/rewards'],
  ['apps/api/src/main.ts', '@app/scans'],
  ['apps/api/test/story.e2e-spec.ts', '@app/testing'],
  ['apps/api/test/system.e2e-spec.ts', '../../local/system.mjs'],
  ['apps/api/test/own.e2e-spec.ts', '../src/main'],
  ['libs/testing/src/system.ts', '../../../apps/local/system.mjs'],
  ['libs/testing/src/sandbox.ts', '../../../apps/wechat-sandbox/src/main'],
  ['apps/h5/src/main.ts', '@app/api-client'],
  ['apps/local/start.mjs', '../../libs/servers/src/index.mjs'],
  ['apps/rehearsal/src/player.ts', '@app/kernel'],
  ['apps/rehearsal/src/player-http.ts', 'undici'],
  ['apps/rehearsal/src/bench/scan.ts', '@app/scans'],
];

describe('borders between rooms', () => {
  let root;
  before(() => {
    root = mkdtempSync(join(tmpdir(), 'yima-borders-'));
    makeHouse(root);
  });
  after(() => rmSync(root, { recursive: true, force: true }));

  it('lets pass what the table allows', () => {
    for (const [file, target] of ALLOWED) plant(root, file, target);
    assert.deepEqual(cruise(root), []);
  });

  it('sees one violation of every rule', () => {
    for (const [, file, target] of VIOLATIONS) plant(root, file, target);
    write(root, 'libs/payouts/src/ring-a.ts', "import './ring-b';\n");
    write(root, 'libs/payouts/src/ring-b.ts', "import './ring-a';\n");
    const found = cruise(root);
    for (const [rule, file] of VIOLATIONS) {
      assert.ok(found.includes(`${rule} ${file}`), `${rule} was not seen in ${file}`);
    }
    assert.ok(found.includes('no-cycles libs/payouts/src/ring-a.ts'));
    const planted = new Set([...VIOLATIONS.map(([, file]) => file), 'libs/payouts/src/ring-b.ts']);
    const innocent = ALLOWED.map(([file]) => file).filter((file) => !planted.has(file));
    assert.deepEqual(
      found.filter((line) => innocent.some((file) => line.endsWith(` ${file}`))),
      [],
    );
  });

  for (const folder of ['libs', 'apps']) {
    it(`refuses a folder in ${folder} that the table does not name`, () => {
      write(root, `${folder}/newcomer/src/index.ts`, 'export const newcomer = 1;\n');
      const { status, stderr } = runCruiser(root);
      rmSync(join(root, folder, 'newcomer'), { recursive: true });
      assert.notEqual(status, 0);
      assert.match(stderr, new RegExp(`not in the table[^]*${folder}/newcomer`));
    });
  }

  it('has a planted violation for every rule there is', () => {
    const { forbidden } = createRequire(import.meta.url)(join(ROOT, '.dependency-cruiser.cjs'));
    const seen = new Set([...VIOLATIONS.map(([rule]) => rule), 'no-cycles']);
    assert.deepEqual(
      forbidden.map((rule) => rule.name).filter((name) => !seen.has(name)),
      [],
    );
  });
});

function write(root, file, text) {
  mkdirSync(dirname(join(root, file)), { recursive: true });
  writeFileSync(join(root, file), text);
}

const plant = (root, file, target) => write(root, file, `import '${target}';\nexport const here = 1;\n`);

/** A house with every room, empty but for its door. */
function makeHouse(root) {
  for (const name of LIBRARIES)
    write(root, `libs/${name}/src/index.${name === 'servers' ? 'mjs' : 'ts'}`, 'export const door = 1;\n');
  for (const name of APPS) write(root, `apps/${name}/src/main.ts`, 'export const main = 1;\n');
  write(root, 'libs/members/src/member.entity.ts', 'export const member = 1;\n');
  write(root, 'apps/local/system.mjs', 'export const system = 1;\n');
  write(root, 'migrations/index.ts', 'export const migrations = 1;\n');
  for (const name of PACKAGES) {
    write(root, `node_modules/${name}/package.json`, JSON.stringify({ name, version: '1.0.0', main: 'index.js' }));
    write(root, `node_modules/${name}/index.js`, 'module.exports = 1;\n');
  }
  const paths = LIBRARIES.map((name) => [`@app/${name}`, [`./libs/${name}/src/index.ts`]]);
  const compilerOptions = { module: 'nodenext', moduleResolution: 'nodenext', paths: Object.fromEntries(paths) };
  write(root, 'tsconfig.json', JSON.stringify({ compilerOptions, include: ['apps', 'libs', 'migrations'] }));
  cpSync(join(ROOT, '.dependency-cruiser.cjs'), join(root, '.dependency-cruiser.cjs'));
}

function runCruiser(root) {
  const cruiser = join(ROOT, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs');
  const args = ['--config', '.dependency-cruiser.cjs', '--output-type', 'json', 'apps', 'libs', 'migrations'];
  return spawnSync(process.execPath, [cruiser, ...args], { cwd: root, encoding: 'utf8', maxBuffer: 1e8 });
}

/** Violations as `rule file`, sorted. */
function cruise(root) {
  const { stdout, stderr } = runCruiser(root);
  assert.ok(stdout.startsWith('{'), stderr || stdout);
  const { violations } = JSON.parse(stdout).summary;
  return violations.map(({ rule, from }) => `${rule.name} ${from}`).sort();
}
