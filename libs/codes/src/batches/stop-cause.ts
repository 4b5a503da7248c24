import { Rejected } from '@app/kernel';

/**
 * Why codes were stopped, where it changes what a drinker must do; the reason in words beside it is for staff. recall: 召回, the product
 * must not be drunk. No cause means the codes are in question and not what is in the bottle.
 */
export const STOP_CAUSES = ['recall'] as const;
export type StopCause = (typeof STOP_CAUSES)[number];

/** Throws Rejected (422): a recall without a reason would leave nobody able to say what it is about. */
export function assertReasoned(cause: StopCause | null, reason: string | null | undefined): void {
  if (cause === null || (reason ?? '').trim() !== '') return;
  throw new Rejected('recall_reason', '召回要写明原因', 422, { field: 'reason' });
}
