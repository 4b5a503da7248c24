import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Config, Waits } from '@app/config';
import { startSandbox } from '../../../apps/wechat-sandbox/src/sandbox';
import { makeKeys } from '../../../apps/wechat-sandbox/test/keys';
import { plainMerchant, testConfig } from './test-config';

/** A bill as the stand-in WeChat knows it. */
export interface SandboxBill {
  readonly channel: 'transfer' | 'redpack';
  readonly outBillNo: string;
  readonly mchId: string;
  readonly openid: string;
  readonly amountFen: number;
  readonly state: string;
  readonly acceptedCount: number;
  readonly creditedFen: number;
}

export interface SandboxFault {
  readonly scope: string;
  readonly kind: string;
  readonly mchId?: string;
  readonly percent?: number;
  readonly next?: number;
  readonly ms?: number;
  readonly code?: string;
}

/** The stand-in WeChat of one test file, on its own ports with its own store, over real HTTP(S). */
export interface TestSandbox {
  readonly mchId: string;
  readonly secrets: ReturnType<typeof makeKeys>['secrets'];
  readonly url: Readonly<Record<'open' | 'api' | 'pay' | 'js' | 'admin', string>>;
  /** Configuration of a process of ours that talks to it. */
  config(
    change?: Partial<Config> & { waitsChange?: Partial<Waits>; notifyUrl?: string; merchantCount?: 1 | 2 },
  ): Config;
  /** Adds a fake user and returns its openid. */
  addUser(id: string, change?: Readonly<Record<string, unknown>>): Promise<string>;
  admin<T>(method: 'GET' | 'POST' | 'DELETE', path: string, body?: unknown): Promise<T>;
  fault(fault: SandboxFault): Promise<void>;
  noFaults(): Promise<void>;
  bills(): Promise<SandboxBill[]>;
  stop(): Promise<void>;
}

const BALANCE_FEN = 1_000_000_00;

/** `mchId`: the number of its merchant account, for tests that must not meet the rows of others. */
/** The key that WeChat is about to change to. `POST /platform` makes it the one that signs. */
function nextPlatformKey(): { publicKeyId: string; publicKey: string; privateKey: string } {
  const pair = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  return { publicKeyId: 'PUB_KEY_ID_0119000001092026112100000000000002', ...pair };
}

export async function openTestSandbox(
  options: { mchId?: string; redpackScenes?: readonly string[]; nextPlatformKey?: boolean } = {},
): Promise<TestSandbox> {
  const { secrets, merchants, ca } = makeKeys(options.mchId);
  const next = options.nextPlatformKey === true ? nextPlatformKey() : null;
  if (next) secrets.sandbox.otherPlatformKeys = [next];
  const storeDir = mkdtempSync(join(tmpdir(), 'yima-sandbox-'));
  const running = await startSandbox({
    secrets,
    storeDir,
    oauthDomains: ['127.0.0.1:8080'],
    jsDomains: ['127.0.0.1'],
    fast: true,
    redpackScenes: options.redpackScenes ?? [],
    limits: { transferPerSecond: 1000, transferQueryPerSecond: 1000, redpackPerSecond: 1000, redpackSameBillMs: 0 },
  });
  const at = (name: keyof typeof running.ports): string =>
    `${name === 'pay' ? 'https' : 'http'}://127.0.0.1:${running.ports[name]}`;
  const url = { open: at('open'), api: at('api'), pay: at('pay'), js: at('js'), admin: at('admin') };
  const { mchId } = merchants[0];

  const admin = async <T>(method: string, path: string, body?: unknown): Promise<T> => {
    const response = await fetch(url.admin + path, {
      method,
      headers: { 'x-sandbox-token': secrets.sandbox.adminToken, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return JSON.parse(text) as T;
  };
  await admin('POST', `/merchants/${mchId}/balance`, { amountFen: BALANCE_FEN });

  return {
    mchId,
    secrets,
    url,
    admin,
    config: ({ notifyUrl, merchantCount = 1, ...change } = {}) => {
      const base = testConfig(change);
      const { appId, appSecret, platform } = secrets.wechat;
      return {
        ...base,
        wechat: {
          ...base.wechat,
          ...{ appId, appSecret, extraCa: ca },
          platform: { ...platform, others: next ? [next] : [] },
          merchants: merchants.slice(0, merchantCount).map((one) => ({ ...plainMerchant, ...one, name: one.mchId })),
          ...{ openUrl: url.open, apiUrl: url.api, payUrl: url.pay, jsUrl: `${url.js}/open/js/jweixin-1.6.0.js` },
          ...(notifyUrl === undefined ? {} : { notifyUrl }),
          ...change.wechat,
        },
        sms: { gatewayUrl: `${url.api}/sms/messages`, token: null, ...change.sms },
      };
    },
    addUser: async (id, change = {}) => {
      const place = { city: '合肥', latitude: 31.82, longitude: 117.23, ip: '36.32.0.1' };
      return (await admin<{ openid: string }>('POST', '/users', { id, nickname: id, ...place, ...change })).openid;
    },
    fault: async (fault) => void (await admin('POST', '/faults', fault)),
    noFaults: async () => void (await admin('DELETE', '/faults')),
    bills: async () => (await admin<{ bills: SandboxBill[] }>('GET', '/ledger/bills?limit=5000')).bills,
    stop: async () => {
      await running.stop();
      rmSync(storeDir, { recursive: true, force: true });
    },
  };
}
