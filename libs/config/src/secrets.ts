import { z } from 'zod';
import { PAYOUT_CHANNEL_NAMES } from './env';

const hexKey = z.string().regex(/^[0-9a-f]{64}$/, 'must be 64 lower-case hex characters');
const pem = (kind: string) => z.string().includes(`BEGIN ${kind}`);

const merchant = z.object({
  mchId: z.string().regex(/^\d{8,12}$/),
  apiV2Key: z.string().length(32),
  apiV3Key: z.string().length(32),
  serialNo: z.string().regex(/^[0-9A-F]{8,40}$/),
  privateKey: pem('PRIVATE KEY'),
  certificate: pem('CERTIFICATE'),
  /** As finance calls the account; its number when absent. */
  name: z.string().min(1).max(32).optional(),
  /** false: no new payouts. Those it has are still driven to their end, so its keys must stay. */
  enabled: z.boolean().default(true),
  /** Its share of new payouts, compared with the other enabled accounts. */
  weight: z.number().int().min(1).max(1000).default(1),
  /** What WeChat has opened for it; the first is the one of new payouts. PAYOUT_CHANNEL (and PAYOUT_AUTHORISED) when absent. */
  channels: z
    .array(z.enum(PAYOUT_CHANNEL_NAMES))
    .min(1)
    .refine(([first]) => first !== 'transfer_authorized_v3', 'transfer_authorized_v3 cannot be the first channel')
    .optional(),
  /** Fen that may be sent on one day in Shanghai; null = no ceiling of ours. */
  dailyCeilingFen: z.number().int().positive().nullable().default(null),
  /** Opened for red packets below 1 and above 200 yuan. */
  redpackScene: z
    .string()
    .regex(/^PRODUCT_[1-8]$/)
    .nullable()
    .default(null),
});

/** WeChat Pay's key: PUB_KEY_ID_… with a public key, or the serial of a platform certificate with the certificate. */
const platformKey = z.object({
  publicKeyId: z.string().regex(/^(PUB_KEY_ID_[0-9]+|[0-9A-F]{8,40})$/),
  publicKey: z.string().regex(/BEGIN (PUBLIC KEY|CERTIFICATE)/),
});

/** The part of the secrets file that our processes read; the sandbox's own part is left alone. */
export const secretsSchema = z.object({
  version: z.literal(1),
  codeKeys: z
    .record(z.string().regex(/^[0-9A-HJKMNP-TV-Z]$/, 'a key character is one Crockford character'), hexKey)
    .refine((keys) => Object.keys(keys).length > 0, 'at least one code key'),
  billKey: hexKey,
  cookieKey: hexKey,
  drawKey: hexKey,
  personalDataKey: hexKey,
  blindIndexKey: hexKey,
  /** Bearer token of SMS_GATEWAY_URL, when it wants one. */
  sms: z.object({ token: z.string().min(16) }).optional(),
  wechat: z.object({
    appId: z.string().regex(/^wx[0-9a-f]{16}$/),
    appSecret: z.string().min(16),
    merchants: z
      .array(merchant)
      .min(1)
      .refine((all) => new Set(all.map(({ mchId }) => mchId)).size === all.length, 'a merchant is listed twice')
      .refine((all) => all.some(({ enabled }) => enabled), 'at least one merchant must be enabled'),
    platform: platformKey.extend({
      /** Also accepted in replies and callbacks, never asked for: the other key while WeChat's key is being changed. */
      others: z.array(platformKey).max(4).default([]),
    }),
  }),
});
export type Secrets = z.infer<typeof secretsSchema>;
export type MerchantSecrets = Secrets['wechat']['merchants'][number];
