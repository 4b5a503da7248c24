import type { CampaignContent } from '../../document/campaign-content';
import { compareVersions, type Change } from '../../document/compare-versions';

/** What got worse for consumers against what was announced; nothing before the first publishing. Unknown effects count as worse. */
export function unfavourableChanges(announced: CampaignContent | undefined, next: CampaignContent): Change[] {
  return announced ? compareVersions(announced, next).filter(({ favour }) => favour === 'worse') : [];
}
