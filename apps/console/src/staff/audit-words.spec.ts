import { actInWords, changesOf } from './audit-words';

it('shows what differs, and nothing else', () => {
  expect(changesOf({ roles: ['service'], name: '何' }, { roles: ['finance'], name: '何' })).toEqual([
    { field: 'roles', before: '[\n "service"\n]', after: '[\n "finance"\n]' },
  ]);
  expect(changesOf(undefined, { amountFen: 0, note: '' })).toEqual([
    { field: 'amountFen', before: null, after: '0' },
    { field: 'note', before: null, after: '' },
  ]);
  expect(changesOf({ gone: true }, null)).toEqual([{ field: 'gone', before: 'true', after: null }]);
  expect(changesOf('旧', '新')).toEqual([{ field: '内容', before: '旧', after: '新' }]);
  expect(changesOf(undefined, undefined)).toEqual([]);
});

it('calls an act by its name when it has no words', () => {
  expect(actInWords('staff.login')).toBe('登录');
  expect(actInWords('planets.align')).toBe('planets.align');
});
