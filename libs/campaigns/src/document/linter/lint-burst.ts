import type { CampaignContent } from '../campaign-content';
import { contains } from '../condition-shape';
import { error, warning, type Finding } from '../finding';
import { periodOf } from '../period';
import { isMoney, worthFen } from '../prize-worth';
import { HOUSE } from '../sources';

const HOUR_MS = 3_600_000;

/** A burst is a plan with a fence, limits and an end; the plan and the lane belong together. */
export function lintBurst(content: CampaignContent): Finding[] {
  const { lane, burst, prizes, period } = content;
  if (burst === null) {
    if (lane !== 'burst') return [];
    return [error('burst', 'burst_missing', '区域加码要有预案：范围、时长、份数和金额上限', HOUSE.burst)];
  }
  const findings: Finding[] = [];
  if (lane !== 'burst')
    findings.push(error('burst', 'burst_outside_lane', '只有「区域加码」档才能带预案', HOUSE.burst));
  burst.fence.forEach((code, index) => {
    if (!burst.fence.some((other, at) => at !== index && contains(other, code) && (other !== code || at < index)))
      return;
    findings.push(warning(`burst.fence[${index}]`, 'fence_repeated', '这个地区已经包含在另一个里面', HOUSE.burst));
  });
  const dearest = prizes.find((prize) => isMoney(prize) && worthFen(prize) > burst.maxFen);
  if (dearest) {
    const message = `「${dearest.name}」一份就超过预案的总金额，永远发不出去`;
    findings.push(error('burst.maxFen', 'cap_below_prize', message, HOUSE.burst));
  }
  const { from, to } = periodOf(period);
  if (from && to && burst.maxHours * HOUR_MS > to.getTime() - from.getTime()) {
    const message = '预案的最长时间比活动的整个时段还长，会提前结束';
    findings.push(warning('burst.maxHours', 'burst_longer_than_period', message, HOUSE.burst));
  }
  return findings;
}
