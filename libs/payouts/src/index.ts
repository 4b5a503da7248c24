export { AskDecision, type DecisionAsked, type DecisionWish } from './cases/ask-decision';
export { AskWechat } from './cases/ask-wechat';
export { TRAIL_ACTS, type TrailAct, type TrailLine } from './cases/case-trail';
export { DecideMoney, type Decided, type DecisionVote } from './cases/decide-money';
export { DecisionList, type DecisionView } from './cases/decision-list';
export { INCIDENT_KINDS, INCIDENT_KIND_NAMES, type IncidentKind } from './cases/incident-kinds';
export {
  CASE_STATES,
  MoneyCases,
  type CaseCounts,
  type CaseQuestion,
  type CaseState,
  type MoneyCase,
  type MoneyCaseDetail,
} from './cases/money-cases';
export { DECISION_KINDS, DECISION_STATES, type DecisionKind, type DecisionState } from './cases/money-decision';
export type { Person } from './cases/person';
export { CloseCase, WorkOnCase, type CaseClosing } from './cases/work-on-case';
export { AskAuthorisation } from './authorisations/ask-authorisation';
export { ChangeAuthorisation } from './authorisations/change-authorisation';
export {
  AUTHORISATION_STANDINGS,
  AuthorisationViews,
  type AuthorisationStanding,
  type AuthorisationView,
} from './authorisations/authorisation-views';
export { AUTHORISATION_NOTIFY_PATH } from './authorisations/authorisation-wire';
export { Authorisations, type InForce } from './authorisations/authorisations';
export { AdvanceAuthorisation } from './authorisations/jobs';
export { AskedFor } from './pools/asked-for';
export { AtAward } from './pools/at-award';
export { CHANNEL_FLOORS, mayPayAtAward, payoutFloorFen } from './pools/channel-floor';
export { MemberPayoutSums, type PayoutSum } from './pools/member-payout-sums';
export { billNumber, PAYOUT_KEY_PATTERN } from './driving/bill-number';
export { BudgetList, type BudgetItem } from './ledger/budget-list';
export {
  BudgetStatements,
  type BudgetParts,
  type BudgetStatement,
  type BudgetStatementLine,
} from './ledger/budget-statement';
export { Budgets, type BudgetEntry } from './ledger/budgets';
export { CameBack } from './ledger/came-back';
export { Confirmations, type BalanceMove, type ConfirmedBill } from './ledger/confirmations';
export { CheckByNight } from './ledger/check-by-night';
export { CorrectionList, type CorrectionItem } from './ledger/correction-list';
export { Corrections, type CorrectionRequest } from './ledger/corrections';
export { DrivePayout } from './driving/drive-payout';
export { DrivePayouts } from './driving/drive-payouts';
export { GrantList, type GrantFilter, type GrantItem } from './ledger/grant-list';
export {
  ApproveGrant,
  BEARERS,
  CreateBudget,
  GRANT_STATES,
  RejectGrant,
  RequestGrant,
  WithdrawGrant,
  type Bearer,
  type GrantDecision,
  type GrantRequest,
  type GrantState,
} from './ledger/grants';
export { HandleAuthorisationNotify } from './callbacks/handle-authorisation-notify';
export { HandleTransferNotify } from './callbacks/handle-transfer-notify';
export type { NotifyAnswer } from './callbacks/notify-answer';
export { AskAboutBill, SendPayout } from './driving/jobs';
export { LedgerCheck } from './ledger/ledger-check';
export { LedgerSummaries, type LedgerFault, type LedgerSummary, type StateSum } from './ledger/ledger-summary';
export { payableFen, type Payable } from './channels/channel-amounts';
export { CHANNEL_ERRORS, type ChannelCall } from './channels/channel-errors';
export type { ErrorReaction, ErrorRow, ErrorTable } from './channels/error-table';
export { FAIL_REASONS, failReason, type FailReason } from './channels/fail-reasons';
export { merchantAccounts, type MerchantAccount } from './channels/merchant-accounts';
export { channelFor, merchantOf } from './channels/merchant-routing';
export {
  PAYOUT_CHANNELS,
  PayoutChannels,
  type ChannelName,
  type FrozenRequest,
  type Meaning,
  type Outcome,
  type PayoutChannel,
} from './channels/payout-channel';
export { RateLimits, WECHAT_LIMITS, type RateAct, type RateLimit } from './channels/rate-limits';
export { OwnPayouts, type OwnPayout } from './views/own-payouts';
export { PayoutList, type PayoutItem } from './views/payout-list';
export { PAYOUT_STATES, type PayoutState } from './payout-state';
export { PayoutViews, type PayoutView } from './views/payout-views';
export { PayoutsModule } from './payouts.module';
export { ReconcilePayouts } from './driving/reconcile-payouts';
export { Recovery, type RecoveryReport } from './driving/recovery';
export { RefreshPayout } from './driving/refresh-payout';
export { Releases, type DueAward, type Released, type ReleaseReason } from './ledger/releases';
export { RequestPayout, type PayoutRequest, type PayoutRequested } from './driving/request-payout';
export { Settlements, type Settled } from './ledger/settlements';
export { TRANSFER_NOTIFY_PATH } from './channels/transfer-confirm.channel';
export { DIFFERENCE_KINDS, type DifferenceKind } from './reconciliation/judge';
export { RUN_STATES, type RunKey, type RunState } from './reconciliation/reconciliation-runs.repository';
export { ReconciliationSchedule } from './reconciliation/reconciliation-schedule';
export { ReconciliationViews, type DifferenceItem, type RunItem } from './reconciliation/reconciliation-views';
export { EVIDENCE_KINDS, type EvidenceEvent, type EvidenceKind } from './views/evidence-events';
export type { GrantUse } from './views/evidence-rows';
export type { ChannelBreaker } from './views/finance/channel-breakers';
export {
  FinanceOverviewModel,
  type BudgetBalance,
  type FinanceOverview,
  type MerchantBalance,
} from './views/finance/finance-overview';
export { OPEN_STATES, type StateInFlight, type TodaySums } from './views/finance/money-of-today';
export { StuckPayouts, type StuckPayout } from './views/finance/stuck-payouts';
export { PayoutEvidence, type PayoutDossier } from './views/payout-evidence';
export type { WhatNext } from './views/what-next';
export type { WriteOffContent } from './ledger/write-offs/write-off-content';
export { WriteOffEvidence, type WriteOffWish } from './ledger/write-offs/write-off-evidence';
export {
  WRITE_OFF_STATES,
  WriteOffList,
  type WriteOffDetail,
  type WriteOffFilter,
  type WriteOffItem,
  type WriteOffSignature,
  type WriteOffState,
} from './ledger/write-offs/write-off-list';
export { WriteOffSheets, type Signed } from './ledger/write-offs/write-off-sheets';
