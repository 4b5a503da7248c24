import { Rejected } from '@app/kernel';

/** What it is about: a prize, its money, the product itself, the code, or something else. */
export const COMPLAINT_KINDS = ['prize', 'money', 'product', 'code', 'other'] as const;
export type ComplaintKind = (typeof COMPLAINT_KINDS)[number];

export const COMPLAINT_STATES = ['open', 'answered', 'closed'] as const;
export type ComplaintState = (typeof COMPLAINT_STATES)[number];

export type ComplaintAct = 'reply' | 'write' | 'close';

/** The allowed moves: we reply, the member writes again, we close. What is closed stays closed: another matter is another complaint. */
const MOVES: Readonly<Record<ComplaintState, Readonly<Partial<Record<ComplaintAct, ComplaintState>>>>> = {
  open: { reply: 'answered', write: 'open', close: 'closed' },
  answered: { reply: 'answered', write: 'open', close: 'closed' },
  closed: {},
};

/** The state after an act. Throws Rejected 409 for a closed complaint. */
export function afterAct(state: ComplaintState, act: ComplaintAct): ComplaintState {
  const next = MOVES[state][act];
  if (next === undefined) throw new Rejected('complaint_closed', '这件事已经办结；还有别的问题，请再写一条', 409);
  return next;
}

export const MOST_PHOTOS = 3;
const TEXT = { least: 5, most: 500 };
/** Line breaks are welcome, other control characters are not. */
const UNPRINTABLE = /[^\P{C}\n]/u;

/** The text with outer spaces cut off. Throws Rejected 422. */
export function checkedText(text: string, least = TEXT.least): string {
  const clean = text.replaceAll('\r\n', '\n').trim();
  const { length } = [...clean];
  if (length < least || length > TEXT.most || UNPRINTABLE.test(clean)) {
    throw new Rejected('bad_text', `请写 ${least} 到 ${TEXT.most} 个字`, 422, { field: 'text' });
  }
  return clean;
}
