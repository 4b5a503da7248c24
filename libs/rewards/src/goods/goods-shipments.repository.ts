import { Injectable } from '@nestjs/common';
import { bulkInsert, placeholders, textOf, type Reader, type SqlValue, type Tx } from '@app/database';
import { memberId, type CodeTriple, type MemberId } from '@app/kernel';
import { payoutKeyOf } from '../award';
import type { OrderState, Parcel } from './tracking';

/** A prize that is sent: its natural key, and what became of it. */
export interface OrderRow {
  readonly code: CodeTriple;
  readonly slot: number;
  readonly member: MemberId;
  readonly prizeName: string;
  readonly campaignId: number;
  readonly wonAt: Date;
  readonly state: OrderState;
  /** When the address came, or changed last. */
  readonly addressAt: Date;
  readonly takenAt: Date | null;
  readonly exportId: number | null;
  readonly parcel: Parcel | null;
}

export type OrderKey = Pick<OrderRow, 'code' | 'slot'>;

interface Raw {
  batch: number;
  layer: number;
  serial: number;
  slot: number;
  member: string;
  prizeName: string;
  campaignId: number;
  wonAt: Date;
  addressAt: Date;
  takenAt: Date | null;
  exportId: number | null;
  carrier: string | null;
  trackingNo: Buffer | null;
  shippedAt: Date | null;
}

const KEY = ['batch_id', 'layer', 'serial', 'slot'] as const;
const same = (a: string, b: string): string => KEY.map((column) => `${a}.${column} = ${b}.${column}`).join(' AND ');
const COLUMNS = `d.batch_id AS batch, d.layer, d.serial, d.slot, d.member_id AS member, a.prize_name AS prizeName, a.campaign_id AS campaignId,
  a.won_at AS wonAt, d.updated_at AS addressAt, d.taken_at AS takenAt, s.export_id AS exportId, s.carrier, s.tracking_no AS trackingNo,
  s.shipped_at AS shippedAt`;
const WAITING = `FROM award_addresses d JOIN awards a ON ${same('a', 'd')} LEFT JOIN goods_shipments s ON ${same('s', 'd')}`;
const MOVING = `FROM goods_shipments s JOIN award_addresses d ON ${same('d', 's')} JOIN awards a ON ${same('a', 's')}`;

/** Where a page of orders ended: the time it is sorted by, then the key. */
export interface OrderPosition extends OrderKey {
  readonly at: Date;
}

/** The tables `goods_shipments` and `goods_exports`, beside `award_addresses`. */
@Injectable()
export class GoodsShipments {
  /** Waiting ones oldest first, because they are packed in that order; others latest first. */
  async page(reader: Reader, state: OrderState, after: OrderPosition | null, limit: number): Promise<OrderRow[]> {
    const waiting = state === 'waiting';
    const at = waiting ? 'd.updated_at' : 's.taken_at';
    const t = waiting ? 'd' : 's';
    const [sign, direction] = waiting ? ['>', 'ASC'] : ['<', 'DESC'];
    const key = KEY.map((column) => `${t}.${column}`);
    const where = [waiting ? 'd.taken_at IS NULL AND d.address_sealed IS NOT NULL' : 's.state = ?'];
    const params: SqlValue[] = waiting ? [] : [state];
    if (after) {
      where.push(`(${at} ${sign} ? OR (${at} = ? AND (${key.join(', ')}) ${sign} (?,?,?,?)))`);
      params.push(after.at, after.at, ...keyOf(after));
    }
    const rows = await reader.query<Raw>(
      `SELECT ${COLUMNS} ${waiting ? WAITING : MOVING} WHERE ${where.join(' AND ')}
        ORDER BY ${[at, ...key].map((column) => `${column} ${direction}`).join(', ')} LIMIT ?`,
      [...params, limit],
    );
    return rows.map(orderOf);
  }

  async counts(reader: Reader): Promise<Readonly<Record<OrderState, number>>> {
    const [row] = await reader.query<Record<OrderState, string>>(
      `SELECT (SELECT COUNT(*) FROM award_addresses WHERE taken_at IS NULL AND address_sealed IS NOT NULL) AS waiting,
              (SELECT COUNT(*) FROM goods_shipments WHERE state = 'taken') AS taken,
              (SELECT COUNT(*) FROM goods_shipments WHERE state = 'shipped') AS shipped`,
    );
    return { waiting: Number(row!.waiting), taken: Number(row!.taken), shipped: Number(row!.shipped) };
  }

  /** The oldest orders that wait, locked. */
  async lockWaiting(tx: Tx, limit: number): Promise<{ key: OrderKey; member: MemberId }[]> {
    const rows = await tx.query<Pick<Raw, 'batch' | 'layer' | 'serial' | 'slot' | 'member'>>(
      `SELECT batch_id AS batch, layer, serial, slot, member_id AS member FROM award_addresses
        WHERE taken_at IS NULL AND address_sealed IS NOT NULL ORDER BY updated_at LIMIT ? FOR UPDATE`,
      [limit],
    );
    return rows.map(({ batch, layer, serial, slot, member }) => ({
      key: { code: { batch, layer, serial }, slot },
      member: memberId(member),
    }));
  }

  async addExport(tx: Tx, orders: number, by: number | null, at: Date): Promise<number> {
    const { insertId } = await tx.execute('INSERT INTO goods_exports (orders, taken_by, taken_at) VALUES (?, ?, ?)', [
      orders,
      by,
      at,
    ]);
    return insertId;
  }

  /** From now on the addresses of these stay as they are. */
  async take(
    tx: Tx,
    exportId: number,
    orders: readonly { key: OrderKey; member: MemberId }[],
    at: Date,
  ): Promise<void> {
    await bulkInsert(
      tx,
      'goods_shipments',
      [...KEY, 'member_id', 'export_id', 'state', 'taken_at'],
      orders.map(({ key, member }) => [...keyOf(key), member, exportId, 'taken', at]),
    );
    await tx.execute(
      `UPDATE award_addresses d JOIN goods_shipments s ON ${same('s', 'd')} SET d.taken_at = ? WHERE s.export_id = ?`,
      [at, exportId],
    );
  }

  /** How many orders of these members were taken for a parcel and not sent yet. */
  async beingPacked(reader: Reader, members: readonly MemberId[]): Promise<number> {
    const [row] = await reader.query<{ n: string }>(
      `SELECT COUNT(*) AS n FROM award_addresses d JOIN goods_shipments s ON ${same('s', 'd')}
        WHERE d.member_id IN (${placeholders(members)}) AND s.state = 'taken'`,
      members,
    );
    return Number(row!.n);
  }

  async hasExport(reader: Reader, exportId: number): Promise<boolean> {
    return (await reader.query('SELECT id FROM goods_exports WHERE id = ?', [exportId])).length > 0;
  }

  async countDownload(tx: Tx, exportId: number): Promise<void> {
    await tx.execute('UPDATE goods_exports SET downloads = downloads + 1 WHERE id = ?', [exportId]);
  }

  /** Orders of an export with their sealed addresses, by key. */
  async exported(reader: Reader, exportId: number): Promise<(OrderRow & { readonly sealed: Buffer | null })[]> {
    const rows = await reader.query<Raw & { sealed: Buffer | null }>(
      `SELECT ${COLUMNS}, d.address_sealed AS sealed ${MOVING} WHERE s.export_id = ?
        ORDER BY s.batch_id, s.layer, s.serial, s.slot`,
      [exportId],
    );
    return rows.map((raw) => ({ ...orderOf(raw), sealed: raw.sealed }));
  }

  /** Latest first. */
  async exports(reader: Reader, before: number, limit: number): Promise<GoodsExport[]> {
    const rows = await reader.query<GoodsExport>(
      `SELECT e.id, e.orders, o.name AS takenBy, e.taken_at AS takenAt, e.downloads
         FROM goods_exports e LEFT JOIN operators o ON o.id = e.taken_by WHERE e.id < ? ORDER BY e.id DESC LIMIT ?`,
      [before, limit],
    );
    return rows;
  }

  /** Writes down the parcel of an order that was taken; a number typed wrong may be written again. False: it was not taken. */
  async ship(tx: Tx, key: OrderKey, carrier: string, trackingNo: string): Promise<boolean> {
    const { affectedRows } = await tx.execute(
      `UPDATE goods_shipments SET state = 'shipped', carrier = ?, tracking_no = ?, shipped_at = COALESCE(shipped_at, UTC_TIMESTAMP(6))
        WHERE batch_id = ? AND layer = ? AND serial = ? AND slot = ?`,
      [carrier, trackingNo, ...keyOf(key)],
    );
    return affectedRows === 1;
  }

  /** Parcels by `payoutKeyOf`; orders that were not sent are missing. */
  async parcels(reader: Reader, orders: readonly OrderKey[]): Promise<Map<string, Parcel>> {
    if (orders.length === 0) return new Map();
    const rows = await reader.query<{
      batch: number;
      layer: number;
      serial: number;
      slot: number;
      carrier: string;
      trackingNo: Buffer;
      shippedAt: Date;
    }>(
      `SELECT batch_id AS batch, layer, serial, slot, carrier, tracking_no AS trackingNo, shipped_at AS shippedAt
         FROM goods_shipments WHERE state = 'shipped' AND (batch_id, layer, serial, slot) IN (${orders.map(() => '(?,?,?,?)').join(',')})`,
      orders.flatMap(keyOf),
    );
    return new Map(
      rows.map(({ batch, layer, serial, slot, carrier, trackingNo, shippedAt }) => [
        payoutKeyOf({ code: { batch, layer, serial }, slot }),
        { carrier, trackingNo: textOf(trackingNo), shippedAt },
      ]),
    );
  }
}

export interface GoodsExport {
  readonly id: number;
  readonly orders: number;
  readonly takenBy: string | null;
  readonly takenAt: Date;
  readonly downloads: number;
}

function keyOf({ code, slot }: OrderKey): [number, number, number, number] {
  return [code.batch, code.layer, code.serial, slot];
}

function orderOf(raw: Raw): OrderRow {
  const { batch, layer, serial, slot, carrier, trackingNo, shippedAt } = raw;
  const sent = carrier !== null && trackingNo !== null && shippedAt !== null;
  return {
    code: { batch, layer, serial },
    slot,
    member: memberId(raw.member),
    prizeName: raw.prizeName,
    campaignId: raw.campaignId,
    wonAt: raw.wonAt,
    state: sent ? 'shipped' : raw.takenAt === null ? 'waiting' : 'taken',
    addressAt: raw.addressAt,
    takenAt: raw.takenAt,
    exportId: raw.exportId,
    parcel: sent ? { carrier, trackingNo: textOf(trackingNo), shippedAt } : null,
  };
}
