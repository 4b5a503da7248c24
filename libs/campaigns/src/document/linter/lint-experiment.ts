import { ODDS_TOTAL, type CampaignContent } from '../campaign-content';
import { leavesOver } from '../condition-shape';
import { percent } from '../comparison/compare-rules';
import { error, warning, type Finding } from '../finding';
import { HOUSE } from '../sources';
import { repeatedKeys } from './lint-prizes';

/** Arms that add up, that rules use, and that exist. */
export function lintExperiment({ experiment, rules }: CampaignContent): Finding[] {
  const leaves = rules.flatMap(({ when }, index) => leavesOver(when, 'experimentArm', `rules[${index}].when`));
  if (!experiment) {
    const message = '没有设置对照实验，这个条件永远不成立';
    return leaves.map(({ path }) => error(path, 'no_experiment', message, HOUSE.experiment));
  }
  const findings = repeatedKeys(experiment.arms, 'experiment.arms');
  const total = experiment.arms.reduce((sum, { weight }) => sum + weight, 0);
  if (total !== ODDS_TOTAL) {
    const message = `各组的比例合计要正好是 100%，现在是 ${percent(total)}`;
    findings.push(error('experiment.arms', 'weights_sum', message, HOUSE.experiment));
  }
  const known = new Set(experiment.arms.map(({ key }) => key));
  for (const { leaf, path } of leaves) {
    const strange = [leaf.value].flat().find((arm) => !known.has(String(arm)));
    if (strange !== undefined) {
      findings.push(error(`${path}.value`, 'unknown_arm', `实验里没有「${String(strange)}」这一组`, HOUSE.experiment));
    }
  }
  if (leaves.length === 0) {
    const message = '没有规则用到实验分组：各组拿到的一样，比不出结果';
    findings.push(warning('experiment', 'experiment_unused', message, HOUSE.experiment));
  }
  return findings;
}
