import { authorisationHint } from './authorisation-words';

it('promises all money without a tap only where one account pays it all', () => {
  const off = { state: 'off', offered: true } as const;
  expect(authorisationHint({ ...off, reach: 'all' })).toContain('往后中奖直接存入微信零钱');
  for (const state of ['off', 'confirm', 'on'] as const) {
    expect(authorisationHint({ state, offered: true, reach: 'some' })).toContain('一部分奖励');
    expect(authorisationHint({ state, offered: true, reach: 'all' })).not.toContain('一部分');
  }
  expect(authorisationHint({ ...off, offered: false, reach: 'all' })).toBeNull();
});
