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
import { AuthorisationController } from './awards/authorisation.controller';
import { AwardsController } from './awards/awards.controller';
import { CampaignNoticeController, DealtCodesController } from './scans/campaign-notice.controller';
import { ComplaintLimits } from './service/complaint-limits';
import { ComplaintsController } from './service/complaints.controller';
import { MemberController } from './member/member.controller';
import { MyDataFile } from './member/my-data-file';
import { MyPrivacy } from './member/my-privacy';
import { MyRecordsController } from './member/my-records.controller';
import { MemberSession } from './sign-in/member-session';
import { MemberSignIn } from './sign-in/member-sign-in';
import { MoneyController } from './awards/money.controller';
import { OAuthRound } from './sign-in/oauth-round';
import { PhoneController } from './member/phone.controller';
import { PhoneLimits } from './member/phone-limits';
import { PrivacyController } from './member/privacy.controller';
import { PrivacyLimits } from './member/privacy-limits';
import { RegionsController } from './store/regions.controller';
import { RemindersController } from './awards/reminders.controller';
import { NoticeLimits } from './scans/notice-limits';
import { ScanLimits } from './scans/scan-limits';
import { ScansController } from './scans/scans.controller';
import { SignInController } from './sign-in/sign-in.controller';
import { StoreBindingController } from './store/store-binding.controller';
import { StoreLimits } from './store/store-limits';
import { StoreRedemptionsController } from './store/store-redemptions.controller';
import { StoresNearbyController } from './store/stores-nearby.controller';

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
    DealtCodesController,
    MemberController,
    MoneyController,
    MyRecordsController,
    PhoneController,
    PrivacyController,
    RegionsController,
    RemindersController,
    ScansController,
    SignInController,
    StoreBindingController,
    StoreRedemptionsController,
    StoresNearbyController,
  ],
  providers: [
    ComplaintLimits,
    MemberSession,
    MemberSignIn,
    MyDataFile,
    MyPrivacy,
    NoticeLimits,
    OAuthRound,
    PhoneLimits,
    PrivacyLimits,
    ScanLimits,
    StoreLimits,
  ],
})
export class H5Module {}
