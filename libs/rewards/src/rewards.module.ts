import { Module } from '@nestjs/common';
import { CampaignsModule } from '@app/campaigns';
import { PayoutsModule } from '@app/payouts';
import { AwardIds } from './award-ids';
import { AwardViews } from './award-views';
import { Awards } from './awards.repository';
import { ClaimAward } from './claim-award';
import { Claims } from './claims.repository';
import { MemberCounters } from './member-counters.repository';

@Module({
  imports: [CampaignsModule, PayoutsModule],
  providers: [AwardIds, AwardViews, Awards, ClaimAward, Claims, MemberCounters],
  exports: [AwardIds, AwardViews, Awards, ClaimAward, Claims, MemberCounters],
})
export class RewardsModule {}
