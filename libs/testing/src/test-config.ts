import { createHash, generateKeyPairSync } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { waitsByProfile, type Config, type Merchant, type Waits } from '@app/config';

const key = (name: string): Buffer => createHash('sha256').update(`test ${name}`).digest();

const pair = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
});

/** What a merchant account is beside its keys, for tests that do not care: enabled, no ceiling, transfers with and without a tap. */
export const plainMerchant = {
  enabled: true,
  weight: 1,
  channels: ['transfer_confirm_v3', 'transfer_authorized_v3'],
  dailyCeilingFen: null,
  redpackScene: null,
} as const satisfies Partial<Merchant>;

/** A configuration for tests that do not start a process: fixed keys, `rehearsal` waits, addresses that nobody listens on. */
export function testConfig(change: Partial<Config> & { waitsChange?: Partial<Waits> } = {}): Config {
  const { waitsChange, ...rest } = change;
  return {
    profile: 'rehearsal',
    role: 'worker',
    database: { url: 'mysql://nobody@127.0.0.1:1/none', poolSize: 10 },
    redis: { url: process.env.TEST_REDIS_URL ?? 'redis://127.0.0.1:1' },
    http: {
      host: '127.0.0.1',
      port: 0,
      internalPort: 0,
      publicUrl: 'http://127.0.0.1:8080',
      codeHostUrl: 'https://q.example.cn',
      trustedProxies: ['127.0.0.1', '::1'],
      h5Dir: 'apps/h5/dist',
      consoleDir: 'apps/console/dist',
      dataDir: join(process.env.TEST_DATA_DIR ?? tmpdir(), `yima-test-${process.pid}`),
    },
    brand: { name: '青禾' },
    log: { level: 'silent' },
    keys: {
      codes: new Map([['A', key('code A')]]),
      bill: key('bill'),
      cookie: key('cookie'),
      draw: key('draw'),
      personalData: key('personal data'),
      blindIndex: key('blind index'),
    },
    wechat: {
      appId: 'wx0123456789abcdef',
      appSecret: 'test-app-secret-0123456789abcdef',
      merchants: [
        {
          ...plainMerchant,
          mchId: '1900000109',
          name: '测试商户',
          apiV2Key: '2'.repeat(32),
          apiV3Key: '3'.repeat(32),
          serialNo: '0A1B2C3D4E',
          privateKey: pair.privateKey,
          certificate: '',
        },
      ],
      platform: { publicKeyId: 'PUB_KEY_ID_01', publicKey: pair.publicKey, others: [] },
      openUrl: 'http://127.0.0.1:1',
      apiUrl: 'http://127.0.0.1:1',
      payUrl: 'https://127.0.0.1:1',
      jsUrl: 'http://127.0.0.1:1/jweixin.js',
      notifyUrl: 'http://127.0.0.1:1',
      extraCa: null,
      defaultChannel: 'transfer_confirm_v3',
      reminders: { template: null, subscription: null },
    },
    sms: { gatewayUrl: null, token: null },
    tour: null,
    secondFactor: 'optional',
    waits: { ...waitsByProfile.rehearsal, ...waitsChange },
    ...rest,
  };
}
