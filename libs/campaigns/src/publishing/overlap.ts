import { leavesOf } from '@app/conditions';
import type { CampaignContent } from '../document/campaign-content';
import type { CompiledVersion } from '../decision';
import type { Finding } from '../document/finding';

/**
 * Two campaigns that could decide the same scan and that nothing but their age puts in order: same lane, priority and fineness of place,
 * with products, batches, time and (when both are regional) a region in common. An error: the author must say which comes first.
 */
export function overlapFindings(version: CompiledVersion, others: readonly CompiledVersion[]): Finding[] {
  return others
    .filter((other) => other.campaignId !== version.campaignId && overlaps(version, other))
    .map((other) => ({
      path: 'priority',
      code: 'overlap',
      severity: 'error',
      message: `与活动「${other.content.name}」分不出先后：档次和优先级相同，范围和时间有重叠。请改一下优先级`,
    }));
}

function overlaps(a: CompiledVersion, b: CompiledVersion): boolean {
  if (a.lane !== b.lane || a.priority !== b.priority || a.specificity !== b.specificity) return false;
  if (a.from >= b.to || b.from >= a.to) return false;
  const common = (x: readonly number[], y: readonly number[]): boolean =>
    x.length === 0 || y.length === 0 || x.some((id) => y.includes(id));
  if (!common(a.content.scope.products, b.content.scope.products)) return false;
  if (!common(a.content.scope.batches, b.content.scope.batches)) return false;
  return a.specificity === 0 || common(regionsOf(a.content), regionsOf(b.content));
}

function regionsOf({ rules }: CampaignContent): number[] {
  return rules.flatMap(({ when }) =>
    leavesOf(when).flatMap(({ leaf }) => (leaf.field === 'region' ? [leaf.value].flat().map(Number) : [])),
  );
}
