import { z } from 'zod';
import { LANES, ODDS_TOTAL } from './campaign-content';
import type { Finding } from './finding';

const text = (max: number) => z.string().trim().min(1).max(max);
const key = z.string().regex(/^[a-z0-9][a-z0-9_-]{0,31}$/);
const whole = z.number().int();
const ids = z.array(whole.min(1)).max(500);
const wallTime = z.string().regex(/^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])T([01]\d|2[0-3]):[0-5]\d$/);

const amount = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('fixed'), fen: whole }),
  z.strictObject({ type: z.literal('uniform'), minFen: whole, maxFen: whole, stepFen: whole.min(1).optional() }),
]);

const prize = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('cash'), key, name: text(40), amount, stock: whole.nullable() }),
  z.strictObject({ kind: z.literal('nothing'), key, name: text(40) }),
]);

const rule = z.strictObject({
  key,
  name: text(60),
  /** Checked apart, against the field registry. */
  when: z.unknown(),
  then: z.strictObject({
    mode: z.literal('drawn'),
    prizes: z
      .array(z.strictObject({ key, odds: whole.min(1).max(ODDS_TOTAL) }))
      .min(1)
      .max(50),
    fallbackPrizeKey: key.nullable(),
  }),
  minTrust: z.enum(['agreed', 'ip', 'claimed']).optional(),
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
  caps: z.strictObject({
    memberPerDay: whole.min(1).max(10_000).nullable(),
    memberPerMonth: whole.min(1).max(100_000).nullable(),
  }),
  budgetId: whole.min(1).nullable(),
  gates: z.array(z.strictObject({ kind: z.literal('phone') })).max(5),
  copy: z.strictObject({ title: text(60), ruleText: text(5000) }),
  legal: z.strictObject({ organiser: text(100), disclosure: text(5000), contact: text(100) }),
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
export function shapeFindings(error: z.ZodError): Finding[] {
  return error.issues.slice(0, 50).map((issue) => {
    const path = pathText(issue.path);
    if (issue.code === 'unrecognized_keys') {
      const message = `不认识「${issue.keys.join('、').slice(0, 80)}」`;
      return { path, code: 'unknown_key', severity: 'error', message };
    }
    const missing = issue.code === 'invalid_type' && issue.message.includes('undefined');
    const [code, message] = missing
      ? ['missing', '这里没有填']
      : (SHAPE_MESSAGES[issue.code] ?? ['invalid', '内容不对']);
    return { path, code, severity: 'error', message };
  });
}

/** `['rules', 2, 'then']` → `rules[2].then` */
function pathText(path: readonly PropertyKey[]): string {
  return path.reduce<string>((text, part) => {
    if (typeof part === 'number') return `${text}[${part}]`;
    return text === '' ? String(part) : `${text}.${String(part)}`;
  }, '');
}
