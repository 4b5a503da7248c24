import { Rejected } from '@app/kernel';
import { ancestorsOf, childrenOf, namesOf, regionOf } from '@app/regions';

/** Where a prize is sent. Personal data: sealed at rest, shown masked. */
export interface Address {
  readonly name: string;
  /** Mainland mobile number, 11 digits. */
  readonly phone: string;
  /** The finest division there is: a district, or a city that has none. */
  readonly adcode: number;
  /** Street, house, room. */
  readonly detail: string;
}

const PHONE = /^1[3-9]\d{9}$/;
const NAME = { least: 2, most: 20 };
const DETAIL = { least: 4, most: 100 };
/** Control and format characters have no place on a parcel label. */
const UNPRINTABLE = /[\p{C}]/u;

/** The address with outer spaces cut off. Rejected `bad_address` (422) with the faulty fields in `details`. */
export function checkAddress({ name, phone, adcode, detail }: Address): Address {
  const address = { name: name.trim(), phone: phone.replace(/[\s-]/g, ''), adcode, detail: detail.trim() };
  const faults = [
    ...(fits(address.name, NAME) ? [] : [{ field: 'name', message: '请填写收货人姓名，2 到 20 个字' }]),
    ...(PHONE.test(address.phone) ? [] : [{ field: 'phone', message: '请填写 11 位手机号' }]),
    ...(isFinest(adcode) ? [] : [{ field: 'adcode', message: '请把所在地区选到区县' }]),
    ...(fits(address.detail, DETAIL) ? [] : [{ field: 'detail', message: '请填写街道、门牌号，4 到 100 个字' }]),
  ];
  if (faults.length > 0)
    throw new Rejected('bad_address', faults.map(({ message }) => message).join('；'), 422, faults);
  return address;
}

/** `林**，138****1234，安徽省 合肥市 蜀山区 望江西路…`: enough to recognise one's own address, not enough to use it. */
export function maskAddress({ name, phone, adcode, detail }: Address): string {
  const { province, city, district } = namesOf(adcode);
  const places = [...new Set([province, city, district].filter((part) => part !== null))];
  const shownName = `${[...name][0]}${'*'.repeat(Math.min([...name].length - 1, 2))}`;
  const shownDetail = `${[...detail].slice(0, 4).join('')}…`;
  return `${shownName}，${phone.slice(0, 3)}****${phone.slice(-4)}，${[...places, shownDetail].join(' ')}`;
}

function fits(text: string, { least, most }: { least: number; most: number }): boolean {
  const { length } = [...text];
  return length >= least && length <= most && !UNPRINTABLE.test(text);
}

function isFinest(adcode: number): boolean {
  return regionOf(adcode) !== null && ancestorsOf(adcode).length > 0 && childrenOf(adcode).length === 0;
}
