import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { Defect } from '@app/kernel';
import { blindIndex, sealedAt, Sealer } from './index';

const first = randomBytes(32);
const sealer = new Sealer(new Map([[1, first]]), 1);
const here = sealedAt('members', 'openid_sealed', 7);

it('opens what it sealed, any text, and never seals the same way twice', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => {
      const sealed = sealer.seal(text, here);
      expect(sealer.open(sealed, here)).toBe(text);
      expect(sealed.length).toBe(Buffer.byteLength(text) + 29);
      expect(sealer.seal(text, here).equals(sealed)).toBe(false);
    }),
  );
});

it('I23 refuses a value moved to another row, column or table', () => {
  const sealed = sealer.seal('o-openid', here);
  for (const elsewhere of [
    sealedAt('members', 'openid_sealed', 8),
    sealedAt('members', 'phone_sealed', 7),
    sealedAt('payouts', 'openid_sealed', 7),
  ]) {
    expect(() => sealer.open(sealed, elsewhere)).toThrow(Defect);
  }
});

it('refuses any changed, cut or foreign byte', () => {
  const sealed = sealer.seal('o-openid', here);
  for (let at = 0; at < sealed.length; at++) {
    const changed = Buffer.from(sealed);
    changed[at]! ^= 1;
    expect(() => sealer.open(changed, here)).toThrow(Defect);
    expect(() => sealer.open(sealed.subarray(0, at), here)).toThrow(Defect);
  }
  expect(() => new Sealer(new Map([[1, randomBytes(32)]]), 1).open(sealed, here)).toThrow(Defect);
});

it('reads old rows after a new key came', () => {
  const old = sealer.seal('x', here);
  const rotated = new Sealer(
    new Map([
      [1, first],
      [2, randomBytes(32)],
    ]),
    2,
  );
  expect(rotated.open(old, here)).toBe('x');
  expect(rotated.seal('x', here)[0]).toBe(2);
});

it('finds equal values by a keyed hash only', () => {
  expect(blindIndex(first, 'openid:a')).toEqual(blindIndex(first, 'openid:a'));
  expect(blindIndex(first, 'openid:a').equals(blindIndex(first, 'phone:a'))).toBe(false);
  expect(blindIndex(randomBytes(32), 'openid:a').equals(blindIndex(first, 'openid:a'))).toBe(false);
  expect(blindIndex(first, '').length).toBe(32);
});
