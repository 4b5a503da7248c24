import type { CampaignContent } from './campaign-content';
import type { Finding } from './finding';
import { lintBurst } from './linter/lint-burst';
import { lintCaps } from './linter/lint-caps';
import { lintExperiment } from './linter/lint-experiment';
import { lintGates } from './linter/lint-gates';
import { lintLaw } from './linter/lint-law';
import { lintLook } from './linter/lint-look';
import { lintMoney } from './linter/lint-money';
import { lintPlace } from './linter/lint-place';
import { lintPrizes } from './linter/lint-prizes';
import { lintPromise } from './linter/lint-promise';
import { lintReach } from './linter/lint-reach';
import { lintTables } from './linter/lint-tables';

/**
 * What is wrong or risky about a well-formed campaign taken as a whole, read from the document alone. What depends on budgets, batches,
 * stores and other campaigns is `lintInSurroundings`.
 */
export function lintCampaign(content: CampaignContent): Finding[] {
  return SUBJECTS.flatMap((lint) => lint(content));
}

const SUBJECTS: readonly ((content: CampaignContent) => Finding[])[] = [
  lintPrizes,
  lintTables,
  lintCaps,
  lintMoney,
  lintLaw,
  lintPlace,
  lintGates,
  lintPromise,
  lintExperiment,
  lintBurst,
  lintReach,
  lintLook,
];
