import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ConfigError, envExample, loadConfig } from './index';

const hex = (byte: number): string =>
  Buffer.from(Array.from({ length: 32 }, (_, i) => (byte + i * 37) & 255)).toString('hex');

function secretsFile(change: Record<string, unknown> = {}): string {
  const path = join(mkdtempSync(join(tmpdir(), 'config-')), 'secrets.json');
  const secrets = {
    version: 1,
    codeKeys: { A: hex(1) },
    billKey: hex(2),
    cookieKey: hex(3),
    drawKey: hex(4),
    personalDataKey: hex(5),
    blindIndexKey: hex(6),
    wechat: {
      appId: 'wx0123456789abcdef',
      appSecret: 'x'.repeat(32),
      merchants: [
        {
          mchId: '1900000109',
          apiV2Key: '2'.repeat(32),
          apiV3Key: '3'.repeat(32),
          serialNo: '0A1B2C3D4E',
          privateKey: '-----BEGIN PRIVATE KEY-----',
          certificate: '-----BEGIN CERTIFICATE-----',
        },
      ],
      platform: { publicKeyId: 'PUB_KEY_ID_0119', publicKey: '-----BEGIN PUBLIC KEY-----' },
    },
    ...change,
  };
  writeFileSync(path, JSON.stringify(secrets));
  return path;
}

function environment(change: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv {
  return {
    YIMA_PROFILE: 'local',
    SECRETS_FILE: secretsFile(),
    DATABASE_URL: 'mysql://yima_app:pw@127.0.0.1:3306/yima',
    REDIS_URL: 'redis://127.0.0.1:6379',
    PUBLIC_URL: 'http://127.0.0.1:8080/',
    ...change,
  };
}

function faultsOf(work: () => unknown): readonly string[] {
  try {
    work();
  } catch (error) {
    if (error instanceof ConfigError) return error.faults;
    throw error;
  }
  return [];
}

it('gives the api no private key, and the worker one', () => {
  expect(loadConfig('api', environment()).wechat.merchants[0]!.privateKey).toBeNull();
  expect(loadConfig('worker', environment()).wechat.merchants[0]!.privateKey).toContain('PRIVATE KEY');
});

it('reports all faults at once and names the variables', () => {
  const faults = faultsOf(() =>
    loadConfig('api', environment({ REDIS_URL: 'http://x', API_PORT: '99999', PUBLIC_URL: '' })),
  );
  expect(faults.map((fault) => fault.split(':')[0]).sort()).toEqual(['API_PORT', 'PUBLIC_URL', 'REDIS_URL']);
});

it('names a secrets file that is missing, not JSON, or incomplete', () => {
  expect(faultsOf(() => loadConfig('api', environment({ SECRETS_FILE: '/nowhere/s.json' })))[0]).toMatch(/cannot read/);
  expect(
    faultsOf(() => loadConfig('api', environment({ SECRETS_FILE: secretsFile({ billKey: 'short' }) })))[0],
  ).toMatch(/billKey/);
});

it('refuses plain http, private hosts and placeholder secrets in production only', () => {
  const secrets = secretsFile({ cookieKey: '0'.repeat(64) });
  expect(faultsOf(() => loadConfig('api', environment({ SECRETS_FILE: secrets })))).toEqual([]);
  const faults = faultsOf(() => loadConfig('api', environment({ YIMA_PROFILE: 'production', SECRETS_FILE: secrets })));
  expect(faults).toContain('PUBLIC_URL must be https in production');
  expect(faults).toContain('PUBLIC_URL is not a public host');
  expect(faults).toContain('secret cookieKey looks like a placeholder');
});

/** A secrets file whose merchant accounts are these. */
function withMerchants(...changes: Record<string, unknown>[]): string {
  const plain = JSON.parse(readFileSync(secretsFile(), 'utf8')) as { wechat: { merchants: object[] } };
  const [first] = plain.wechat.merchants;
  const merchants = changes.map((change, at) => ({ ...first, mchId: `190000010${at}`, ...change }));
  return secretsFile({ wechat: { ...plain.wechat, merchants } });
}

it('a merchant account says nothing: enabled, an ordinary share, no ceiling, the channels of the deployment', () => {
  const merchants = (change: NodeJS.ProcessEnv = {}) => loadConfig('worker', environment(change)).wechat.merchants;
  expect(merchants()[0]).toMatchObject({
    ...{ name: '1900000109', enabled: true, weight: 1, dailyCeilingFen: null, redpackScene: null },
    channels: ['transfer_confirm_v3', 'transfer_authorized_v3'],
  });
  expect(merchants({ PAYOUT_AUTHORISED: 'off' })[0]!.channels).toEqual(['transfer_confirm_v3']);
  expect(merchants({ PAYOUT_CHANNEL: 'redpack_v2' })[0]!.channels).toEqual(['redpack_v2']);
});

it('several accounts each have their channels, share, ceiling and scene', () => {
  const file = withMerchants(
    { name: '华东', weight: 3, channels: ['redpack_v2'], redpackScene: 'PRODUCT_2', dailyCeilingFen: 5_000_000 },
    { enabled: false },
  );
  const [east, off] = loadConfig('worker', environment({ SECRETS_FILE: file })).wechat.merchants;
  expect(east).toMatchObject({ name: '华东', weight: 3, channels: ['redpack_v2'], dailyCeilingFen: 5_000_000 });
  expect(off).toMatchObject({ enabled: false, weight: 1 });
});

it.each([
  ['an account twice', [{ mchId: '1900000100' }, { mchId: '1900000100' }], /listed twice/],
  ['none that may pay', [{ enabled: false }], /at least one merchant must be enabled/],
  ['silence as the first channel', [{ channels: ['transfer_authorized_v3'] }], /cannot be the first channel/],
  ['a ceiling of nothing', [{ dailyCeilingFen: 0 }], /dailyCeilingFen/],
  ['a weight of nothing', [{ weight: 0 }], /weight/],
  ['a scene that does not exist', [{ redpackScene: 'PRODUCT_9' }], /redpackScene/],
])('refuses merchant accounts with %s', (_what, merchants, fault) => {
  const given = environment({ SECRETS_FILE: withMerchants(...merchants) });
  expect(faultsOf(() => loadConfig('worker', given)).join()).toMatch(fault);
});

it('writes an example that names every variable', () => {
  expect(envExample()).toMatch(/^DATABASE_URL=$/m);
  expect(envExample()).toMatch(/^# API_PORT=8080$/m);
});
