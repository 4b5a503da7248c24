import { Defect } from '@app/kernel';
import { channelFor, merchantOf, silentReach } from './merchant-routing';

const THREE = [{ mchId: '1900000109' }, { mchId: '1900000110' }, { mchId: '1900000111' }];
const keys = Array.from({ length: 4000 }, (_, serial) => `9:1:${serial}:0`);
const sharesOf = (merchants: Parameters<typeof merchantOf>[1]): Map<string, number> => {
  const counts = new Map<string, number>();
  for (const key of keys) {
    const chosen = merchantOf(key, merchants);
    counts.set(chosen, (counts.get(chosen) ?? 0) + 1);
  }
  return counts;
};

it('depends on the key and the list only, not on the order of the list', () => {
  for (const key of keys.slice(0, 500)) {
    expect(merchantOf(key, THREE)).toBe(merchantOf(key, [...THREE].reverse()));
  }
  // Written down: a restored database must find the same account for the same payout.
  expect(['1:1:1:0', '1:1:2:0', '1:1:3:0', '1:1:4:0'].map((key) => merchantOf(key, THREE))).toMatchInlineSnapshot(`
    [
      "1900000109",
      "1900000111",
      "1900000110",
      "1900000111",
    ]
  `);
});

it('shares follow the weights', () => {
  const [plain, heavy] = [sharesOf(THREE), sharesOf(THREE.map((one, at) => ({ ...one, weight: at === 0 ? 6 : 1 })))];
  for (const count of plain.values()) expect(Math.abs(count / keys.length - 1 / 3)).toBeLessThan(0.04);
  expect(Math.abs(heavy.get('1900000109')! / keys.length - 0.75)).toBeLessThan(0.04);
});

it('an account that is switched off gets nothing, and only its own payouts go elsewhere', () => {
  const without = THREE.map((one) => ({ ...one, enabled: one.mchId !== '1900000110' }));
  for (const key of keys.slice(0, 1000)) {
    const before = merchantOf(key, THREE);
    const after = merchantOf(key, without);
    expect(after).not.toBe('1900000110');
    if (before !== '1900000110') expect(after).toBe(before);
  }
  expect(() => merchantOf('1:1:1:0', [])).toThrow(Defect);
  expect(() => merchantOf('1:1:1:0', [{ mchId: '1900000109', enabled: false }])).toThrow(Defect);
});

it('pays silently only where the person agreed to it and WeChat has opened it', () => {
  const both = { mchId: 'a', channels: ['transfer_confirm_v3', 'transfer_authorized_v3'] } as const;
  const red = { mchId: 'b', channels: ['redpack_v2'] } as const;
  expect(channelFor('a', [both, red])).toBe('transfer_confirm_v3');
  expect(channelFor('a', [both, red], { mchId: 'a' })).toBe('transfer_authorized_v3');
  expect(channelFor('a', [both, red], { mchId: 'b' })).toBe('transfer_confirm_v3');
  expect(channelFor('b', [both, red], { mchId: 'b' })).toBe('redpack_v2');
  expect(() => channelFor('c', [both, red])).toThrow(Defect);
});

it('an agreement reaches all payouts only where one account pays them all, and then it truly does', () => {
  const [first, second] = [{ mchId: '1900000109' }, { mchId: '1900000110' }];
  const off = { ...second, enabled: false };
  expect(silentReach('1900000109', [first, second])).toBe('some');
  expect(silentReach('1900000109', [first, off])).toBe('all');
  // The account of an old agreement is switched off: what is won now is paid by the other one.
  expect(silentReach('1900000110', [first, off])).toBe('some');
  const elsewhere = (merchants: Parameters<typeof merchantOf>[1]) =>
    keys.filter((key) => merchantOf(key, merchants) !== '1900000109').length;
  expect(elsewhere([first, off])).toBe(0);
  expect(elsewhere([first, second])).toBeGreaterThan(1000);
});
