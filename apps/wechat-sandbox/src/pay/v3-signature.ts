import { createCipheriv, privateDecrypt, randomBytes, sign, verify, constants, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';

const signLater = promisify(
  (data: Buffer, key: KeyObject, done: (error: Error | null, signature?: Buffer) => void): void =>
    sign('sha256', data, key, done),
);

export interface Authorization {
  mchid: string;
  nonce_str: string;
  signature: string;
  timestamp: string;
  serial_no: string;
}

const NAMES = ['mchid', 'nonce_str', 'signature', 'timestamp', 'serial_no'] as const;
const SCHEME = 'WECHATPAY2-SHA256-RSA2048';

/** The five parameters of the Authorization header in whatever order they come, or the name of what is missing. */
export function parseAuthorization(header: string | undefined): Authorization | { missing: string } {
  if (header === undefined || header === '') return { missing: 'Authorization' };
  const space = header.indexOf(' ');
  if (header.slice(0, space) !== SCHEME) return { missing: SCHEME };
  const found = new Map<string, string>();
  for (const [, name = '', value = ''] of header.slice(space + 1).matchAll(/([a-z_]+)="([^"]*)"/g))
    found.set(name, value);
  const missing = NAMES.find((name) => !found.get(name));
  if (missing !== undefined) return { missing };
  return Object.fromEntries(NAMES.map((name) => [name, found.get(name)])) as unknown as Authorization;
}

export function requestMessage(method: string, url: string, timestamp: string, nonce: string, body: string): string {
  return `${method}\n${url}\n${timestamp}\n${nonce}\n${body}\n`;
}

export function responseMessage(timestamp: string, nonce: string, body: string): string {
  return `${timestamp}\n${nonce}\n${body}\n`;
}

export function verifies(message: string, signature: string, key: KeyObject): boolean {
  return verify('sha256', Buffer.from(message, 'utf8'), key, Buffer.from(signature, 'base64'));
}

/** RSA-SHA256 in base64, made off the main thread. */
export async function signature(message: string, key: KeyObject): Promise<string> {
  const bytes = await signLater(Buffer.from(message, 'utf8'), key);
  if (bytes === undefined) throw new Error('signing gave nothing');
  return bytes.toString('base64');
}

export interface SealedResource {
  original_type: string;
  algorithm: 'AEAD_AES_256_GCM';
  ciphertext: string;
  associated_data: string;
  nonce: string;
}

/** AES-256-GCM: base64 of ciphertext followed by the 16-byte tag. `nonce` is 12 bytes of text. */
export function encrypt(plain: string, apiV3Key: string, nonce: string, associatedData: string): string {
  const cipher = createCipheriv('aes-256-gcm', Buffer.from(apiV3Key, 'utf8'), Buffer.from(nonce, 'utf8'));
  cipher.setAAD(Buffer.from(associatedData, 'utf8'));
  return Buffer.concat([cipher.update(plain, 'utf8'), cipher.final(), cipher.getAuthTag()]).toString('base64');
}

export function sealResource(document: object, apiV3Key: string, originalType: string): SealedResource {
  const nonce = randomBytes(6).toString('hex');
  return {
    original_type: originalType,
    algorithm: 'AEAD_AES_256_GCM',
    ciphertext: encrypt(JSON.stringify(document), apiV3Key, nonce, originalType),
    associated_data: originalType,
    nonce,
  };
}

/** A sensitive field (RSA-OAEP with SHA-1, base64), or undefined when it was not encrypted for `key`. */
export function decryptField(ciphertext: string, key: KeyObject): string | undefined {
  try {
    const buffer = Buffer.from(ciphertext, 'base64');
    return privateDecrypt({ key, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha1' }, buffer).toString(
      'utf8',
    );
  } catch {
    return undefined;
  }
}
