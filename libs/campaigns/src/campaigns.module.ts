import { Module } from '@nestjs/common';
import { StaffModule } from '@app/staff';
import { CampaignCatalog } from './publishing/campaign-catalog';
import { CampaignList } from './publishing/campaign-list';
import { PublishCampaign } from './publishing/publish-campaign';
import { SaveDraft } from './publishing/save-draft';
import { SwitchCampaign } from './publishing/switch-campaign';

const USE_CASES = [CampaignList, SaveDraft, PublishCampaign, SwitchCampaign, CampaignCatalog];

/** Needs the global database, config and observability modules. */
@Module({ imports: [StaffModule], providers: USE_CASES, exports: USE_CASES })
export class CampaignsModule {}
