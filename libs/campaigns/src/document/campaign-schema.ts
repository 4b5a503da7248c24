import { z } from 'zod';
import { CAP_WINDOWS, GATES, LANES, ODDS_TOTAL, THEMES } from './campaign-content';
import { error, type Finding } from './finding';
import { HOUSE } from './sources';

/** Codes of a batch: 22 bits of batch, 30 of serial, 4 of layer (see the text of a code). */
const MAX_BATCH = 2 ** 22 - 1;
const MAX_SERIAL = 2 ** 30;
const MAX_LAYER = 15;
/** Ten thousand million yuan: no cap or value of a campaign needs more, and sums stay exact. */
const MAX_FEN = 1_000_000_000_000;

const text = (max: number) => z.string().trim().min(1).max(max);
const key = z.string().regex(/^[a-z0-9][a-z0-9_-]{0,31}$/);
const whole = z.number().int();
const id = whole.min(1);
const ids = z.array(id).max(500);
const fen = whole.max(MAX_FEN);
const adcode = whole.min(110_000).max(999_999);
const days = whole.min(1).max(1_095);
const wallTime = z.string().regex(/^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])T([01]\d|2[0-3]):[0-5]\d$/);

const amount = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('fixed'), fen }),
  z.strictObject({ type: z.literal('uniform'), minFen: fen, maxFen: fen, stepFen: whole.min(1).optional() }),
  z.strictObject({
    type: z.literal('ladder'),
    steps: z
      .array(z.strictObject({ fromNth: whole.min(1).max(1_000_000), fen }))
      .min(1)
      .max(50),
  }),
]);

const prizeBase = { key, name: text(40) };
const stock = whole.nullable();
const valueFen = fen.min(0);
const prize = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('cash'), ...prizeBase, amount, stock }),
  z.strictObject({ kind: z.literal('locked'), ...prizeBase, amount, opensWithinDays: days, stock }),
  z.strictObject({
    kind: z.literal('coupon'),
    ...prizeBase,
    coupon: z.discriminatedUnion('type', [
      z.strictObject({ type: z.literal('pool'), poolId: id }),
      z.strictObject({ type: z.literal('generated') }),
    ]),
    valueFen,
    validDays: days,
    stock,
  }),
  z.strictObject({ kind: z.literal('goods'), ...prizeBase, valueFen, stock }),
  z.strictObject({
    kind: z.literal('redeem'),
    ...prizeBase,
    productId: id,
    valueFen,
    coPayFen: fen.min(0),
    validDays: days,
    stock,
  }),
  z.strictObject({ kind: z.literal('nothing'), ...prizeBase }),
]);

const table = z.discriminatedUnion('mode', [
  z.strictObject({
    mode: z.literal('drawn'),
    prizes: z
      .array(z.strictObject({ key, odds: whole.min(1).max(ODDS_TOTAL) }))
      .min(1)
      .max(50),
    fallbackPrizeKey: key.nullable(),
  }),
  z.strictObject({
    mode: z.literal('dealt'),
    segment: z.strictObject({
      batch: whole.min(0).max(MAX_BATCH),
      layer: whole.min(0).max(MAX_LAYER),
      from: whole.min(0).max(MAX_SERIAL),
      to: whole.min(1).max(MAX_SERIAL),
    }),
    prizes: z
      .array(z.strictObject({ key, count: whole.min(1).max(MAX_SERIAL) }))
      .min(1)
      .max(50),
  }),
]);

const rule = z.strictObject({
  key,
  name: text(60),
  /** Checked apart, against the field registry. */
  when: z.unknown(),
  then: table,
  minTrust: z.enum(['agreed', 'ip', 'claimed']).optional(),
});

const cap = z.strictObject({
  per: z.enum(['member', 'code', 'region', 'store', 'campaign']),
  window: z.enum(CAP_WINDOWS),
  count: whole.min(1).max(1_000_000_000).nullable(),
  fen: fen.min(1).nullable(),
  level: z.enum(['province', 'city']).optional(),
  adcode: adcode.optional(),
});

const experiment = z.strictObject({
  key,
  name: text(60),
  arms: z
    .array(z.strictObject({ key, name: text(60), weight: whole.min(1).max(ODDS_TOTAL) }))
    .min(2)
    .max(10),
  returnDays: whole.min(1).max(365),
});

const burst = z.strictObject({
  fence: z.array(adcode).min(1).max(100),
  maxHours: whole.min(1).max(720),
  maxCount: whole.min(1).max(1_000_000_000),
  maxFen: fen.min(1),
});

const payout = z.discriminatedUnion('mode', [
  z.strictObject({ mode: z.literal('instant') }),
  z.strictObject({ mode: z.literal('pooled'), untilFen: fen.min(1) }),
]);

/** One line: a text that was pasted with its line breaks would push the prize off the screen. */
const line = (max: number) =>
  text(max)
    .regex(/^[^\p{Cc}\u2028\u2029]*$/u)
    .optional();
const copy = z.strictObject({
  ...{ title: text(60), ruleText: text(5000) },
  ...{ invite: line(12), win: line(10), thanks: line(40), notice: line(40) },
});

const picture = z.string().regex(/^[0-9a-f]{64}$/);
const look = z.strictObject({
  theme: z.enum(THEMES),
  accent: z
    .string()
    .regex(/^#[0-9A-Fa-f]{6}$/)
    .nullable(),
  hero: picture.nullable(),
  logo: picture.nullable(),
});

/** The shape of a campaign document; what the values mean together is the linter's business. */
export const campaignSchema = z.strictObject({
  schema: z.literal(1),
  name: text(60),
  lane: z.enum(LANES),
  priority: whole.min(0).max(999),
  scope: z.strictObject({ products: ids, batches: ids }),
  period: z.strictObject({ zone: z.literal('Asia/Shanghai'), from: wallTime, to: wallTime }),
  rules: z.array(rule).min(1).max(50),
  prizes: z.array(prize).min(1).max(50),
  caps: z.array(cap).max(50),
  budgetId: id.nullable(),
  gates: z.array(z.strictObject({ kind: z.enum(GATES) })).max(5),
  alwaysWins: z.boolean(),
  experiment: experiment.nullable(),
  burst: burst.nullable(),
  payout,
  copy,
  look: look.optional(),
  legal: z.strictObject({
    organiser: text(100),
    disclosure: text(5000),
    contact: text(100),
    announcedArea: z.array(adcode).max(500),
    claimWay: text(500),
    claimUntil: wallTime,
  }),
});
export type CampaignShape = z.infer<typeof campaignSchema>;

const SHAPE_MESSAGES: Record<string, readonly [code: string, message: string]> = {
  invalid_type: ['wrong_type', '这里的类型不对'],
  unrecognized_keys: ['unknown_key', '有不认识的内容'],
  too_small: ['out_of_range', '这里太少、太小或没有填'],
  too_big: ['out_of_range', '这里太多、太大或太长'],
  invalid_format: ['bad_format', '这里的格式不对'],
  invalid_value: ['bad_option', '不在可选的值里'],
  invalid_union: ['bad_option', '不在可选的种类里'],
};

/** What the schema found wrong, in the linter's words. */
export function shapeFindings(failure: z.ZodError): Finding[] {
  return failure.issues.slice(0, 50).map((issue) => {
    const path = pathText(issue.path);
    if (issue.code === 'unrecognized_keys') {
      return error(path, 'unknown_key', `不认识「${issue.keys.join('、').slice(0, 80)}」`, HOUSE.format);
    }
    const missing = issue.code === 'invalid_type' && issue.message.includes('undefined');
    const [code, message] = missing
      ? ['missing', '这里没有填']
      : (SHAPE_MESSAGES[issue.code] ?? ['invalid', '内容不对']);
    return error(path, code, message + boundOf(issue), HOUSE.format);
  });
}

/** `，最多 50` where the schema has a bound. */
function boundOf(issue: z.core.$ZodIssue): string {
  const unit = 'origin' in issue && issue.origin === 'string' ? ' 个字' : '';
  if (issue.code === 'too_big') return `，最多 ${String(issue.maximum)}${unit}`;
  if (issue.code === 'too_small') return `，最少 ${String(issue.minimum)}${unit}`;
  return '';
}

/** `['rules', 2, 'then']` → `rules[2].then` */
function pathText(path: readonly PropertyKey[]): string {
  return path.reduce<string>((text, part) => {
    if (typeof part === 'number') return `${text}[${part}]`;
    return text === '' ? String(part) : `${text}.${String(part)}`;
  }, '');
}
