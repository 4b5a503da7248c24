import { Injectable } from '@nestjs/common';
import { Database, databaseNow, UnitOfWork } from '@app/database';
import { checkLimit, readCursor, Rejected, writeCursor, type Page, type PageRequest } from '@app/kernel';
import { namesOf } from '@app/regions';
import { AuditLog, hasRight, type Operator } from '@app/staff';
import { payoutKeyOf } from '../award';
import { AwardIds } from '../award-ids';
import { AwardAddresses, type GivenAddress } from './award-addresses.repository';
import {
  GoodsShipments,
  type GoodsExport,
  type OrderKey,
  type OrderPosition,
  type OrderRow,
} from './goods-shipments.repository';
import {
  checkedTracking,
  MOST_TRACKING_LINES,
  type OrderState,
  type Parcel,
  type TrackingFault,
  type TrackingLine,
} from './tracking';

/** An order in a list: enough to recognise whose it is, not enough to write to them. */
export interface GoodsOrder {
  readonly orderNo: string;
  readonly memberId: number;
  readonly prizeName: string;
  readonly campaignId: number;
  readonly wonAt: Date;
  readonly state: OrderState;
  /** Null after erasure. */
  readonly maskedAddress: string | null;
  readonly addressAt: Date;
  readonly takenAt: Date | null;
  readonly exportId: number | null;
  readonly parcel: Parcel | null;
}

/** An order with the whole address, for the warehouse. */
export interface AddressedOrder {
  readonly orderNo: string;
  readonly prizeName: string;
  readonly name: string;
  readonly phone: string;
  readonly province: string;
  readonly city: string;
  readonly district: string;
  readonly detail: string;
}

export interface TrackingReport {
  readonly accepted: number;
  /** By line; `line` counts from 1. */
  readonly faults: readonly { readonly line: number; readonly fault: TrackingFault }[];
}

/** What one person may take out at once without a second one. */
export const MOST_ORDERS_AT_ONCE = 1000;

/** 发货: prizes that are sent. Addresses go out to a warehouse, tracking numbers come back. */
@Injectable()
export class Fulfilment {
  constructor(
    private readonly database: Database,
    private readonly unitOfWork: UnitOfWork,
    private readonly shipments: GoodsShipments,
    private readonly addresses: AwardAddresses,
    private readonly ids: AwardIds,
    private readonly audit: AuditLog,
  ) {}

  /** Waiting ones oldest first, others latest first. */
  async page({ limit, cursor, state }: PageRequest & { state: OrderState }): Promise<Page<GoodsOrder>> {
    checkLimit(limit);
    const rows = await this.shipments.page(this.database, state, cursor ? positionOf(cursor) : null, limit + 1);
    const shown = rows.slice(0, limit);
    const given = await this.addresses.given(this.database, shown);
    const last = shown.at(-1);
    return {
      items: shown.map((row) => this.order(row, given)),
      nextCursor: rows.length > limit && last ? cursorOf(last, state) : null,
    };
  }

  counts(): Promise<Readonly<Record<OrderState, number>>> {
    return this.shipments.counts(this.database);
  }

  /** Latest first. */
  async exports({ limit, cursor }: PageRequest): Promise<Page<GoodsExport>> {
    checkLimit(limit);
    const before = cursor ? Number(readCursor(cursor, 1)[0]) : Number.MAX_SAFE_INTEGER;
    const rows = await this.shipments.exports(this.database, before, limit + 1);
    const items = rows.slice(0, limit);
    return { items, nextCursor: rows.length > limit ? writeCursor([items.at(-1)!.id]) : null };
  }

  /**
   * Takes the oldest orders that wait, at most 1,000, for a file: from now on their addresses cannot change. Throws Rejected 403 without
   * the right `export-addresses` and 409 when nobody waits.
   */
  async take(operator: Operator, most: number): Promise<{ id: number; orders: number }> {
    mayExport(operator);
    return this.unitOfWork.run(async (tx) => {
      const orders = await this.shipments.lockWaiting(tx, Math.min(most, MOST_ORDERS_AT_ONCE));
      if (orders.length === 0) throw new Rejected('nothing_waits', '现在没有待发货的订单', 409);
      const at = await databaseNow(tx);
      const id = await this.shipments.addExport(tx, orders.length, operator.id, at);
      await this.shipments.take(tx, id, orders, at);
      const after = { orders: orders.length };
      await this.audit.append(tx, {
        actorId: operator.id,
        act: 'rewards.take-orders',
        object: `goods-export:${id}`,
        after,
      });
      return { id, orders: orders.length };
    });
  }

  /** The orders of an export with whole addresses; erased ones are left out. Written down first. Throws Rejected 404, 403. */
  async file(operator: Operator, exportId: number): Promise<AddressedOrder[]> {
    if (!(await this.shipments.hasExport(this.database, exportId))) {
      throw new Rejected('no_such_export', '没有这次导出', 404);
    }
    mayExport(operator);
    await this.unitOfWork.run(async (tx) => {
      await this.shipments.countDownload(tx, exportId);
      const object = `goods-export:${exportId}`;
      await this.audit.append(tx, { actorId: operator.id, act: 'rewards.export-addresses', object });
    });
    const rows = await this.shipments.exported(this.database, exportId);
    return rows.flatMap((row) => {
      const address = row.sealed && this.addresses.open(row.sealed, row);
      if (!address) return [];
      const { province, city, district } = namesOf(address.adcode);
      const { name, phone, detail } = address;
      const place = { province: province ?? '', city: city ?? '', district: district ?? '' };
      return { orderNo: this.orderNo(row), prizeName: row.prizeName, name, phone, ...place, detail };
    });
  }

  /** Tracking numbers, line by line: good lines are kept, each bad one is named. Throws Rejected 422 for more than 1,000 lines. */
  async record(
    operator: Operator,
    lines: readonly { readonly line: number; readonly said: TrackingLine | null }[],
  ): Promise<TrackingReport> {
    if (lines.length > MOST_TRACKING_LINES) {
      throw new Rejected('too_many_lines', `一次最多 ${MOST_TRACKING_LINES} 行，请分几次导入`, 422);
    }
    return this.unitOfWork.run(async (tx) => {
      const faults: { line: number; fault: TrackingFault }[] = [];
      const seen = new Set<string>();
      for (const { line, said } of lines) {
        const fault = await this.ship(tx, said, seen);
        if (fault) faults.push({ line, fault });
      }
      const accepted = lines.length - faults.length;
      const after = { lines: lines.length, accepted };
      if (accepted > 0) {
        await this.audit.append(tx, { actorId: operator.id, act: 'rewards.record-tracking', object: 'goods', after });
      }
      return { accepted, faults };
    });
  }

  private async ship(
    tx: Parameters<GoodsShipments['ship']>[0],
    said: TrackingLine | null,
    seen: Set<string>,
  ): Promise<TrackingFault | null> {
    if (said === null) return 'bad_line';
    const line = checkedTracking(said);
    if (typeof line === 'string') return line;
    const code = this.ids.read(line.orderNo);
    if (!code) return 'bad_order';
    if (seen.has(line.orderNo)) return 'repeated';
    seen.add(line.orderNo);
    return (await this.shipments.ship(tx, { code, slot: 0 }, line.carrier, line.trackingNo)) ? null : 'not_taken';
  }

  private order(row: OrderRow, given: ReadonlyMap<string, GivenAddress>): GoodsOrder {
    const { code: _, slot: __, member, ...rest } = row;
    const maskedAddress = given.get(payoutKeyOf(row))?.masked ?? null;
    return { ...rest, orderNo: this.orderNo(row), memberId: member, maskedAddress };
  }

  private orderNo({ code, slot }: OrderKey): string {
    return this.ids.make(code, slot);
  }
}

function mayExport(operator: Operator): void {
  if (hasRight(operator, 'export-addresses')) return;
  throw new Rejected('addresses_forbidden', '导出收货地址是一项单独的权限，请找品牌负责人开通', 403);
}

function cursorOf({ code, slot, addressAt, takenAt }: OrderRow, state: OrderState): string {
  const at = state === 'waiting' ? addressAt : takenAt!;
  return writeCursor([at.toISOString(), code.batch, code.layer, code.serial, slot]);
}

function positionOf(cursor: string): OrderPosition {
  const [at, ...numbers] = readCursor(cursor, 5);
  const date = new Date(String(at));
  const [batch, layer, serial, slot] = numbers.map(Number);
  if (Number.isNaN(date.getTime()) || !numbers.map(Number).every(Number.isInteger)) {
    throw new Rejected('bad_cursor', '翻页标记无效，请从第一页重新开始', 400);
  }
  return { at: date, code: { batch: batch!, layer: layer!, serial: serial! }, slot: slot! };
}
