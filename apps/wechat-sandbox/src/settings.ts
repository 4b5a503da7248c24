import { createPrivateKey, createPublicKey, X509Certificate, type KeyObject } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { DEFAULT_LAGS, DEFAULT_LIMITS, FAST_LAGS, type Lags, type Limits } from './limits';

const pem = z.string().startsWith('-----BEGIN');

/** The part of the secrets document that the WeChat side knows. */
export const secretsSchema = z.object({
  wechat: z.object({
    appId: z.string().min(1),
    appSecret: z.string().min(1),
    merchants: z
      .array(
        z.object({
          mchId: z.string().min(1),
          apiV2Key: z.string().length(32),
          apiV3Key: z.string().length(32),
          serialNo: z.string().min(1),
          certificate: pem,
        }),
      )
      .min(1),
    platform: z.object({ publicKeyId: z.string().startsWith('PUB_KEY_ID_'), publicKey: pem }),
  }),
  /** What a sender of text messages must know; anybody may send when it is absent. */
  sms: z.object({ token: z.string().min(16) }).optional(),
  sandbox: z.object({
    ca: z.object({ certificate: pem }),
    server: z.object({ certificate: pem, privateKey: pem }),
    platformPrivateKey: pem,
    /** More keys of the platform, while the one above is being changed: named by a request or chosen by the operator. */
    otherPlatformKeys: z.array(z.object({ publicKeyId: z.string().min(8), privateKey: pem })).optional(),
    adminToken: z.string().min(16),
  }),
});
export type SandboxSecrets = z.infer<typeof secretsSchema>;

export interface Merchant {
  mchId: string;
  apiV2Key: string;
  apiV3Key: string;
  serialNo: string;
  /** Verifies what the merchant signs. Parsed once: parsing a PEM per request costs more than the check. */
  publicKey: KeyObject;
}

export interface Platform {
  /** Signs what was not asked to be signed by another one: callbacks, and answers to requests that name no key. */
  publicKeyId: string;
  privateKey: KeyObject;
  /** Every key there is, the one above among them. */
  keys: ReadonlyMap<string, KeyObject>;
}

export type ServerName = 'open' | 'api' | 'pay' | 'js' | 'admin';
export type Ports = Record<ServerName, number>;

export interface SandboxOptions {
  secrets: SandboxSecrets;
  /** Directory of the event log; made when it is not there. */
  storeDir: string;
  /** Where `open` and `js` listen; the others always listen on 127.0.0.1. Default 127.0.0.1. */
  host?: string;
  /** 0 or absent: any free port. */
  ports?: Partial<Ports>;
  /** Origins a browser reaches; default http://127.0.0.1:<port>. */
  origins?: { open?: string; js?: string };
  /** Exact `host[:port]` of every permitted redirect_uri. */
  oauthDomains: readonly string[];
  /** Hosts (their subdomains included) on which wx.config may succeed. */
  jsDomains: readonly string[];
  appName?: string;
  merchantName?: string;
  /** Red packet scenes (PRODUCT_1…8) opened for every merchant, which permit amounts outside 1–200 yuan. */
  redpackScenes?: readonly string[];
  limits?: Partial<Limits>;
  lags?: Partial<Lags>;
  /** Platform steps in milliseconds instead of seconds. */
  fast?: boolean;
  /** Seed of the dice for faults with a percentage. */
  seed?: number;
  /** Real time, epoch milliseconds; tests move it. */
  wallClock?: () => number;
  log?: (line: Record<string, unknown>) => void;
}

export interface Settings {
  appId: string;
  appSecret: string;
  appName: string;
  merchantName: string;
  merchants: ReadonlyMap<string, Merchant>;
  platform: Platform;
  oauthDomains: readonly string[];
  jsDomains: readonly string[];
  redpackScenes: readonly string[];
  limits: Limits;
  lags: Lags;
  adminToken: string;
  log: (line: Record<string, unknown>) => void;
}

/** Parses keys and fills in defaults. Throws when the platform's two keys do not belong together. */
export function settle(options: SandboxOptions): Settings {
  const { wechat, sandbox } = options.secrets;
  const privateKey = createPrivateKey(sandbox.platformPrivateKey);
  const spki = (key: KeyObject): string => key.export({ type: 'spki', format: 'pem' }).toString();
  if (spki(createPublicKey(privateKey)) !== spki(createPublicKey(wechat.platform.publicKey))) {
    throw new Error('wechat.platform.publicKey is not the public half of sandbox.platformPrivateKey');
  }
  const merchants = wechat.merchants.map(({ certificate, ...rest }): [string, Merchant] => [
    rest.mchId,
    { ...rest, serialNo: rest.serialNo.toUpperCase(), publicKey: new X509Certificate(certificate).publicKey },
  ]);
  const keys = new Map([
    [wechat.platform.publicKeyId, privateKey],
    ...(sandbox.otherPlatformKeys ?? []).map((other): [string, KeyObject] => [
      other.publicKeyId,
      createPrivateKey(other.privateKey),
    ]),
  ]);
  const appName = options.appName ?? '青禾气泡茶';
  return {
    appId: wechat.appId,
    appSecret: wechat.appSecret,
    appName,
    merchantName: options.merchantName ?? appName,
    merchants: new Map(merchants),
    platform: { publicKeyId: wechat.platform.publicKeyId, privateKey, keys },
    oauthDomains: options.oauthDomains,
    jsDomains: options.jsDomains,
    redpackScenes: options.redpackScenes ?? [],
    limits: { ...DEFAULT_LIMITS, ...options.limits },
    lags: { ...(options.fast === true ? FAST_LAGS : DEFAULT_LAGS), ...options.lags },
    adminToken: sandbox.adminToken,
    log: options.log ?? (() => undefined),
  };
}

const port = z.coerce.number().int().min(0).max(65_535).default(0);
const flag = z
  .enum(['', '0', '1', 'true', 'false'])
  .default('')
  .transform((text) => text === '1' || text === 'true');
const list = z
  .string()
  .default('')
  .transform((text) =>
    text
      .split(',')
      .map((item) => item.trim())
      .filter((item) => item !== ''),
  );
const origin = z
  .url()
  .transform((url) => url.replace(/\/$/, ''))
  .optional();
const limit = z.coerce.number().int().positive().optional();

const environment = z.object({
  SECRETS_FILE: z.string().min(1),
  SANDBOX_STORE_DIR: z.string().min(1),
  SANDBOX_HOST: z.string().default('127.0.0.1'),
  SANDBOX_OPEN_PORT: port,
  SANDBOX_API_PORT: port,
  SANDBOX_PAY_PORT: port,
  SANDBOX_JS_PORT: port,
  SANDBOX_ADMIN_PORT: port,
  SANDBOX_OPEN_URL: origin,
  SANDBOX_JS_ORIGIN: origin,
  SANDBOX_OAUTH_DOMAINS: list,
  SANDBOX_JS_DOMAINS: list,
  SANDBOX_APP_NAME: z.string().optional(),
  SANDBOX_MERCHANT_NAME: z.string().optional(),
  SANDBOX_REDPACK_SCENES: list,
  SANDBOX_FAST: flag,
  SANDBOX_SEED: z.coerce.number().int().default(1),
  SANDBOX_TRANSFERS_PER_SECOND: limit,
  SANDBOX_REDPACKS_PER_SECOND: limit,
});

/** Reads the process environment and the secrets file. Throws one error that names every fault. */
export function optionsFromEnvironment(env: NodeJS.ProcessEnv): SandboxOptions {
  const parsed = environment.safeParse(env);
  if (!parsed.success) throw new Error(`environment of the sandbox:\n${z.prettifyError(parsed.error)}`);
  const e = parsed.data;
  const secrets = secretsSchema.safeParse(JSON.parse(readFileSync(e.SECRETS_FILE, 'utf8')));
  if (!secrets.success) throw new Error(`${e.SECRETS_FILE}:\n${z.prettifyError(secrets.error)}`);
  const limits: Partial<Limits> = {};
  if (e.SANDBOX_TRANSFERS_PER_SECOND !== undefined) limits.transferPerSecond = e.SANDBOX_TRANSFERS_PER_SECOND;
  if (e.SANDBOX_REDPACKS_PER_SECOND !== undefined) limits.redpackPerSecond = e.SANDBOX_REDPACKS_PER_SECOND;
  return {
    secrets: secrets.data,
    storeDir: e.SANDBOX_STORE_DIR,
    host: e.SANDBOX_HOST,
    ports: {
      open: e.SANDBOX_OPEN_PORT,
      api: e.SANDBOX_API_PORT,
      pay: e.SANDBOX_PAY_PORT,
      js: e.SANDBOX_JS_PORT,
      admin: e.SANDBOX_ADMIN_PORT,
    },
    origins: { open: e.SANDBOX_OPEN_URL, js: e.SANDBOX_JS_ORIGIN },
    oauthDomains: e.SANDBOX_OAUTH_DOMAINS,
    jsDomains: e.SANDBOX_JS_DOMAINS,
    appName: e.SANDBOX_APP_NAME,
    merchantName: e.SANDBOX_MERCHANT_NAME,
    redpackScenes: e.SANDBOX_REDPACK_SCENES,
    fast: e.SANDBOX_FAST,
    seed: e.SANDBOX_SEED,
    limits,
  };
}
