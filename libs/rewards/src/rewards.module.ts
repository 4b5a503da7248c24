import { Module } from '@nestjs/common';
import { CampaignsModule } from '@app/campaigns';
import { ChannelModule } from '@app/channel';
import { CodesModule } from '@app/codes';
import { MembersModule } from '@app/members';
import { PayoutsModule } from '@app/payouts';
import { StaffModule } from '@app/staff';
import { WechatModule } from '@app/wechat';
import { AwardDetails } from './award-details';
import { AwardIds } from './award-ids';
import { AwardViews } from './award-views';
import { AwardMoney } from './award-money';
import { AwardParts } from './award-parts';
import { Awards } from './awards.repository';
import { ClaimAward } from './claim-award';
import { CampaignCounters } from './campaign-counters.repository';
import { Claims } from './claims.repository';
import { CouponPoolList } from './coupons/coupon-pool-list';
import { CouponPools } from './coupons/coupon-pools.repository';
import { CouponVault } from './coupons/coupon-vault';
import { CreateCouponPool } from './coupons/create-coupon-pool';
import { GeneratedCoupons } from './coupons/generated-coupons';
import { MarkCouponPool } from './coupons/mark-coupon-pool';
import { ImportCoupons } from './coupons/import-coupons';
import { ErasedLimits } from './erasure/erased-limits.repository';
import { ForgetWinner } from './erasure/forget-winner';
import { FollowMerge } from './follow-merge';
import { AwardAddresses } from './goods/award-addresses.repository';
import { Fulfilment } from './goods/fulfilment';
import { GiveAddress } from './goods/give-address';
import { GoodsShipments } from './goods/goods-shipments.repository';
import { OwnAddresses } from './goods/own-addresses';
import { MemberCounters } from './member-counters.repository';
import { MoneyOverviews } from './money/money-overview';
import { MoneySums } from './money/money-sums';
import { ClaimPool } from './pools/claim-pool';
import { OpenPools } from './pools/open-pools';
import { PoolMoney } from './pools/pool-money';
import { Pooling } from './pools/pooling';
import { Pools } from './pools/pools.repository';
import { RedeemTokens } from './redeem-tokens';
import { RedeemPrize } from './redemption/redeem-prize';
import { DueAwards } from './releases/due-awards';
import { ReleaseStep } from './releases/release-step';
import { ReopenWalks } from './releases/reopen-walks';
import { ReleaseUnclaimed } from './releases/release-unclaimed';
import { ReleaseWalks } from './releases/release-walks.repository';
import { AgreeToReminders } from './reminders/agree-to-reminders';
import { REMINDER_ROOMS } from './reminders/reminder-rooms';
import { ShowPrize } from './show-prize';
import { AwardsWonHandler } from './won/awards-won.handler';
import { PayAtAward } from './won/pay-at-award';
import { TellAwards } from './won/tell-awards';

const DOOR = [
  AgreeToReminders,
  AwardDetails,
  AwardIds,
  AwardViews,
  Awards,
  CampaignCounters,
  ClaimAward,
  ClaimPool,
  Claims,
  CouponPoolList,
  CouponPools,
  CreateCouponPool,
  Fulfilment,
  GeneratedCoupons,
  GiveAddress,
  ImportCoupons,
  MarkCouponPool,
  MemberCounters,
  MoneyOverviews,
  OpenPools,
  OwnAddresses,
  Pooling,
  Pools,
  RedeemPrize,
  RedeemTokens,
  ReleaseUnclaimed,
  ShowPrize,
  TellAwards,
];

@Module({
  imports: [CampaignsModule, ChannelModule, CodesModule, MembersModule, PayoutsModule, StaffModule, WechatModule],
  providers: [
    ...DOOR,
    AwardAddresses,
    AwardMoney,
    AwardParts,
    CouponVault,
    DueAwards,
    ErasedLimits,
    FollowMerge,
    ForgetWinner,
    GoodsShipments,
    MoneySums,
    ReleaseStep,
    ReopenWalks,
    ReleaseWalks,
    PoolMoney,
    PayAtAward,
    AwardsWonHandler,
    ...REMINDER_ROOMS,
  ],
  exports: DOOR,
})
export class RewardsModule {}
