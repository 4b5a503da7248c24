import { Rejected } from '@app/kernel';

/** Characters as people count them: an emoji of several parts is one. */
export const MOST_NICKNAME_CHARACTERS = 20;
/** What the column holds, sealed: 512 bytes less the seal's own. */
const MOST_BYTES = 400;

/** What a phone draws as one picture out of several may be joined; anything else that is not seen may not be there. */
const JOINER = /(?<=\p{Extended_Pictographic}\p{Emoji_Modifier}?\uFE0F?)\u200D(?=\p{Extended_Pictographic})/gu;
/** Control, formatting (turning the direction of writing, zero width), private and unassigned characters, half surrogates, line ends. */
const UNSEEN = /[\p{C}\p{Zl}\p{Zp}]/u;
/** More marks upon one letter than any writing has. */
const PILED_UP = /\p{M}{4,}/u;
const SEEN = /[\p{L}\p{N}\p{P}\p{S}]/u;

const characters = new Intl.Segmenter('zh-CN', { granularity: 'grapheme' });

/**
 * A nickname as it is kept: composed (NFC), without spaces around it and with single ones inside. Throws Rejected 422 `bad_nickname` with
 * what is wrong. It is shown to its owner alone, so it may be anything that can be read.
 */
export function readNickname(typed: string): string {
  const text = typed
    .normalize('NFC')
    .replace(/\p{Zs}+/gu, ' ')
    .trim();
  if (!SEEN.test(text)) throw bad('请写一个看得见的昵称');
  if (UNSEEN.test(text.replace(JOINER, ''))) throw bad('昵称里有看不见的字符，请去掉再试');
  if (PILED_UP.test(text)) throw bad('昵称里有叠在一起的符号，请去掉再试');
  const count = [...characters.segment(text)].length;
  if (count > MOST_NICKNAME_CHARACTERS || Buffer.byteLength(text) > MOST_BYTES) {
    throw bad(`昵称最多 ${MOST_NICKNAME_CHARACTERS} 个字`);
  }
  return text;
}

function bad(words: string): Rejected {
  return new Rejected('bad_nickname', words, 422);
}
