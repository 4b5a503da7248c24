import { z } from 'zod';
import { defineJob } from '@app/jobs';

const MOST = 1000;

/** Money was won, or packets were opened: pays what needs no tap, and plans reminders for the rest. Awards by `payoutKeyOf`. */
export const AwardsWon = defineJob({
  name: 'rewards.won',
  queue: 'rewards',
  payload: z.object({
    awards: z
      .array(z.string().regex(/^\d{1,7}:\d{1,2}:\d{1,10}:0$/))
      .min(1)
      .max(MOST),
  }),
  attempts: 8,
  backoff: { initialMs: 200, maxMs: 30_000 },
  urgent: true,
  key: ({ awards }) => awards[0]!,
});
