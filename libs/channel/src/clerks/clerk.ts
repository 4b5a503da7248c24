import { Rejected, type MemberId } from '@app/kernel';

/**
 * `waiting`: scanned the store's QR and waits for headquarters or the distributor; `active`: may redeem; `refused` and `removed` may ask
 * again.
 */
export const CLERK_STATES = ['waiting', 'active', 'refused', 'removed'] as const;
export type ClerkState = (typeof CLERK_STATES)[number];

/** A person who hands prizes over in a store. */
export interface Clerk {
  readonly id: number;
  readonly storeId: number;
  readonly storeName: string;
  readonly distributorId: number;
  readonly member: MemberId;
  /** As the person wrote it; null after erasure. */
  readonly name: string | null;
  readonly state: ClerkState;
  readonly askedAt: Date;
  readonly decidedAt: Date | null;
  readonly decidedBy: number | null;
  readonly reason: string | null;
}

/** What is decided about a clerk, from where, and to what. */
export const CLERK_ACTS = {
  confirm: { from: 'waiting', to: 'active', words: '这位店员已经处理过了' },
  refuse: { from: 'waiting', to: 'refused', words: '这位店员已经处理过了' },
  remove: { from: 'active', to: 'removed', words: '这位店员现在不是在岗状态' },
} as const satisfies Record<string, { from: ClerkState; to: ClerkState; words: string }>;
export type ClerkAct = keyof typeof CLERK_ACTS;

/** Text that a clerk agrees to when binding; a new text is a new version. */
export const CLERK_CONSENT = {
  version: 'clerk-2026-11',
  text: '同意把姓名给品牌方和门店的经销商，用来确认我是这家店的店员，不作别的用途',
} as const;

const NAME = { least: 2, most: 20 };
const UNPRINTABLE = /[\p{C}]/u;

/** The name without outer spaces. Throws Rejected 422 for what cannot be one. */
export function checkedClerkName(text: string): string {
  const name = text.normalize('NFC').trim();
  const { length } = [...name];
  if (length < NAME.least || length > NAME.most || UNPRINTABLE.test(name)) {
    throw new Rejected('bad_name', `请填写姓名，${NAME.least} 到 ${NAME.most} 个字`, 422);
  }
  return name;
}
