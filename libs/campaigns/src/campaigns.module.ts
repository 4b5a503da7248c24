import { Module } from '@nestjs/common';
import { AnalyticsModule } from '@app/analytics';
import { CodesModule } from '@app/codes';
import { StaffModule } from '@app/staff';
import { ExperimentReports } from './experiments/experiment-results';
import { ApproveCampaign } from './publishing/approvals/approve-campaign';
import { RejectCampaign, WithdrawCampaign } from './publishing/approvals/close-submission';
import { SubmitCampaign } from './publishing/approvals/submit-campaign';
import { KeepCampaigns } from './publishing/bursts/keep-campaigns';
import { StartBurst, StopBurst } from './publishing/bursts/start-burst';
import { CampaignCatalog } from './publishing/campaign-catalog';
import { ClaimDeadlines } from './publishing/claim-deadlines';
import { CloneCampaign } from './publishing/clone-campaign';
import { CampaignDeals } from './publishing/deals/campaign-deals';
import { DealProofs } from './publishing/deals/deal-proof';
import { OpenDeals } from './publishing/deals/open-deals';
import { PublishCampaign } from './publishing/publish-campaign';
import { PutInForce } from './publishing/put-in-force';
import { SaveDraft } from './publishing/save-draft';
import { SurroundedLint } from './publishing/surrounded-lint';
import { SwitchCampaign } from './publishing/switch-campaign';
import { ApprovalList } from './publishing/views/approval-list';
import { CampaignForecast } from './publishing/views/campaign-forecast';
import { CampaignList } from './publishing/views/campaign-list';
import { CampaignNotices } from './publishing/views/campaign-notice';
import { CheckCampaign } from './publishing/views/check-campaign';
import { TierBenefits } from './publishing/views/tier-benefits';
import { VersionList } from './publishing/views/version-list';

const WRITING = [
  SaveDraft,
  CloneCampaign,
  SubmitCampaign,
  ApproveCampaign,
  RejectCampaign,
  WithdrawCampaign,
  PublishCampaign,
  SwitchCampaign,
  StartBurst,
  StopBurst,
  OpenDeals,
  KeepCampaigns,
];
const READING = [
  ExperimentReports,
  CampaignCatalog,
  CampaignList,
  ApprovalList,
  VersionList,
  CheckCampaign,
  CampaignForecast,
  DealProofs,
  CampaignNotices,
  ClaimDeadlines,
  TierBenefits,
];

/** Needs the global database, config and observability modules. */
@Module({
  imports: [AnalyticsModule, CodesModule, StaffModule],
  providers: [CampaignDeals, PutInForce, SurroundedLint, ...WRITING, ...READING],
  exports: [...WRITING, ...READING],
})
export class CampaignsModule {}
