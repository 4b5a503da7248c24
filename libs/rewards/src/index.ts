export { payoutKeyOf, type AwardRow } from './award';
export { AwardIds } from './award-ids';
export { AwardDetails, wasDealt, type AwardDetail } from './award-details';
export {
  awardStanding,
  progressWhenWon,
  type AwardProgress,
  type AwardStanding,
  type AwardState,
  type Gathers,
} from './award-state';
export { AwardViews, shownFen, type AwardView } from './award-views';
export { Awards, type Opening } from './awards.repository';
export {
  CampaignCounters,
  counterName,
  type CounterName,
  type CounterUse,
  type CounterValues,
} from './campaign-counters.repository';
export { LIMITS_KEPT_DAYS } from './erasure/erased-limits.repository';
export { heldForAnother, type Claim } from './claim';
export { ClaimAward } from './claim-award';
export { Claims, type Query } from './claims.repository';
export { couponLines, MOST_COUPON_LINES, type LineFault } from './coupons/coupon-lines';
export {
  CouponPoolList,
  type CouponImport,
  type CouponPoolDetail,
  type CouponPoolItem,
} from './coupons/coupon-pool-list';
export { CouponPools, type CouponTake } from './coupons/coupon-pools.repository';
export { CreateCouponPool, type NewCouponPool } from './coupons/create-coupon-pool';
export { GeneratedCoupons } from './coupons/generated-coupons';
export { MarkCouponPool } from './coupons/mark-coupon-pool';
export { ImportCoupons, type CouponImportCommand } from './coupons/import-coupons';
export { maskAddress, type Address } from './goods/address';
export { ADDRESS_CONSENT, type AddressState } from './goods/award-addresses.repository';
export {
  Fulfilment,
  MOST_ORDERS_AT_ONCE,
  type AddressedOrder,
  type GoodsOrder,
  type TrackingReport,
} from './goods/fulfilment';
export { GiveAddress } from './goods/give-address';
export { OwnAddresses, type OwnAddress } from './goods/own-addresses';
export {
  MOST_TRACKING_LINES,
  ORDER_STATES,
  trackingLines,
  type OrderState,
  type TrackingFault,
} from './goods/tracking';
export type { GoodsExport } from './goods/goods-shipments.repository';
export { MemberCounters } from './member-counters.repository';
export { MemberCounts, type LockedAward, type Use } from './member-counts';
export { MoneyOverviews, type MoneyOverview, type MoneyTotals, type PoolView } from './money/money-overview';
export { ClaimPool } from './pools/claim-pool';
export { OpenPools } from './pools/open-pools';
export { isClaimable, poolKeyOf, readPoolKey, type ClosedPool, type OpenPool } from './pools/pool';
export { GATHERS_BELOW_FEN, Pooling } from './pools/pooling';
export { Pools } from './pools/pools.repository';
export { RedeemTokens } from './redeem-tokens';
export { RedeemPrize, type PrizeAtStore, type RedeemRequest } from './redemption/redeem-prize';
export { AgreeToReminders, type ReminderOffer } from './reminders/agree-to-reminders';
export { ReleaseUnclaimed } from './releases/release-unclaimed';
export { RewardsModule } from './rewards.module';
export { ShowPrize } from './show-prize';
export { validUntil } from './validity';
export { AwardsWon } from './won/awards-won.job';
export { TellAwards } from './won/tell-awards';
