import { Rejected } from '@app/kernel';

/**
 * drafted: still being written; issued: its codes exist; packed: handed to a printing house; active: some range is on sale; closed: over.
 * Freezing is a flag beside it, because a frozen batch goes on where it was.
 */
export const BATCH_STATUSES = ['drafted', 'issued', 'packed', 'active', 'closed'] as const;
export type BatchStatus = (typeof BATCH_STATUSES)[number];

/** The allowed moves; everything else is refused. */
export const BATCH_MOVES: Readonly<Record<BatchStatus, readonly BatchStatus[]>> = {
  drafted: ['issued'],
  issued: ['packed', 'active', 'closed'],
  packed: ['active', 'closed'],
  active: ['closed'],
  closed: [],
};

const WORDS: Readonly<Record<BatchStatus, string>> = {
  drafted: '草稿',
  issued: '已生成',
  packed: '已出码包',
  active: '已上市',
  closed: '已关闭',
};

/** Throws Rejected (409) when the move is not in the table. */
export function assertBatchMove(from: BatchStatus, to: BatchStatus): void {
  if (BATCH_MOVES[from].includes(to)) return;
  throw new Rejected('batch_status', `这个码批次现在是「${WORDS[from]}」，不能变为「${WORDS[to]}」`, 409, { from, to });
}

/** Throws Rejected (409) for a batch whose segments can no longer, or not yet, change. */
export function assertHasCodes(status: BatchStatus): void {
  if (status !== 'drafted' && status !== 'closed') return;
  throw new Rejected('batch_status', `这个码批次现在是「${WORDS[status]}」，不能改变码段`, 409, { from: status });
}
