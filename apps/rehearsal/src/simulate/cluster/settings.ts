import { createHash, generateKeyPairSync } from 'node:crypto';
import { type Config, type PayoutChannelName, type Waits, waitsByProfile } from '@app/config';

export const MERCHANTS = ['1900000101', '1900000102'] as const;
export const APP_ID = 'wx0123456789abcdef';

const key = (name: string): Buffer => createHash('sha256').update(`simulated ${name}`).digest();

/** What changes from seed to seed. */
export interface Settings {
  readonly waits: Partial<Waits>;
  readonly channel: PayoutChannelName;
  readonly merchants: number;
}

/** A key pair that nobody ever signs with: the wire is simulated. */
function publicKey(): string {
  return generateKeyPairSync('ec', {
    namedCurve: 'P-256',
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  }).publicKey;
}

/** The configuration that all simulated processes share. It is one object for good; `applySettings` changes what is in it. */
export function simulatedConfig(): Config {
  return {
    profile: 'rehearsal',
    role: 'worker',
    database: { url: 'mysql://nobody@127.0.0.1:1/none', poolSize: 10 },
    redis: { url: 'redis://127.0.0.1:1' },
    http: {
      host: '127.0.0.1',
      port: 0,
      internalPort: 0,
      publicUrl: 'http://127.0.0.1:8080',
      codeHostUrl: 'https://q.example.cn',
      trustedProxies: [],
      h5Dir: 'apps/h5/dist',
      consoleDir: 'apps/console/dist',
      dataDir: '.data',
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
      appId: APP_ID,
      appSecret: 'simulated-app-secret-0123456789',
      merchants: MERCHANTS.map((mchId) => merchant(mchId, 'transfer_confirm_v3')),
      platform: { publicKeyId: 'PUB_KEY_ID_01', publicKey: publicKey(), others: [] },
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
    waits: { ...waitsByProfile.rehearsal },
  };
}

/** Every wait and the channel, as this seed has them. Nobody is asked to notice: rooms read their configuration when they need it. */
export function applySettings(config: Config, { waits, channel, merchants }: Settings): void {
  Object.assign(config.waits, waitsByProfile.rehearsal, waits);
  const accounts = MERCHANTS.slice(0, merchants).map((mchId) => merchant(mchId, channel));
  Object.assign(config.wechat, { defaultChannel: channel, merchants: accounts });
}

function merchant(mchId: string, channel: PayoutChannelName): Config['wechat']['merchants'][number] {
  return {
    mchId,
    name: mchId,
    enabled: true,
    weight: 1,
    channels: [channel],
    dailyCeilingFen: null,
    redpackScene: 'PRODUCT_2',
    apiV2Key: '2'.repeat(32),
    apiV3Key: '3'.repeat(32),
    serialNo: '0A1B2C3D4E',
    privateKey: null,
    certificate: '',
  };
}
