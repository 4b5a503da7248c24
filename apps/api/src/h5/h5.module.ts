import { Module } from '@nestjs/common';
import { CampaignsModule } from '@app/campaigns';
import { ChannelModule } from '@app/channel';
import { MembersModule } from '@app/members';
import { PayoutsModule } from '@app/payouts';
import { RewardsModule } from '@app/rewards';
import { ScansModule } from '@app/scans';
import { ServiceModule } from '@app/service';
import { WechatModule } from '@app/wechat';
import { EdgeModule } from '../edge/edge.module';
import { AuthorisationController } from './authorisation.controller';
import { AwardsController } from './awards.controller';
import { CampaignNoticeController } from './campaign-notice.controller';
import { ComplaintLimits } from './complaint-limits';
import { ComplaintsController } from './complaints.controller';
import { MemberController } from './member.controller';
import { MemberSession } from './member-session';
import { MemberSignIn } from './member-sign-in';
import { MoneyController } from './money.controller';
import { OAuthRound } from './oauth-round';
import { PhoneController } from './phone.controller';
import { PhoneLimits } from './phone-limits';
import { RegionsController } from './regions.controller';
import { RemindersController } from './reminders.controller';
import { ScanLimits } from './scan-limits';
import { ScansController } from './scans.controller';
import { SignInController } from './sign-in.controller';
import { StoreBindingController } from './store-binding.controller';
import { StoreLimits } from './store-limits';
import { StoreRedemptionsController } from './store-redemptions.controller';
import { StoresNearbyController } from './stores-nearby.controller';

/** What the consumer's page asks. */
@Module({
  imports: [
    CampaignsModule,
    ChannelModule,
    EdgeModule,
    MembersModule,
    PayoutsModule,
    RewardsModule,
    ScansModule,
    ServiceModule,
    WechatModule,
  ],
  controllers: [
    AuthorisationController,
    AwardsController,
    CampaignNoticeController,
    ComplaintsController,
    MemberController,
    MoneyController,
    PhoneController,
    RegionsController,
    RemindersController,
    ScansController,
    SignInController,
    StoreBindingController,
    StoreRedemptionsController,
    StoresNearbyController,
  ],
  providers: [ComplaintLimits, MemberSession, MemberSignIn, OAuthRound, PhoneLimits, ScanLimits, StoreLimits],
})
export class H5Module {}
