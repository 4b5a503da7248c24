import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { CONSOLE_DIR, H5_DIR } from './places.mjs';

/** Names of the ports of one system. `api` is the one people see. */
export const PORT_NAMES = [
  'api',
  'apiInternal',
  'workerInternal',
  'sandboxOpen',
  'sandboxApi',
  'sandboxPay',
  'sandboxJs',
  'sandboxAdmin',
  'mariadb',
  'redis',
];

/** What an operator may set for the processes by simply setting it for the launcher. */
const OPERATOR_KEYS = [
  'LOG_LEVEL',
  'PAYOUT_CHANNEL',
  'DATABASE_POOL',
  'WAITS_FILE',
  'SANDBOX_FAST',
  'SANDBOX_SEED',
  'SANDBOX_TRANSFERS_PER_SECOND',
  'SANDBOX_REDPACKS_PER_SECOND',
];

/** Only where phones come; a rehearsal knows its own. */
const LAN_OPERATOR_KEYS = ['CODE_HOST_URL', 'TRUSTED_PROXIES'];

/** Only belongs to the command that starts us. */
const NOT_INHERITED =
  /^(npm_|NODE_OPTIONS$|NODE_ENV$|JEST_|FORCE_COLOR$|INIT_CWD$|SANDBOX_|WECHAT_|SMS_|DATABASE_URL$|REDIS_URL$)/;

const PRIVATE_NETWORKS = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16'];

/** This machine's address in the local network, for a phone beside it; null when there is none. */
export function lanAddress(interfaces = networkInterfaces()) {
  const addresses = Object.entries(interfaces)
    .filter(([name]) => !/^(docker|br-|veth|virbr|utun|tun|tap|tailscale|zt|vmnet)/.test(name))
    .flatMap(([, list]) => list ?? [])
    .filter((entry) => (entry.family === 'IPv4' || entry.family === 4) && !entry.internal)
    .map((entry) => entry.address)
    .filter((address) => !address.startsWith('169.254.'));
  const isPrivate = (address) => /^(10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.)/.test(address);
  return addresses.find(isPrivate) ?? addresses[0] ?? null;
}

/**
 * The environment of all processes of one system (they read what concerns them).
 *
 * @param {{ profile: 'local'|'rehearsal', dataDir: string, secretsFile: string, caFile: string, ports: Record<string, number>, host: string,
 *   lan: boolean, publicUrl?: string, databaseUrl: string, migratorUrl: string, redisUrl: string, adminToken: string,
 *   base?: Record<string, string|undefined>, extra?: Record<string, string> }} system `lan`: phones may come
 * @returns {Record<string, string>}
 */
export function systemEnvironment(system) {
  const { profile, dataDir, ports, host, lan, base = process.env } = system;
  const at = (port, scheme = 'http', name = host) => `${scheme}://${name}:${port}`;
  const loopback = (port) => at(port, 'http', '127.0.0.1');
  const publicUrl = (system.publicUrl ?? at(ports.api)).replace(/\/$/, '');
  const bind = lan ? '0.0.0.0' : '127.0.0.1';
  const hosts = [
    ...new Set([new URL(publicUrl).host, `${host}:${ports.api}`, `127.0.0.1:${ports.api}`, `localhost:${ports.api}`]),
  ];
  const inherited = Object.entries(base).filter(([key]) => !NOT_INHERITED.test(key));
  const operator = [...OPERATOR_KEYS, ...(lan ? LAN_OPERATOR_KEYS : [])]
    .filter((key) => base[key])
    .map((key) => [key, base[key]]);
  return {
    ...Object.fromEntries(inherited),
    YIMA_PROFILE: profile,
    YIMA_DATA_DIR: dataDir,
    BRAND_NAME: '青禾',
    SECRETS_FILE: system.secretsFile,
    DATABASE_URL: system.databaseUrl,
    MIGRATOR_DATABASE_URL: system.migratorUrl,
    REDIS_URL: system.redisUrl,
    PUBLIC_URL: publicUrl,
    CODE_HOST_URL: publicUrl,
    LOG_LEVEL: 'info',
    H5_DIR,
    CONSOLE_DIR,
    // The JS stand-in plays the phone's mobile network by X-Forwarded-For; a phone beside us comes from the local network.
    TRUSTED_PROXIES: ['127.0.0.1', '::1', ...(lan ? [...PRIVATE_NETWORKS, host] : [])].join(','),
    API_HOST: bind,
    API_PORT: String(ports.api),
    API_INTERNAL_PORT: String(ports.apiInternal),
    WORKER_INTERNAL_PORT: String(ports.workerInternal),
    WECHAT_OPEN_URL: at(ports.sandboxOpen),
    WECHAT_API_URL: loopback(ports.sandboxApi),
    WECHAT_PAY_URL: at(ports.sandboxPay, 'https', '127.0.0.1'),
    WECHAT_JS_URL: `${at(ports.sandboxJs)}/open/js/jweixin-1.6.0.js`,
    WECHAT_CA_FILE: system.caFile,
    WECHAT_NOTIFY_URL: loopback(ports.api),
    SMS_GATEWAY_URL: `${loopback(ports.sandboxApi)}/sms/messages`,
    // The two message templates that the stand-in's account has.
    WECHAT_REMINDER_TEMPLATE: 'sandbox-notice-award-waiting-0001:thing1,amount2,time3',
    WECHAT_REMINDER_SUBSCRIPTION: 'sandbox-subscribe-award-waiting-0001:thing1,amount2,time3',
    SANDBOX_FAST: profile === 'rehearsal' ? '1' : '',
    SANDBOX_HOST: bind,
    SANDBOX_OPEN_PORT: String(ports.sandboxOpen),
    SANDBOX_API_PORT: String(ports.sandboxApi),
    SANDBOX_PAY_PORT: String(ports.sandboxPay),
    SANDBOX_JS_PORT: String(ports.sandboxJs),
    SANDBOX_ADMIN_PORT: String(ports.sandboxAdmin),
    SANDBOX_OPEN_URL: at(ports.sandboxOpen),
    SANDBOX_API_URL: loopback(ports.sandboxApi),
    SANDBOX_JS_ORIGIN: at(ports.sandboxJs),
    SANDBOX_ADMIN_URL: loopback(ports.sandboxAdmin),
    SANDBOX_ADMIN_TOKEN: system.adminToken,
    SANDBOX_STORE_DIR: join(dataDir, 'sandbox'),
    SANDBOX_OAUTH_DOMAINS: hosts.join(','),
    SANDBOX_JS_DOMAINS: hosts.join(','),
    ...Object.fromEntries(operator),
    ...system.extra,
  };
}
