import { ApiProperty } from '@nestjs/swagger';
import { Equals, IsInt, IsString, Max, MaxLength, Min } from 'class-validator';
import type { AwardState } from '@app/rewards';
import { CampaignLookDto } from '../scans/campaign-look.dto';

export const AWARD_STATES: readonly AwardState[] = [
  ...([
    'ready',
    'preparing',
    'confirm',
    'processing',
    'settled',
    'expired',
    'failed',
    'gathering',
    'held',
    'none',
  ] as const),
  ...(['locked', 'usable', 'address', 'packing', 'shipped', 'redeem', 'redeemed', 'lapsed'] as const),
];

/** What `requestMerchantTransfer` takes. */
export class TransferConfirmDto {
  mchId: string;
  appId: string;
  package: string;
}

export class CouponPartDto {
  /** What the till or the partner's page takes; `qr.svg` is its picture. */
  code: string;
  /** Not included. ISO 8601, UTC. */
  validUntil: string;
}

export class ParcelDto {
  carrier: string;
  trackingNo: string;
  /** ISO 8601, UTC. */
  shippedAt: string;
}

export class GoodsPartDto {
  /** `taken`: a shipment has it, it can no longer be changed. */
  addressState: 'missing' | 'given' | 'taken';
  /** Enough to recognise it, not enough to use it. */
  maskedAddress: string | null;
  /** Null until it is sent. */
  parcel: ParcelDto | null;
}

export class RedeemPartDto {
  /** What a store's clerk scans; `qr.svg` is its picture. */
  token: string;
  /** What the store hands over. */
  productId: number;
  productName: string;
  /** What the store collects, 0 = nothing. */
  coPayFen: number;
  /** Not included. ISO 8601, UTC. */
  validUntil: string;
  /** When and where a store handed it over; null until then. */
  redeemedAt: string | null;
  storeName: string | null;
}

export class LockedPartDto {
  /** The next code that is used up before this instant opens the packet. ISO 8601, UTC. */
  opensUntil: string;
  /** Null while it is shut. */
  openedAt: string | null;
}

export class AwardPoolDto {
  /** What is claimed; null while nobody looked. */
  poolId: string | null;
  /** Reaching this makes it claimable. */
  untilFen: number;
  /** What has gathered in it by now. */
  gatheredFen: number | null;
}

export class AwardDto {
  awardId: string;
  kind: 'cash' | 'locked' | 'coupon' | 'goods' | 'redeem' | 'nothing';
  prizeName: string;
  /** Null unless the prize is money that can be seen: a locked packet tells when it is open. */
  amountFen: number | null;
  /** Of its public notice. */
  campaignId: number;
  campaignName: string;
  /** Laid out beforehand: the campaign has a proof to check. */
  dealt: boolean;
  /** Of the version that gave it; null = as the brand looks. */
  look: CampaignLookDto | null;
  /** ISO 8601, UTC. */
  wonAt: string;
  /**
   * ready … held: money, also of a packet once it is open (gathering: too small by itself; held: people look first). locked: the next bottle opens it. usable: a coupon. address, packing: goods
   * without and with an address; shipped: a parcel carries them. redeem: a store hands it over; redeemed: it has. lapsed: its time has passed.
   */
  @ApiProperty({ enum: AWARD_STATES })
  state: AwardState;
  /** Two to four characters for a badge. */
  stateText: string;
  /** One sentence: where it is, what to do. */
  hint: string | null;
  confirm: TransferConfirmDto | null;
  /** When WeChat closes what waits for a tap. ISO 8601, UTC. */
  expiresAt: string | null;
  /** Of a small amount that is paid together with others. */
  pool: AwardPoolDto | null;
  coupon: CouponPartDto | null;
  goods: GoodsPartDto | null;
  redeem: RedeemPartDto | null;
  locked: LockedPartDto | null;
}

export class AwardPageDto {
  items: AwardDto[];
  nextCursor: string | null;
}

/** Where goods are sent. */
export class AddressDto {
  /** 2 to 20 characters. */
  @IsString()
  @MaxLength(64)
  name: string;

  /** Mainland mobile number. */
  @IsString()
  @MaxLength(32)
  phone: string;

  /** The finest division below its province, see `GET /v1/h5/regions`. */
  @IsInt()
  @Min(100_000)
  @Max(999_999)
  adcode: number;

  /** Street, house, room: 4 to 100 characters. */
  @IsString()
  @MaxLength(400)
  detail: string;

  /** The winner agrees that name, number and address are used to send this prize, and for nothing else. */
  @Equals(true)
  consent: true;
}
