import { z } from 'zod';

/** Ways of paying, named after WeChat's products. `transfer_authorized_v3` needs an agreement of the person and is never a default. */
export const PAYOUT_CHANNEL_NAMES = ['transfer_confirm_v3', 'transfer_authorized_v3', 'redpack_v2'] as const;
export type PayoutChannelName = (typeof PAYOUT_CHANNEL_NAMES)[number];

const port = z.coerce.number().int().min(0).max(65535);
const origin = z.url({ protocol: /^https?$/ }).transform((url) => url.replace(/\/+$/, ''));

/** `id:field,field,field`: a message template of the account, and its fields for what, how much and until when. */
const messageTemplate = z
  .string()
  .regex(/^[\w-]{8,64}:\w{1,20},\w{1,20},\w{1,20}$/)
  .transform((text) => {
    const [id, fields] = text.split(':') as [string, string];
    const [what, amount, until] = fields.split(',') as [string, string, string];
    return { id, fields: { what, amount, until } };
  });
export type MessageTemplate = z.infer<typeof messageTemplate>;

/** One schema for the environment of every process of ours. Order and descriptions make `.env.example`. */
export const envSchema = z.object({
  YIMA_PROFILE: z
    .enum(['local', 'rehearsal', 'production'])
    .default('production')
    .describe('local and rehearsal relax the https and public-host checks; production refuses them'),
  BRAND_NAME: z.string().min(1).max(32).default('一码').describe('whose products these are, as consumers read it'),
  YIMA_DATA_DIR: z
    .string()
    .default('.data')
    .describe(
      'folder of MP_verify_*.txt files that WeChat asks for, and of the marker by which a worker notices a database that was set back',
    ),
  SECRETS_FILE: z
    .string()
    .min(1)
    .describe('secrets.json, written by the first start; losing codeKeys kills printed codes'),
  DATABASE_URL: z.url({ protocol: /^mysql$/ }).describe('MariaDB as the app user (grants per table)'),
  DATABASE_POOL: z.coerce.number().int().min(1).max(200).default(10).describe('connections of one process'),
  REDIS_URL: z.url({ protocol: /^rediss?$/ }).describe('Redis: a doorbell, may be emptied at any moment'),
  PUBLIC_URL: origin.describe('where phones reach H5 and API'),
  CODE_HOST_URL: origin.optional().describe('origin printed in QR codes; PUBLIC_URL when empty'),
  API_HOST: z.string().default('0.0.0.0'),
  API_PORT: port.default(8080),
  API_INTERNAL_PORT: port.default(9101).describe('metrics and health of the api, never public'),
  WORKER_INTERNAL_PORT: port.default(9102),
  TRUSTED_PROXIES: z.string().default('').describe('IPs or CIDRs, comma separated, whose X-Forwarded-For counts'),
  H5_DIR: z.string().default('apps/h5/dist'),
  CONSOLE_DIR: z.string().default('apps/console/dist'),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'silent']).default('info'),
  WECHAT_OPEN_URL: origin.default('https://open.weixin.qq.com'),
  WECHAT_API_URL: origin.default('https://api.weixin.qq.com'),
  WECHAT_PAY_URL: origin.default('https://api.mch.weixin.qq.com'),
  WECHAT_JS_URL: z.url().default('https://res.wx.qq.com/open/js/jweixin-1.6.0.js'),
  WECHAT_CA_FILE: z.string().optional().describe('extra CA for WECHAT_PAY_URL'),
  WECHAT_NOTIFY_URL: origin.optional().describe('origin that WeChat calls back; PUBLIC_URL when empty'),
  PAYOUT_CHANNEL: z
    .enum(['transfer_confirm_v3', 'redpack_v2'])
    .default('transfer_confirm_v3')
    .describe('channel of new payouts; a payout keeps the one it was born with'),
  PAYOUT_AUTHORISED: z
    .enum(['on', 'off'])
    .optional()
    .describe('people may agree once to be paid silently (transfer_authorized_v3); off in production when empty'),
  SMS_GATEWAY_URL: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe('takes POST {messageId, to, text}; phones cannot be bound when empty'),
  WECHAT_REMINDER_TEMPLATE: messageTemplate
    .optional()
    .describe(
      '模板消息 for followers whose money waits: `id:what,amount,until`, the last three as the template names them',
    ),
  WECHAT_REMINDER_SUBSCRIPTION: messageTemplate
    .optional()
    .describe('订阅通知 for those who agreed to one, written like WECHAT_REMINDER_TEMPLATE'),
  CONSOLE_SECOND_FACTOR: z
    .enum(['required', 'optional'])
    .optional()
    .describe('codes from a phone for owner, approver and finance; required in production, which refuses optional'),
  TOUR_CONTROL_URL: origin
    .optional()
    .describe('set by the launcher of one machine for the guided tour at /tour; production refuses it'),
  TOUR_CONTROL_TOKEN: z.string().optional(),
  WAITS_FILE: z.string().optional().describe('JSON that overrides single waits of the profile'),
});
export type Env = z.infer<typeof envSchema>;
