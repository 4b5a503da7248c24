export {
  LANES,
  ODDS_TOTAL,
  CAP_WINDOWS,
  COPY_LINES,
  GATES,
  THEMES,
  type BurstPlan,
  type CampaignContent,
  type CampaignCopy,
  type Cap,
  type CapWindow,
  type CashAmount,
  type CashPrize,
  type CopyLine,
  type CouponPrize,
  type DealtSegment,
  type DealtTable,
  type DrawnTable,
  type Experiment,
  type Gate,
  type GoodsPrize,
  type Lane,
  type LockedPrize,
  type LookDocument,
  type NothingPrize,
  type PayoutMode,
  type Period,
  type Prize,
  type PrizeDefinition,
  type PrizeKind,
  type PrizeTable,
  type RedeemPrize,
  type Rule,
  type RuleTrust,
  type Theme,
  type Trust,
} from './document/campaign-content';
export {
  REFUSAL_REASONS,
  type Award,
  type CampaignStatus,
  type CompiledVersion,
  type Cure,
  type DecideOptions,
  type Decision,
  type DecisionState,
  type Draw,
  type NoRule,
  type Refused,
  type RefusalReason,
  type MemberScanFacts,
  type ScanFacts,
  type Used,
} from './decision';
export { campaignTemplate } from './document/campaign-template';
export { campaignTemplates, type CampaignTemplate } from './document/campaign-templates';
export { compareVersions, type Change, type Favour } from './document/compare-versions';
export type { Shades } from './document/look/accent-shades';
export { campaignLook, type CampaignLook } from './document/look/campaign-look';
export { liability, type Liability, type PrizeLiability } from './document/liability';
export { lintInSurroundings } from './document/lint-in-surroundings';
export { provePromise, type ProofStep } from './document/linter/lint-promise';
export {
  publicNotice,
  type Notice,
  type NoticeDeal,
  type NoticeOptions,
  type NoticeSection,
} from './document/public-notice';
export type { SurroundingBatch, Surroundings } from './document/surroundings';
export { capsOf } from './decide';
export { isSharedCounter, windowEnd, windowKeys } from './caps';
export { dealCommitment, dealPosition, dealSeed, dealText } from './deal';
export { armOf } from './experiment-arm';
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
export type { Finding } from './document/finding';
export { shanghaiWallTime } from './document/period';
export { CODE_FIELDS, SCAN_FIELDS, trustedPlace } from './scan-fields';
export { hashCampaign, validateCampaign, type CampaignCheck } from './document/validate-campaign';
export { CampaignsModule } from './campaigns.module';
export { ApproveCampaign, type ApproveCommand } from './publishing/approvals/approve-campaign';
export { RejectCampaign, WithdrawCampaign, type CloseCommand } from './publishing/approvals/close-submission';
export { SUBMISSION_STATES, type SubmissionState } from './publishing/approvals/submissions.repository';
export { SubmitCampaign, type Submission, type SubmitCommand } from './publishing/approvals/submit-campaign';
export { KeepCampaigns } from './publishing/bursts/keep-campaigns';
export { StartBurst, StopBurst, type StartBurstCommand } from './publishing/bursts/start-burst';
export { CloneCampaign, type CloneCommand } from './publishing/clone-campaign';
export { DealProofs, type DealProof, type DealProofItem } from './publishing/deals/deal-proof';
export { OpenDeals } from './publishing/deals/open-deals';
export { ApprovalList, type PendingApproval, type Person, type SubmissionView } from './publishing/views/approval-list';
export { CampaignForecast, type BurnReport } from './publishing/views/campaign-forecast';
export {
  CAMPAIGN_PHASES,
  CampaignList,
  type CampaignDetail,
  type CampaignFilter,
  type CampaignItem,
  type CampaignPhase,
  type PrizeStock,
} from './publishing/views/campaign-list';
export { CampaignNotices } from './publishing/views/campaign-notice';
export { CheckCampaign, type CampaignOutlook } from './publishing/views/check-campaign';
export { forecast, type CapUse, type Forecast, type ForecastInput } from './publishing/views/forecast';
export { TierBenefits, type TierBenefit } from './publishing/views/tier-benefits';
export { VersionList, type Side, type VersionDetail, type VersionItem } from './publishing/views/version-list';
export { CampaignCatalog } from './publishing/campaign-catalog';
export { campaignsEntities, type StoredStatus } from './publishing/campaign.entity';
export { CampaignStates, readCampaignStates } from './publishing/campaign-states';
export { ClaimDeadlines, type ClaimDeadline } from './publishing/claim-deadlines';
export { issueStock, type StockUse } from './publishing/prize-stock.repository';
export { PublishCampaign, type Publication, type PublishCommand } from './publishing/publish-campaign';
export { SaveDraft, type SaveDraftCommand } from './publishing/save-draft';
export { SwitchCampaign, type Switch, type SwitchCommand } from './publishing/switch-campaign';
export {
  atAnyTime,
  ChunkBuilder,
  replay,
  syntheticScans,
  type Breach,
  type Difference,
  type PersonFacts,
  type RecordedScan,
  type ReplayOptions,
  type ReplayResult,
  type ScanChunk,
  type Standing,
  type StartOfReplay,
  type SyntheticShape,
} from './replay';
export {
  ExperimentReports,
  type ArmComparison,
  type ArmReport,
  type ExperimentReport,
  type ExperimentResults,
  type Interval,
} from './experiments';
