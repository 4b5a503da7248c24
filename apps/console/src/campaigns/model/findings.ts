import type { Schemas } from '../../api';

export type Finding = Schemas['FindingDto'];

const RANK = { error: 0, warning: 1, info: 2 } as const;

/** What was said of exactly this place of the document. */
export function findingsAt(findings: readonly Finding[], path: string): Finding[] {
  return findings.filter((finding) => finding.path === path).sort(worstFirst);
}

/** What was said of this place or of anything in it. `rules[1]` is not in `rules[10]`. */
export function findingsIn(findings: readonly Finding[], path: string): Finding[] {
  return findings.filter((finding) => isIn(finding.path, path)).sort(worstFirst);
}

export function isIn(path: string, outer: string): boolean {
  if (path === outer) return true;
  return path.startsWith(outer) && (path[outer.length] === '.' || path[outer.length] === '[');
}

export function worstFirst(a: Finding, b: Finding): number {
  return RANK[a.severity] - RANK[b.severity];
}

export function countOf(findings: readonly Finding[], severity: Finding['severity']): number {
  return findings.filter((finding) => finding.severity === severity).length;
}

/**
 * The server speaks of types where an author has simply not chosen yet: such a finding says so. `document` is what was checked; paths are
 * as the server writes them, `rules[0].when.all[1].value`.
 */
export function inWords(findings: readonly Finding[], document: unknown): Finding[] {
  return findings.map((finding) => {
    const empty = finding.severity === 'error' && isEmpty(partAt(document, finding.path));
    return empty && TYPE_CODES.has(finding.code)
      ? { ...finding, message: `${named(finding.message)}这里还没有填`, source: '' }
      : finding;
  });
}

/** 「所在地」： of a sentence that begins with the name of its field. */
const named = (message: string): string => /^「[^」]*」：/.exec(message)?.[0] ?? '';
const TYPE_CODES = new Set(['wrong_type', 'empty', 'bad_option', 'missing', 'not_finite']);
const isEmpty = (value: unknown): boolean =>
  value === null || value === undefined || value === '' || (Array.isArray(value) && value.length === 0);

function partAt(document: unknown, path: string): unknown {
  const steps = path.match(/[^.[\]]+/g) ?? [];
  return steps.reduce<unknown>(
    (part, step) => (typeof part === 'object' && part !== null ? (part as Record<string, unknown>)[step] : undefined),
    document,
  );
}

/** Sections of the builder and the parts of the document that they show. Every finding belongs to exactly one. */
export const SECTIONS = [
  { key: 'basics', title: '基本信息', parts: ['name', 'lane', 'priority', 'scope', 'period', 'schema', ''] },
  { key: 'prizes', title: '奖品', parts: ['prizes'] },
  { key: 'rules', title: '规则与概率', parts: ['rules', 'alwaysWins', 'experiment'] },
  { key: 'limits', title: '预算与上限', parts: ['caps', 'budgetId', 'burst', 'payout'] },
  { key: 'claim', title: '领取条件', parts: ['gates'] },
  { key: 'look', title: '外观', parts: ['look', 'copy.invite', 'copy.win', 'copy.thanks', 'copy.notice'] },
  { key: 'words', title: '文案与公示', parts: ['copy', 'legal'] },
] as const;
export type SectionKey = (typeof SECTIONS)[number]['key'];

export function sectionOf(path: string): SectionKey {
  // From the top: a line of the copy that has a section of its own stands before the rest of the copy.
  return SECTIONS.find(({ parts }) => parts.some((part) => isIn(path, part)))?.key ?? 'basics';
}
