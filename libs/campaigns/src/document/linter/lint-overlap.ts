import { leavesOf } from '@app/conditions';
import type { CompiledVersion } from '../../decision';
import type { CampaignContent } from '../campaign-content';
import { contains } from '../condition-shape';
import { error, type Finding } from '../finding';
import { HOUSE } from '../sources';

/**
 * Two campaigns that could decide the same scan and that nothing but their age puts in order: same lane, priority and fineness of place,
 * with products, batches, time and (when both are regional) a region in common. An error: the author must say which comes first.
 */
export function overlapFindings(version: CompiledVersion, others: readonly CompiledVersion[]): Finding[] {
  return others
    .filter((other) => other.campaignId !== version.campaignId && overlaps(version, other))
    .map(({ content }) => {
      const message = `与活动「${content.name}」分不出先后：档次和优先级相同，范围和时间有重叠。请改一下优先级`;
      return error('priority', 'overlap', message, HOUSE.order);
    });
}

function overlaps(a: CompiledVersion, b: CompiledVersion): boolean {
  if (a.lane !== b.lane || a.priority !== b.priority || a.specificity !== b.specificity) return false;
  if (a.from >= b.to || b.from >= a.to) return false;
  const common = (x: readonly number[], y: readonly number[]): boolean =>
    x.length === 0 || y.length === 0 || x.some((id) => y.includes(id));
  if (!common(a.content.scope.products, b.content.scope.products)) return false;
  if (!common(a.content.scope.batches, b.content.scope.batches)) return false;
  return a.specificity === 0 || regionsMeet(regionsOf(a.content), regionsOf(b.content));
}

function regionsMeet(a: readonly number[], b: readonly number[]): boolean {
  return a.some((one) => b.some((other) => contains(one, other) || contains(other, one)));
}

/** A burst is about its fence; anything else about the places its rules name. */
function regionsOf({ rules, burst }: CampaignContent): readonly number[] {
  if (burst) return burst.fence;
  return rules.flatMap(({ when }) =>
    leavesOf(when).flatMap(({ leaf }) => (leaf.field === 'region' ? [leaf.value].flat().map(Number) : [])),
  );
}
