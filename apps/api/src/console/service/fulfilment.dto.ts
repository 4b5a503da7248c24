import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsInt, IsOptional, IsString, Max, MaxLength, Min } from 'class-validator';
import { MOST_ORDERS_AT_ONCE, ORDER_STATES, type OrderState, type TrackingFault } from '@app/rewards';
import { PageQuery } from '../../edge/page.dto';

export class OrderQuery extends PageQuery {
  /** waiting: an address is there; taken: it was exported; shipped: a parcel carries it. */
  @ApiPropertyOptional({ enum: ORDER_STATES, default: 'waiting' })
  @IsOptional()
  @IsIn(ORDER_STATES)
  state: OrderState = 'waiting';
}

export class GoodsParcelDto {
  carrier: string;
  trackingNo: string;
  shippedAt: Date;
}

export class GoodsOrderDto {
  orderNo: string;
  memberId: number;
  prizeName: string;
  campaignId: number;
  wonAt: Date;
  @ApiProperty({ enum: ORDER_STATES })
  state: OrderState;
  /** Null after erasure. */
  maskedAddress: string | null;
  addressAt: Date;
  takenAt: Date | null;
  exportId: number | null;
  parcel: GoodsParcelDto | null;
}

export class GoodsOrderPageDto {
  @ApiProperty({ type: [GoodsOrderDto] })
  items: readonly GoodsOrderDto[];
  nextCursor: string | null;
}

export class OrderCountsDto {
  waiting: number;
  taken: number;
  shipped: number;
}

export class TakeOrdersDto {
  /** The oldest so many, at most 1,000. */
  @IsInt()
  @Min(1)
  @Max(MOST_ORDERS_AT_ONCE)
  most: number;
}

export class OrdersTakenDto {
  /** Names the file: `exports/{id}.csv`, `.xlsx`. */
  id: number;
  orders: number;
}

export class GoodsExportDto {
  id: number;
  orders: number;
  takenBy: string | null;
  takenAt: Date;
  downloads: number;
}

export class GoodsExportPageDto {
  @ApiProperty({ type: [GoodsExportDto] })
  items: readonly GoodsExportDto[];
  nextCursor: string | null;
}

export class TrackingDto {
  @IsString()
  @MaxLength(64)
  orderNo: string;

  /** 2 to 20 characters, e.g. 顺丰. */
  @IsString()
  @MaxLength(64)
  carrier: string;

  /** 6 to 32 of [0-9A-Z-]. */
  @IsString()
  @MaxLength(64)
  trackingNo: string;
}

export class TrackingFaultDto {
  /** From 1. */
  line: number;
  @ApiProperty({ enum: ['bad_line', 'bad_order', 'bad_carrier', 'bad_number', 'repeated', 'not_taken'] })
  fault: TrackingFault;
}

export class TrackingReportDto {
  accepted: number;
  @ApiProperty({ type: [TrackingFaultDto] })
  faults: readonly TrackingFaultDto[];
}
