/**
 * What an error code means for the bill. `blocked`: wrong for everybody, the channel pauses. `refused`: for good, but some answers
 * contradict it, so a query must agree. `failed`: a proof by itself. `unknown_alarm`: unknown, and people are told. Only `retry_*` and
 * `blocked` say that this exchange changed nothing.
 */
export type ErrorReaction =
  'unknown' | 'unknown_alarm' | 'not_found' | 'retry_soon' | 'retry_tomorrow' | 'blocked' | 'refused' | 'failed';

export interface ErrorRow {
  readonly reaction: ErrorReaction;
  /** For finance and whoever is on call: what happened and what to do. */
  readonly words: string;
}

/** Codes of one call. A code that is not listed is unknown, with an alarm: see `reactionTo`. */
export type ErrorTable = Readonly<Record<string, ErrorRow>>;

export function row(reaction: ErrorReaction, words: string): ErrorRow {
  return { reaction, words };
}

/** Also for codes that no table lists: too fast is too fast, a server's fault is silence, the rest is news to us. */
export function reactionTo(table: ErrorTable, code: string, httpStatus: number): ErrorReaction {
  const listed = Object.hasOwn(table, code) ? table[code] : undefined;
  if (listed) return listed.reaction;
  if (httpStatus === 429) return 'retry_soon';
  return httpStatus >= 500 ? 'unknown' : 'unknown_alarm';
}
