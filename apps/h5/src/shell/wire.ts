/** What the server and this page say to each other, as JSON. Money is integer fen, times are ISO 8601 UTC. */

export interface Boot {
  profile: 'local' | 'rehearsal' | 'production';
  appId: string;
  wechatJsUrl: string;
  brand: { name: string };
}

export interface JsConfig {
  appId: string;
  timestamp: number;
  nonceStr: string;
  signature: string;
}

export type Verdict = 'first' | 'repeat' | 'not_active' | 'frozen' | 'void' | 'expired' | 'recalled' | 'unknown';

export type PrizeKind = 'cash' | 'locked' | 'coupon' | 'goods' | 'redeem' | 'nothing';

/** Up to `none` about money, also that of a packet once it is open; then shut packet, coupon, goods, store, and time passed. */
export type AwardState =
  | 'ready'
  | 'preparing'
  | 'confirm'
  | 'processing'
  | 'settled'
  | 'expired'
  | 'failed'
  | 'gathering'
  | 'held'
  | 'none'
  | 'locked'
  | 'usable'
  | 'address'
  | 'packing'
  | 'shipped'
  | 'redeem'
  | 'redeemed'
  | 'lapsed';

export type RefusalReason =
  | 'cap_reached'
  | 'place_needed'
  | 'not_active'
  | 'not_started'
  | 'paused'
  | 'gate_open'
  | 'budget_short'
  | 'no_rule'
  | 'held';

/** 溯源: one thing that happened to a lot; `at` is a Shanghai day, `YYYY-MM-DD`. */
export interface LotStage {
  name: string;
  at: string;
  place: string;
  detail: string | null;
}

export interface ProductionLot {
  lotNo: string;
  producedOn: string;
  expiresOn: string | null;
  plant: string;
  /** In the order in which it happened. An answer that was kept from before has none. */
  stages?: LotStage[];
}

export interface Product {
  name: string;
  spec: string;
  imageUrl: string | null;
  line: string;
  batchName: string;
  lot: ProductionLot | null;
}

export interface Reward {
  awardId: string;
  /** `cash` is paid to WeChat, `locked` too once the next bottle opened it; `nothing` is 谢谢参与. */
  kind: PrizeKind;
  prizeName: string;
  amountFen: number | null;
  campaignId: number;
  campaignName: string;
  /** Laid out beforehand: there is a proof to check. */
  dealt: boolean;
  state: AwardState;
  /** Two to four characters for a badge. */
  stateText: string;
  /** One sentence: where it is, what to do. */
  hint: string;
}

/** Colours made of one accent, `#rrggbb`. */
export interface Shades {
  base: string;
  deep: string;
  night: string;
  bright: string;
  wash: string;
  text: string;
}

/** How the page looks while it shows a campaign. A theme that this page does not know is the brand's own. */
export interface CampaignLook {
  theme: string;
  accent: { light: Shades; dark: Shades } | null;
  heroUrl: string | null;
  logoUrl: string | null;
  /** In place of the page's own words; null = those. */
  words: { invite: string | null; win: string | null; thanks: string | null; notice: string | null };
}

/** One task before the prize. */
export interface ClaimStep {
  action: 'phone' | 'follow' | 'share';
  done: boolean;
}

export interface Refusal {
  reason: RefusalReason;
  message: string;
  /** The campaign that refused, null when none did. */
  campaignId: number | null;
  cure: {
    action: 'location' | 'wait' | 'phone' | 'follow' | 'share' | 'none';
    at?: string;
    nationwide?: boolean;
    steps?: ClaimStep[];
    /** The code is kept for this person until then. */
    heldUntil?: string;
  } | null;
}

export interface OpenedPacket {
  awardId: string;
  prizeName: string;
  amountFen: number;
}

export interface ScanAnswer {
  scanId: string;
  /** For people: A-XXXX-XXXX-XXXX-XXXX. */
  code: string;
  verdict: Verdict;
  repeat: { mine: boolean; firstAt: string; city: string | null; times: number } | null;
  product: Product | null;
  reward: Reward | null;
  /** Locked packets of earlier bottles that this one opened. */
  opened: OpenedPacket[];
  refusal: Refusal | null;
  scannedAt: string;
  /** Of the version that decided; null = as the brand looks. */
  look: CampaignLook | null;
}

export interface ScanLocation {
  latitude: number;
  longitude: number;
  accuracy: number;
  datum: 'gcj02';
}

export interface ScanRequest {
  scanId: string;
  code: string;
  location?: ScanLocation;
  withoutLocation?: true;
}

/** What WeChat's 确认收款 page is opened with. */
export interface TransferConfirm {
  mchId: string;
  appId: string;
  package: string;
  openId?: string;
}

/** Ends (`…Until`) are not included. */
export interface AwardView {
  awardId: string;
  kind: PrizeKind;
  prizeName: string;
  amountFen: number | null;
  campaignId: number;
  campaignName: string;
  dealt: boolean;
  look: CampaignLook | null;
  wonAt: string;
  state: AwardState;
  stateText: string;
  hint: string | null;
  confirm: TransferConfirm | null;
  expiresAt: string | null;
  /** Of a small amount that is paid together with others. */
  pool: { poolId: string | null; untilFen: number; gatheredFen: number | null } | null;
  coupon: { code: string; validUntil: string } | null;
  goods: {
    addressState: 'missing' | 'given' | 'taken';
    maskedAddress: string | null;
    /** Null until it is sent. */
    parcel: { carrier: string; trackingNo: string; shippedAt: string } | null;
  } | null;
  redeem: {
    token: string;
    productId: number;
    productName: string;
    coPayFen: number;
    validUntil: string;
    /** When and where a store handed it over. */
    redeemedAt: string | null;
    storeName: string | null;
  } | null;
  locked: { opensUntil: string; openedAt: string | null } | null;
}

/** `consent`: name, number and address are used to send this prize, and for nothing else. */
export interface Address {
  name: string;
  phone: string;
  adcode: number;
  detail: string;
  consent: true;
}

export interface MyPhone {
  bound: boolean;
  masked: string | null;
  /** False when this brand sends no text messages. */
  available: boolean;
  consent: { version: string; text: string };
}

export interface PhoneCodeAsked {
  expiresInSeconds: number;
  retryAfterSeconds: number;
}

export interface Region {
  adcode: number;
  name: string;
}

export interface AwardPage {
  items: AwardView[];
  nextCursor: string | null;
}

export interface Me {
  nickname: string | null;
  since: string;
  tier: { key: string; name: string } | null;
  spendFen: number;
  scans: number;
  wins: number;
  receivedFen: number;
  lastCity: string | null;
}

/** Each fen of a person is in exactly one of these. */
export interface MoneyTotals {
  receivedFen: number;
  waitingFen: number;
  onTheWayFen: number;
  gatheringFen: number;
}

/** Small amounts that are paid together; `untilFen` null once that was asked for. */
export interface PoolView {
  poolId: string;
  campaignName: string;
  amountFen: number;
  untilFen: number | null;
  awards: number;
  state: AwardState;
  stateText: string;
  hint: string;
  confirm: TransferConfirm | null;
  expiresAt: string | null;
}

export interface Money {
  totals: MoneyTotals;
  pools: PoolView[];
}

/** 订阅通知 about money that waits. `templateId` null: this brand sends none. `agreed`: one was allowed and is not used up. */
export interface ReminderOffer {
  templateId: string | null;
  agreed: boolean;
}

/** 免确认收款: money that arrives without a tap. `offered`: this person was never asked and could be. */
export interface Authorisation {
  state: 'off' | 'preparing' | 'confirm' | 'on' | 'ending' | 'unavailable';
  offered: boolean;
  hint: string | null;
  confirm: TransferConfirm | null;
}

/** 规则公示, told from the version that decides. */
export interface CampaignNotice {
  title: string;
  versionNo: number;
  contentHash: string;
  /** There is a proof to check. */
  dealt: boolean;
  sections: { title: string; lines: string[] }[];
}

/** Prizes laid out over a range of codes before the campaign began. */
export interface Deal {
  ruleKey: string;
  ruleName: string;
  segment: { batch: number; layer: number; from: number; to: number };
  prizes: { key: string; name: string; count: number }[];
  /** The table as it was committed to. */
  text: string;
  /** 64 hex characters, as `seed`. */
  commitment: string;
  publishedAt: string;
  openedAt: string | null;
  /** Null until the campaign has ended. */
  seed: string | null;
}

export interface CampaignProof {
  campaignId: number;
  name: string;
  endsAt: string | null;
  deals: Deal[];
  recompute: string[];
}

/** A bottle of one's own that was dealt its prize. */
export interface DealtCode {
  awardId: string;
  ruleKey: string;
  serial: number;
  prizeKey: string;
  prizeName: string;
  wonAt: string;
}
