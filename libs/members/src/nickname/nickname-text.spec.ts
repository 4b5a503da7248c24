import fc from 'fast-check';
import { Rejected } from '@app/kernel';
import { MOST_NICKNAME_CHARACTERS, readNickname } from './nickname-text';

it.each([
  ['小禾', '小禾'],
  ['  小　禾  ', '小 禾'],
  ['Zoë', 'Zoë'],
  ['👨‍👩‍👧一家', '👨‍👩‍👧一家'],
  ['👍🏽好', '👍🏽好'],
  ['❤️‍🔥', '❤️‍🔥'],
  ['🇨🇳', '🇨🇳'],
  ['<b>&', '<b>&'],
  ['禾'.repeat(20), '禾'.repeat(20)],
])('keeps %j as %j', (typed, kept) => {
  expect(readNickname(typed)).toBe(kept);
});

it.each([
  ['nothing', '', '看得见'],
  ['spaces', ' \u3000\u00a0 ', '看得见'],
  ['a joiner alone', '\u200d', '看得见'],
  ['a control character', '小\u0007禾', '看不见'],
  ['a new line', '小\n禾', '看不见'],
  ['a line separator', '小\u2028禾', '看不见'],
  ['writing turned round', '小\u202e禾', '看不见'],
  ['zero width', '小\u200b禾', '看不见'],
  ['a joiner between letters', '小\u200d禾', '看不见'],
  ['half a character', '小\ud83d', '看不见'],
  ['a private character', '小\ue000', '看不见'],
  ['marks piled up', `z${'\u0335'.repeat(4)}`, '叠在一起'],
  ['21 characters', '禾'.repeat(21), '最多 20'],
  ['few characters of many bytes', '👨‍👩‍👧‍👦'.repeat(19), '最多 20'],
])('refuses %s', (_what, typed, words) => {
  let thrown: unknown;
  try {
    readNickname(typed);
  } catch (error) {
    thrown = error;
  }
  expect(thrown).toBeInstanceOf(Rejected);
  expect(thrown).toMatchObject({ code: 'bad_nickname', status: 422 });
  expect((thrown as Rejected).message).toContain(words);
});

it('what is kept is short, has nothing unseen in it, and is kept as it is when it comes again', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 40 }), (typed) => {
      let kept: string;
      try {
        kept = readNickname(typed);
      } catch (error) {
        return error instanceof Rejected;
      }
      expect(readNickname(kept)).toBe(kept);
      expect(kept).not.toMatch(/[\p{Cc}\p{Cs}\p{Co}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]/u);
      return Buffer.byteLength(kept) <= 400 && kept.length > 0 && MOST_NICKNAME_CHARACTERS > 0;
    }),
  );
});
