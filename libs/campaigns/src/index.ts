export {
  LANES,
  ODDS_TOTAL,
  type CampaignContent,
  type Caps,
  type CashAmount,
  type CashPrize,
  type Gate,
  type Lane,
  type NothingPrize,
  type Period,
  type Prize,
  type PrizeDefinition,
  type PrizeTable,
  type Rule,
  type RuleTrust,
  type Trust,
} from './campaign-content';
export {
  REFUSAL_REASONS,
  type Award,
  type CampaignStatus,
  type CapUse,
  type CompiledVersion,
  type Cure,
  type DecideOptions,
  type Decision,
  type DecisionState,
  type Draw,
  type NoRule,
  type Refused,
  type RefusalReason,
  type ScanFacts,
} from './decision';
export { campaignTemplate } from './campaign-template';
export { compileCampaign, type PublishedVersion } from './compile-campaign';
export { decide, inOrder } from './decide';
export {
  decideWithTrace,
  type CampaignTrace,
  type DecisionTrace,
  type DrawTrace,
  type RuleTrace,
} from './decision-trace';
export { drawFor, drawsOf } from './draw';
export { explain } from './explain-decision';
export type { Finding } from './finding';
export { shanghaiWallTime } from './period';
export { SCAN_FIELDS, trustedPlace } from './scan-fields';
export { hashCampaign, validateCampaign, type CampaignCheck } from './validate-campaign';
