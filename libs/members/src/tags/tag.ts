import { Rejected } from '@app/kernel';

/** Longest tag in bytes of UTF-8: ten Chinese characters and a little. */
export const MAX_TAG_BYTES = 32;
/** Most tags of one member. All of them together fit into what GROUP_CONCAT gives at the least (1024 bytes). */
export const MAX_TAGS_OF_MEMBER = 30;
/** Most members tagged by one request. */
export const MAX_TAGGED_AT_ONCE = 2000;

// Anything that is not seen, line breaks among them: they part the tags of a member in a row.
const UNSEEN = /[\p{C}\p{Zl}\p{Zp}]/u;

/** A tag as it is stored: composed (NFC), trimmed. Throws Rejected 422 for one that is empty, too long or holds what nobody sees. */
export function cleanTag(text: string): string {
  const tag = text.normalize('NFC').trim();
  if (tag === '' || Buffer.byteLength(tag) > MAX_TAG_BYTES || UNSEEN.test(tag)) {
    throw new Rejected('bad_tag', `标签须为 1 至 ${MAX_TAG_BYTES} 个字节（约 10 个汉字），不能含换行或控制字符`, 422);
  }
  return tag;
}
