import { accountOf, accountWords, emptyLine, imbalance } from './correction-words';

it('names accounts as the ledger does, and knows when something is missing', () => {
  const line = emptyLine(true);
  expect(accountOf(line)).toBeNull();
  expect(accountOf({ ...line, budgetId: 7 })).toBe('budget:7:available');
  expect(accountOf({ ...line, kind: 'channel', mchId: '1900000109' })).toBeNull();
  expect(accountOf({ ...line, kind: 'channel', mchId: '1900000109', channel: 'redpack_v2' })).toBe(
    'channel:1900000109:redpack_v2',
  );
  expect(accountOf({ ...line, kind: 'member', memberId: ' 42 ' })).toBe('member:42');
  expect(accountOf({ ...line, kind: 'member', memberId: '4x' })).toBeNull();
  expect(accountOf({ ...line, kind: 'outside' })).toBe('outside');
});

it('adds up what goes in and out', () => {
  expect(imbalance([{ ...emptyLine(false), fen: 500 }, { ...emptyLine(true), fen: 300 }, emptyLine(true)])).toBe(-200);
});

it('reads accounts back in words', () => {
  const names = new Map([
    ['budget:7', '秋季开盖'],
    ['merchant:1900000109', '青禾华东'],
  ]);
  expect(accountWords('budget:7:available', names)).toBe('秋季开盖 · 可用');
  expect(accountWords('budget:8:granted', names)).toBe('预算 8 · 获批（退回）');
  expect(accountWords('channel:1900000109:redpack_v2', names)).toBe('现金红包在途 · 青禾华东');
  expect(accountWords('outside', names)).toBe('账外');
});
