import { z } from 'zod';
import { defineJob } from '@app/jobs';
import { PAYOUT_KEY_PATTERN } from './bill-number';

/** Drives one payout a step further now: sends what is pending, asks about what is unclear. Harmless at any time. */
export const SendPayout = defineJob({
  name: 'payouts.send',
  queue: 'payouts',
  payload: z.object({ payoutKey: z.string().regex(PAYOUT_KEY_PATTERN) }),
  attempts: 8,
  backoff: { initialMs: 500, maxMs: 30_000 },
  urgent: true,
  together: 100,
  key: ({ payoutKey }) => payoutKey,
});
