import { readExample } from './example';

const message = (more: object = {}) => ({
  ...{ kind: 'yima.preview', scene: 'won', title: '开盖有礼', look: null },
  prize: { kind: 'cash', name: '红包', amountFen: 188 },
  ...more,
});
const HASH = 'a'.repeat(64);
const shades = {
  base: '#1f5fa8',
  deep: '#17467c',
  night: '#11355e',
  bright: '#336db0',
  wash: '#e6eaef',
  text: '#1f5fa8',
};

it('reads an example as the builder sends it', () => {
  const look = {
    ...{ theme: 'leaf', accent: { light: shades, dark: shades }, heroUrl: `/pictures/${HASH}`, logoUrl: null },
    words: { invite: '有奖', win: null, thanks: null, notice: null },
  };
  expect(readExample(message({ look, hour: 'night' }))).toEqual({
    ...{ scene: 'won', hour: 'night', title: '开盖有礼', look },
    prize: { kind: 'cash', name: '红包', amountFen: 188 },
  });
});

it('takes nothing from elsewhere: no message of others, no picture of another host, no colour that is none', () => {
  for (const odd of [
    null,
    'x',
    7,
    {},
    message({ kind: 'other' }),
    message({ scene: 'all' }),
    message({ prize: null }),
  ]) {
    expect(readExample(odd)).toBeNull();
  }
  expect(readExample(message({ hour: 'noon' }))?.hour).toBe('day');
  const look = (part: object) => readExample(message({ look: { words: null, ...part } }))?.look;
  for (const heroUrl of ['https://x.example/a.png', `/pictures/${HASH}/../x`, 'javascript:1', 7]) {
    expect(look({ heroUrl })?.heroUrl).toBeNull();
  }
  expect(look({ accent: { light: shades, dark: { ...shades, base: 'url(x)' } } })?.accent).toBeNull();
  expect(look({ theme: 5, words: { win: 5 } })).toMatchObject({ theme: '', words: { win: null } });
  expect(readExample(message({ title: '一'.repeat(999) }))?.title).toHaveLength(60);
});
