import { readCodeText } from './code-text';

describe('a typed code', () => {
  it('is read in any case, with dashes and blanks, and with I, L, O for 1, 1, 0', () => {
    expect(readCodeText(' a-7k2m-9qx4 tb3w—z8dr ')).toBe('A7K2M9QX4TB3WZ8DR');
    expect(readCodeText('AIL0O00000000000Z')).toBe('A110000000000000Z');
  });

  it('is refused when it is short, long, or holds a letter that no code has', () => {
    for (const text of ['', 'A7K2M9QX4TB3WZ8D', 'A7K2M9QX4TB3WZ8DRR', 'A7K2M9QX4TB3WZ8DU', 'A7K2M9QX4TB3WZ8D中']) {
      expect(readCodeText(text)).toBeNull();
    }
  });
});
