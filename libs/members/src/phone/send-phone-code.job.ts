import { z } from 'zod';
import { defineJob } from '@app/jobs';

/** Sends the code of a challenge. The number and the code are not in it: the handler opens one and computes the other. */
export const SendPhoneCode = defineJob({
  name: 'members.send-phone-code',
  queue: 'members',
  payload: z.object({ nonce: z.string().regex(/^[0-9a-f]{32}$/) }),
  attempts: 4,
  backoff: { initialMs: 500, maxMs: 15_000 },
  urgent: true,
  key: ({ nonce }) => nonce,
});
