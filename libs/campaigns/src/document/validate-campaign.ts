import { createHash } from 'node:crypto';
import { validateCondition, type Condition, type ConditionProblem } from '@app/conditions';
import type { CampaignContent } from './campaign-content';
import { campaignSchema, shapeFindings } from './campaign-schema';
import { error, type Finding } from './finding';
import { lintCampaign } from './lint-campaign';
import { plainDocumentProblem } from './plain-document';
import { HOUSE } from './sources';
import { SCAN_FIELDS } from '../scan-fields';

export type CampaignCheck =
  | { readonly ok: true; readonly content: CampaignContent; readonly findings: readonly Finding[] }
  | { readonly ok: false; readonly findings: readonly Finding[] };

/**
 * Admits an untrusted document as a campaign: first that it is plain data of bearable size, then its shape, then its conditions against
 * the field registry, then what it means as a whole. `ok` carries a fresh copy and the warnings; otherwise at least one finding is an error.
 */
export function validateCampaign(input: unknown): CampaignCheck {
  const odd = plainDocumentProblem(input);
  if (odd) return { ok: false, findings: [error(odd.path, odd.code, odd.message, HOUSE.format)] };
  const shape = campaignSchema.safeParse(input);
  if (!shape.success) return { ok: false, findings: [...shapeFindings(shape.error), ...conditionFindings(input)] };

  const checks = shape.data.rules.map((rule, index) =>
    validateCondition(rule.when, SCAN_FIELDS, `rules[${index}].when`),
  );
  const conditions: Condition[] = [];
  const findings: Finding[] = [];
  for (const check of checks) {
    if (check.ok) conditions.push(check.condition);
    else findings.push(...problemFindings(check.problems));
  }
  const content: CampaignContent = {
    ...shape.data,
    rules: shape.data.rules.map((rule, index) => ({ ...rule, when: conditions[index] ?? NOBODY })),
  };
  findings.push(...lintCampaign(content));
  const ok = findings.every(({ severity }) => severity !== 'error');
  return ok ? { ok, content, findings } : { ok, findings };
}

/** Stands for a faulty condition while the rest is linted; a document that needs it is never admitted. */
const NOBODY: Condition = { not: { all: [] } };

/** When the shape is wrong somewhere else, the author still hears about faulty conditions in the same go. */
function conditionFindings(input: unknown): Finding[] {
  const rules: unknown = typeof input === 'object' && input !== null && 'rules' in input ? input.rules : null;
  if (!Array.isArray(rules)) return [];
  return rules.slice(0, 50).flatMap((rule: unknown, index): Finding[] => {
    if (typeof rule !== 'object' || rule === null || !('when' in rule)) return [];
    const check = validateCondition(rule.when, SCAN_FIELDS, `rules[${index}].when`);
    return check.ok ? [] : problemFindings(check.problems);
  });
}

function problemFindings(problems: readonly ConditionProblem[]): Finding[] {
  return problems.map(({ path, code, message }) => error(path, code, message, HOUSE.conditions));
}

/** SHA-256 over the document with its keys in order: what an approval and a decision are bound to. 64 hex characters. */
export function hashCampaign(content: CampaignContent): string {
  return createHash('sha256').update(canonical(content)).digest('hex');
}

function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const entries = Object.entries(value)
    .filter(([, item]) => item !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([key, item]) => `${JSON.stringify(key)}:${canonical(item)}`).join(',')}}`;
}
