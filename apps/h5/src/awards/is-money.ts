import type { AwardView } from '../shell/wire';

/** Money that the person can ask for: cash, and a packet that a later bottle has opened. */
export function isMoney({ kind, state }: Pick<AwardView, 'kind' | 'state'>): boolean {
  return kind === 'cash' || (kind === 'locked' && state !== 'locked' && state !== 'lapsed');
}
