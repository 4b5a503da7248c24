import fc from 'fast-check';
import type { Prize } from '@app/campaigns';
import { testConfig } from '@app/testing';
import { awardStanding, progressWhenWon } from './award-state';
import { couponLines, couponOf } from './coupons/coupon-lines';
import { GeneratedCoupons } from './coupons/generated-coupons';
import { checkAddress, maskAddress } from './goods/address';
import { RedeemTokens } from './redeem-tokens';
import { validUntil } from './validity';

const wonAt = new Date('2026-11-03T11:42:10Z');
const day = (days: number) => new Date(wonAt.getTime() + days * 86_400_000);
const award = (batch: number, layer: number, serial: number, slot = 0) => ({ code: { batch, layer, serial }, slot });
const anyAward = fc
  .tuple(fc.nat(2 ** 22 - 1), fc.nat(15), fc.nat(2 ** 30 - 1), fc.nat(255))
  .map(([batch, layer, serial, slot]) => award(batch, layer, serial, slot));

it('a prize is good until its last day in Shanghai is over', () => {
  expect(validUntil(wonAt, 7).toISOString()).toBe('2026-11-10T16:00:00.000Z');
  // 23:59:59 and 00:00 in Shanghai.
  expect(validUntil(new Date('2026-11-03T15:59:59.999Z'), 1).toISOString()).toBe('2026-11-04T16:00:00.000Z');
  expect(validUntil(new Date('2026-11-03T16:00:00.000Z'), 1).toISOString()).toBe('2026-11-05T16:00:00.000Z');
});

describe('what is computed from an award', () => {
  const coupons = new GeneratedCoupons(testConfig());
  const tokens = new RedeemTokens(testConfig());

  it('is the same each time, different for each award, and another one under other keys', () => {
    expect(coupons.codeOf(award(1, 0, 5))).toMatch(/^[0-9A-HJKMNP-TV-Z]{12}$/);
    expect(coupons.codeOf(award(1, 0, 5))).toBe(coupons.codeOf(award(1, 0, 5)));
    const many = new Set(Array.from({ length: 5000 }, (_, serial) => coupons.codeOf(award(1, 0, serial))));
    expect(many.size).toBe(5000);
    const { keys } = testConfig();
    const other = new GeneratedCoupons(testConfig({ keys: { ...keys, bill: Buffer.alloc(32, 7) } }));
    expect(other.codeOf(award(1, 0, 5))).not.toBe(coupons.codeOf(award(1, 0, 5)));
  });

  it('a redeem token names its award, suits QR, and cannot be turned into another', () => {
    fc.assert(
      fc.property(anyAward, (one) => {
        const token = tokens.make(one);
        expect(token).toMatch(/^[0-9A-Z-]{22,40}$/);
        expect(tokens.read(token)).toEqual(one);
        const other = tokens.make(award(one.code.batch, one.code.layer, (one.code.serial + 1) % 2 ** 30, one.slot));
        expect(tokens.read(token.slice(0, -16) + other.slice(-16))).toBeNull();
      }),
    );
    const token = tokens.make(award(1, 0, 5));
    for (const wrong of ['', 'R1', `${token}0`, token.toLowerCase(), ` ${token}`, token.replace('R1', 'R2')]) {
      expect(tokens.read(wrong)).toBeNull();
    }
  });
});

describe('standing of prizes that are not cash', () => {
  const limited = { key: 'p', name: '奖', stock: null };
  const prizes: Record<string, Prize> = {
    locked: { ...limited, kind: 'locked', amount: { type: 'fixed', fen: 188 }, opensWithinDays: 7 },
    coupon: { ...limited, kind: 'coupon', coupon: { type: 'generated' }, valueFen: 500, validDays: 7 },
    goods: { ...limited, kind: 'goods', valueFen: 9900 },
    redeem: { ...limited, kind: 'redeem', productId: 1, valueFen: 550, coPayFen: 0, validDays: 7 },
    copay: { ...limited, kind: 'redeem', productId: 1, valueFen: 550, coPayFen: 100, validDays: 7 },
    nothing: { key: 'n', name: '谢谢参与', kind: 'nothing' },
  };
  const standing = (name: string, at: Date) => awardStanding(progressWhenWon(prizes[name]!, wonAt, null), at);

  it('says what to do while there is time, naming the last day, and that time is over afterwards', () => {
    expect(standing('locked', day(0))).toMatchObject({
      state: 'locked',
      hint: '再扫一瓶就打开，11 月 10 日前有效，含当天',
    });
    expect(standing('coupon', day(0))).toMatchObject({ state: 'usable', hint: '请在 11 月 10 日前使用，含当天' });
    expect(standing('redeem', day(0)).hint).toBe('到店免费领，给店员看兑换码，11 月 10 日前有效，含当天');
    expect(standing('copay', day(0)).hint).toContain('到店补 1.00 元');
    const last = new Date(validUntil(wonAt, 7).getTime() - 1);
    for (const name of ['locked', 'coupon', 'redeem']) {
      expect(standing(name, last).state).not.toBe('lapsed');
      expect(standing(name, validUntil(wonAt, 7)).state).toBe('lapsed');
    }
    expect(standing('goods', day(900)).state).toBe('address');
    expect(standing('nothing', day(900)).state).toBe('none');
  });

  it('an opened packet is money, however late it is claimed', () => {
    const shut = progressWhenWon(prizes['locked']!, wonAt, null);
    const opened = { ...shut, openedAt: day(2) };
    expect(awardStanding(opened as never, day(30)).state).toBe('ready');
  });
});

describe('addresses', () => {
  const good = { name: ' 林小禾 ', phone: '138 0000-1234', adcode: 340104, detail: '望江西路 100 号 3 栋 502' };
  const faults = (change: object) => {
    try {
      checkAddress({ ...good, ...change });
    } catch (error) {
      return ((error as { details?: { field: string }[] }).details ?? []).map(({ field }) => field);
    }
    return [];
  };

  it('are tidied, and refused with the field that is wrong', () => {
    expect(checkAddress(good)).toEqual({ ...good, name: '林小禾', phone: '13800001234' });
    expect(faults({ name: '林' })).toEqual(['name']);
    expect(faults({ name: '林小禾\u0007' })).toEqual(['name']);
    expect(faults({ name: '林\u202e小禾' })).toEqual(['name']);
    expect(faults({ phone: '12800001234' })).toEqual(['phone']);
    expect(faults({ phone: '138000012345' })).toEqual(['phone']);
    for (const adcode of [340000, 340100, 0, 999999, Number.NaN]) expect(faults({ adcode })).toEqual(['adcode']);
    expect(faults({ detail: '号' })).toEqual(['detail']);
    expect(faults({ detail: 'x'.repeat(101), phone: '' })).toEqual(['phone', 'detail']);
  });

  it('are shown so that only their owner knows them again', () => {
    const masked = maskAddress(checkAddress(good));
    expect(masked).toBe('林**，138****1234，安徽省 合肥市 蜀山区 望江西路…');
    expect(maskAddress({ ...checkAddress(good), name: '林禾', adcode: 110105 })).toBe(
      '林*，138****1234，北京市 朝阳区 望江西路…',
    );
  });
});

describe('lines of coupons', () => {
  it('come from any text file', () => {
    expect(couponLines('\uFEFFA-000001\r\nA-000002\n\nA-000003\r')).toEqual(['A-000001', 'A-000002', '', 'A-000003']);
    expect(couponLines('')).toEqual([]);
  });

  it('hold 6 to 64 visible ASCII characters or nothing', () => {
    expect(['ABCDEF', '  ABCDEF\t', '', '  '].map(couponOf)).toEqual(['ABCDEF', 'ABCDEF', '', '']);
    for (const bad of ['ABCDE', 'A B C D', 'ABCDEF\u0000', '券码券码券码', 'x'.repeat(65)])
      expect(couponOf(bad)).toBeNull();
  });
});
