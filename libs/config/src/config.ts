import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { envSchema, type Env, type MessageTemplate, type PayoutChannelName } from './env';
import { secretsSchema, type MerchantSecrets, type Secrets } from './secrets';
import { waitsByProfile, waitsSchema, type Waits } from './waits';

export type Role = 'api' | 'worker' | 'tool';
export type Profile = Env['YIMA_PROFILE'];
/** A merchant as the api may know it: without the private key, which only the payout process holds (INVARIANTS §3). */
export type Merchant = Readonly<Omit<MerchantSecrets, 'privateKey' | 'name' | 'channels'>> & {
  readonly privateKey: string | null;
  readonly name: string;
  /** The first is the one of new payouts. */
  readonly channels: readonly PayoutChannelName[];
};

export interface Config {
  readonly profile: Profile;
  readonly role: Role;
  readonly database: { readonly url: string; readonly poolSize: number };
  readonly redis: { readonly url: string };
  readonly http: {
    readonly host: string;
    readonly port: number;
    readonly internalPort: number;
    readonly publicUrl: string;
    readonly codeHostUrl: string;
    readonly trustedProxies: readonly string[];
    readonly h5Dir: string;
    readonly consoleDir: string;
    /** Holds the MP_verify_*.txt files that WeChat asks for. */
    readonly dataDir: string;
  };
  readonly brand: { readonly name: string };
  readonly log: { readonly level: Env['LOG_LEVEL'] };
  readonly keys: {
    /** Key character → AES-256 key. */
    readonly codes: ReadonlyMap<string, Buffer>;
    readonly bill: Buffer;
    readonly cookie: Buffer;
    readonly draw: Buffer;
    readonly personalData: Buffer;
    readonly blindIndex: Buffer;
  };
  readonly wechat: {
    readonly appId: string;
    readonly appSecret: string;
    readonly merchants: readonly Merchant[];
    readonly platform: Secrets['wechat']['platform'];
    readonly openUrl: string;
    readonly apiUrl: string;
    readonly payUrl: string;
    readonly jsUrl: string;
    readonly notifyUrl: string;
    readonly extraCa: string | null;
    readonly defaultChannel: Env['PAYOUT_CHANNEL'];
    /** How people are told that money waits for them; null = not this way. */
    readonly reminders: { readonly template: MessageTemplate | null; readonly subscription: MessageTemplate | null };
  };
  /** `gatewayUrl` null: this deployment sends no text messages. */
  readonly sms: { readonly gatewayUrl: string | null; readonly token: string | null };
  /** Where the launcher of one machine answers the guided tour; null = there is no tour. */
  readonly tour: { readonly url: string; readonly token: string } | null;
  /** `required`: who decides about money or about others' wishes enrols a phone before anything else. */
  readonly secondFactor: 'required' | 'optional';
  readonly waits: Waits;
}

/** All faults of a configuration at once, one line each. */
export class ConfigError extends Error {
  constructor(readonly faults: readonly string[]) {
    super(`configuration is not usable:\n${faults.map((fault) => `  - ${fault}`).join('\n')}`);
    this.name = 'ConfigError';
  }
}

/** Parses environment and secrets file once, at boot. Throws ConfigError naming every fault. */
export function loadConfig(role: Role, environment: NodeJS.ProcessEnv = process.env): Config {
  const env = envSchema.safeParse(dropEmpty(environment));
  if (!env.success) throw new ConfigError(faultsOf(env.error));
  const faults: string[] = [];
  const secrets = readDocument(env.data.SECRETS_FILE, secretsSchema, 'SECRETS_FILE', faults);
  const overrides = env.data.WAITS_FILE
    ? readDocument(env.data.WAITS_FILE, waitsSchema.partial(), 'WAITS_FILE', faults)
    : {};
  const extraCa = env.data.WECHAT_CA_FILE ? readText(env.data.WECHAT_CA_FILE, 'WECHAT_CA_FILE', faults) : null;
  if (env.data.YIMA_PROFILE === 'production') faults.push(...productionFaults(env.data, secrets));
  if (faults.length > 0 || !secrets || !overrides) throw new ConfigError(faults);
  return assemble(role, env.data, secrets, { ...waitsByProfile[env.data.YIMA_PROFILE], ...overrides }, extraCa);
}

function assemble(role: Role, env: Env, secrets: Secrets, waits: Waits, extraCa: string | null): Config {
  const key = (hex: string): Buffer => Buffer.from(hex, 'hex');
  return {
    profile: env.YIMA_PROFILE,
    role,
    database: { url: env.DATABASE_URL, poolSize: env.DATABASE_POOL },
    redis: { url: env.REDIS_URL },
    http: {
      host: env.API_HOST,
      port: env.API_PORT,
      internalPort: role === 'worker' ? env.WORKER_INTERNAL_PORT : env.API_INTERNAL_PORT,
      publicUrl: env.PUBLIC_URL,
      codeHostUrl: env.CODE_HOST_URL ?? env.PUBLIC_URL,
      trustedProxies: env.TRUSTED_PROXIES.split(',')
        .map((entry) => entry.trim())
        .filter(Boolean),
      h5Dir: env.H5_DIR,
      consoleDir: env.CONSOLE_DIR,
      dataDir: env.YIMA_DATA_DIR,
    },
    brand: { name: env.BRAND_NAME },
    log: { level: env.LOG_LEVEL },
    keys: {
      codes: new Map(Object.entries(secrets.codeKeys).map(([character, hex]) => [character, key(hex)])),
      bill: key(secrets.billKey),
      cookie: key(secrets.cookieKey),
      draw: key(secrets.drawKey),
      personalData: key(secrets.personalDataKey),
      blindIndex: key(secrets.blindIndexKey),
    },
    wechat: {
      appId: secrets.wechat.appId,
      appSecret: secrets.wechat.appSecret,
      merchants: secrets.wechat.merchants.map((merchant) => ({
        ...merchant,
        privateKey: role === 'api' ? null : merchant.privateKey,
        name: merchant.name ?? merchant.mchId,
        channels: merchant.channels ?? defaultChannels(env),
      })),
      platform: secrets.wechat.platform,
      openUrl: env.WECHAT_OPEN_URL,
      apiUrl: env.WECHAT_API_URL,
      payUrl: env.WECHAT_PAY_URL,
      jsUrl: env.WECHAT_JS_URL,
      notifyUrl: env.WECHAT_NOTIFY_URL ?? env.PUBLIC_URL,
      extraCa,
      defaultChannel: env.PAYOUT_CHANNEL,
      reminders: {
        template: env.WECHAT_REMINDER_TEMPLATE ?? null,
        subscription: env.WECHAT_REMINDER_SUBSCRIPTION ?? null,
      },
    },
    sms: { gatewayUrl: env.SMS_GATEWAY_URL ?? null, token: secrets.sms?.token ?? null },
    tour: env.TOUR_CONTROL_URL ? { url: env.TOUR_CONTROL_URL, token: env.TOUR_CONTROL_TOKEN ?? '' } : null,
    secondFactor: env.CONSOLE_SECOND_FACTOR ?? (env.YIMA_PROFILE === 'production' ? 'required' : 'optional'),
    waits,
  };
}

/** Channels of a merchant that names none. */
function defaultChannels(env: Env): readonly PayoutChannelName[] {
  const authorised = env.PAYOUT_AUTHORISED ?? (env.YIMA_PROFILE === 'production' ? 'off' : 'on');
  const silent = authorised === 'on' && env.PAYOUT_CHANNEL === 'transfer_confirm_v3';
  return silent ? [env.PAYOUT_CHANNEL, 'transfer_authorized_v3'] : [env.PAYOUT_CHANNEL];
}

/** What production refuses: plain http, hosts that the public cannot reach, and secrets that are obviously placeholders. */
function productionFaults(env: Env, secrets: Secrets | undefined): string[] {
  const faults: string[] = [];
  if (env.TOUR_CONTROL_URL) faults.push('TOUR_CONTROL_URL is not for production');
  if (env.CONSOLE_SECOND_FACTOR === 'optional') faults.push('CONSOLE_SECOND_FACTOR must be required in production');
  const addresses = ['PUBLIC_URL', 'WECHAT_OPEN_URL', 'WECHAT_API_URL', 'WECHAT_PAY_URL', 'WECHAT_JS_URL'] as const;
  for (const name of [...addresses, 'CODE_HOST_URL', 'WECHAT_NOTIFY_URL', 'SMS_GATEWAY_URL'] as const) {
    const value = env[name];
    if (!value) continue;
    const url = new URL(value);
    if (url.protocol !== 'https:') faults.push(`${name} must be https in production`);
    if (/^(localhost|127\.|10\.|192\.168\.|\[::1\])/.test(url.hostname)) faults.push(`${name} is not a public host`);
  }
  const placeholder = /^(.)\1+$|^(0123|dead|change)/i;
  for (const name of ['billKey', 'cookieKey', 'drawKey', 'personalDataKey', 'blindIndexKey'] as const) {
    if (secrets && placeholder.test(secrets[name])) faults.push(`secret ${name} looks like a placeholder`);
  }
  return faults;
}

function readText(path: string, name: string, faults: string[]): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    faults.push(`${name}: cannot read ${path} (${(error as NodeJS.ErrnoException).code})`);
    return null;
  }
}

function readDocument<T>(path: string, schema: z.ZodType<T>, name: string, faults: string[]): T | undefined {
  const text = readText(path, name, faults);
  if (text === null) return undefined;
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch {
    faults.push(`${name}: ${path} is not JSON`);
    return undefined;
  }
  const parsed = schema.safeParse(document);
  if (parsed.success) return parsed.data;
  faults.push(...faultsOf(parsed.error).map((fault) => `${name}: ${fault}`));
  return undefined;
}

function faultsOf(error: z.ZodError): string[] {
  return error.issues.map((issue) => `${issue.path.join('.') || '(root)'}: ${issue.message}`);
}

/** An empty variable means "not set": compose files and CI write `NAME=` for that. */
function dropEmpty(environment: NodeJS.ProcessEnv): Record<string, string> {
  return Object.fromEntries(
    Object.entries(environment).filter((entry): entry is [string, string] => entry[1] !== undefined && entry[1] !== ''),
  );
}
