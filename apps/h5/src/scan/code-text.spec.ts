import { codeInQr, readCodeText } from './code-text';

describe('a typed code', () => {
  it('is read in any case, with dashes and blanks, and with I, L, O for 1, 1, 0', () => {
    expect(readCodeText(' a-7k2m-9qx4 tb3w—z8dr ')).toBe('A7K2M9QX4TB3WZ8DR');
    expect(readCodeText('AIL0O00000000000Z')).toBe('A110000000000000Z');
  });

  it('is found in a symbol of our own, short or GS1, and in no other', () => {
    const code = 'A7K2M9QX4TB3WZ8DR';
    for (const text of [`HTTPS://Q.CN/${code}`, `https://q.cn/01/06901234567892/10/HF1/21/${code}?x=1`, ` ${code} `]) {
      expect(codeInQr(text)).toBe(code);
    }
    for (const text of ['', 'https://example.com/', 'R1-7-0-5G-0-7K2M9QX4TB3WZ8DR', 'wxp://f2f0abc']) {
      expect(codeInQr(text)).toBeNull();
    }
  });

  it('is refused when it is short, long, or holds a letter that no code has', () => {
    for (const text of ['', 'A7K2M9QX4TB3WZ8D', 'A7K2M9QX4TB3WZ8DRR', 'A7K2M9QX4TB3WZ8DU', 'A7K2M9QX4TB3WZ8D中']) {
      expect(readCodeText(text)).toBeNull();
    }
  });
});
