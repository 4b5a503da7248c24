import { Rejected } from '@app/kernel';
import { regionOf } from '@app/regions';

export type StoreStatus = 'active' | 'closed';

/** A shop that sells to consumers (终端门店). */
export interface Store {
  readonly id: number;
  readonly distributorId: number;
  readonly name: string;
  /** District, or city where GB/T 2260 has no districts below it. */
  readonly adcode: number;
  readonly address: string;
  /** gcj02, as WeChat measures; null = not told. */
  readonly location: { readonly latitude: number; readonly longitude: number } | null;
  /** Products it redeems, by id; `all` = every product, also those that are still to come. */
  readonly redeems: 'all' | readonly number[];
  readonly status: StoreStatus;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** What people say about a store; the distributor stays the one it was opened for. */
export type StoreWish = Pick<Store, 'name' | 'adcode' | 'address' | 'location' | 'redeems'>;

export const MAX_REDEEMED = 500;
const MAX_NAME = 64;
const MAX_ADDRESS = 200;
/** The frame around China in which coordinates make sense at all. */
const FRAME = { latitude: [3, 54], longitude: [73, 136] } as const;

/** A checked copy. Throws Rejected 422 for whatever cannot be a store. */
export function checkedStore({ name, adcode, address, location, redeems }: StoreWish): StoreWish {
  const clean = { name: name.normalize('NFC').trim(), address: address.normalize('NFC').trim() };
  if (!fits(clean.name, MAX_NAME)) throw new Rejected('bad_name', `门店名称须为 1 至 ${MAX_NAME} 个字符`, 422);
  if (!fits(clean.address, MAX_ADDRESS)) {
    throw new Rejected('bad_address', `门店地址须为 1 至 ${MAX_ADDRESS} 个字符`, 422);
  }
  const region = regionOf(adcode);
  if (region === null) throw new Rejected('no_region', '没有这个行政区划代码', 422);
  if (region.level === 'province') throw new Rejected('bad_region', '门店所在地须具体到区县（不设区的市填到市）', 422);
  if (location !== null && !isInFrame(location)) throw new Rejected('bad_location', '经纬度不在中国范围内', 422);
  return { ...clean, adcode, location, redeems: redeems === 'all' ? 'all' : checkedProducts(redeems) };
}

function checkedProducts(redeems: readonly number[]): number[] {
  const ids = [...new Set(redeems)].sort((a, b) => a - b);
  if (ids.length > MAX_REDEEMED) throw new Rejected('bad_products', `最多选 ${MAX_REDEEMED} 个商品`, 422);
  return ids;
}

function isInFrame({ latitude, longitude }: NonNullable<Store['location']>): boolean {
  const inside = (value: number, [from, to]: readonly [number, number]): boolean => value >= from && value <= to;
  return inside(latitude, FRAME.latitude) && inside(longitude, FRAME.longitude);
}

function fits(text: string, most: number): boolean {
  return text !== '' && [...text].length <= most;
}
