import { createPrivateKey, generateKeyPair, randomBytes, randomInt } from 'node:crypto';
import { chmodSync, existsSync, linkSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import { PlainError } from './stopping.mjs';

const MERCHANT_ID = '1900000109';
const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

const hex = (bytes) => randomBytes(bytes).toString('hex');
const text = (length) => Array.from({ length }, () => LETTERS[randomInt(LETTERS.length)]).join('');
const digits = (length) => Array.from({ length }, () => randomInt(10)).join('');

/** WeChat's certificate serials are 40 upper-case hex digits; the first keeps the number positive. */
const serial = () => `5${hex(20).slice(1)}`.toUpperCase();

const rsa = () =>
  promisify(generateKeyPair)('rsa', {
    modulusLength: 2048,
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  });

/**
 * Everything secret of one installation. The shape is what libs/config and the sandbox parse; keys are fresh randomness.
 * Slow (four RSA keys, about half a second).
 */
export async function makeSecrets() {
  const { default: forge } = await import('node-forge');
  const [caKeys, serverKeys, merchantKeys, platformKeys] = await Promise.all([rsa(), rsa(), rsa(), rsa()]);
  const authority = [{ name: 'commonName', value: 'Yima WeChat sandbox CA' }];
  const issue = (options) => makeCertificate(forge, { authority, signer: caKeys.privateKey, ...options });
  const merchantSerial = serial();
  return {
    version: 1,
    codeKeys: { A: hex(32) },
    billKey: hex(32),
    cookieKey: hex(32),
    drawKey: hex(32),
    personalDataKey: hex(32),
    blindIndexKey: hex(32),
    database: { rootPassword: '', migratorPassword: hex(16), appPassword: hex(16) },
    wechat: {
      appId: `wx${hex(8)}`,
      appSecret: hex(16),
      merchants: [
        {
          mchId: MERCHANT_ID,
          apiV2Key: text(32),
          apiV3Key: text(32),
          serialNo: merchantSerial,
          privateKey: merchantKeys.privateKey,
          certificate: issue({ publicKey: merchantKeys.publicKey, name: MERCHANT_ID, serialNumber: merchantSerial }),
        },
      ],
      platform: { publicKeyId: `PUB_KEY_ID_01${digits(30)}`, publicKey: platformKeys.publicKey },
    },
    sandbox: {
      ca: {
        certificate: issue({ publicKey: caKeys.publicKey, name: authority[0].value, isAuthority: true }),
        privateKey: caKeys.privateKey,
      },
      server: {
        certificate: issue({ publicKey: serverKeys.publicKey, name: 'localhost', isServer: true }),
        privateKey: serverKeys.privateKey,
      },
      platformPrivateKey: platformKeys.privateKey,
      adminToken: hex(16),
    },
  };
}

const LOCAL_NAMES = [
  { type: 2, value: 'localhost' },
  { type: 7, ip: '127.0.0.1' },
  { type: 7, ip: '::1' },
];

function makeCertificate(forge, options) {
  const {
    authority,
    signer,
    publicKey,
    name,
    serialNumber = serial(),
    isAuthority = false,
    isServer = false,
  } = options;
  const certificate = forge.pki.createCertificate();
  certificate.publicKey = forge.pki.publicKeyFromPem(publicKey);
  certificate.serialNumber = serialNumber.toLowerCase();
  certificate.validity.notBefore = new Date(Date.now() - 24 * 3_600_000);
  certificate.validity.notAfter = new Date(Date.now() + 10 * 365 * 24 * 3_600_000);
  certificate.setSubject([{ name: 'commonName', value: name }]);
  certificate.setIssuer(authority);
  certificate.setExtensions([
    { name: 'basicConstraints', critical: true, cA: isAuthority },
    isAuthority
      ? { name: 'keyUsage', critical: true, keyCertSign: true, cRLSign: true }
      : { name: 'keyUsage', critical: true, digitalSignature: true, keyEncipherment: true },
    ...(isAuthority ? [] : [{ name: 'extKeyUsage', serverAuth: isServer, clientAuth: !isServer }]),
    ...(isServer ? [{ name: 'subjectAltName', altNames: LOCAL_NAMES }] : []),
  ]);
  certificate.sign(forge.pki.privateKeyFromPem(signer), forge.md.sha256.create());
  return forge.pki.certificateToPem(certificate);
}

/**
 * Faults of a secrets document, as sentences; empty when it is whole.
 *
 * @returns {string[]}
 */
export function faultsOfSecrets(secrets) {
  const faults = [];
  const need = (holds, what) => holds || faults.push(what);
  const isHex = (value, length) => typeof value === 'string' && new RegExp(`^[0-9a-f]{${length}}$`).test(value);
  need(secrets?.version === 1, 'version must be 1');
  const codeKeys = Object.entries(secrets?.codeKeys ?? {});
  need(codeKeys.length > 0 && codeKeys.every(([, key]) => isHex(key, 64)), 'codeKeys must hold 64 hex digits each');
  for (const name of ['billKey', 'cookieKey', 'drawKey', 'personalDataKey', 'blindIndexKey']) {
    need(isHex(secrets?.[name], 64), `${name} must be 64 hex digits`);
  }
  for (const name of ['migratorPassword', 'appPassword']) {
    need(Boolean(secrets?.database?.[name]), `database.${name} is missing`);
  }
  need(Boolean(secrets?.wechat?.appId && secrets.wechat.appSecret), 'wechat.appId or appSecret is missing');
  const merchants = secrets?.wechat?.merchants ?? [];
  need(merchants.length > 0, 'wechat.merchants is empty');
  need(merchants.every(hasPrivateKey), 'a merchant has no readable privateKey');
  need(Boolean(secrets?.wechat?.platform?.publicKey), 'wechat.platform.publicKey is missing');
  need(Boolean(secrets?.sandbox?.adminToken), 'sandbox.adminToken is missing');
  return faults;
}

function hasPrivateKey(merchant) {
  try {
    return createPrivateKey(merchant.privateKey).asymmetricKeyType === 'rsa';
  } catch {
    return false;
  }
}

/**
 * The secrets of this installation: read, or made on the first start. An existing file is never written again, also when it is
 * broken: with another code key every printed code would be dead.
 *
 * @returns {Promise<{ secrets: object, made: boolean }>}
 */
export async function ensureSecrets(file) {
  if (existsSync(file)) return { secrets: readSecrets(file), made: false };
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const unfinished = `${file}.${process.pid}`;
  writeFileSync(unfinished, `${JSON.stringify(await makeSecrets(), null, 2)}\n`, { mode: 0o600, flag: 'wx' });
  try {
    linkSync(unfinished, file);
  } catch (error) {
    // Somebody else's first start was faster: theirs counts.
    if (error.code !== 'EEXIST') throw error;
    return { secrets: readSecrets(file), made: false };
  } finally {
    rmSync(unfinished, { force: true });
  }
  return { secrets: readSecrets(file), made: true };
}

function readSecrets(file) {
  const keep = `It is left as it is: the keys in it belong to codes that may be printed already. Bring back a copy of it, or move it away to begin a new installation.`;
  let secrets;
  try {
    secrets = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new PlainError(`${file} cannot be read (${error.message}). ${keep}`, { cause: error });
  }
  const faults = faultsOfSecrets(secrets);
  if (faults.length > 0) throw new PlainError(`${file} is not whole: ${faults.join('; ')}. ${keep}`);
  if ((statSync(file).mode & 0o077) !== 0) chmodSync(file, 0o600);
  return secrets;
}
