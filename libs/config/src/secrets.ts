import { z } from 'zod';

const hexKey = z.string().regex(/^[0-9a-f]{64}$/, 'must be 64 lower-case hex characters');
const pem = (kind: string) => z.string().includes(`BEGIN ${kind}`);

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
      .array(
        z.object({
          mchId: z.string().regex(/^\d{8,12}$/),
          apiV2Key: z.string().length(32),
          apiV3Key: z.string().length(32),
          serialNo: z.string().regex(/^[0-9A-F]{8,40}$/),
          privateKey: pem('PRIVATE KEY'),
          certificate: pem('CERTIFICATE'),
        }),
      )
      .min(1),
    platform: z.object({ publicKeyId: z.string().regex(/^PUB_KEY_ID_[0-9]+$/), publicKey: pem('PUBLIC KEY') }),
  }),
});
export type Secrets = z.infer<typeof secretsSchema>;
export type MerchantSecrets = Secrets['wechat']['merchants'][number];
