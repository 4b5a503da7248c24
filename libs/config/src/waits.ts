import { z } from 'zod';

/**
 * Every wait of the system in one document, in milliseconds. The code is the same in all profiles; only these numbers differ.
 * `rehearsal` squeezes hours into seconds so that a full life of a payout can be watched.
 */
export const waitsSchema = z.object({
  /** How often the relay looks for due outbox rows when it found none. */
  outboxPollMs: z.number().int().positive(),
  /** An outbox row handed to the queue and not completed comes due again after this long (queue flushed, worker killed). */
  outboxRedeliverMs: z.number().int().positive(),
  /** How long one attempt at WeChat may take before its lease is up and the payout counts as UNKNOWN. */
  payoutLeaseMs: z.number().int().positive(),
  /** Bound of one HTTP exchange with WeChat. Must stay below payoutLeaseMs. */
  wechatTimeoutMs: z.number().int().positive(),
  /** Waits between the queries of an UNKNOWN or waiting bill; the last one repeats. */
  queryLadderMs: z.array(z.number().int().positive()).min(1),
  /** A bill that WeChat does not know may be sent again, under the same number, only after this long. */
  resendAfterMs: z.number().int().positive(),
  /** First and largest wait before a payout whose channel is blocked or limited is tried again. */
  retryMs: z.tuple([z.number().int().positive(), z.number().int().positive()]),
  /** How often the reconciler looks for payouts that nobody drives. */
  reconcileEveryMs: z.number().int().positive(),
  /** How often somebody looks for days whose bill file is to be gone through. */
  billFilesEveryMs: z.number().int().positive(),
  /** A payout older than this and still open raises an alarm and goes to people; WeChat is asked on. */
  escalateAfterMs: z.number().int().positive(),
  /** A bill that is still unknown after this long is left to people alone, before WeChat forgets it (after 30 days). */
  hardStopMs: z.number().int().positive(),
  /** A code waiting on a gate or a location is held for its member this long. */
  holdMs: z.number().int().positive(),
  /** Definitions (batches, campaigns, territories) are refreshed at least this often on every node. */
  catalogRefreshMs: z.number().int().positive(),
  /** How often dirty hours are folded into roll-ups, and how often scans without facts are looked for. */
  rollupEveryMs: z.number().int().positive(),
  backfillEveryMs: z.number().int().positive(),
  /** How often the nightly check of the ledger goes on, until it is through. */
  ledgerCheckEveryMs: z.number().int().positive(),
  /** How often prizes are looked for whose published end of claims is over. */
  releaseEveryMs: z.number().int().positive(),
  /** Money is released this long after that end, so that whatever was asked for in time has been written by then. */
  releaseGraceMs: z.number().int().positive(),
  /** Prizes whose money was still under way then are looked at again after this long. */
  releaseAgainMs: z.number().int().positive(),
  /** How often reminders that are due are looked for, and how long one may take before somebody else tries. */
  remindEveryMs: z.number().int().positive(),
  remindLeaseMs: z.number().int().positive(),
  /** After a win that nobody claims: when to remind, counted from the win. */
  remindUnclaimedMs: z.array(z.number().int().positive()).max(9),
  /** A bill that waits for 确认收款 (WeChat closes it after 24 h): when to remind, counted from the tap. */
  remindConfirmMs: z.array(z.number().int().positive()).max(9),
  /** Money that came back unclaimed: when to remind, counted from the end of those 24 h. */
  remindReturnedMs: z.array(z.number().int().positive()).max(9),
  /** Hours of the day in Shanghai, `[from, to)`, in which people are written to. */
  remindHours: z.tuple([z.number().int().min(0).max(23), z.number().int().min(1).max(24)]),
});
export type Waits = z.infer<typeof waitsSchema>;

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const normal: Waits = {
  outboxPollMs: 200,
  outboxRedeliverMs: 30 * SECOND,
  payoutLeaseMs: 30 * SECOND,
  wechatTimeoutMs: 10 * SECOND,
  queryLadderMs: [5 * SECOND, 30 * SECOND, 2 * MINUTE, 10 * MINUTE, 30 * MINUTE],
  resendAfterMs: 5 * MINUTE,
  retryMs: [5 * SECOND, 10 * MINUTE],
  reconcileEveryMs: 15 * SECOND,
  billFilesEveryMs: MINUTE,
  escalateAfterMs: 24 * HOUR,
  hardStopMs: 25 * 24 * HOUR,
  holdMs: 30 * MINUTE,
  catalogRefreshMs: 2 * SECOND,
  rollupEveryMs: 2 * SECOND,
  backfillEveryMs: 5 * MINUTE,
  ledgerCheckEveryMs: MINUTE,
  releaseEveryMs: MINUTE,
  releaseGraceMs: 10 * MINUTE,
  releaseAgainMs: HOUR,
  remindEveryMs: 15 * SECOND,
  remindLeaseMs: MINUTE,
  remindUnclaimedMs: [4 * HOUR, 3 * DAY],
  remindConfirmMs: [3 * HOUR, 18 * HOUR],
  remindReturnedMs: [2 * HOUR, 3 * DAY],
  remindHours: [9, 21],
};

export const waitsByProfile: Record<'production' | 'local' | 'rehearsal', Waits> = {
  production: normal,
  local: { ...normal, queryLadderMs: [2 * SECOND, 10 * SECOND, MINUTE], resendAfterMs: MINUTE },
  rehearsal: {
    ...normal,
    outboxPollMs: 100,
    outboxRedeliverMs: 5 * SECOND,
    payoutLeaseMs: 6 * SECOND,
    wechatTimeoutMs: 3 * SECOND,
    queryLadderMs: [SECOND, 2 * SECOND, 3 * SECOND],
    resendAfterMs: 4 * SECOND,
    retryMs: [SECOND, 3 * SECOND],
    reconcileEveryMs: SECOND,
    billFilesEveryMs: 2 * SECOND,
    backfillEveryMs: 5 * SECOND,
    ledgerCheckEveryMs: 5 * SECOND,
    releaseEveryMs: SECOND,
    releaseGraceMs: 5 * SECOND,
    releaseAgainMs: 3 * SECOND,
    remindEveryMs: SECOND,
    remindLeaseMs: 6 * SECOND,
    remindUnclaimedMs: [20 * SECOND, MINUTE],
    remindConfirmMs: [10 * SECOND, 40 * SECOND],
    remindReturnedMs: [5 * SECOND, 30 * SECOND],
    remindHours: [0, 24],
  },
};
