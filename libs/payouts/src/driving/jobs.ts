import { z } from 'zod';
import { defineJob } from '@app/jobs';
import { BILL_NUMBER_PATTERN, PAYOUT_KEY_PATTERN } from './bill-number';

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

/** Asks WeChat about one bill now, whatever its payout's state; the answer is kept as evidence. Harmless at any time. */
export const AskAboutBill = defineJob({
  name: 'payouts.ask-about-bill',
  queue: 'payouts',
  payload: z.object({ billNo: z.string().regex(BILL_NUMBER_PATTERN) }),
  attempts: 5,
  backoff: { initialMs: 1000, maxMs: 60_000 },
  key: ({ billNo }) => billNo,
});
