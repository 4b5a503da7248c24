import { z } from 'zod';
import { defineJob } from '@app/jobs';
import { AUTHORIZATION_NUMBER_PATTERN } from './authorisation';

/** Takes one agreement a step further now. Harmless at any time. */
export const AdvanceAuthorisation = defineJob({
  name: 'payouts.authorise',
  queue: 'payouts',
  payload: z.object({ outAuthorizationNo: z.string().regex(AUTHORIZATION_NUMBER_PATTERN) }),
  attempts: 8,
  backoff: { initialMs: 500, maxMs: 30_000 },
  urgent: true,
  key: ({ outAuthorizationNo }) => outAuthorizationNo,
});
