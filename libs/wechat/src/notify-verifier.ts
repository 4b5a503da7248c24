import { createDecipheriv, createPublicKey, verify, type KeyObject } from 'node:crypto';
import { z } from 'zod';
import type { Config } from '@app/config';
import { systemClock, type Clock } from '@app/kernel';
import { endOf, isOver } from './key-dates';

/** Header names in lower case, as Node gives them. */
export type NotifyHeaders = Readonly<Record<string, string | string[] | undefined>>;

export type NotifyRefusal =
  | 'probe'
  | 'headers_missing'
  | 'clock'
  | 'unknown_key'
  | 'expired_key'
  | 'bad_signature'
  | 'malformed'
  | 'undecryptable';

export type NotifyVerdict =
  | {
      readonly kind: 'genuine';
      readonly id: string;
      readonly eventType: string;
      /** The merchant whose APIv3 key opened the resource. */
      readonly mchId: string;
      readonly resource: Readonly<Record<string, unknown>>;
    }
  /** `probe`: WeChat's own test with a wrong signature; answer 4xx, raise no alarm. */
  | { readonly kind: 'refused'; readonly reason: NotifyRefusal };

const SKEW_SECONDS = 300;
const PROBE = 'WECHATPAY/SIGNTEST/';
const TAG_BYTES = 16;

const envelopeSchema = z.object({
  id: z.string().max(64),
  event_type: z.string().max(64),
  resource: z.object({
    algorithm: z.literal('AEAD_AES_256_GCM'),
    ciphertext: z.string().max(16_384),
    nonce: z.string().max(32),
    associated_data: z.string().max(64).optional(),
  }),
});

export interface NotifyKeys {
  /** Serial or PUB_KEY_ID → PEM. Two entries while a key is being changed. */
  readonly platform: ReadonlyMap<string, string>;
  /** mchId → APIv3 key. */
  readonly merchants: ReadonlyMap<string, string>;
}

/** Verifies and opens what claims to be a callback of WeChat Pay v3. Pure but for the clock. */
export class NotifyVerifier {
  private readonly platform: ReadonlyMap<string, { readonly key: KeyObject; readonly until: Date | null }>;

  constructor(
    private readonly keys: NotifyKeys,
    private readonly clock: Clock = systemClock,
  ) {
    this.platform = new Map(
      [...keys.platform].map(([serial, pem]) => [serial, { key: createPublicKey(pem), until: endOf(pem) }]),
    );
  }

  static fromConfig({ wechat }: Pick<Config, 'wechat'>): NotifyVerifier {
    return new NotifyVerifier({
      platform: new Map(
        [wechat.platform, ...wechat.platform.others].map(({ publicKeyId, publicKey }) => [publicKeyId, publicKey]),
      ),
      merchants: new Map(wechat.merchants.map((merchant) => [merchant.mchId, merchant.apiV3Key])),
    });
  }

  /** Signature over the raw bytes first, then decryption. `rawBody` must be what came over the wire, not re-serialised. */
  verifyNotify(headers: NotifyHeaders, rawBody: Buffer): NotifyVerdict {
    const refused = (reason: NotifyRefusal): NotifyVerdict => ({ kind: 'refused', reason });
    const [serial, timestamp, nonce, signature] = ['serial', 'timestamp', 'nonce', 'signature'].map((name) =>
      single(headers[`wechatpay-${name}`]),
    );
    if (!serial || !timestamp || !nonce || !signature) return refused('headers_missing');
    if (signature.startsWith(PROBE)) return refused('probe');
    const skew = Math.abs(this.clock.now().getTime() / 1000 - Number(timestamp));
    if (!/^\d{1,12}$/.test(timestamp) || skew >= SKEW_SECONDS) return refused('clock');
    const known = this.platform.get(serial);
    if (!known) return refused('unknown_key');
    if (isOver(known.until, this.clock.now())) return refused('expired_key');
    const message = Buffer.concat([Buffer.from(`${timestamp}\n${nonce}\n`), rawBody, Buffer.from('\n')]);
    if (!verify('RSA-SHA256', message, known.key, Buffer.from(signature, 'base64'))) return refused('bad_signature');
    return this.openEnvelope(rawBody) ?? refused('malformed');
  }

  private openEnvelope(rawBody: Buffer): NotifyVerdict | null {
    const envelope = envelopeSchema.safeParse(parseJson(rawBody.toString('utf8')));
    if (!envelope.success) return null;
    const { id, event_type: eventType, resource } = envelope.data;
    for (const [mchId, apiV3Key] of this.keys.merchants) {
      const text = decrypt(apiV3Key, resource);
      if (text === null) continue;
      const opened = parseJson(text);
      if (typeof opened !== 'object' || opened === null || Array.isArray(opened)) return null;
      return { kind: 'genuine', id, eventType, mchId, resource: opened as Record<string, unknown> };
    }
    return { kind: 'refused', reason: 'undecryptable' };
  }
}

function single(value: string | string[] | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** AEAD_AES_256_GCM of WeChat Pay v3: base64 of data ‖ tag. Null when this key does not open it. */
export function decrypt(
  apiV3Key: string,
  sealed: { ciphertext: string; nonce: string; associated_data?: string | undefined },
): string | null {
  const bytes = Buffer.from(sealed.ciphertext, 'base64');
  if (bytes.length < TAG_BYTES) return null;
  try {
    const decipher = createDecipheriv('aes-256-gcm', Buffer.from(apiV3Key), Buffer.from(sealed.nonce), {
      authTagLength: TAG_BYTES,
    });
    decipher.setAAD(Buffer.from(sealed.associated_data ?? ''));
    decipher.setAuthTag(bytes.subarray(bytes.length - TAG_BYTES));
    return decipher.update(bytes.subarray(0, -TAG_BYTES), undefined, 'utf8') + decipher.final('utf8');
  } catch {
    return null;
  }
}
