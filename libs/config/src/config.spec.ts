import { mkdtempSync, writeFileSync } from 'node:fs';
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

it('writes an example that names every variable', () => {
  expect(envExample()).toMatch(/^DATABASE_URL=$/m);
  expect(envExample()).toMatch(/^# API_PORT=8080$/m);
});
